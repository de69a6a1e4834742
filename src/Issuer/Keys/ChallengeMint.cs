namespace Credentials.Issuer.Keys;

/// <summary>Challenges for wallet attestations (attestation-based client authentication -07 §8).</summary>
internal sealed class ChallengeMint(IssuerKeys keys, IssuerOptions options, TimeProvider time) : NonceMint(keys, options, time, "attestation challenge");
