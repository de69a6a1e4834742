using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.OpenId4Vci;

/// <summary>Small shared moves of the message records: leave out what is absent, read lists of strings.</summary>
internal static class MessageJson
{
    internal static void AddText(this JsonObject json, string name, string? value)
    {
        if (value is not null)
            json[name] = value;
    }

    internal static void AddValue(this List<KeyValuePair<string, string>> form, string name, string? value)
    {
        if (value is not null)
            form.Add(new(name, value));
    }

    internal static void AddList(this JsonObject json, string name, IEnumerable<JsonNode> values)
    {
        var array = new JsonArray([.. values]);
        if (array.Count > 0)
            json[name] = array;
    }

    internal static void AddTexts(this JsonObject json, string name, IEnumerable<string> values) =>
        json.AddList(name, values.Select(value => (JsonNode)JsonValue.Create(value)));

    /// <summary>A list of strings; absent is empty, and an array that is there must not be.</summary>
    internal static IReadOnlyList<string> Texts(this JsonElement json, string name, string code)
    {
        var values = json.OptionalStringArray(name, code);
        if (values is { Count: 0 })
            throw new MalformedDataException(code, $"'{name}' is an empty array.");
        return values ?? [];
    }

    /// <summary>A required string that is not empty.</summary>
    internal static string RequireText(this JsonElement json, string name, string code)
    {
        var value = json.RequireString(name, code);
        return value.Length > 0 ? value : throw new MalformedDataException(code, $"'{name}' is empty.");
    }
}
