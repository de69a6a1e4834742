using System.Formats.Cbor;

namespace Credentials.Codecs;

/// <summary>
/// An encoded CBOR data item inside another (tag 24, RFC 8949 §3.4.5.1). Digests and signatures are over the bytes as
/// they were received, so these are kept and never made anew.
/// </summary>
/// <param name="Bytes">The whole item: tag, byte string head and content.</param>
/// <param name="Content">The encoded data item inside.</param>
public readonly record struct EncodedCbor(ReadOnlyMemory<byte> Bytes, ReadOnlyMemory<byte> Content)
{
    /// <summary>Wraps an encoded data item of our own.</summary>
    public static EncodedCbor Wrap(ReadOnlyMemory<byte> content)
    {
        var writer = new CborWriter(CborConformanceMode.Lax, initialCapacity: content.Length + 8);
        writer.WriteTag((CborTag)CborValue.EncodedCborTag);
        writer.WriteByteString(content.Span);
        var bytes = writer.Encode();
        return new(bytes, bytes.AsMemory(bytes.Length - content.Length));
    }

    /// <summary>Decodes the item inside.</summary>
    /// <param name="code">The code of every error about it.</param>
    /// <param name="limits">Caps; null: <see cref="CborLimits.Default"/>.</param>
    /// <exception cref="MalformedDataException">Not acceptable CBOR (<paramref name="code"/>) or over a cap (<c>cbor.too_large</c>).</exception>
    public CborValue Decode(string code = CodecCodes.CborMalformed, CborLimits? limits = null) => CborValue.Decode(Content, code, limits);
}
