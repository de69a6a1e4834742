using System.Buffers;
using System.Buffers.Text;

namespace Credentials.Codecs;

/// <summary>
/// Base64url without padding (RFC 7515 §2), one spelling for each byte string: no white space, no <c>=</c>, no other
/// alphabet, and unused bits zero, because replay keys and digests are taken over the text.
/// </summary>
#pragma warning disable RS0030 // the banned decoder's one home
public static class StrictBase64Url
{
    private static readonly SearchValues<char> s_alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>Encodes without padding.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    /// <summary>Encodes without padding as ASCII bytes.</summary>
    /// <returns>The number of bytes written.</returns>
    public static int Encode(ReadOnlySpan<byte> bytes, Span<byte> ascii) => Base64Url.EncodeToUtf8(bytes, ascii);

    /// <summary>The number of characters that so many bytes become.</summary>
    public static int EncodedLength(int bytes) => Base64Url.GetEncodedLength(bytes);

    /// <summary>Decodes; false if the text is not strict base64url. Empty text is an empty byte string.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes)
    {
        var isStrict = IsStrict(text);
        bytes = isStrict ? Base64Url.DecodeFromChars(text) : [];
        return isStrict;
    }

    /// <summary>Decodes, or throws with the caller's code.</summary>
    /// <exception cref="MalformedDataException">The text is not strict base64url.</exception>
    public static byte[] Decode(ReadOnlySpan<char> text, string code = CodecCodes.Base64Malformed) =>
        TryDecode(text, out byte[] bytes) ? bytes : throw Malformed(code);

    /// <summary>Decodes onto the end of a buffer, or throws with the caller's code.</summary>
    /// <exception cref="MalformedDataException">The text is not strict base64url.</exception>
    internal static void Decode(ReadOnlySpan<char> text, PooledBuffer buffer, string code)
    {
        Require(text, code);
        buffer.Advance(Base64Url.DecodeFromChars(text, buffer.GetSpan(Base64Url.GetMaxDecodedLength(text.Length))));
    }

    /// <summary>Throws with the caller's code what would not be decoded.</summary>
    /// <exception cref="MalformedDataException">The text is not strict base64url.</exception>
    internal static void Require(ReadOnlySpan<char> text, string code)
    {
        if (!IsStrict(text)) throw Malformed(code);
    }

    private static bool IsStrict(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(s_alphabet) && text.Length % 4 != 1 && HasZeroTail(text);

    private static MalformedDataException Malformed(string code) => new(code, "Not base64url without padding.");

    private static bool HasZeroTail(ReadOnlySpan<char> text)
    {
        int spare = (text.Length % 4) switch { 2 => 0b1111, 3 => 0b11, _ => 0 };
        return spare == 0 || (Value(text[^1]) & spare) == 0;
    }

    private static int Value(char c) => c switch
    {
        >= 'A' and <= 'Z' => c - 'A',
        >= 'a' and <= 'z' => c - 'a' + 26,
        >= '0' and <= '9' => c - '0' + 52,
        '-' => 62,
        _ => 63,
    };
}
