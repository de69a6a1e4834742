namespace Credentials.Codecs;

/// <summary>
/// Multibase (W3C Controlled Identifiers 1.0 §2.4): a letter that names the base, then the bytes in it. The two bases that the
/// standard defines and no other: <c>z</c> (base58btc) and <c>u</c> (base64url without padding). One spelling for each byte string.
/// </summary>
public static class Multibase
{
    /// <summary>Longest base58btc text that is read, in characters: reading takes time quadratic in it.</summary>
    public const int MaxBase58Length = 1024;

    /// <summary>Writes <c>z</c> and base58btc. For short byte strings: it takes time quadratic in their length.</summary>
    public static string EncodeBase58Btc(ReadOnlySpan<byte> bytes) => "z" + Base58Btc.Encode(bytes);

    /// <summary>Writes <c>u</c> and base64url without padding.</summary>
    public static string EncodeBase64Url(ReadOnlySpan<byte> bytes) => "u" + StrictBase64Url.Encode(bytes);

    /// <summary>Decodes either base.</summary>
    /// <param name="text">The text; not trusted.</param>
    /// <param name="code">The error code for text that cannot be read.</param>
    /// <exception cref="MalformedDataException">Another base, a letter that is not of the base, spare bits, or base58btc over <see cref="MaxBase58Length"/>.</exception>
    public static byte[] Decode(ReadOnlySpan<char> text, string code = CodecCodes.MultibaseMalformed) =>
        text is ['u', ..] ? DecodeBase64Url(text, code) : DecodeBase58Btc(text, code);

    /// <summary>Decodes base58btc, where a standard allows no other base.</summary>
    /// <inheritdoc cref="Decode(ReadOnlySpan{char}, string)"/>
    public static byte[] DecodeBase58Btc(ReadOnlySpan<char> text, string code = CodecCodes.MultibaseMalformed)
    {
        return text is ['z', ..] && text.Length <= MaxBase58Length && Base58Btc.Decode(text[1..]) is { } bytes ? bytes : throw Malformed(code);
    }

    /// <summary>Decodes base64url, where a standard allows no other base.</summary>
    /// <inheritdoc cref="Decode(ReadOnlySpan{char}, string)"/>
    public static byte[] DecodeBase64Url(ReadOnlySpan<char> text, string code = CodecCodes.MultibaseMalformed) =>
        text is ['u', ..] && StrictBase64Url.TryDecode(text[1..], out byte[] bytes) ? bytes : throw Malformed(code);

    private static MalformedDataException Malformed(string code) => new(code, "Not multibase with base58btc or base64url.");
}
