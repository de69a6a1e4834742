namespace Credentials.Issuer.Storage;

/// <summary>A bearer token for one offer.</summary>
internal sealed class AccessToken
{
    /// <summary>SHA-256 of the token.</summary>
    public required byte[] Hash { get; init; }

    public required string OfferId { get; init; }

    /// <summary>The client that named itself, if any.</summary>
    public string? ClientId { get; init; }

    /// <summary>JSON array of configuration ids the token covers.</summary>
    public required string ConfigurationIds { get; init; }

    /// <summary>True when the token response named credential identifiers: requests must then use them (OpenID4VCI §8.2).</summary>
    public bool UsesIdentifiers { get; init; }

    public long ExpiresAt { get; init; }
}
