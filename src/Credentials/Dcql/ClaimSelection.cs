using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.Dcql;

/// <summary>The part of a credential's claims that some paths select. Paths given to it select something, step by step.</summary>
internal static class ClaimSelection
{
    /// <summary>The path with every "all elements" step replaced by each position that there is; none if it selects nothing.</summary>
    public static IEnumerable<ClaimPath> Expand(ClaimPath path, JsonElement root)
    {
        if (path.Select(root).Count == 0) return [];
        IEnumerable<(ClaimPathSegment[] Steps, JsonElement Value)> reached = [([], root)];
        foreach (var segment in path.Segments)
            reached = [.. reached.SelectMany(at => Positions(segment, at.Value).SelectMany(position =>
                new ClaimPath([position]).Select(at.Value).Select(value => (at.Steps.Append(position).ToArray(), value))))];
        return reached.Select(at => new ClaimPath(at.Steps));
    }

    private static IEnumerable<ClaimPathSegment> Positions(ClaimPathSegment segment, JsonElement value) =>
        segment.IsAll ? Enumerable.Range(0, value.GetArrayLength()).Select(ClaimPathSegment.Element) : [segment];

    /// <summary>The claims that the paths select, with the objects and arrays around them; what is not selected is left out.</summary>
    public static JsonObject Project(JsonElement claims, IEnumerable<ClaimPath> paths) =>
        (JsonObject)Keep(claims, [.. paths.Select(path => path.Segments.ToArray().AsMemory())])!;

    private static JsonNode? Keep(JsonElement value, IReadOnlyList<Memory<ClaimPathSegment>> paths)
    {
        if (paths.Any(path => path.IsEmpty)) return StrictJson.ToNode(value);
        if (value.ValueKind == JsonValueKind.Array)
        {
            var elements = value.EnumerateArray().Select((element, i) => (element, tails: Tails(paths, step => step.IsAll || step.Index == i)));
            return new JsonArray([.. elements.Where(pair => pair.tails.Count > 0).Select(pair => Keep(pair.element, pair.tails))]);
        }
        var kept = new JsonObject();
        foreach (var member in value.EnumerateObject())
            if (Tails(paths, step => step.Name == member.Name) is { Count: > 0 } tails) kept[member.Name] = Keep(member.Value, tails);
        return kept;
    }

    private static List<Memory<ClaimPathSegment>> Tails(
        IReadOnlyList<Memory<ClaimPathSegment>> paths, Func<ClaimPathSegment, bool> matches) =>
        [.. paths.Where(path => matches(path.Span[0])).Select(path => path[1..])];
}
