namespace Credentials.Issuer.Storage;

/// <summary>A refresh token: bound to a key, and therefore not rotated (FAPI 2.0 §5.3.2.1).</summary>
internal sealed class RefreshToken
{
    /// <summary>SHA-256 of the token.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>The offer that it goes with now.</summary>
    public required string OfferId { get; set; }

    /// <summary>The flow that it came from; null after a pre-authorized code.</summary>
    public string? AuthorizationId { get; init; }

    public string? ClientId { get; init; }

    /// <summary>JSON array of configuration ids it covers.</summary>
    public required string ConfigurationIds { get; init; }

    public bool UsesIdentifiers { get; init; }

    /// <summary>Thumbprint of the DPoP key that must come with it; null: none.</summary>
    public string? DpopThumbprint { get; init; }

    /// <summary>Thumbprint of the key of the wallet instance that must come with it; null: none.</summary>
    public string? InstanceThumbprint { get; init; }

    public long ExpiresAt { get; init; }
}
