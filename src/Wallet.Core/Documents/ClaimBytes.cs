using Credentials.Codecs;

namespace Credentials.Wallet.Core.Documents;

/// <summary>A value that is bytes – a byte string of an mdoc, or what a <c>data:</c> URI carries – above all a portrait.</summary>
/// <param name="Data">The bytes.</param>
/// <param name="MediaType">
/// What they are by how they begin: <c>image/jpeg</c>, <c>image/jp2</c> or <c>image/png</c>; null for anything else, which is not to be
/// drawn. What the issuer calls them does not count.
/// </param>
public sealed record ClaimBytes(ReadOnlyMemory<byte> Data, string? MediaType)
{
    private const string DataScheme = "data:";
    private const string Base64Mark = ";base64,";

    /// <summary>Kind and length: values do not belong into logs.</summary>
    public override string ToString() => $"{MediaType ?? "bytes"}, {Data.Length}";

    internal static ClaimBytes Of(ReadOnlyMemory<byte> data) => new(data, Sniff(data.Span));

    /// <summary>The bytes of a <c>data:</c> URI (RFC 2397) in base64; null if the text is none.</summary>
    internal static ClaimBytes? FromDataUri(string text)
    {
        if (!text.StartsWith(DataScheme, StringComparison.OrdinalIgnoreCase)) return null;
        var mark = text.IndexOf(Base64Mark, StringComparison.OrdinalIgnoreCase);
        if (mark < 0) return null;
        try
        {
            return Of(StrictBase64.Decode(text[(mark + Base64Mark.Length)..]));
        }
        catch (MalformedDataException)
        {
            return null;
        }
    }

    // ISO/IEC 18013-5 Table 5: a portrait is JPEG or JPEG 2000; PNG is what SD-JWT VCs have besides.
    private static string? Sniff(ReadOnlySpan<byte> data) =>
        data.StartsWith((ReadOnlySpan<byte>)[0xff, 0xd8, 0xff]) ? "image/jpeg"
        : data.StartsWith((ReadOnlySpan<byte>)[0, 0, 0, 12, (byte)'j', (byte)'P', (byte)' ', (byte)' ']) ? "image/jp2"
        : data.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a]) ? "image/png"
        : null;
}
