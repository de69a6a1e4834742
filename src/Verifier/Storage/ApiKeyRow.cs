namespace Credentials.Verifier.Storage;

/// <summary>One key of a relying party; only its SHA-256 hash is kept.</summary>
internal sealed class ApiKeyRow
{
    public required string Id { get; init; }
    public required byte[] Hash { get; init; }
    public required string RelyingParty { get; init; }

    /// <summary>What the key may do (<see cref="Http.ApiScopes"/>), separated by spaces; null: everything.</summary>
    public string? Scopes { get; init; }

    public long CreatedAt { get; init; }
    public long? RevokedAt { get; init; }
}
