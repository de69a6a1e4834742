using System.Text.Json;
using System.Text.Unicode;
using Credentials.Codecs;
using Credentials.Fuzz.Tests.Mutation;

namespace Credentials.Fuzz.Tests.Targets;

/// <summary>Strict JSON, and its canonical form. Second parser: the platform's, with the rules of RFC 8259 §4 and §8 looked at in its result.</summary>
internal sealed class JsonTarget : FuzzTarget
{
    public override string Name => "json";

    public override InputShape Shape => InputShape.Json;

    public override IEnumerable<byte[]> Seeds(Vectors vectors) =>
    [
        .. vectors.Texts("json_text", "jcs.canonicalize"), .. vectors.Json("document", "type-metadata.parse"), .. vectors.Json("dcql_query", "dcql.parse"),
        .. vectors.Json("claims", "claims-path.select").Take(2), .. vectors.Json("jwk", "jwk.thumbprint").Take(3),
    ];

    protected override object Read(byte[] input) => StrictJson.Parse(input);

    protected override void Check(byte[] input, object value)
    {
        var json = (JsonElement)value;
        Require(Utf8.IsValid(input) && IsWithinRules(json, 1), "JSON that breaks a rule is read.");
        var node = StrictJson.ToNode(json);
        if (node is not null) Require(JsonElement.DeepEquals(StrictJson.Parse(StrictJson.ToUtf8(node)), json), "JSON is not what it was after it was written.");
        byte[] canonical;
        try
        {
            canonical = Jcs.Canonicalize(json);
        }
        catch (MalformedDataException)
        {
            return; // a number over a double's range
        }

        Require(Jcs.Canonicalize(StrictJson.Parse(canonical)).AsSpan().SequenceEqual(canonical), "The canonical form of the canonical form is another one.");
        if (node is not null) Require(Jcs.Canonicalize(node).AsSpan().SequenceEqual(canonical), "The canonical form depends on how the JSON was written.");
    }

    protected override void CheckRefused(byte[] input)
    {
        if (!Utf8.IsValid(input)) return;
        try
        {
            using var document = JsonDocument.Parse(input, new JsonDocumentOptions { MaxDepth = JsonLimits.Default.MaxDepth });
            Require(!IsWithinRules(document.RootElement, 1), "JSON that breaks no rule is refused.");
        }
        catch (JsonException)
        {
        }
    }

    private static bool IsWithinRules(JsonElement json, int depth)
    {
        if (depth > JsonLimits.Default.MaxDepth + 1) return false;
        switch (json.ValueKind)
        {
            case JsonValueKind.String:
                return IsText(() => json.GetString());
            case JsonValueKind.Array:
                return json.EnumerateArray().All(item => IsWithinRules(item, depth + 1));
            case JsonValueKind.Object:
                var names = new HashSet<string>(StringComparer.Ordinal);
                return json.EnumerateObject().Count() <= JsonLimits.Default.MaxMembers
                    && json.EnumerateObject().All(member => IsText(() => member.Name) && member.Name.Length <= JsonLimits.Default.MaxNameLength && names.Add(member.Name) && IsWithinRules(member.Value, depth + 1));
            case JsonValueKind.Number:
                // Exponents of up to nine digits.
                return json.GetRawText().Split('e', 'E') is not [_, var exponent] || exponent.TrimStart('+', '-').Length <= 9;
            default:
                return true;
        }
    }

    private static bool IsText(Func<string?> read)
    {
        try
        {
            return read() is not null;
        }
        catch (InvalidOperationException)
        {
            return false; // a lone surrogate
        }
    }
}
