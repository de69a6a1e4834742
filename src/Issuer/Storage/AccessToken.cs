namespace Credentials.Issuer.Storage;

/// <summary>An access token for one offer.</summary>
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

    /// <summary>The authorization code flow that it came from; null after a pre-authorized code.</summary>
    public string? AuthorizationId { get; init; }

    /// <summary>Thumbprint of the DPoP key that must come with it; null for a bearer token.</summary>
    public string? DpopThumbprint { get; init; }

    public long ExpiresAt { get; init; }
}
