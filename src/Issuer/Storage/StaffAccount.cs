namespace Credentials.Issuer.Storage;

/// <summary>A person of the agency who signs in to the console.</summary>
internal sealed class StaffAccount
{
    public required string Id { get; init; }

    /// <summary>The name typed at sign-in, in lower case.</summary>
    public required string Name { get; init; }

    /// <summary>Argon2id hash with its salt.</summary>
    public required byte[] PasswordHash { get; set; }

    /// <summary>The secret of the one-time codes, encrypted.</summary>
    public required byte[] TotpSecret { get; set; }

    /// <summary>The last time step whose code was used: a code serves once (RFC 6238 §5.2).</summary>
    public long TotpStep { get; set; }

    /// <summary>Sum of <see cref="Staff.StaffRoles"/>.</summary>
    public int Roles { get; set; }

    /// <summary>Wrong sign-ins since the last right one.</summary>
    public int Failures { get; set; }

    public long LockedUntil { get; set; }

    public long CreatedAt { get; init; }

    public long? DisabledAt { get; set; }
}
