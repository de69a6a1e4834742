using Credentials.Issuer.Catalog;
using Credentials.OpenId4Vci;

namespace Credentials.Issuer.Issuance;

/// <summary>A credential request whose token and proofs have been verified.</summary>
internal sealed record IssuanceOrder(string AccessToken, string OfferId, CredentialType Type, byte[] RequestHash, IReadOnlyList<KeyProof> Proofs)
{
    /// <summary>Says nothing about the token.</summary>
    public override string ToString() => nameof(IssuanceOrder);
}
