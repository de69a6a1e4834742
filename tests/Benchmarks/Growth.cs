using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Credentials.Benchmarks;

/// <summary>
/// How cost grows with size. Every series is timed at sizes that double; all sizes take turns, and the best of nine turns counts (of three, where one takes over half a second), since
/// what disturbs only ever adds. What is printed is the exponent: 1 is linear, 0 is the same whatever the size.
/// </summary>
internal static class Growth
{
    // Beyond what the noise of a shared machine makes of a straight line.
    private const double WorseThanLinear = 1.15;

    /// <summary>Measures, prints, and with a page also writes the table into it and the plots into the folder images beside it.</summary>
    /// <returns>1 if anything grows faster than linearly, else 0.</returns>
    public static int Run(Parties parties, bool quick, string? page)
    {
        var isAnyWorse = false;
        var text = new StringBuilder();
        foreach (var chart in GrowthSeries.All(parties, quick))
        {
            List<(string Name, (double Size, double Seconds)[] Points)> measured = [.. chart.Series.Select(series => (series.Name, Measure(series, quick)))];
            text.AppendLine(CultureInfo.InvariantCulture, $"### {chart.Title}").AppendLine();
            text.AppendLine(CultureInfo.InvariantCulture, $"![{chart.Title}](images/{chart.File}.svg)").AppendLine();
            text.AppendLine(CultureInfo.InvariantCulture, $"| | at {PlotText.Size(measured[0].Points[0].Size)} {chart.Unit} | at {PlotText.Size(measured[0].Points[^1].Size)} {chart.Unit} | exponent |");
            text.AppendLine("|---|--:|--:|--:|");
            foreach (var (name, points) in measured)
            {
                var exponent = PlotText.Exponent(points);
                isAnyWorse |= exponent > WorseThanLinear;
                text.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {PlotText.Time(points[0].Seconds)} | {PlotText.Time(points[^1].Seconds)} | {exponent:0.00} |");
            }

            text.AppendLine();
            if (page is null) continue;
            var folder = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(page))!, "images");
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, $"{chart.File}.svg"), SvgPlot.Draw(chart.Title, chart.Unit, measured));
        }

        text.Append(CultureInfo.InvariantCulture, $"{Page.Date}, {Page.Machine}");
        Console.WriteLine(text);
        if (page is not null) Page.Write(page, "growth", text.ToString());
        return isAnyWorse ? 1 : 0;
    }

    private static (double Size, double Seconds)[] Measure(GrowthSeries series, bool quick)
    {
        Console.Error.WriteLine(series.Name);
        var turns = quick ? 2 : 9;
        var slice = TimeSpan.FromMilliseconds(quick ? 2 : 40);
        List<(double Size, Action Run)> points = [.. series.Sizes.Select(size => ((double)size, series.Prepare(size)))];
        var best = points.Select(_ => double.MaxValue).ToArray();
        // Until the compiler's second tier has it, and what takes long often enough to be warm.
        foreach (var (_, run) in points) Slice(run, slice * 10);
        for (var turn = 0; turn < turns; turn++)
            for (var i = 0; i < points.Count; i++)
                if (turn < 3 || best[i] < 0.5) best[i] = Math.Min(best[i], Slice(points[i].Run, slice));
        return [.. points.Select((point, i) => (point.Size, best[i]))];
    }

    private static double Slice(Action run, TimeSpan slice)
    {
        var start = Stopwatch.GetTimestamp();
        var count = 0;
        do
        {
            run();
            count++;
        }
        while (Stopwatch.GetElapsedTime(start) < slice);
        return Stopwatch.GetElapsedTime(start).TotalSeconds / count;
    }
}
