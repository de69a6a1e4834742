using Credentials.Codecs;

namespace Credentials.Cose;

/// <summary>One header parameter to write.</summary>
/// <param name="Label">Its number.</param>
/// <param name="Value">Its value, encoded.</param>
public readonly record struct CoseHeader(long Label, ReadOnlyMemory<byte> Value)
{
    /// <summary>The signer's certificates in DER, leaf first, without the trust anchor.</summary>
    public static CoseHeader X5Chain(IReadOnlyList<ReadOnlyMemory<byte>> leafFirst) => new(CoseNames.X5Chain, CborWriting.Encode(writer =>
    {
        // RFC 9360 §2: one certificate is not put into an array.
        if (leafFirst.Count > 1) writer.WriteStartArray(leafFirst.Count);
        foreach (var certificate in leafFirst) writer.WriteByteString(certificate.Span);
        if (leafFirst.Count > 1) writer.WriteEndArray();
    }));

    /// <summary>The type of the message as a media type (RFC 9596).</summary>
    public static CoseHeader Type(string mediaType) => new(CoseNames.Type, CborWriting.Encode(writer => writer.WriteTextString(mediaType)));

    /// <summary>The media type of the payload (RFC 9052 §3.1).</summary>
    public static CoseHeader ContentType(string mediaType) =>
        new(CoseNames.ContentType, CborWriting.Encode(writer => writer.WriteTextString(mediaType)));

    /// <summary>The key identifier.</summary>
    public static CoseHeader KeyId(byte[] value) => new(CoseNames.KeyId, CborWriting.Encode(writer => writer.WriteByteString(value)));
}
