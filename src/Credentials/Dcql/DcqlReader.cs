using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.Dcql;

/// <summary>The few shapes that a DCQL query is made of.</summary>
internal static class DcqlReader
{
    public static MalformedDataException Malformed(string message) => new(DcqlCodes.Malformed, $"DCQL query: {message}.");

    /// <summary>A non-empty array within its cap, or null when the member is absent: §6 allows no empty array anywhere.</summary>
    public static IReadOnlyList<T>? List<T>(JsonElement owner, string name, int cap, Func<JsonElement, T> parse) =>
        owner.TryGetProperty(name, out var array) ? Elements(array, name, cap, parse) : null;

    /// <summary>The entries of a non-empty array within its cap.</summary>
    public static IReadOnlyList<T> Elements<T>(JsonElement array, string name, int cap, Func<JsonElement, T> parse)
    {
        if (array.ValueKind != JsonValueKind.Array || array.GetArrayLength() == 0)
            throw Malformed($"{name} must be a non-empty array");
        if (array.GetArrayLength() > cap)
            throw new MalformedDataException(DcqlCodes.TooLarge, $"DCQL query: more than {cap} entries in {name}.");
        return [.. array.EnumerateArray().Select(parse)];
    }

    /// <summary>An identifier as §6.1 and §6.3 define it: letters, digits, <c>_</c> and <c>-</c>.</summary>
    public static string Id(JsonElement owner)
    {
        var id = owner.RequireString(DcqlNames.Id, DcqlCodes.Malformed);
        if (id.Length is 0 or > DcqlLimits.IdLength || !id.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
            throw Malformed("id must be letters, digits, underscores and hyphens");
        return id;
    }

    /// <summary>The ids as a set; the same id twice is refused.</summary>
    public static HashSet<string> Distinct(IEnumerable<string> ids)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var id in ids)
            if (!seen.Add(id))
                throw Malformed("an id is there twice");
        return seen;
    }

    /// <summary>A reader of references to <paramref name="known"/> ids.</summary>
    public static Func<JsonElement, string> Reference(HashSet<string> known) => element =>
        Text(element) is var id && known.Contains(id) ? id : throw Malformed("a set names an id that is not there");

    public static string Text(JsonElement element) =>
        element.ValueKind == JsonValueKind.String ? element.GetString()! : throw Malformed("a string is expected");

    public static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(value => (JsonNode)value)]);
}
