using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.OpenId4Vp;

/// <summary>The presentations of a response by the id of the credential query that they answer (OpenID4VP 1.0 §8.1).</summary>
/// <param name="Presentations">Not empty; each list has at least one entry, a string or an object as its format says.</param>
public sealed record VpToken(IReadOnlyDictionary<string, IReadOnlyList<JsonElement>> Presentations)
{
    /// <summary>The cap on presentations in one response.</summary>
    public const int MaxPresentations = 64;

    /// <summary>A token of presentations as text; one that is the text of a JSON object stands as that object (OpenID4VP 1.0 B.1.3.2.5).</summary>
    public static VpToken Create(IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> presentations) =>
        new(presentations.ToDictionary(
            pair => pair.Key,
            pair => (IReadOnlyList<JsonElement>)[.. pair.Value.Select(text => text.StartsWith('{') ? StrictJson.Parse(System.Text.Encoding.UTF8.GetBytes(text)) : StrictJson.ToElement(JsonValue.Create(text)))],
            StringComparer.Ordinal));

    /// <summary>Reads a token: an object of non-empty arrays.</summary>
    /// <exception cref="ProtocolException"><c>invalid_request</c> (<see cref="OpenId4VpCodes.ResponseMalformed"/>).</exception>
    public static VpToken Parse(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.EnumerateObject().Any()) throw Malformed("vp_token is no object with entries.");
        var presentations = json.EnumerateObject().ToDictionary(entry => entry.Name, entry => ReadEntry(entry.Value), StringComparer.Ordinal);
        if (presentations.Sum(entry => entry.Value.Count) > MaxPresentations) throw Malformed("vp_token has too many presentations.");
        return new VpToken(presentations);
    }

    private static IReadOnlyList<JsonElement> ReadEntry(JsonElement entry)
    {
        if (entry.ValueKind != JsonValueKind.Array || entry.GetArrayLength() == 0) throw Malformed("An entry of vp_token is no array with presentations.");
        if (entry.EnumerateArray().Any(presentation => presentation.ValueKind is not (JsonValueKind.String or JsonValueKind.Object)))
            throw Malformed("A presentation is neither a string nor an object.");
        return [.. entry.EnumerateArray()];
    }

    /// <summary>The wire form.</summary>
    public JsonObject ToJson() =>
        new(Presentations.Select(entry =>
            KeyValuePair.Create(entry.Key, (JsonNode?)new JsonArray([.. entry.Value.Select(StrictJson.ToNode)]))));

    internal static ProtocolException Malformed(string message, Exception? inner = null) =>
        new(OpenId4VpCodes.ResponseMalformed, OpenId4VpErrors.InvalidRequest, message, inner: inner);
}
