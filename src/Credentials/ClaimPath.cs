using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials;

/// <summary>A claims path pointer (OpenID4VP 1.0 §7): which claims of a JSON credential are meant.</summary>
public sealed class ClaimPath : IEquatable<ClaimPath>
{
    private const int MaxSegments = 32;

    /// <summary>Creates a path from its steps.</summary>
    /// <exception cref="ArgumentException">No step, or more than 32.</exception>
    public ClaimPath(IReadOnlyList<ClaimPathSegment> segments)
    {
        if (segments.Count is 0 or > MaxSegments) throw new ArgumentException($"A path has 1 to {MaxSegments} steps.", nameof(segments));
        Segments = segments;
    }

    /// <summary>The steps from the root of the credential.</summary>
    public IReadOnlyList<ClaimPathSegment> Segments { get; }

    /// <summary>A path of member names.</summary>
    public static ClaimPath Of(params ReadOnlySpan<string> names)
    {
        ClaimPathSegment[] segments = new ClaimPathSegment[names.Length];
        for (int i = 0; i < names.Length; i++) segments[i] = ClaimPathSegment.Member(names[i]);
        return new ClaimPath(segments);
    }

    /// <summary>Reads a pointer from its JSON array (OpenID4VP 1.0 §7.1).</summary>
    /// <exception cref="MalformedDataException">Not a non-empty array of strings, nulls and non-negative integers.</exception>
    public static ClaimPath Parse(JsonElement array, string code = CodecCodes.PathMalformed)
    {
        if (array.ValueKind != JsonValueKind.Array || array.GetArrayLength() is 0 or > MaxSegments)
            throw new MalformedDataException(code, "A claims path is an array of 1 to 32 steps.");
        return new ClaimPath([.. array.EnumerateArray().Select(item => ParseSegment(item, code))]);
    }

    /// <summary>Reads a pointer as people type it: JSON (<c>["address","city"]</c>) or dotted (<c>address.city</c>, <c>list.0.name</c>, <c>list.*</c>).</summary>
    /// <exception cref="MalformedDataException">Neither of the two.</exception>
    public static ClaimPath ParseText(string text)
    {
        if (text.StartsWith('[')) return Parse(StrictJson.Parse(text, code: CodecCodes.PathMalformed));
        string[] parts = text.Split('.');
        if (parts.Length > MaxSegments || parts.Any(p => p.Length == 0))
            throw new MalformedDataException(CodecCodes.PathMalformed, "A dotted claims path has 1 to 32 non-empty steps.");
        return new ClaimPath([.. parts.Select(ParseDotted)]);
    }

    private static ClaimPathSegment ParseDotted(string part)
    {
        if (part == "*") return ClaimPathSegment.All;
        return int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            ? ClaimPathSegment.Element(index)
            : ClaimPathSegment.Member(part);
    }

    private static ClaimPathSegment ParseSegment(JsonElement item, string code) => item.ValueKind switch
    {
        JsonValueKind.String => ClaimPathSegment.Member(item.GetString()!),
        JsonValueKind.Null => ClaimPathSegment.All,
        JsonValueKind.Number when int.TryParse(item.GetRawText(), NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            => ClaimPathSegment.Element(index),
        _ => throw new MalformedDataException(code, "A step is a string, null or a non-negative integer."),
    };

    /// <summary>
    /// The claims that the path selects (OpenID4VP 1.0 §7.1.1). Empty where nothing matches, and where a step meets a value of
    /// another kind: the standard ends the whole selection there, not that branch alone.
    /// </summary>
    public IReadOnlyList<JsonElement> Select(JsonElement root)
    {
        List<JsonElement> selected = [root];
        foreach (ClaimPathSegment segment in Segments)
        {
            List<JsonElement> next = [];
            foreach (JsonElement value in selected)
            {
                if (value.ValueKind != (segment.Name is null ? JsonValueKind.Array : JsonValueKind.Object)) return [];
                Step(value, segment, next);
            }
            selected = next;
        }
        return selected;
    }

    private static void Step(JsonElement value, ClaimPathSegment segment, List<JsonElement> into)
    {
        if (segment.IsAll)
            into.AddRange(value.EnumerateArray());
        else if (segment.Name is { } name)
            into.AddRange(value.TryGetProperty(name, out JsonElement member) ? [member] : []);
        else if (segment.Index < value.GetArrayLength())
            into.Add(value[segment.Index.Value]);
    }

    /// <summary>The JSON array form.</summary>
    public JsonArray ToJson() => new([.. Segments.Select(s => (JsonNode?)(s.Name is { } n ? JsonValue.Create(n) : s.Index is { } i ? JsonValue.Create(i) : null))]);

    /// <summary>The JSON array as text.</summary>
    public override string ToString() => StrictJson.ToText(ToJson());

    /// <inheritdoc/>
    public bool Equals(ClaimPath? other) => other is not null && Segments.SequenceEqual(other.Segments);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ClaimPath);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (ClaimPathSegment segment in Segments) hash.Add(segment);
        return hash.ToHashCode();
    }
}
