using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.StatusLists;

/// <summary>The URIs of an issuer's status lists (Token Status List §9.3).</summary>
/// <param name="Uris">One per list.</param>
public sealed record StatusListAggregation(IReadOnlyList<string> Uris)
{
    /// <summary>Most lists that are read.</summary>
    public const int MaxLists = 1000;

    /// <summary>Reads an aggregation document.</summary>
    /// <exception cref="MalformedDataException">With <see cref="StatusListCodes.AggregationMalformed"/>.</exception>
    public static StatusListAggregation Parse(ReadOnlyMemory<byte> utf8)
    {
        const string Code = StatusListCodes.AggregationMalformed;
        var uris = StrictJson.ParseObject(utf8.Span, JsonLimits.Default, Code).RequireArray(StatusListNames.StatusLists, Code);
        if (uris.GetArrayLength() > MaxLists)
        {
            throw new MalformedDataException(Code, "The aggregation names too many status lists.");
        }

        return new StatusListAggregation([.. uris.EnumerateArray().Select(Uri)]);

        static string Uri(JsonElement item) =>
            item.ValueKind == JsonValueKind.String && System.Uri.TryCreate(item.GetString(), UriKind.Absolute, out _)
                ? item.GetString()!
                : throw new MalformedDataException(Code, "The aggregation has an entry that is not an absolute URI.");
    }

    /// <summary>Writes the document.</summary>
    public JsonObject ToJson() => new()
    {
        [StatusListNames.StatusLists] = new JsonArray([.. Uris.Select(uri => JsonValue.Create(uri))]),
    };
}
