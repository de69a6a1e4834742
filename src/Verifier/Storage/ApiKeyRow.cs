namespace Credentials.Verifier.Storage;

/// <summary>One key of a relying party; only its SHA-256 hash is kept.</summary>
internal sealed class ApiKeyRow
{
    /// <summary>Characters of a name.</summary>
    public const int MaxName = 100;

    public required string Id { get; init; }
    public required byte[] Hash { get; init; }
    public required string RelyingParty { get; init; }

    /// <summary>What its owner calls it, to know it by when it is to be revoked; null: it was made without a name.</summary>
    public string? Name { get; init; }

    /// <summary>What the key may do (<see cref="Http.ApiScopes"/>), separated by spaces; null: everything.</summary>
    public string? Scopes { get; init; }

    public long CreatedAt { get; init; }
    public long? RevokedAt { get; init; }

    /// <summary>When it was last used, to the hour (<see cref="Http.ApiKeys.UseResolution"/>); null: never.</summary>
    public long? LastUsedAt { get; init; }
}
