namespace Credentials.Issuer.Storage;

/// <summary>One authorization code flow, from the pushed request to the token.</summary>
internal sealed class AuthorizationFlow
{
    public required string Id { get; init; }

    /// <summary>Hash of the request URI.</summary>
    public required byte[] RequestHash { get; init; }

    public required string ClientId { get; init; }

    public required string RedirectUri { get; init; }

    /// <summary>PKCE challenge, method S256.</summary>
    public required string CodeChallenge { get; init; }

    /// <summary>The wallet's <c>state</c>.</summary>
    public string? ClientState { get; init; }

    /// <summary>JSON array of the configuration ids asked for.</summary>
    public required string ConfigurationIds { get; init; }

    /// <summary>True when they were asked for by authorization details: the token response then names credential identifiers.</summary>
    public bool UsesIdentifiers { get; init; }

    /// <summary>The offer of the <c>issuer_state</c>, or the one that was found for the person who signed in.</summary>
    public string? OfferId { get; set; }

    /// <summary>Thumbprint of the DPoP key that the code is bound to.</summary>
    public string? DpopThumbprint { get; init; }

    /// <summary>Thumbprint of the key of the attested wallet instance.</summary>
    public string? InstanceThumbprint { get; init; }

    public AuthorizationStage Stage { get; set; }

    /// <summary>Hash of the code; null before there is one.</summary>
    public byte[]? CodeHash { get; set; }

    /// <summary>Until when the request URI, later the code, can be used.</summary>
    public long ExpiresAt { get; set; }
}
