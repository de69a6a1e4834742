using Credentials.Issuer.Catalog;

namespace Credentials.Issuer.Bulk;

/// <summary>What is to be done with a table of people.</summary>
internal sealed record BatchOrder(string Id, CredentialType Type, bool ForKeys, bool TxCode, int OfferHours)
{
    internal const int MaxOfferHours = 24 * 90;

    /// <summary>What the parameters add to the hash of the content: the same table with others is another batch.</summary>
    internal string Fingerprint => $"{Type.Id}\n{ForKeys}\n{TxCode}\n{OfferHours}\n";

    /// <exception cref="MalformedDataException">A parameter is not usable.</exception>
    internal static BatchOrder Create(string id, CredentialType type, bool forKeys, bool txCode, int offerHours)
    {
        if (id.Length is 0 or > 64 || !id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            throw new MalformedDataException(IssuerCodes.Request, "'id' must be 1 to 64 letters, digits, '-' or '_'.");
        if (offerHours is < 1 or > MaxOfferHours)
            throw new MalformedDataException(IssuerCodes.Request, $"'valid_hours' must be 1 to {MaxOfferHours}.");
        if (forKeys && txCode)
            throw new MalformedDataException(IssuerCodes.Request, "'tx_code' belongs to offers.");
        return new BatchOrder(id, type, forKeys, txCode, offerHours);
    }
}
