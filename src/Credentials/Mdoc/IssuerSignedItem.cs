using Credentials.Codecs;

namespace Credentials.Mdoc;

/// <summary>One data element with what its digest was made over (ISO/IEC 18013-5 §8.3.2.1.2.2).</summary>
/// <param name="Encoded">IssuerSignedItemBytes as received.</param>
/// <param name="DigestId">Which digest of the namespace is this item's.</param>
/// <param name="ElementIdentifier">The data element's name.</param>
/// <param name="ElementValue">Its value.</param>
public sealed record IssuerSignedItem(EncodedCbor Encoded, long DigestId, string ElementIdentifier, CborValue ElementValue)
{
    /// <summary>Reads an item. Members that are not known are allowed; the digest covers them.</summary>
    /// <exception cref="MalformedDataException"><c>mdoc.malformed</c>.</exception>
    public static IssuerSignedItem Parse(EncodedCbor encoded)
    {
        var item = encoded.Decode(MdocCodes.Malformed);
        if (item.Require("random"u8).Kind != CborKind.ByteString) throw item.Wrong("a random byte string");
        var digestId = item.Require("digestID"u8).GetInt64();
        if (digestId < 0) throw item.Wrong("a digest id that is not negative");
        return new IssuerSignedItem(encoded, digestId, item.Require("elementIdentifier"u8).GetText(), item.Require("elementValue"u8));
    }
}
