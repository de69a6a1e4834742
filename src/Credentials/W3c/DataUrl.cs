using System.Text;
using Credentials.Codecs;

namespace Credentials.W3c;

/// <summary>A secured document inside a <c>data:</c> URL (RFC 2397; Data Model 2.0 §4.13.1, §4.13.2).</summary>
/// <param name="MediaType">Its media type, without parameters.</param>
/// <param name="Content">The document.</param>
internal sealed record DataUrl(string MediaType, ReadOnlyMemory<byte> Content)
{
    private const string Prefix = "data:";
    private const string Base64 = ";base64";

    /// <summary>Reads such a URL. Text stands in it as it is: none of our formats has a character that needs an escape.</summary>
    /// <exception cref="MalformedDataException"><c>w3c.enveloped</c>.</exception>
    public static DataUrl Parse(string url)
    {
        var comma = url.IndexOf(',', StringComparison.Ordinal);
        if (!url.StartsWith(Prefix, StringComparison.Ordinal) || comma < 0) throw Malformed();
        var mediaType = url[Prefix.Length..comma];
        if (mediaType.EndsWith(Base64, StringComparison.Ordinal))
            return new DataUrl(Checked(mediaType[..^Base64.Length]), StrictBase64.Decode(url[(comma + 1)..], W3cCodes.Enveloped));
        var text = url[(comma + 1)..];
        return text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '~')
            ? new DataUrl(Checked(mediaType), Encoding.ASCII.GetBytes(text))
            : throw Malformed();
    }

    /// <summary>Writes the URL of a text.</summary>
    public static string Write(string mediaType, string text) => $"{Prefix}{mediaType},{text}";

    /// <summary>Writes the URL of bytes, in base64 (VC-JOSE-COSE §3.3.1).</summary>
    public static string Write(string mediaType, ReadOnlySpan<byte> bytes) => $"{Prefix}{mediaType}{Base64},{StrictBase64.Encode(bytes)}";

    private static string Checked(string mediaType) => mediaType.Contains(';') ? throw Malformed() : mediaType;

    private static MalformedDataException Malformed() => new(W3cCodes.Enveloped, "Not a data: URL of a secured document.");
}
