namespace Credentials.OpenId4Vci;

/// <summary>What an issuer says about one proof type (OpenID4VCI §12.2.4, <c>proof_types_supported</c>).</summary>
/// <param name="Algorithms">Signature algorithms it accepts.</param>
/// <param name="KeyAttestationRequired">True when a key attestation must come with the proof.</param>
public sealed record ProofTypeMetadata(IReadOnlyList<string> Algorithms, bool KeyAttestationRequired)
{
    /// <summary>Values of <c>key_storage</c> that are accepted; empty: any.</summary>
    public IReadOnlyList<string> KeyStorage { get; init; } = [];

    /// <summary>Values of <c>user_authentication</c> that are accepted; empty: any.</summary>
    public IReadOnlyList<string> UserAuthentication { get; init; } = [];
}
