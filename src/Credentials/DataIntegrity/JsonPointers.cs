using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.JsonLd;

namespace Credentials.DataIntegrity;

/// <summary>
/// Parts of a document by JSON pointers (RFC 6901), as selective disclosure selects them (ECDSA Cryptosuites 1.0 §3.4.11 to §3.4.13):
/// what a pointer points to, and on the way there the objects' identifiers and types.
/// </summary>
internal sealed class JsonPointers
{
    private const int MaxPointers = 1000;
    private const int MaxLength = 1024;

    private readonly JsonElement _document;
    private readonly HashSet<int> _positions = [];

    private JsonPointers(JsonElement document) => _document = document;

    /// <summary>Where the selected values begin in the document; null if nothing is selected.</summary>
    public static HashSet<int>? Select(JsonElement document, IReadOnlyList<string> pointers)
    {
        if (pointers.Count > MaxPointers) throw new MalformedDataException(DataIntegrityCodes.Pointer, $"Over {MaxPointers} JSON pointers.");
        if (pointers.Count == 0) return null;
        JsonPointers selection = new(document);
        foreach (var pointer in pointers) selection.Add(pointer);
        return selection._positions;
    }

    /// <summary>The document with the selected values only.</summary>
    public static JsonObject Cut(JsonElement document, HashSet<int> positions)
    {
        var cut = (JsonObject)Copy(document, document, positions)!;
        if (document.Member(DataIntegrityNames.Context) is { } context) cut.Insert(0, DataIntegrityNames.Context, StrictJson.ToNode(context));
        return cut;
    }

    private static JsonNode? Copy(JsonElement value, JsonElement document, HashSet<int> positions)
    {
        bool IsSelected(JsonElement inner) => positions.Contains(JsonPosition.Of(inner, document));
        if (value.ValueKind == JsonValueKind.Array) return new JsonArray([.. value.EnumerateArray().Where(IsSelected).Select(item => Copy(item, document, positions))]);
        if (value.ValueKind != JsonValueKind.Object) return StrictJson.ToNode(value);
        JsonObject copy = [];
        foreach (var member in value.EnumerateObject())
            if (member.Name != DataIntegrityNames.Context && IsSelected(member.Value)) copy[member.Name] = Copy(member.Value, document, positions);
        return copy;
    }

    private void Add(string pointer)
    {
        var value = _document;
        var segments = Segments(pointer);
        // A proof is no part of what it is about.
        if (segments is [DataIntegrityNames.Proof, ..]) throw Wrong();
        if (segments.Count == 0)
        {
            foreach (var member in _document.EnumerateObject())
                if (member.Name != DataIntegrityNames.Proof) AddWhole(member.Value);
            return;
        }

        foreach (var segment in segments)
        {
            AddOnTheWay(value);
            value = Child(value, segment) ?? throw Wrong();
        }

        AddWhole(value);
    }

    private void AddOnTheWay(JsonElement value)
    {
        Mark(value);
        if (value.ValueKind != JsonValueKind.Object) return;
        if (value.Member(DataIntegrityNames.Id) is { } id) AddWhole(id);
        if (value.Member(DataIntegrityNames.Type) is { } type) AddWhole(type);
    }

    private void AddWhole(JsonElement value)
    {
        Mark(value);
        if (value.ValueKind == JsonValueKind.Array) foreach (var item in value.EnumerateArray()) AddWhole(item);
        if (value.ValueKind == JsonValueKind.Object) foreach (var member in value.EnumerateObject()) AddWhole(member.Value);
    }

    private void Mark(JsonElement value) => _positions.Add(JsonPosition.Of(value, _document));

    private static IReadOnlyList<string> Segments(string pointer)
    {
        if (pointer.Length == 0) return [];
        if (pointer.Length > MaxLength || pointer[0] != '/') throw Wrong();
        return [.. pointer[1..].Split('/').Select(Unescape)];
    }

    private static string Unescape(string segment)
    {
        if (!segment.Contains('~', StringComparison.Ordinal)) return segment;
        for (var i = segment.IndexOf('~', StringComparison.Ordinal); i >= 0; i = segment.IndexOf('~', i + 1))
            if (i + 1 == segment.Length || segment[i + 1] is not ('0' or '1')) throw Wrong();
        return segment.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
    }

    private static JsonElement? Child(JsonElement value, string segment)
    {
        if (value.ValueKind != JsonValueKind.Array) return value.Member(segment);
        return int.TryParse(segment, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && segment == index.ToString(CultureInfo.InvariantCulture)
            && index < value.GetArrayLength() ? value[index] : null;
    }

    private static MalformedDataException Wrong() => new(DataIntegrityCodes.Pointer, "A JSON pointer is malformed or points to nothing.");
}
