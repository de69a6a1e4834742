using System.Globalization;

namespace Credentials.Benchmarks;

/// <summary>What is said of measured points.</summary>
internal static class PlotText
{
    /// <summary>The text of a time that a reader can compare.</summary>
    public static string Time(double seconds) => seconds switch
    {
        < 1e-6 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e9:0} ns"),
        < 1e-3 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e6:0.#} µs"),
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e3:0.#} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.##} s"),
    };

    /// <summary>A size, as a power of two or ten where it is a large one.</summary>
    public static string Size(double size) => size >= 1024 && Math.Log2(size) is var two && two == Math.Floor(two) ? string.Create(CultureInfo.InvariantCulture, $"2^{two:0}")
        : size >= 10_000 && Math.Log10(size) is var ten && ten == Math.Floor(ten) ? string.Create(CultureInfo.InvariantCulture, $"10^{ten:0}")
        : size.ToString("0", CultureInfo.InvariantCulture);

    /// <summary>The slope through the larger half of the sizes, on logarithmic scales: what is the same for all sizes hides the growth of small ones.</summary>
    public static double Exponent((double Size, double Seconds)[] points)
    {
        var upper = points[(points.Length / 2)..];
        var (x, y) = (upper.Average(point => Math.Log(point.Size)), upper.Average(point => Math.Log(point.Seconds)));
        return upper.Sum(point => (Math.Log(point.Size) - x) * (Math.Log(point.Seconds) - y)) / upper.Sum(point => Math.Pow(Math.Log(point.Size) - x, 2));
    }
}
