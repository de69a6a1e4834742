using System.Text.Json;

namespace Credentials.Dcql;

/// <summary>How one verified credential answers its credential query.</summary>
/// <param name="Code">Why it does not answer it, one of <see cref="DcqlCodes"/>; null if it does.</param>
/// <param name="Claims">Only what the query asked for: the claims to pass on. Empty if it does not answer the query.</param>
/// <param name="Paths">Where those claims are in what was shown: names and positions.</param>
public sealed record DcqlAnswer(string? Code, JsonElement Claims, IReadOnlyList<ClaimPath> Paths)
{
    /// <summary>
    /// True if a claim at this path was asked for: itself, something around it or something in it, which cannot be shown without it.
    /// </summary>
    public bool Covers(ClaimPath path) =>
        Paths.Any(asked => asked.Segments.Zip(path.Segments).All(pair => pair.First == pair.Second));

    /// <summary>True if all that these claims say was asked for.</summary>
    public bool CoversAll(JsonElement claims) => CoversAll(claims, []);

    private bool CoversAll(JsonElement value, ClaimPathSegment[] path) => value.ValueKind switch
    {
        JsonValueKind.Object when value.GetPropertyCount() > 0 =>
            value.EnumerateObject().All(member => CoversAll(member.Value, [.. path, ClaimPathSegment.Member(member.Name)])),
        JsonValueKind.Array when value.GetArrayLength() > 0 =>
            value.EnumerateArray().Select((item, i) => (Item: item, Index: i)).All(one => CoversAll(one.Item, [.. path, ClaimPathSegment.Element(one.Index)])),
        _ => path.Length == 0 || Covers(new ClaimPath(path)),
    };
}
