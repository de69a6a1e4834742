using System.Text;

namespace Credentials.Codecs;

/// <summary>
/// <c>application/x-www-form-urlencoded</c> as OAuth uses it (RFC 6749 §3.1, §3.2 and Appendix B):
/// a parameter that comes twice, a broken escape or invalid UTF-8 refuses the whole form.
/// </summary>
public static class StrictForm
{
    /// <summary>Most parameters in one form or query.</summary>
    public const int MaxParameters = 100;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a form body or query string (without its question mark).</summary>
    /// <param name="encoded">The bytes as received.</param>
    /// <param name="code">Code of the error.</param>
    /// <exception cref="MalformedDataException">The form is not well formed.</exception>
    public static IReadOnlyDictionary<string, string> Parse(ReadOnlySpan<byte> encoded, string code)
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        while (!encoded.IsEmpty)
        {
            var end = encoded.IndexOf((byte)'&');
            var pair = end < 0 ? encoded : encoded[..end];
            encoded = end < 0 ? default : encoded[(end + 1)..];
            if (pair.IsEmpty)
                continue;
            var split = pair.IndexOf((byte)'=');
            var name = Decode(split < 0 ? pair : pair[..split], code);
            var value = split < 0 ? "" : Decode(pair[(split + 1)..], code);
            if (result.Count == MaxParameters || !result.TryAdd(name, value))
                throw new MalformedDataException(code, "A parameter comes twice, or there are too many.");
        }

        return result;
    }

    /// <summary>Writes a form body.</summary>
    public static string Encode(IEnumerable<KeyValuePair<string, string>> parameters) =>
        string.Join('&', parameters.Select(parameter => $"{Uri.EscapeDataString(parameter.Key)}={Uri.EscapeDataString(parameter.Value)}"));

    private static string Decode(ReadOnlySpan<byte> text, string code)
    {
        var bytes = new byte[text.Length];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var b = text[i];
            if (b == '%')
            {
                if (i + 2 >= text.Length || !char.IsAsciiHexDigit((char)text[i + 1]) || !char.IsAsciiHexDigit((char)text[i + 2]))
                    throw new MalformedDataException(code, "A percent escape is broken.");
                b = Convert.ToByte(Encoding.ASCII.GetString(text.Slice(i + 1, 2)), 16);
                i += 2;
            }
            else if (b == '+')
            {
                b = (byte)' ';
            }
            else if (b is <= (byte)' ' or >= 0x7f)
            {
                throw new MalformedDataException(code, "A form has only printable ASCII characters.");
            }

            if (b == 0)
                throw new MalformedDataException(code, "A parameter contains NUL.");
            bytes[length++] = b;
        }

        try
        {
            return Utf8.GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException e)
        {
            throw new MalformedDataException(code, "A parameter is not UTF-8.", e);
        }
    }
}
