namespace Credentials.Issuer.Storage;

/// <summary>A key of the agency API.</summary>
internal sealed class ApiKey
{
    /// <summary>Agency staff: may do everything.</summary>
    public const string AgencyRole = "agency";

    /// <summary>May read, not change.</summary>
    public const string AuditorRole = "auditor";

    public required string Id { get; init; }

    /// <summary>SHA-256 of the key.</summary>
    public required byte[] Hash { get; init; }

    public required string Role { get; init; }

    public long CreatedAt { get; init; }

    public long? RevokedAt { get; set; }
}
