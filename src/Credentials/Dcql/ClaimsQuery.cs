using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.Dcql;

/// <summary>One claim that is asked for (OpenID4VP 1.0 §6.3).</summary>
/// <param name="Path">Where the claim is in the credential.</param>
/// <param name="Id">The name by which <c>claim_sets</c> refers to it.</param>
/// <param name="Values">The values of which the claim must have one: strings, integers or booleans; null for any value.</param>
/// <param name="IntentToRetain">Whether the verifier says that it will keep the data element of an mdoc (B.2.4); null: it says nothing.</param>
public sealed record ClaimsQuery(ClaimPath Path, string? Id = null, IReadOnlyList<JsonElement>? Values = null, bool? IntentToRetain = null)
{
    internal static ClaimsQuery Parse(JsonElement json, DcqlFormat? format)
    {
        json.RequireObject(DcqlCodes.Malformed);
        if (!json.TryGetProperty(DcqlNames.Path, out var array)) throw DcqlReader.Malformed("a claim has no path");
        var path = ClaimPath.Parse(array, DcqlCodes.Malformed);
        format?.CheckPath(path);
        return new ClaimsQuery(
            path,
            json.TryGetProperty(DcqlNames.Id, out _) ? DcqlReader.Id(json) : null,
            DcqlReader.List(json, DcqlNames.Values, DcqlLimits.Values, Value),
            json.OptionalBoolean(DcqlNames.IntentToRetain, DcqlCodes.Malformed));
    }

    /// <summary>True if the type and the value are those of one of <see cref="Values"/>, or any value will do.</summary>
    internal bool Accepts(JsonElement value) => Values is null || Values.Any(expected => JsonElement.DeepEquals(expected, value));

    private static JsonElement Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String or JsonValueKind.True or JsonValueKind.False => value,
        JsonValueKind.Number when value.TryGetInt64(out _) => value,
        _ => throw DcqlReader.Malformed("a value is not a string, integer or boolean"),
    };

    internal JsonObject ToJson()
    {
        var json = new JsonObject { [DcqlNames.Path] = Path.ToJson() };
        if (Id is not null) json[DcqlNames.Id] = Id;
        if (Values is not null) json[DcqlNames.Values] = new JsonArray([.. Values.Select(StrictJson.ToNode)]);
        if (IntentToRetain is { } retain) json[DcqlNames.IntentToRetain] = retain;
        return json;
    }
}
