namespace Credentials.Issuer.Storage;

/// <summary>The one row that says which keys this database belongs to, so that a replica with other keys does not start on it.</summary>
internal sealed class Installation
{
    public int Id { get; init; }

    /// <summary>SHA-256 of the root certificate, hex.</summary>
    public required string RootFingerprint { get; init; }

    public required string PublicUrl { get; init; }
}
