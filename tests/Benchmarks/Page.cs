using System.Globalization;
using System.Runtime.InteropServices;

namespace Credentials.Benchmarks;

/// <summary>The page that tables are written into.</summary>
internal static class Page
{
    /// <summary>On what a table was made, for the line below it.</summary>
    public static string Machine => string.Create(
        CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} processors ({RuntimeInformation.ProcessArchitecture}), {RuntimeInformation.OSDescription.Trim()}, {RuntimeInformation.FrameworkDescription}.");

    /// <summary>Today.</summary>
    public static string Date => DateTimeOffset.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Puts a text between the markers of its name.</summary>
    public static void Write(string file, string name, string text)
    {
        string begin = $"<!-- {name}: begin -->", end = $"<!-- {name}: end -->";
        var page = File.ReadAllText(file);
        File.WriteAllText(file, $"{page[..(page.IndexOf(begin, StringComparison.Ordinal) + begin.Length)]}\n{text}\n{page[page.IndexOf(end, StringComparison.Ordinal)..]}");
    }
}
