using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Credentials.Codecs;

/// <summary>Base64 with padding (RFC 4648 §4) as <c>x5c</c> has it (RFC 7515 §4.1.6): no white space, one spelling only.</summary>
#pragma warning disable RS0030 // the banned decoder's one home
public static class StrictBase64
{
    /// <summary>Encodes with padding.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes);

    /// <summary>Decodes, or throws with the caller's code.</summary>
    /// <exception cref="MalformedDataException">The text is not strict base64.</exception>
    public static byte[] Decode(string text, string code = CodecCodes.Base64Malformed) => Decode(Encoding.UTF8.GetBytes(text), code);

    /// <summary>Decodes ASCII octets, or throws with the caller's code.</summary>
    /// <exception cref="MalformedDataException">The text is not strict base64.</exception>
    public static byte[] Decode(ReadOnlySpan<byte> ascii, string code = CodecCodes.Base64Malformed)
    {
        if (ascii.IsEmpty) return [];
        if (ascii.Length % 4 == 0)
        {
            // The platform skips white space, which then shows in the length; it may not look at the spare bits before the padding.
            int padding = ascii.EndsWith("=="u8) ? 2 : ascii.EndsWith("="u8) ? 1 : 0;
            byte[] bytes = new byte[ascii.Length / 4 * 3 - padding];
            Span<byte> last = stackalloc byte[4];
            if (Base64.DecodeFromUtf8(ascii, bytes, out _, out int written) == OperationStatus.Done && written == bytes.Length
                && Base64.EncodeToUtf8(bytes.AsSpan(bytes.Length - 3 + padding), last, out _, out _) == OperationStatus.Done && ascii.EndsWith(last))
            {
                return bytes;
            }
        }

        throw new MalformedDataException(code, "Not base64.");
    }
}
