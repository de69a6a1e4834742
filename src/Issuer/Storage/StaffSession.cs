namespace Credentials.Issuer.Storage;

/// <summary>A signed-in browser of a member of staff.</summary>
internal sealed class StaffSession
{
    /// <summary>SHA-256 of the cookie.</summary>
    public required byte[] Hash { get; init; }

    public required string StaffId { get; init; }

    public long SeenAt { get; set; }

    /// <summary>The end, however busy it is.</summary>
    public long ExpiresAt { get; init; }
}
