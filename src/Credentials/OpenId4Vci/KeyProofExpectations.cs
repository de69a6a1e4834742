namespace Credentials.OpenId4Vci;

/// <summary>What a credential issuer demands of a key proof.</summary>
public sealed record KeyProofExpectations
{
    /// <summary>The issuer's own identifier; <c>aud</c> must equal it character by character.</summary>
    public required string CredentialIssuer { get; init; }

    /// <summary>The client the access token was issued to; null after anonymous access.</summary>
    public required string? ClientId { get; init; }

    /// <summary>Algorithms of <c>proof_signing_alg_values_supported</c>.</summary>
    public required IReadOnlyCollection<string> Algorithms { get; init; }

    /// <summary>True when the issuer has a nonce endpoint: every proof must then carry a nonce.</summary>
    public required bool NonceRequired { get; init; }

    /// <summary>The current time.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>What the key attestation in the header must be like; null: none is demanded, and none is taken.</summary>
    public AttestationExpectations? Attestation { get; init; }

    /// <summary>How far <c>iat</c> may be from now when no nonce is used.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromMinutes(5);
}
