using System.Globalization;
using Credentials.Issuer.Pages;

namespace Credentials.Issuer.Staff;

/// <summary>Plots as SVG inside the page; colours come from the style sheet, because the content security policy allows no style in the page.</summary>
internal static class Plot
{
    // Few units, so that labels can be read on a phone, where the plot is less than half as wide.
    private const int Width = 480;
    private const int Height = 190;
    private const int Left = 60;
    private const int Bottom = 32;
    private const int Top = 14;

    /// <summary>A bar for each day, and the numbers as a table for whoever cannot see bars.</summary>
    internal static Html Bars(string title, string asTable, string kind, IReadOnlyList<DateOnly> days, IReadOnlyList<int> values)
    {
        var top = NiceTop(values.Max());
        var step = (Width - Left) / (double)days.Count;
        var bars = days.Select((day, i) =>
        {
            var height = values[i] * (Height - Bottom - Top) / (double)top;
            return Html.Of($"<rect class=\"bar\" x=\"{F(Left + (i * step) + 1)}\" y=\"{F(Height - Bottom - height)}\" width=\"{F(step - 2)}\" height=\"{F(height)}\"><title>{Day(day)}: {values[i]}</title></rect>");
        });
        var lines = new[] { 0, top / 2.0, top }.Distinct().Where(value => value == Math.Floor(value)).Select(value =>
        {
            var y = Height - Bottom - (value * (Height - Bottom - Top) / top);
            return Html.Of($"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width}\" y1=\"{F(y)}\" y2=\"{F(y)}\"/><text class=\"tick\" x=\"{Left - 6}\" y=\"{F(y + 5)}\" text-anchor=\"end\">{Short((long)value)}</text>");
        });
        var labels = days.Select((day, i) => (day, i)).Where(x => x.i % 7 == (days.Count - 1) % 7).Select(x =>
            Html.Of($"<text class=\"tick\" x=\"{F(Left + ((x.i + 0.5) * step))}\" y=\"{Height - 6}\" text-anchor=\"{(x.i == days.Count - 1 ? "end" : "middle")}\">{Day(x.day)[5..]}</text>"));
        var rows = days.Select((day, i) => (day, value: values[i])).Where(x => x.value > 0).Select(x => Html.Of($"<tr><td>{Day(x.day)}</td><td class=\"number\">{x.value.ToString("N0", CultureInfo.InvariantCulture)}</td></tr>"));
        var sum = values.Sum(value => (long)value).ToString("N0", CultureInfo.InvariantCulture);
        return Html.Of($"""
            <figure class="plot {kind}"><figcaption><span>{title}</span><strong>{sum}</strong></figcaption>
            <svg viewBox="0 0 {Width} {Height}" role="img" aria-label="{title}: {sum}">{lines}{bars}{labels}</svg>
            <details><summary>{asTable}</summary><table><tbody>{rows}</tbody></table></details></figure>
            """);
    }

    /// <summary>How much of something is used.</summary>
    internal static Html Fill(string label, int used, int size)
    {
        var share = used * 100.0 / size;
        var numbers = string.Create(CultureInfo.InvariantCulture, $"{used:N0} / {size:N0} ({share:0.0} %)");
        return Html.Of($"""
            <li><span class="fill-name">{label}</span><svg viewBox="0 0 200 12" preserveAspectRatio="none" role="img" aria-label="{numbers}"><rect class="fill-all" width="200" height="12" rx="3"/><rect class="fill-used" width="{F(share * 2)}" height="12" rx="3"/></svg><span class="fill-number">{numbers}</span></li>
            """);
    }

    // 1, 2, 4, 10, 20, 40, …: halves of them are whole too, from 2 on.
    private static int NiceTop(int most)
    {
        for (long scale = 1; ; scale *= 10)
        {
            foreach (var factor in (ReadOnlySpan<long>)[1, 2, 4])
            {
                if (factor * scale >= most)
                    return (int)Math.Min(int.MaxValue, Math.Max(2, factor * scale));
            }
        }
    }

    // 2,000 but 20k: what stands beside the axis has little room.
    private static string Short(long value) => value switch
    {
        >= 10_000_000 => $"{F(value / 1e6)}M",
        >= 10_000 => $"{F(value / 1e3)}k",
        _ => value.ToString("N0", CultureInfo.InvariantCulture),
    };

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string F(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
