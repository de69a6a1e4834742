namespace Credentials.Codecs;

/// <summary>
/// Base45 (RFC 9285), which QR codes hold in their alphanumeric mode. One spelling for each byte string: white space other than the
/// alphabet's own space and lower case are refused.
/// </summary>
public static class StrictBase45
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
    private const int Base = 45;

    // By ASCII code; 255 is not in the alphabet.
    private static readonly byte[] s_values =
        [.. Enumerable.Range(0, 128).Select(code => Alphabet.IndexOf((char)code) is var value && value < 0 ? byte.MaxValue : (byte)value)];

    /// <summary>Encodes; the result can be decoded without knowing its length.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new char[bytes.Length / 2 * 3 + bytes.Length % 2 * 2];
        var at = 0;
        for (var i = 0; i < bytes.Length; i += 2)
        {
            // §4.1: least significant digit first, three for two bytes and two for a last one.
            var isPair = i + 1 < bytes.Length;
            var value = isPair ? (bytes[i] << 8) | bytes[i + 1] : bytes[i];
            text[at++] = Alphabet[value % Base];
            text[at++] = Alphabet[value / Base % Base];
            if (isPair) text[at++] = Alphabet[value / (Base * Base)];
        }

        return new string(text);
    }

    /// <summary>Decodes; false if the text is not strict Base45. Empty text is an empty byte string.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = [];
        if (text.Length % 3 == 1) return false;
        var decoded = new byte[text.Length / 3 * 2 + text.Length % 3 / 2];
        var at = 0;
        for (; text.Length >= 3; text = text[3..])
        {
            // A digit that is none makes the value too large as well.
            var value = Digit(text[0]) + Digit(text[1]) * Base + Digit(text[2]) * Base * Base;
            if (value > ushort.MaxValue) return false;
            decoded[at++] = (byte)(value >> 8);
            decoded[at++] = (byte)value;
        }

        if (text.Length > 0)
        {
            var value = Digit(text[0]) + Digit(text[1]) * Base;
            if (value > byte.MaxValue) return false;
            decoded[at] = (byte)value;
        }

        bytes = decoded;
        return true;
    }

    /// <summary>Decodes, or throws with the caller's code.</summary>
    /// <exception cref="MalformedDataException">The text is not strict Base45.</exception>
    public static byte[] Decode(ReadOnlySpan<char> text, string code = CodecCodes.Base45Malformed) =>
        TryDecode(text, out var bytes) ? bytes : throw new MalformedDataException(code, "Not Base45.");

    private static int Digit(char character) =>
        character < s_values.Length && s_values[character] is var value && value < Base ? value : ushort.MaxValue + 1;
}
