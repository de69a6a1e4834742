using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.JsonLd;

/// <summary>Writes what was expanded as JSON.</summary>
internal static class ExpandedWriter
{
    public static JsonArray Write(IEnumerable<ExpandedItem> items) => new([.. items.Select(Write)]);

    private static JsonNode Write(ExpandedItem item) => item switch
    {
        ExpandedNode node => WriteNode(node),
        ExpandedList list => new JsonObject { [JsonLdKeywords.List] = Write(list.Items) },
        ExpandedValue value => WriteValue(value),
        _ => throw new InvalidOperationException(),
    };

    private static JsonObject WriteNode(ExpandedNode node)
    {
        JsonObject json = [];
        if (node.Id is not null) json[JsonLdKeywords.Id] = node.Id;
        if (node.Types.Count > 0) json[JsonLdKeywords.Type] = new JsonArray([.. node.Types.Select(type => (JsonNode)JsonValue.Create(type))]);
        foreach (var group in node.Values.GroupBy(value => value.Property, StringComparer.Ordinal)) json[group.Key] = Write(group.Select(value => value.Value));
        if (node.Graph is not null) json[JsonLdKeywords.Graph] = Write(node.Graph);
        return json;
    }

    private static JsonObject WriteValue(ExpandedValue value)
    {
        JsonObject json = new() { [JsonLdKeywords.Value] = StrictJson.ToNode(value.Value) };
        if (value.Type is not null) json[JsonLdKeywords.Type] = value.Type;
        if (value.Language is not null) json[JsonLdKeywords.Language] = value.Language;
        if (value.Direction is not null) json[JsonLdKeywords.Direction] = value.Direction;
        return json;
    }
}
