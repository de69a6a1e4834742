using System.Text;

namespace Credentials.Fuzz.Tests.Mutation;

/// <summary>Changes JSON by its tokens, without asking whether it was JSON before or is afterwards.</summary>
internal static class JsonText
{
    private static readonly string[] s_values =
    [
        "null", "true", "false", "0", "-1", "1", "2147483648", "9223372036854775807", "-9223372036854775809", "18446744073709551616", "1e400", "1E-7", "0.1", "-0",
        "253402300800", "1e15", "\"\"", "[]", "{}", "[null]", "[[]]", "{\"\":null}", "\"\\u0000\"", "\"\\ud800\"", "\"\\uD83D\\uDE00\"", "\"\u00e9\"", "\"https://a.example/\"",
        "\"http://localhost\"", "[\"a\",\"a\"]", "\"A\"", "\"*\"", "\"...\"", "\"_sd\"", "\"none\"", "\"sha-256\"", "\"ES256\"", "[1,2,3]", "{\"...\":\"a\"}", "\"2026-11-02T09:00:00Z\"",
    ];

    public static byte[] Change(Mutator mutator, byte[] input, byte[] other)
    {
        var random = mutator.Random;
        var tokens = Tokens(input);
        if (tokens.Count == 0) return mutator.ChangeBytes(input, other);
        var token = tokens[random.Next(tokens.Count)];
        var (at, length) = (token.At, token.Length);
        switch (random.Next(9))
        {
            case 0:
                return Mutator.Replaced(input, at, length, Encoding.UTF8.GetBytes(s_values[random.Next(s_values.Length)]));
            case 1:
                return Mutator.Replaced(input, at, length, []);
            case 2:
                var another = tokens[random.Next(tokens.Count)];
                return Mutator.Replaced(input, at, length, input.AsSpan(another.At, another.Length));
            case 3:
                // A whole value in the place of a whole value.
                return Mutator.Replaced(input, at, Extent(input, at), Encoding.UTF8.GetBytes(s_values[random.Next(s_values.Length)]));
            case 4:
                var piece = Tokens(other);
                if (piece.Count == 0) return input;
                var from = piece[random.Next(piece.Count)];
                return Mutator.Replaced(input, at, Extent(input, at), other.AsSpan(from.At, Extent(other, from.At)));
            case 5:
                // A member or element once more: the value, and the name before it if there is one.
                return Mutator.Replaced(input, at, 0, [.. input.AsSpan(at, MemberExtent(input, at)), (byte)',']);
            case 6 when input[at] == '"' && length > 2:
                var text = Encoding.UTF8.GetString(input, at + 1, length - 2);
                return Mutator.Replaced(input, at + 1, length - 2, Encoding.UTF8.GetBytes(ChangeText(mutator, text, other)));
            case 7 when input[at] == '"' && length > 2:
                // One letter spelled as an escape: the same text in other bytes.
                var letter = at + 1 + random.Next(length - 2);
                return input[letter] is > 0x1f and < 0x80 and not (byte)'\\' and not (byte)'"'
                    ? Mutator.Replaced(input, letter, 1, Encoding.ASCII.GetBytes($"\\u{input[letter]:x4}"))
                    : input;
            case 8 when random.Next(20) == 0:
                var depth = 1 << random.Next(9);
                return Mutator.Replaced(input, at, length, Encoding.ASCII.GetBytes(new string('[', depth) + new string(']', depth)));
            default:
                return mutator.ChangeBytes(input, other);
        }
    }

    // A text may be a token or an encoded part itself; its parts are changed one by one.
    private static string ChangeText(Mutator mutator, string text, byte[] other)
    {
        if (mutator.Random.Next(4) == 0) return Encoding.UTF8.GetString(mutator.ChangeBytes(Encoding.UTF8.GetBytes(text), other)).Replace("\"", "'", StringComparison.Ordinal);
        var parts = text.Split('.');
        var at = mutator.Random.Next(parts.Length);
        parts[at] = mutator.ChangeEncoded(parts[at], other);
        return string.Join('.', parts);
    }

    private static List<(int At, int Length)> Tokens(ReadOnlySpan<byte> text)
    {
        var tokens = new List<(int, int)>();
        for (var at = 0; at < text.Length;)
        {
            var length = TokenLength(text[at..]);
            if (text[at] > ' ') tokens.Add((at, length));
            at += length;
        }

        return tokens;
    }

    private static int TokenLength(ReadOnlySpan<byte> text)
    {
        var length = 1;
        if (text[0] == '"')
        {
            while (length < text.Length && text[length] != '"') length += text[length] == '\\' ? 2 : 1;
            return Math.Min(length + 1, text.Length);
        }

        if (!IsWord(text[0])) return 1;
        while (length < text.Length && IsWord(text[length])) length++;
        return length;
    }

    private static bool IsWord(byte b) => char.IsAsciiLetterOrDigit((char)b) || b is (byte)'+' or (byte)'-' or (byte)'.';

    /// <summary>The length of the value that begins here.</summary>
    private static int Extent(ReadOnlySpan<byte> text, int at)
    {
        var depth = 0;
        for (var end = at; end < text.Length;)
        {
            var token = text[end];
            end += TokenLength(text[end..]);
            if (token is (byte)'{' or (byte)'[') depth++;
            else if (token is (byte)'}' or (byte)']') depth--;
            if (depth <= 0) return end - at;
        }

        return text.Length - at;
    }

    private static int MemberExtent(ReadOnlySpan<byte> text, int at)
    {
        var length = Extent(text, at);
        var next = at + length;
        return next < text.Length - 1 && text[next] == ':' ? length + 1 + Extent(text, next + 1) : length;
    }
}
