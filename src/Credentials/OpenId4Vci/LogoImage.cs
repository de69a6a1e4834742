using System.Buffers.Binary;
using System.Text;
using Credentials.Codecs;
using Credentials.SdJwt;
using Credentials.SdJwt.TypeMetadata;

namespace Credentials.OpenId4Vci;

/// <summary>
/// The picture behind a <c>logo</c> or <c>background_image</c> of issuer metadata (OpenID4VCI 1.0 §12.2.4) or type metadata (SD-JWT VC §5.5.1.1). It is somebody else's: what it is, its bytes say and not its
/// sender; how large it is to draw is known before anybody unpacks it; of an SVG document only what draws stays. To be shown as an image,
/// never as part of a page.
/// </summary>
public sealed class LogoImage
{
    /// <summary>Largest picture in bytes.</summary>
    public const int MaxBytes = 128 * 1024;

    /// <summary>Largest width and height in pixels.</summary>
    public const int MaxSide = 4096;

    /// <summary>The media types there are: <c>image/png</c>, <c>image/jpeg</c>, <c>image/webp</c>, <c>image/svg+xml</c>.</summary>
    public static IReadOnlyList<string> MediaTypes { get; } = [Png, Jpeg, WebP, Svg];

    private const string Png = "image/png";
    private const string Jpeg = "image/jpeg";
    private const string WebP = "image/webp";
    private const string Svg = "image/svg+xml";

    private LogoImage(string mediaType, ReadOnlyMemory<byte> data) => (MediaType, Data) = (mediaType, data);

    /// <summary>One of <see cref="MediaTypes"/>.</summary>
    public string MediaType { get; }

    /// <summary>The picture.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>The picture as a <c>data:</c> URI.</summary>
    public string ToDataUri() => $"data:{MediaType};base64,{StrictBase64.Encode(Data.Span)}";

    /// <summary>Kind and length: a picture does not belong into logs.</summary>
    public override string ToString() => $"{MediaType}, {Data.Length}";

    /// <summary>Reads a picture.</summary>
    /// <param name="content">The octets as they came.</param>
    /// <param name="integrity">The hash that they must have (SD-JWT VC §6); null where there is none.</param>
    /// <exception cref="MalformedDataException">
    /// <see cref="OpenId4VciCodes.Logo"/>: none of these formats, or too large; for an SVG document also the codes of <see cref="SvgTemplate.Clean"/>.
    /// <see cref="SdJwtCodes.TypeMetadataIntegrity"/>: not the picture that its hash names.
    /// </exception>
    public static LogoImage Parse(ReadOnlyMemory<byte> content, string? integrity = null)
    {
        if (content.Length > MaxBytes) throw Unusable("is too large");
        if (integrity is not null && !IntegrityMetadata.Matches(integrity, content.Span))
            throw new MalformedDataException(SdJwtCodes.TypeMetadataIntegrity, "The picture is not the one that its hash names.");
        var (mediaType, width, height) = Measure(content.Span);
        if (mediaType == Svg)
        {
            var clean = Encoding.UTF8.GetBytes(SvgTemplate.Clean(content));
            return clean.Length <= MaxBytes ? new LogoImage(Svg, clean) : throw Unusable("is too large");
        }

        if (mediaType is null) throw Unusable("is neither PNG, JPEG, WebP nor SVG");
        return width is > 0 and <= MaxSide && height is > 0 and <= MaxSide ? new LogoImage(mediaType, content) : throw Unusable("has too many pixels, or none");
    }

    /// <summary>Reads the picture that a <c>data:</c> URI (RFC 2397) carries, in base64 or percent-encoded.</summary>
    /// <param name="uri">The URI.</param>
    /// <param name="integrity">As with <see cref="Parse"/>.</param>
    /// <exception cref="MalformedDataException">As <see cref="Parse"/>; or <see cref="OpenId4VciCodes.Logo"/>: no such URI.</exception>
    public static LogoImage FromDataUri(string uri, string? integrity = null)
    {
        ArgumentNullException.ThrowIfNull(uri);
        const string scheme = "data:";
        var comma = uri.IndexOf(',', StringComparison.Ordinal);
        if (!uri.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) || comma < 0) throw Unusable("is not in a data: URI");
        // Each of its octets is three characters at most; the longest is not worked on before that is known.
        if (uri.Length > 3 * MaxBytes + 256) throw Unusable("is too large");
        var content = Uri.UnescapeDataString(uri[(comma + 1)..]);
        return Parse(
            uri.AsSpan(0, comma).EndsWith(";base64", StringComparison.OrdinalIgnoreCase)
                ? StrictBase64.Decode(content, OpenId4VciCodes.Logo)
                : Encoding.UTF8.GetBytes(content),
            integrity);
    }

    private static (string? MediaType, int Width, int Height) Measure(ReadOnlySpan<byte> data) =>
        data.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a]) ? OfPng(data)
        : data.StartsWith((ReadOnlySpan<byte>)[0xff, 0xd8, 0xff]) ? OfJpeg(data)
        : data.Length >= 30 && data.StartsWith("RIFF"u8) && data[8..].StartsWith("WEBP"u8) ? OfWebP(data)
        : data.TrimStart([.. Encoding.UTF8.Preamble, .. " \t\r\n"u8]).StartsWith("<"u8) ? (Svg, 0, 0)
        : default;

    // ISO/IEC 15948 §11.2.2: the header comes first.
    private static (string, int, int) OfPng(ReadOnlySpan<byte> data) => data.Length >= 24 && data[12..].StartsWith("IHDR"u8)
        ? (Png, BinaryPrimitives.ReadInt32BigEndian(data[16..]), BinaryPrimitives.ReadInt32BigEndian(data[20..]))
        : (Png, 0, 0);

    // ISO/IEC 10918-1 Annex B: segments with their lengths, until one of the frame headers (SOF0 to SOF15, without DHT, JPG and DAC).
    private static (string, int, int) OfJpeg(ReadOnlySpan<byte> data)
    {
        for (var at = 2; at + 9 <= data.Length && data[at] == 0xff;)
        {
            var marker = data[at + 1];
            if (marker == 0xff) at++;
            else if (marker is >= 0xc0 and <= 0xcf and not (0xc4 or 0xc8 or 0xcc))
                return (Jpeg, BinaryPrimitives.ReadUInt16BigEndian(data[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(data[(at + 5)..]));
            else at += 2 + BinaryPrimitives.ReadUInt16BigEndian(data[(at + 2)..]);
        }

        return (Jpeg, 0, 0);
    }

    // RFC 9649 §2.5 to §2.7.
    private static (string, int, int) OfWebP(ReadOnlySpan<byte> data)
    {
        var chunk = data[12..16];
        if (chunk.SequenceEqual("VP8X"u8)) return (WebP, 1 + UInt24(data[24..]), 1 + UInt24(data[27..]));
        if (chunk.SequenceEqual("VP8L"u8) && data[20] == 0x2f)
        {
            var sizes = BinaryPrimitives.ReadUInt32LittleEndian(data[21..]);
            return (WebP, 1 + (int)(sizes & 0x3fff), 1 + (int)((sizes >> 14) & 0x3fff));
        }

        return chunk.SequenceEqual("VP8 "u8) && data[23..].StartsWith((ReadOnlySpan<byte>)[0x9d, 0x01, 0x2a])
            ? (WebP, BinaryPrimitives.ReadUInt16LittleEndian(data[26..]) & 0x3fff, BinaryPrimitives.ReadUInt16LittleEndian(data[28..]) & 0x3fff)
            : (WebP, 0, 0);
    }

    private static int UInt24(ReadOnlySpan<byte> data) => data[0] | (data[1] << 8) | (data[2] << 16);

    private static MalformedDataException Unusable(string why) => new(OpenId4VciCodes.Logo, $"The logo {why}.");
}
