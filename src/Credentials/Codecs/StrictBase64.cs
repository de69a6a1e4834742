namespace Credentials.Codecs;

/// <summary>Base64 with padding (RFC 4648 §4) as <c>x5c</c> has it (RFC 7515 §4.1.6): no white space, one spelling only.</summary>
#pragma warning disable RS0030 // the banned decoder's one home
public static class StrictBase64
{
    /// <summary>Encodes with padding.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes);

    /// <summary>Decodes, or throws with the caller's code.</summary>
    /// <exception cref="MalformedDataException">The text is not strict base64.</exception>
    public static byte[] Decode(string text, string code = CodecCodes.Base64Malformed)
    {
        byte[] bytes = new byte[text.Length / 4 * 3 + 3];
        if (Convert.TryFromBase64String(text, bytes, out int written))
        {
            byte[] exact = bytes[..written];
            if (Convert.ToBase64String(exact) == text) return exact; // white space and spare bits show here
        }
        throw new MalformedDataException(code, "Not base64.");
    }
}
