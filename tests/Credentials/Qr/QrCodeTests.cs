using System.Buffers.Binary;
using System.IO.Compression;
using System.Xml.Linq;
using Credentials.Qr;

namespace Credentials.Tests.Qr;

public class QrCodeTests
{
    private const string Offer = "openid-credential-offer://?credential_offer_uri=https%3A%2F%2Fagency.example%2Fo%2F1";

    [Fact]
    public void A_code_has_its_finder_patterns_inside_a_quiet_zone_of_four_modules()
    {
        var code = QrCode.Encode(Offer);
        // ISO/IEC 18004 §6.3.3: dark ring, light ring, dark centre, in three corners; §6.3.8: the quiet zone.
        foreach (var (row, column) in new[] { (4, 4), (4, code.Size - 11), (code.Size - 11, 4) })
        {
            for (var i = 0; i < 7; i++)
            {
                for (var j = 0; j < 7; j++)
                {
                    var ring = Math.Max(Math.Abs(i - 3), Math.Abs(j - 3));
                    Assert.Equal(ring != 2, code.IsDark(row + i, column + j));
                }
            }
        }

        Assert.Equal(0, (code.Size - 8 - 17) % 4);
        for (var i = 0; i < code.Size; i++)
        {
            for (var edge = 0; edge < 4; edge++)
            {
                Assert.False(code.IsDark(edge, i) || code.IsDark(i, edge));
                Assert.False(code.IsDark(code.Size - 1 - edge, i) || code.IsDark(i, code.Size - 1 - edge));
            }
        }
    }

    [Fact]
    public void An_svg_draws_exactly_the_dark_modules_and_has_a_name_and_no_style()
    {
        var code = QrCode.Encode(Offer);
        var svg = XDocument.Parse(code.ToSvg("Scan <me> & \"you\"")).Root!;
        XNamespace ns = "http://www.w3.org/2000/svg";

        Assert.Equal(("svg", ns, "img"), (svg.Name.LocalName, svg.Name.Namespace, svg.Attribute("role")!.Value));
        Assert.Equal("Scan <me> & \"you\"", svg.Element(ns + "title")!.Value);
        Assert.Equal($"0 0 {code.Size} {code.Size}", svg.Attribute("viewBox")!.Value);
        Assert.DoesNotContain(svg.DescendantsAndSelf().Attributes(), attribute => attribute.Name.LocalName is "style" or "onload" or "href");
        Assert.All(svg.Elements(), element => Assert.Contains(element.Name.LocalName, new[] { "title", "path" }));

        var drawn = new bool[code.Size, code.Size];
        foreach (var run in svg.Elements(ns + "path").Last().Attribute("d")!.Value.Split('M', StringSplitOptions.RemoveEmptyEntries))
        {
            var numbers = run.Split(' ', 'h', 'v');
            var (column, row, length) = (Number(numbers[0]), Number(numbers[1]), Number(numbers[2]));
            for (var i = 0; i < length; i++)
                drawn[row, column + i] = true;
        }

        AssertModules(code, (row, column) => drawn[row, column]);

        static int Number(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(10)]
    public void A_png_has_the_modules_at_the_asked_scale(int scale)
    {
        var code = QrCode.Encode(Offer);
        var (width, rows) = ReadBitmap(code.ToPng(scale));
        Assert.Equal(code.Size * scale, width);
        Assert.Equal(code.Size * scale, rows.Length);
        AssertModules(code, (row, column) => rows[row * scale + scale / 2][column * scale + scale / 2]);
    }

    [Fact]
    public void A_terminal_shows_light_modules_as_blocks_two_rows_a_line()
    {
        var code = QrCode.Encode(Offer);
        var lines = code.ToTerminal().TrimEnd('\n').Split('\n');
        Assert.Equal((code.Size + 1) / 2, lines.Length);
        Assert.All(lines, line => Assert.Equal(code.Size, line.Length));
        AssertModules(code, (row, column) => (lines[row / 2][column], row % 2) is (' ', _) or ('▄', 0) or ('▀', 1));
    }

    [Fact]
    [Trait("Row", "QRC-01")]
    public void A_text_that_no_code_holds_is_refused_and_the_longest_that_one_holds_is_encoded()
    {
        // ISO/IEC 18004 Table 7: version 40 holds 2 953 bytes at level L, 2 331 at M and 1 273 at H.
        static QrCode Encode(int length, QrErrorCorrection? correction = null) => QrCode.Encode(new string('a', length), correction);
        static void AssertTooLong(int length, QrErrorCorrection? correction = null) =>
            Assert.Equal(QrCodes.TextTooLong, Assert.Throws<MalformedDataException>(() => Encode(length, correction)).Code);

        Assert.Equal(177 + 8, Encode(2953).Size);
        AssertTooLong(2954);
        AssertTooLong(QrCode.MaxTextBytes);
        AssertTooLong(QrCode.MaxTextBytes + 1);
        AssertTooLong(10_000_000);
        Assert.Equal(177 + 8, Encode(2331, QrErrorCorrection.Medium).Size);
        AssertTooLong(2332, QrErrorCorrection.Medium);
        Assert.Equal(177 + 8, Encode(1273, QrErrorCorrection.High).Size);
        AssertTooLong(1274, QrErrorCorrection.High);
    }

    [Fact]
    [Trait("Row", "QRC-01")]
    public void An_empty_text_and_one_that_is_not_unicode_are_refused()
    {
        foreach (var text in new[] { "", "\ud800", "a\udc00b", "\udc00\ud800" })
            Assert.Equal(QrCodes.TextMalformed, Assert.Throws<MalformedDataException>(() => QrCode.Encode(text)).Code);
        Assert.NotEqual(0, QrCode.Encode("주민등록등본 \U0001F600").Size);
    }

    private static void AssertModules(QrCode code, Func<int, int, bool> isDark)
    {
        for (var row = 0; row < code.Size; row++)
        {
            for (var column = 0; column < code.Size; column++)
                Assert.Equal(code.IsDark(row, column), isDark(row, column));
        }
    }

    // A reader for the PNG images that are expected here: one bit per pixel, no filters.
    private static (int Width, bool[][] DarkByRow) ReadBitmap(byte[] png)
    {
        Assert.Equal([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], png[..8]);
        var (width, height, data) = (0, 0, new MemoryStream());
        for (var at = 8; at < png.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            var body = png.AsSpan(at + 8, length);
            switch (System.Text.Encoding.ASCII.GetString(png, at + 4, 4))
            {
                case "IHDR":
                    (width, height) = (BinaryPrimitives.ReadInt32BigEndian(body), BinaryPrimitives.ReadInt32BigEndian(body[4..]));
                    Assert.Equal([1, 0], body[8..10].ToArray()); // one bit, grey
                    break;
                case "IDAT":
                    data.Write(body);
                    break;
            }

            at += 12 + length;
        }

        data.Position = 0;
        using var zlib = new ZLibStream(data, CompressionMode.Decompress);
        var rows = new bool[height][];
        var packed = new byte[1 + (width + 7) / 8];
        for (var row = 0; row < height; row++)
        {
            zlib.ReadExactly(packed);
            Assert.Equal(0, packed[0]);
            rows[row] = [.. Enumerable.Range(0, width).Select(x => (packed[1 + x / 8] & (0x80 >> (x % 8))) == 0)];
        }

        return (width, rows);
    }
}
