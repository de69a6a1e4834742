using Credentials.Issuer.Catalog;
using Credentials.Keys;

namespace Credentials.Issuer.Issuance;

/// <summary>A credential request whose token and proofs have been verified.</summary>
internal sealed record IssuanceOrder(string AccessToken, string OfferId, CredentialType Type, byte[] RequestHash, IReadOnlyList<PublicKey> HolderKeys)
{
    /// <summary>Says nothing about the token.</summary>
    public override string ToString() => nameof(IssuanceOrder);
}
