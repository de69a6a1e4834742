using Credentials.Keys;

namespace Credentials.Wallet.Core.Issuance;

/// <summary>A wallet attestation and the key of the instance that it is about.</summary>
/// <param name="Jwt">The attestation (OpenID4VCI 1.0 Appendix E).</param>
/// <param name="InstanceKey">Signs the proofs of possession. It is no holder key and no DPoP key.</param>
public sealed record WalletAttestation(string Jwt, ISigningKey InstanceKey)
{
    /// <summary>Says nothing about the attestation.</summary>
    public override string ToString() => nameof(WalletAttestation);
}
