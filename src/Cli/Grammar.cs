namespace Credentials.Cli;

/// <summary>
/// What a synopsis such as <c>[FILE|-] --trust FILE… [--json]</c> allows. The usage text is the grammar, so the two cannot differ:
/// brackets make a part optional, an option is followed by its value or ends its bracket (a flag), and <c>…</c> allows several values.
/// </summary>
internal sealed class Grammar
{
    internal sealed record Option(string Name, string? Value, bool Required, bool Many)
    {
        /// <summary>The allowed values of an option such as <c>online|offline|skip</c>; null where any value will do.</summary>
        internal IReadOnlyList<string>? Choices => Value is not null && Value.Contains('|') ? Value.Split('|') : null;
    }

    internal sealed record Positional(string Name, bool Required);

    private Grammar(IReadOnlyList<Option> options, IReadOnlyList<Positional> positionals)
    {
        Options = options;
        Positionals = positionals;
    }

    internal IReadOnlyList<Option> Options { get; }

    internal IReadOnlyList<Positional> Positionals { get; }

    internal static Grammar Parse(string synopsis)
    {
        var options = new List<Option>();
        var positionals = new List<Positional>();
        var words = synopsis.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < words.Length; i++)
        {
            var name = words[i].Trim('[', ']');
            var required = !words[i].StartsWith('[');
            if (!name.StartsWith("--", StringComparison.Ordinal))
            {
                positionals.Add(new Positional(name, required));
                continue;
            }
            var value = words[i].EndsWith(']') ? null : words[++i].TrimEnd(']');
            var many = value is not null && value.EndsWith('…');
            options.Add(new Option(name, value?.TrimEnd('…'), required, many));
        }
        return new Grammar(options, positionals);
    }
}
