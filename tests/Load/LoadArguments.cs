using System.Globalization;

namespace Credentials.Load;

/// <summary>What the command line says: <c>--name value</c>, in any order.</summary>
internal sealed class LoadArguments(string[] args)
{
    /// <summary>Requests at once.</summary>
    internal int Parallel => Number("--parallel", 16);

    /// <summary>How long each scenario is measured, in seconds.</summary>
    internal int Seconds => Number("--seconds", 20);

    /// <summary>How long each scenario runs before that, in seconds: a service that has just started compiles its code.</summary>
    internal int WarmUp => Number("--warm-up", 10);

    /// <summary>The processes whose memory is watched.</summary>
    internal IReadOnlyList<int> Watched => [.. (Find("--pid") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture))];

    /// <summary>Puts a table between the markers of its name in the file of <c>--write</c>, if there is one.</summary>
    internal async Task WriteAsync(string name, string table)
    {
        if (Find("--write") is not { } file)
            return;
        string begin = $"<!-- {name}: begin -->", end = $"<!-- {name}: end -->";
        var page = await File.ReadAllTextAsync(file);
        await File.WriteAllTextAsync(file, $"{page[..(page.IndexOf(begin, StringComparison.Ordinal) + begin.Length)]}\n{table}\n{page[page.IndexOf(end, StringComparison.Ordinal)..]}");
    }

    internal string? Find(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

    /// <exception cref="ArgumentException">It is not there.</exception>
    internal string Require(string name) => Find(name) ?? throw new ArgumentException($"{name} is missing.");

    internal int Number(string name, int otherwise) => Find(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
