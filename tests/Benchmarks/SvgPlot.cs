using System.Globalization;
using System.Text;

namespace Credentials.Benchmarks;

/// <summary>A plot on two logarithmic scales, where linear growth is a line of slope one (the grey one).</summary>
internal static class SvgPlot
{
    private const double Width = 720, Left = 80, Right = 20, Top = 44, Plot = 272;

    // Dark enough on white and different in grey as well.
    private static readonly string[] s_colours = ["#0b5394", "#b45f06", "#38761d", "#741b47", "#434343"];

    /// <summary>The SVG text.</summary>
    public static string Draw(string title, string unit, IReadOnlyList<(string Name, (double Size, double Seconds)[] Points)> series)
    {
        // Names stand below, two in a row.
        var bottom = Math.Max(84, 44 + (20 * ((series.Count + 1) / 2)));
        var height = Top + Plot + bottom;
        var all = series.SelectMany(line => line.Points).ToList();
        var (minX, maxX) = (Math.Log10(all.Min(p => p.Size)), Math.Log10(all.Max(p => p.Size)));
        var (minY, maxY) = (Math.Floor(Math.Log10(all.Min(p => p.Seconds))), Math.Ceiling(Math.Log10(all.Max(p => p.Seconds))));
        double X(double log) => Left + ((log - minX) / (maxX - minX) * (Width - Left - Right));
        double Y(double log) => height - bottom - ((log - minY) / (maxY - minY) * Plot);
        string Place(double size, double seconds) => string.Create(CultureInfo.InvariantCulture, $"{X(Math.Log10(size)):0.#},{Y(Math.Log10(seconds)):0.#}");

        var svg = new StringBuilder();
        svg.AppendLine(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{height}\" viewBox=\"0 0 {Width} {height}\" font-family=\"sans-serif\" font-size=\"12\">");
        svg.AppendLine("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>");
        svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{Left}\" y=\"24\" font-size=\"15\">{Escape(title)}</text>");
        for (var power = minY; power <= maxY; power++)
        {
            svg.AppendLine(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(power):0.#}\" y2=\"{Y(power):0.#}\" stroke=\"#ddd\"/>");
            svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{Left - 8}\" y=\"{Y(power) + 4:0.#}\" text-anchor=\"end\">{PlotText.Time(Math.Pow(10, power) * 1.0000001)}</text>");
        }

        foreach (var size in series[0].Points.Select(point => point.Size))
            svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{X(Math.Log10(size)):0.#}\" y=\"{height - bottom + 18}\" text-anchor=\"middle\">{PlotText.Size(size)}</text>");
        svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{Width - Right}\" y=\"{height - bottom + 36}\" text-anchor=\"end\">{Escape(unit)}</text>");

        // Linear growth from the lower left corner, as far as it stays in the picture.
        var run = Math.Min(maxX - minX, maxY - minY);
        svg.AppendLine(CultureInfo.InvariantCulture, $"<line x1=\"{X(minX):0.#}\" y1=\"{Y(minY):0.#}\" x2=\"{X(minX + run):0.#}\" y2=\"{Y(minY + run):0.#}\" stroke=\"#999\" stroke-dasharray=\"4 4\"/>");
        for (var i = 0; i < series.Count; i++)
        {
            var colour = s_colours[i % s_colours.Length];
            svg.AppendLine(CultureInfo.InvariantCulture, $"<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" points=\"{string.Join(' ', series[i].Points.Select(point => Place(point.Size, point.Seconds)))}\"/>");
            foreach (var (size, seconds) in series[i].Points)
                svg.AppendLine(CultureInfo.InvariantCulture, $"<circle cx=\"{X(Math.Log10(size)):0.#}\" cy=\"{Y(Math.Log10(seconds)):0.#}\" r=\"3\" fill=\"{colour}\"/>");
            var (x, y) = (Left + (i % 2 * 320), height - bottom + 50 + (i / 2 * 20));
            svg.AppendLine(CultureInfo.InvariantCulture, $"<rect x=\"{x}\" y=\"{y - 10}\" width=\"12\" height=\"12\" fill=\"{colour}\"/><text x=\"{x + 18}\" y=\"{y}\">{Escape(series[i].Name)}</text>");
        }

        return svg.AppendLine("</svg>").ToString();
    }

    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
