namespace Credentials.Issuer.Keys;

/// <summary>Nonces for DPoP proofs (RFC 9449 §8). They are no nonces for key proofs, and the other way round.</summary>
internal sealed class DpopNonceMint(IssuerKeys keys, IssuerOptions options, TimeProvider time) : NonceMint(keys, options, time, "dpop nonce");
