using System.Security;
using System.Text;
using QRCoder;
using QRCoder.Exceptions;

namespace Credentials.Qr;

/// <summary>A QR code with its quiet zone, as SVG, PNG or text.</summary>
public sealed class QrCode
{
    /// <summary>Longest text in bytes of UTF-8.</summary>
    public const int MaxTextBytes = 4096;

    private readonly QRCodeData _data;

    private QrCode(QRCodeData data) => _data = data;

    /// <summary>Modules per side, the quiet zone of four modules on each side included.</summary>
    public int Size => _data.ModuleMatrix.Count;

    /// <summary>True where the module is dark.</summary>
    public bool IsDark(int row, int column) => _data.ModuleMatrix[row][column];

    /// <summary>Encodes a text.</summary>
    /// <param name="correction">Null: medium, or low when only that holds the text.</param>
    /// <exception cref="MalformedDataException">The text is empty, not Unicode or too long; codes of <see cref="QrCodes"/>.</exception>
    public static QrCode Encode(string text, QrErrorCorrection? correction = null)
    {
        if (text.Length == 0 || !IsUnicode(text))
        {
            throw new MalformedDataException(QrCodes.TextMalformed, "The text for a QR code is empty or not Unicode.");
        }

        if (Encoding.UTF8.GetByteCount(text) <= MaxTextBytes)
        {
            IEnumerable<QrErrorCorrection> levels =
                correction is { } level ? [level] : [QrErrorCorrection.Medium, QrErrorCorrection.Low];
            foreach (var candidate in levels)
            {
                try
                {
                    var eccLevel = (QRCodeGenerator.ECCLevel)candidate;
                    return new QrCode(QRCodeGenerator.GenerateQrCode(text, eccLevel, forceUtf8: !Ascii.IsValid(text)));
                }
                catch (DataTooLongException)
                {
                    // The next level holds more.
                }
            }
        }

        throw new MalformedDataException(QrCodes.TextTooLong, "The text is too long for a QR code.");
    }

    /// <summary>An SVG document with an accessible name, no styles and no scripts, so that it passes a strict content security policy.</summary>
    /// <param name="title">What the code is for, for those who do not see it.</param>
    public string ToSvg(string title = "QR code")
    {
        var path = new StringBuilder();
        for (var row = 0; row < Size; row++)
        {
            for (var column = 0; column < Size; column++)
            {
                var start = column;
                while (column < Size && IsDark(row, column))
                {
                    column++;
                }

                if (column > start)
                {
                    path.Append($"M{start} {row}h{column - start}v1h-{column - start}z");
                }
            }
        }

        return $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Size} {Size}" role="img" shape-rendering="crispEdges"><title>{SecurityElement.Escape(title)}</title><path fill="#fff" d="M0 0h{Size}v{Size}H0z"/><path fill="#000" d="{path}"/></svg>
            """;
    }

    /// <summary>A PNG image.</summary>
    /// <param name="pixelsPerModule">Width of one module in pixels, 1 to 64.</param>
    public byte[] ToPng(int pixelsPerModule = 8)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pixelsPerModule, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pixelsPerModule, 64);
        return new PngByteQRCode(_data).GetGraphic(pixelsPerModule);
    }

    /// <summary>Half blocks, two rows of modules per line of text, light modules drawn, for a terminal with a dark background.</summary>
    public string ToTerminal()
    {
        var text = new StringBuilder();
        for (var row = 0; row < Size; row += 2)
        {
            for (var column = 0; column < Size; column++)
            {
                var upper = !IsDark(row, column);
                // Below the last row of an odd number of rows lies background: dark.
                var lower = row + 1 < Size && !IsDark(row + 1, column);
                text.Append(upper ? (lower ? '█' : '▀') : (lower ? '▄' : ' '));
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    private static bool IsUnicode(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && !(i + 1 < text.Length && char.IsSurrogatePair(text[i], text[++i])))
            {
                return false;
            }
        }

        return true;
    }
}
