using System.Buffers;
using SimpleBase;

namespace Credentials.Codecs;

/// <summary>
/// Multibase (W3C Controlled Identifiers 1.0 §2.4): a letter that names the base, then the bytes in it. The two bases that the
/// standard defines and no other: <c>z</c> (base58btc) and <c>u</c> (base64url without padding). One spelling for each byte string.
/// </summary>
public static class Multibase
{
    /// <summary>Longest base58btc text that is read, in characters: reading takes time quadratic in it.</summary>
    public const int MaxBase58Length = 1024;

    private const string Base58Letters = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private const int LettersAtOnce = 5;
    private const uint FiveLetters = 58 * 58 * 58 * 58 * 58;

    private static readonly SearchValues<char> s_base58 = SearchValues.Create(Base58Letters);

    /// <summary>Writes <c>z</c> and base58btc. For short byte strings: it takes time quadratic in their length.</summary>
    public static string EncodeBase58Btc(ReadOnlySpan<byte> bytes)
    {
        // Four bytes and five letters at a time: a letter at a time, the text of the signature took a third of the time of a proof.
        var number = bytes.TrimStart((byte)0);
        var zeros = bytes.Length - number.Length;
        var words = new uint[(number.Length + 3) / 4];
        for (int i = 0; i < number.Length; i++) words[^(i / 4 + 1)] |= (uint)number[^(i + 1)] << i % 4 * 8;
        // A byte is less than one and a half letters.
        Span<char> text = new char[1 + zeros + number.Length * 3 / 2 + LettersAtOnce];
        var start = text.Length;
        for (var left = words.AsSpan(); !left.IsEmpty; left = left.TrimStart(0u))
        {
            var letters = DivideByFiveLetters(left);
            for (int i = 0; i < LettersAtOnce; i++, letters /= 58) text[--start] = Base58Letters[(int)(letters % 58)];
        }

        // The first five may begin with zeros, which are not written; each zero byte in front is one letter.
        while (start < text.Length && text[start] == Base58Letters[0]) start++;
        text[(start - zeros)..start].Fill(Base58Letters[0]);
        start -= zeros + 1;
        text[start] = 'z';
        return new string(text[start..]);
    }

    /// <summary>Divides a number, whose first word is its highest, and returns the remainder.</summary>
    private static uint DivideByFiveLetters(Span<uint> words)
    {
        ulong remainder = 0;
        foreach (ref var word in words)
        {
            var (quotient, rest) = Math.DivRem(remainder << 32 | word, FiveLetters);
            (word, remainder) = ((uint)quotient, rest);
        }

        return (uint)remainder;
    }

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
        if (text is not ['z', ..] || text.Length > MaxBase58Length || text[1..].ContainsAnyExcept(s_base58)) throw Malformed(code);
        return Base58.Bitcoin.Decode(text[1..]);
    }

    /// <summary>Decodes base64url, where a standard allows no other base.</summary>
    /// <inheritdoc cref="Decode(ReadOnlySpan{char}, string)"/>
    public static byte[] DecodeBase64Url(ReadOnlySpan<char> text, string code = CodecCodes.MultibaseMalformed) =>
        text is ['u', ..] && StrictBase64Url.TryDecode(text[1..], out byte[] bytes) ? bytes : throw Malformed(code);

    private static MalformedDataException Malformed(string code) => new(code, "Not multibase with base58btc or base64url.");
}
