namespace Credentials.Cli;

/// <summary>The arguments of one command, read by its <see cref="Grammar"/>.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, List<string>> _values = [];
    private readonly List<string> _positionals = [];

    internal bool Flag(string name) => _values.ContainsKey(name);

    internal string? Value(string name) => _values.TryGetValue(name, out var values) ? values[^1] : null;

    internal IReadOnlyList<string> Values(string name) => _values.TryGetValue(name, out var values) ? values : [];

    /// <summary>An option that the synopsis requires.</summary>
    internal string Required(string name) =>
        Value(name) ?? throw new InvalidOperationException($"{name} is not required by the synopsis");

    /// <summary>The positional argument at this place, or null.</summary>
    internal string? Positional(int place) => place < _positionals.Count ? _positionals[place] : null;

    /// <summary>A positional argument that the synopsis requires.</summary>
    internal string RequiredPositional(int place) => _positionals[place];

    /// <summary>A whole number from an option, or null where the option is absent.</summary>
    internal long? Number(string name, long least, long most)
    {
        var text = Value(name);
        if (text is null)
            return null;
        return TryReadNumber(text, least, most, out var number)
            ? number
            : throw CommandException.Usage($"{name} must be a whole number from {least} to {most}");
    }

    internal static bool TryReadNumber(string text, long least, long most, out long number) =>
        long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out number)
        && number >= least && number <= most;

    internal static Arguments Read(Grammar grammar, ReadOnlySpan<string> words)
    {
        var arguments = new Arguments();
        List<string>? open = null;
        List<string>? lastList = null;
        for (var i = 0; i < words.Length; i++)
        {
            if (words[i] == "--")
            {
                arguments._positionals.AddRange(words[(i + 1)..]);
                break;
            }
            if (words[i].StartsWith("--", StringComparison.Ordinal))
            {
                open = arguments.ReadOption(grammar, words, ref i);
                continue;
            }
            (open ?? arguments._positionals).Add(words[i]);
            lastList = open ?? lastList;
        }
        if (lastList is not null)
            arguments.TakePositionalFrom(lastList, grammar);
        arguments.Check(grammar);
        return arguments;
    }

    // Returns the list that further words belong to, where the option takes several values.
    private List<string>? ReadOption(Grammar grammar, ReadOnlySpan<string> words, ref int i)
    {
        var (name, inline) = words[i].IndexOf('=') is > 0 and var at ? (words[i][..at], words[i][(at + 1)..]) : (words[i], null);
        var option = grammar.Options.FirstOrDefault(candidate => candidate.Name == name)
            ?? throw CommandException.Usage($"unknown option {TextSafety.ForTerminal(name)}");
        if (option.Value is null)
        {
            if (inline is not null)
                throw CommandException.Usage($"{name} takes no value");
            _values[name] = [];
            return null;
        }
        if (inline is null && (i + 1 >= words.Length || words[i + 1].StartsWith("--", StringComparison.Ordinal)))
            throw CommandException.Usage($"{name} needs a value: {option.Value}");
        var value = inline ?? words[++i];
        if (option.Choices is { } choices && !choices.Contains(value))
            throw CommandException.Usage($"{name} must be one of {string.Join(", ", choices)}");
        if (!_values.TryGetValue(name, out var values))
            _values[name] = values = [];
        else if (!option.Many)
            throw CommandException.Usage($"{name} is given twice");
        values.Add(value);
        return option.Many ? values : null;
    }

    // `verify --trust root.pem card.txt`: the last word of the last list is the positional argument that is missing.
    private void TakePositionalFrom(List<string> list, Grammar grammar)
    {
        if (_positionals.Count >= grammar.Positionals.Count || Flag("--qr"))
            return;
        _positionals.Add(list[^1]);
        list.RemoveAt(list.Count - 1);
    }

    private void Check(Grammar grammar)
    {
        var missing = grammar.Positionals.Skip(_positionals.Count).FirstOrDefault(positional => positional.Required);
        if (missing is not null)
            throw CommandException.Usage($"{missing.Name} is missing");
        if (_positionals.Count > grammar.Positionals.Count)
            throw CommandException.Usage($"unexpected argument {TextSafety.ForTerminal(_positionals[grammar.Positionals.Count])}");
        foreach (var option in grammar.Options)
        {
            if (option.Required && !Flag(option.Name))
                throw CommandException.Usage($"{option.Name} {option.Value} is missing");
        }
    }
}
