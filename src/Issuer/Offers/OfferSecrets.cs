using System.Buffers.Binary;
using System.Globalization;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Storage;

namespace Credentials.Issuer.Offers;

/// <summary>The secrets of an offer. They can be worked out again from its id, so the database holds only their hashes.</summary>
internal sealed record OfferSecrets(string Code, string IssuerState, string Reference, string Page)
{
    internal static OfferSecrets For(IssuerKeys keys, string offerId) => new(
        Secrets.Derive(keys.Secret, "pre-authorized_code", offerId),
        Secrets.Derive(keys.Secret, "issuer_state", offerId),
        Secrets.Derive(keys.Secret, "credential_offer_uri", offerId),
        Secrets.Derive(keys.Secret, "offer page", offerId)[..22]); // 132 bits

    /// <summary>The transaction code of an offer: it can be worked out again where it has to be sent, so it need not be stored.</summary>
    internal static string TxCode(IssuerKeys keys, string offerId, int digits)
    {
        var number = BinaryPrimitives.ReadUInt128BigEndian(Secrets.KeyedHash(keys.Secret, "tx_code digits", offerId));
        return (number % (ulong)Math.Pow(10, digits)).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
    }

    /// <summary>The transaction code of a stored offer, whatever number of digits was asked for when it was made; null without one.</summary>
    internal static string? TxCode(IssuerKeys keys, Offer offer) => offer.TxCodeHash is not { } hash
        ? null
        : Enumerable.Range(4, 9).Select(digits => TxCode(keys, offer.Id, digits)).FirstOrDefault(code => Secrets.Same(HashTxCode(keys, offer.Id, code), hash));

    internal static byte[] HashTxCode(IssuerKeys keys, string offerId, string txCode) =>
        Secrets.KeyedHash(keys.Secret, "tx_code", $"{offerId}\n{txCode}");

    /// <summary>Says nothing.</summary>
    public override string ToString() => nameof(OfferSecrets);
}
