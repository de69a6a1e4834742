using Credentials.Issuer.Keys;

namespace Credentials.Issuer.Offers;

/// <summary>The three secrets of an offer. They can be worked out again from its id, so the database holds only their hashes.</summary>
internal sealed record OfferSecrets(string Code, string Reference, string Page)
{
    internal static OfferSecrets For(IssuerKeys keys, string offerId) => new(
        Secrets.Derive(keys.Secret, "pre-authorized_code", offerId),
        Secrets.Derive(keys.Secret, "credential_offer_uri", offerId),
        Secrets.Derive(keys.Secret, "offer page", offerId)[..22]); // 132 bits

    internal static byte[] HashTxCode(IssuerKeys keys, string offerId, string txCode) =>
        Secrets.KeyedHash(keys.Secret, "tx_code", $"{offerId}\n{txCode}");

    /// <summary>Says nothing.</summary>
    public override string ToString() => nameof(OfferSecrets);
}
