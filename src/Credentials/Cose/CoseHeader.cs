using System.Security.Cryptography.X509Certificates;
using Credentials.Codecs;

namespace Credentials.Cose;

/// <summary>One header parameter to write.</summary>
/// <param name="Label">Its number.</param>
/// <param name="Value">Its value, encoded.</param>
public readonly record struct CoseHeader(long Label, ReadOnlyMemory<byte> Value)
{
    /// <summary>The signer's certificates, leaf first; self-signed ones, and so the anchor, are left out (ISO/IEC 18013-5 §9.1.2.4, HAIP §6.1).</summary>
    /// <exception cref="ArgumentException">No certificate is left: no signer is self-signed.</exception>
    public static CoseHeader X5Chain(IEnumerable<X509Certificate2> leafFirst)
    {
        var chain = leafFirst.Where(c => !c.SubjectName.RawData.AsSpan().SequenceEqual(c.IssuerName.RawData)).ToList();
        if (chain.Count == 0) throw new ArgumentException("Every certificate is self-signed.", nameof(leafFirst));
        return new(CoseNames.X5Chain, CborWriting.Encode(writer =>
        {
            // RFC 9360 §2: one certificate is not put into an array.
            if (chain.Count > 1) writer.WriteStartArray(chain.Count);
            foreach (var certificate in chain) writer.WriteByteString(certificate.RawDataMemory.Span);
            if (chain.Count > 1) writer.WriteEndArray();
        }));
    }

    /// <summary>The type of the message as a media type (RFC 9596).</summary>
    public static CoseHeader Type(string mediaType) => new(CoseNames.Type, CborWriting.Encode(writer => writer.WriteTextString(mediaType)));

    /// <summary>The key identifier.</summary>
    public static CoseHeader KeyId(byte[] value) => new(CoseNames.KeyId, CborWriting.Encode(writer => writer.WriteByteString(value)));
}
