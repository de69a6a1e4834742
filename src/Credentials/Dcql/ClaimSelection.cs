using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.Dcql;

/// <summary>The part of a credential's claims that some paths select, and the rest.</summary>
internal static class ClaimSelection
{
    /// <summary>The path with every "all elements" step replaced by each position that there is.</summary>
    public static IEnumerable<ClaimPath> Expand(ClaimPath path, JsonElement root)
    {
        IEnumerable<(ClaimPathSegment[] Steps, JsonElement Value)> reached = [([], root)];
        foreach (var segment in path.Segments)
            reached = [.. reached.SelectMany(at => Positions(segment, at.Value).SelectMany(position =>
                new ClaimPath([position]).Select(at.Value).Select(value => (at.Steps.Append(position).ToArray(), value))))];
        return reached.Select(at => new ClaimPath(at.Steps));
    }

    private static IEnumerable<ClaimPathSegment> Positions(ClaimPathSegment segment, JsonElement value)
    {
        if (!segment.IsAll) return [segment];
        return value.ValueKind == JsonValueKind.Array ? Enumerable.Range(0, value.GetArrayLength()).Select(ClaimPathSegment.Element) : [];
    }

    /// <summary>
    /// The claims that the paths select, with the objects and arrays around them; array elements that are not selected are left
    /// out. The names of what is left out go to <paramref name="rest"/>, dotted and without array positions.
    /// </summary>
    public static JsonObject Project(JsonElement claims, IReadOnlyList<ClaimPath> paths, ISet<string> rest) =>
        Keep(claims, [.. paths.Select(path => path.Segments.ToArray().AsMemory())], "", rest) as JsonObject ?? [];

    private static JsonNode? Keep(JsonElement value, IReadOnlyList<Memory<ClaimPathSegment>> paths, string at, ISet<string> rest)
    {
        if (paths.Any(path => path.IsEmpty)) return StrictJson.ToNode(value);
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var kept = new JsonObject();
                foreach (var member in value.EnumerateObject())
                {
                    var name = at.Length == 0 ? member.Name : $"{at}.{member.Name}";
                    var tails = Tails(paths, step => step.Name == member.Name);
                    if (tails.Count == 0) rest.Add(name);
                    else kept[member.Name] = Keep(member.Value, tails, name, rest);
                }
                return kept;
            case JsonValueKind.Array:
                var elements = value.EnumerateArray().Select((element, i) => (element, tails: Tails(paths, step => step.IsAll || step.Index == i)));
                return new JsonArray([.. elements.Where(pair => pair.tails.Count > 0).Select(pair => Keep(pair.element, pair.tails, at, rest))]);
            default:
                return null;
        }
    }

    private static List<Memory<ClaimPathSegment>> Tails(
        IReadOnlyList<Memory<ClaimPathSegment>> paths, Func<ClaimPathSegment, bool> matches) =>
        [.. paths.Where(path => matches(path.Span[0])).Select(path => path[1..])];
}
