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
        var (bytes, place) = Reserve(content.Length);
        content.CopyTo(place);
        return new(bytes, place);
    }

    /// <summary>Decodes the item inside.</summary>
    /// <param name="code">The code of every error about it.</param>
    /// <param name="limits">Caps; null: <see cref="CborLimits.Default"/>.</param>
    /// <exception cref="MalformedDataException">Not acceptable CBOR (<paramref name="code"/>) or over a cap (<c>cbor.too_large</c>).</exception>
    public CborValue Decode(string code = CodecCodes.CborMalformed, CborLimits? limits = null) => CborValue.Decode(Content, code, limits);

    /// <summary>Room for a content of this length, with tag 24 and the head of its byte string in front.</summary>
    internal static (byte[] Bytes, Memory<byte> Content) Reserve(int length)
    {
        const int Tag24 = (int)CborValue.EncodedCborTag;
        var bytes = new byte[CborHead.Length(Tag24) + CborHead.Length(length) + length];
        var place = bytes.AsSpan();
        CborHead.Write(ref place, CborHead.Tag, Tag24);
        CborHead.Write(ref place, CborHead.ByteString, length);
        return (bytes, bytes.AsMemory(bytes.Length - length));
    }
}
