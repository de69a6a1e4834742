using Credentials.Issuer.Catalog;
using Credentials.Issuer.Storage;
using Credentials.Keys;

namespace Credentials.Issuer.Issuance;

/// <summary>A credential request whose token and proofs have been verified.</summary>
internal sealed record IssuanceOrder(string AccessToken, Offer Offer, CredentialType Type, byte[] RequestHash, IReadOnlyList<PublicKey> HolderKeys)
{
    /// <summary>Says nothing about the token.</summary>
    public override string ToString() => nameof(IssuanceOrder);
}
