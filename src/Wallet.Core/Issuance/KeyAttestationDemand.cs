namespace Credentials.Wallet.Core.Issuance;

/// <summary>What an issuer asks of a key attestation (<c>key_attestations_required</c>, OpenID4VCI 1.0 §12.2.4); empty: no particular level.</summary>
/// <param name="KeyStorage">Levels of which the key storage must have one (Appendix D.2).</param>
/// <param name="UserAuthentication">Levels of which the user authentication must have one.</param>
public sealed record KeyAttestationDemand(IReadOnlyList<string> KeyStorage, IReadOnlyList<string> UserAuthentication);
