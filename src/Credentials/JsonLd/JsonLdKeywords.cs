using System.Collections.Frozen;

namespace Credentials.JsonLd;

/// <summary>The keywords of JSON-LD 1.1 §9.16.</summary>
internal static class JsonLdKeywords
{
    public const string Context = "@context";
    public const string Direction = "@direction";
    public const string Graph = "@graph";
    public const string Id = "@id";
    public const string Json = "@json";
    public const string Language = "@language";
    public const string List = "@list";
    public const string None = "@none";
    public const string Set = "@set";
    public const string Type = "@type";
    public const string Value = "@value";
    public const string Vocab = "@vocab";

    private static readonly FrozenSet<string> s_all = FrozenSet.Create(
        StringComparer.Ordinal,
        "@base", "@container", Context, Direction, Graph, Id, "@import", "@included", "@index", Json, Language, List, "@nest", None, "@prefix", "@propagate",
        "@protected", "@reverse", Set, Type, Value, "@version", Vocab);

    public static bool Contains(string text) => text is ['@', ..] && s_all.Contains(text);

    /// <summary>True for what may become a keyword some day: <c>@</c> and letters (JSON-LD 1.1 §4.1).</summary>
    public static bool HasForm(string text)
    {
        if (text is not ['@', _, ..]) return false;
        foreach (var c in text.AsSpan(1))
            if (!char.IsAsciiLetter(c)) return false;
        return true;
    }
}
