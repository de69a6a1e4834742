using Credentials.Fuzz.Tests.Mutation;
using Credentials.Mdoc;

namespace Credentials.Fuzz.Tests.Targets;

/// <summary>IssuerSigned with its mobile security object: written again it has the same bytes, and its claims can be shown or are refused.</summary>
internal sealed class IssuerSignedTarget : FuzzTarget
{
    public override string Name => "issuer-signed";

    public override InputShape Shape => InputShape.Cbor;

    public override IEnumerable<byte[]> Seeds(Vectors vectors) =>
        vectors.Bytes("mdoc_hex", "mdoc.verify").Select(Alone).OfType<byte[]>().DistinctBy(Convert.ToHexString);

    protected override object Read(byte[] input)
    {
        var mdoc = IssuerSigned.Parse(input);
        try
        {
            _ = mdoc.SecurityObject.DeviceKey;
            _ = mdoc.UnverifiedClaims();
        }
        catch (CredentialException)
        {
            // what is only read when it is needed may be wrong by itself
        }

        return mdoc;
    }

    protected override void Check(byte[] input, object value)
    {
        var mdoc = (IssuerSigned)value;
        var written = mdoc.Encode();
        var again = IssuerSigned.Parse(written);
        Require(again.Encode().AsSpan().SequenceEqual(written), "What was read and written is another one when it is read again.");
        Require(again.IssuerAuth.Signature.Span.SequenceEqual(mdoc.IssuerAuth.Signature.Span) && again.SecurityObject.DocType == mdoc.SecurityObject.DocType, "What was signed has changed.");
        foreach (var (name, items) in mdoc.NameSpaces)
        {
            foreach (var (item, same) in items.Zip(again.NameSpaces[name]))
            {
                Require(item.Encoded.Bytes.Span.SequenceEqual(same.Encoded.Bytes.Span), "A data element has other bytes.");
                _ = mdoc.SecurityObject.FindDigest(name, item.DigestId);
            }
        }

        Require(mdoc.Select((_, _) => false).NameSpaces.Count == 0, "An element is shown that was not chosen.");
    }

    private static byte[]? Alone(byte[] mdoc)
    {
        try
        {
            return IssuerSigned.ParseAny(mdoc).Encode();
        }
        catch (CredentialException)
        {
            return null;
        }
    }
}
