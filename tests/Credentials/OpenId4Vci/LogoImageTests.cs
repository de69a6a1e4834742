using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Credentials.Codecs;
using Credentials.OpenId4Vci;
using Credentials.Qr;
using Credentials.SdJwt;

namespace Credentials.Tests.OpenId4Vci;

/// <summary>What is taken as a logo: by what its bytes say, bounded before anybody draws it, and of SVG what draws alone.</summary>
public class LogoImageTests
{
    private static readonly byte[] s_png = QrCode.Encode("logo").ToPng();

    [Fact]
    public void Pictures_of_the_four_formats_are_told_apart_by_their_bytes()
    {
        Assert.Equal("image/png", LogoImage.Parse(s_png).MediaType);
        Assert.Equal("image/jpeg", LogoImage.Parse(Jpeg(640, 480)).MediaType);
        foreach (var kind in (string[])["VP8 ", "VP8L", "VP8X"]) Assert.Equal("image/webp", LogoImage.Parse(WebP(kind, 640, 480)).MediaType);
        Assert.Equal("image/svg+xml", LogoImage.Parse("\ufeff \n<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray()).MediaType);
        Assert.Equal(s_png, LogoImage.Parse(s_png).Data.ToArray());
    }

    [Fact]
    public void What_is_no_picture_or_too_large_a_one_is_refused()
    {
        foreach (var content in new byte[][]
        {
            [], "GIF89a..........................."u8.ToArray(), "hello"u8.ToArray(), s_png[..20], [.. s_png, .. new byte[LogoImage.MaxBytes]],
            Png(LogoImage.MaxSide + 1, 1), Png(1, int.MaxValue), Png(-1, 1), Png(0, 1), Jpeg(65535, 1), Jpeg(1, LogoImage.MaxSide + 1), [0xff, 0xd8, 0xff], [0xff, 0xd8, 0xff, 0xe0, 0, 0, 0xff, 0xe0, 0, 0, 0, 0],
            WebP("VP8 ", 16383, 1), WebP("VP8L", 1, 16384), WebP("VP8X", 1 << 24, 1), WebP("ALPH", 1, 1), WebP("VP8L", 1, 1)[..20],
        })
            Assert.Equal(OpenId4VciCodes.Logo, Assert.Throws<MalformedDataException>(() => LogoImage.Parse(content)).Code);
        Assert.Equal("image/png", LogoImage.Parse(Png(LogoImage.MaxSide, LogoImage.MaxSide)).MediaType);
    }

    [Fact]
    public void Of_an_SVG_document_only_what_draws_stays()
    {
        var logo = LogoImage.Parse("""
            <?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)" viewBox="0 0 10 10"><script>alert(2)</script>
            <image href="https://tracker.example/x.png" width="1" height="1"/><circle cx="5" cy="5" r="4" fill="#1c5d4a"/></svg>
            """u8.ToArray());
        var text = Encoding.UTF8.GetString(logo.Data.Span);
        Assert.Contains("<circle cx=\"5\" cy=\"5\" r=\"4\" fill=\"#1c5d4a\"", text, StringComparison.Ordinal);
        foreach (var gone in (string[])["alert", "onload", "tracker", "<?xml"]) Assert.DoesNotContain(gone, text, StringComparison.Ordinal);
        Assert.Equal(text, Encoding.UTF8.GetString(LogoImage.Parse(logo.Data).Data.Span));

        foreach (var (svg, code) in new[]
        {
            ("<svg xmlns='http://www.w3.org/2000/svg'>", SdJwtCodes.SvgMalformed),
            ("<html><body/></html>", SdJwtCodes.SvgMalformed),
            ("<!DOCTYPE svg [<!ENTITY a 'b'>]><svg xmlns='http://www.w3.org/2000/svg'>&a;</svg>", SdJwtCodes.SvgMalformed),
            ("<svg xmlns='http://www.w3.org/2000/svg'><text>{{name}}</text></svg>", SdJwtCodes.SvgPlaceholder),
            // Escaped it is longer than it was.
            ($"<svg xmlns='http://www.w3.org/2000/svg'><text>{new string('\'', LogoImage.MaxBytes / 2)}</text></svg>", OpenId4VciCodes.Logo),
        })
            Assert.Equal(code, Assert.Throws<MalformedDataException>(() => LogoImage.Parse(Encoding.UTF8.GetBytes(svg))).Code);
    }

    [Fact]
    public void A_data_URI_carries_it_in_base64_or_percent_encoded()
    {
        Assert.Equal(s_png, LogoImage.FromDataUri(LogoImage.Parse(s_png).ToDataUri()).Data.ToArray());
        const string svg = "<svg xmlns='http://www.w3.org/2000/svg'><title>100 %</title></svg>";
        foreach (var uri in new[]
        {
            "data:image/svg+xml;utf8," + Uri.EscapeDataString(svg),
            "data:image/svg+xml;base64," + Uri.EscapeDataString(Convert.ToBase64String(Encoding.UTF8.GetBytes(svg))),
            // Neither word counts.
            "data:text/html," + Uri.EscapeDataString(svg), "data:," + Uri.EscapeDataString(svg),
        })
            Assert.Contains("<title>100 %</title>", Encoding.UTF8.GetString(LogoImage.FromDataUri(uri).Data.Span), StringComparison.Ordinal);

        foreach (var uri in new[] { "data:image/png;base64,!", "data:image/png;base64", "https://issuer.example/logo.png", "", "data:," + new string('a', LogoImage.MaxBytes + 1), "data:," + new string('a', 8 * LogoImage.MaxBytes) })
            Assert.Equal(OpenId4VciCodes.Logo, Assert.Throws<MalformedDataException>(() => LogoImage.FromDataUri(uri)).Code);
    }

    [Fact]
    public void An_address_of_a_logo_counts_where_it_may_be_fetched_at_all()
    {
        foreach (var (uri, counts) in new[]
        {
            ("https://issuer.example/logo.png", true), ("data:image/png;base64,AA", true), ("http://localhost:5101/logo.png", true),
            ("http://issuer.example/logo.png", false), ("file:///etc/passwd", false), ("/logo.png", false), ("http://localhost.evil.example/logo.png", false),
        })
        {
            var text = DisplayText.Parse(StrictJson.Parse($$$"""{"name":"n","logo":{"uri":"{{{uri}}}","alt_text":"seal"},"background_image":{"uri":"{{{uri}}}"}}"""), "x");
            Assert.Equal((counts ? uri : null, "seal", counts ? uri : null), (text.LogoUri, text.LogoAltText, text.BackgroundImageUri));
            Assert.Equal(text.BackgroundImageUri, DisplayText.Parse(StrictJson.ToElement(text.ToJson()), "x").BackgroundImageUri);
        }
    }

    // SD-JWT VC §6: of the octets as they came, before an SVG is cleaned.
    [Fact]
    public void A_picture_with_a_hash_is_the_one_that_it_names()
    {
        foreach (var content in new[] { s_png, "<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"u8.ToArray() })
        {
            var hash = "sha256-" + Convert.ToBase64String(SHA256.HashData(content));
            var uri = "data:image/x;base64," + Convert.ToBase64String(content);
            Assert.Equal(LogoImage.Parse(content).Data.ToArray(), LogoImage.Parse(content, hash).Data.ToArray());
            Assert.Equal(LogoImage.Parse(content).Data.ToArray(), LogoImage.FromDataUri(uri, hash).Data.ToArray());
            foreach (var wrong in new[] { "", "md5-AA", "sha256-" + Convert.ToBase64String(SHA256.HashData("x"u8)) })
            {
                Assert.Equal(SdJwtCodes.TypeMetadataIntegrity, Assert.Throws<MalformedDataException>(() => LogoImage.Parse(content, wrong)).Code);
                Assert.Equal(SdJwtCodes.TypeMetadataIntegrity, Assert.Throws<MalformedDataException>(() => LogoImage.FromDataUri(uri, wrong)).Code);
            }
        }
    }

    private static byte[] Png(int width, int height)
    {
        var png = s_png.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), height);
        return png;
    }

    // An application segment and a table before the frame header, with a fill byte between.
    private static byte[] Jpeg(int width, int height) =>
    [
        0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xc4, 0, 3, 9, 0xff, 0xff, 0xc2, 0, 11, 8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, 1, 1, 0x11, 0,
    ];

    private static byte[] WebP(string kind, int width, int height)
    {
        var data = new byte[40];
        "RIFF    WEBP"u8.CopyTo(data);
        Encoding.ASCII.GetBytes(kind).CopyTo(data, 12);
        switch (kind)
        {
            case "VP8 ":
                ((ReadOnlySpan<byte>)[0x9d, 0x01, 0x2a]).CopyTo(data.AsSpan(23));
                BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(26), (ushort)width);
                BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(28), (ushort)height);
                break;
            case "VP8L":
                data[20] = 0x2f;
                BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(21), (uint)(width - 1) | ((uint)(height - 1) << 14));
                break;
            default:
                BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(24), (uint)(width - 1));
                BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(27), (uint)(height - 1));
                break;
        }
        return data;
    }
}
