using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace Credentials.Codecs;

/// <summary>
/// The one door through which JSON comes in. Refuses what the platform's parser lets through: duplicate names (also those
/// hidden by escapes), invalid UTF-8, lone surrogates, too much depth, too many members, over-long names, exponents that
/// nobody can calculate with.
/// </summary>
#pragma warning disable RS0030 // the banned parsers' one home
public static class StrictJson
{
    // The platform throws when it compares numbers whose exponent is no Int32. No double has more than three digits.
    private const int MaxExponentDigits = 9;

    private static readonly JsonWriterOptions s_compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Parses one JSON value.</summary>
    /// <param name="utf8">The text; no byte order mark.</param>
    /// <param name="limits">Caps; null: <see cref="JsonLimits.Default"/>.</param>
    /// <param name="code">The error code for text that is not acceptable JSON.</param>
    /// <exception cref="MalformedDataException">The text is not acceptable JSON (<paramref name="code"/>) or over a cap (<c>json.too_large</c>).</exception>
    public static JsonElement Parse(ReadOnlySpan<byte> utf8, JsonLimits? limits = null, string code = CodecCodes.JsonMalformed)
    {
        limits ??= JsonLimits.Default;
        if (utf8.Length > limits.MaxBytes) throw TooLarge($"JSON is longer than {limits.MaxBytes} bytes.");
        if (!Utf8.IsValid(utf8)) throw new MalformedDataException(code, "JSON is not valid UTF-8.");
        try
        {
            // To look for duplicates costs the platform memory, and where no object has two members there are none.
            var mayHaveDuplicates = Scan(utf8, limits);
            return JsonElement.Parse(utf8, new JsonDocumentOptions { AllowDuplicateProperties = !mayHaveDuplicates, MaxDepth = limits.MaxDepth });
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The platform's message can quote the input, so it is not passed on.
            throw new MalformedDataException(code, "Not acceptable JSON.");
        }
    }

    /// <summary>Parses a JSON text that must be an object.</summary>
    /// <inheritdoc cref="Parse(ReadOnlySpan{byte}, JsonLimits?, string)"/>
    public static JsonElement ParseObject(ReadOnlySpan<byte> utf8, JsonLimits? limits = null, string code = CodecCodes.JsonMalformed) =>
        Parse(utf8, limits, code).RequireObject(code);

    /// <summary>Parses a JSON text held as a string.</summary>
    /// <inheritdoc cref="Parse(ReadOnlySpan{byte}, JsonLimits?, string)"/>
    public static JsonElement Parse(string text, JsonLimits? limits = null, string code = CodecCodes.JsonMalformed)
    {
        limits ??= JsonLimits.Default;
        if (text.Length > limits.MaxBytes) throw TooLarge($"JSON is longer than {limits.MaxBytes} bytes.");
        try
        {
            return Parse(s_strictUtf8.GetBytes(text), limits, code);
        }
        catch (EncoderFallbackException)
        {
            throw new MalformedDataException(code, "JSON has a lone surrogate.");
        }
    }

    private static readonly UTF8Encoding s_strictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Writes a node compactly as UTF-8, letters outside ASCII unescaped.</summary>
    public static byte[] ToUtf8(JsonNode node)
    {
        using PooledBuffer buffer = new();
        WriteTo(buffer, node);
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteTo(PooledBuffer buffer, JsonNode node)
    {
        using Utf8JsonWriter writer = new(buffer, s_compact);
        node.WriteTo(writer);
    }

    /// <summary>Writes a node compactly as text, letters outside ASCII unescaped.</summary>
    public static string ToText(JsonNode node) => Encoding.UTF8.GetString(ToUtf8(node));

    /// <summary>A mutable copy of a parsed value; null for JSON null.</summary>
    public static JsonNode? ToNode(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => JsonObject.Create(element.Clone()),
        JsonValueKind.Array => JsonArray.Create(element.Clone()),
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        _ => JsonValue.Create(element.Clone()),
    };

    /// <summary>An immutable copy of a node that we made ourselves.</summary>
    public static JsonElement ToElement(JsonNode node)
    {
        using PooledBuffer buffer = new();
        WriteTo(buffer, node);
        return ParseOwn(buffer.WrittenSpan);
    }

    /// <summary>Parses JSON that we wrote ourselves.</summary>
    internal static JsonElement ParseOwn(ReadOnlySpan<byte> utf8) => JsonElement.Parse(utf8, new JsonDocumentOptions { MaxDepth = 64 });

    /// <summary>Depth, member count, name length, exponents and lone surrogates, before anything is built.</summary>
    /// <returns>Whether an object has more than one member.</returns>
    private static bool Scan(ReadOnlySpan<byte> utf8, JsonLimits limits)
    {
        Utf8JsonReader reader = new(utf8, new JsonReaderOptions { MaxDepth = limits.MaxDepth });
        Span<int> members = stackalloc int[limits.MaxDepth + 1];
        bool hasMany = false;
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    members[reader.CurrentDepth] = 0;
                    break;
                case JsonTokenType.PropertyName:
                    hasMany |= ++members[reader.CurrentDepth - 1] > 1;
                    if (members[reader.CurrentDepth - 1] > limits.MaxMembers) throw TooLarge($"A JSON object has over {limits.MaxMembers} members.");
                    if (reader.ValueSpan.Length > limits.MaxNameLength) throw TooLarge($"A JSON name is longer than {limits.MaxNameLength} bytes.");
                    if (reader.ValueIsEscaped) _ = reader.GetString();
                    break;
                case JsonTokenType.String when reader.ValueIsEscaped:
                    _ = reader.GetString(); // throws InvalidOperationException on a lone surrogate
                    break;
                case JsonTokenType.Number when ExponentDigits(reader.ValueSpan) > MaxExponentDigits:
                    throw TooLarge($"A JSON number has an exponent of over {MaxExponentDigits} digits.");
            }
        }
        return hasMany;
    }

    private static int ExponentDigits(ReadOnlySpan<byte> number)
    {
        int e = number.IndexOfAny((byte)'e', (byte)'E');
        return e < 0 ? 0 : number[(e + 1)..].TrimStart("+-"u8).Length;
    }

    private static MalformedDataException TooLarge(string message) => new(CodecCodes.JsonTooLarge, message);
}
