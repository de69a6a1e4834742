namespace Credentials.Verifier.Storage;

/// <summary>One row that names the key folder this database belongs to: a replica with other keys could not read what is sealed here.</summary>
internal sealed class InstallationRow
{
    public required string Id { get; init; }
    public required string ServiceKeyId { get; init; }
}
