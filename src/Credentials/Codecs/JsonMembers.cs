using System.Globalization;
using System.Text.Json;

namespace Credentials.Codecs;

/// <summary>
/// Typed reading of members of parsed JSON. Every method throws <see cref="MalformedDataException"/> with the caller's code
/// when a member is missing or of another type; a member that is JSON null counts as of the wrong type.
/// </summary>
public static class JsonMembers
{
    /// <summary>The value itself, which must be an object.</summary>
    public static JsonElement RequireObject(this JsonElement value, string code = CodecCodes.JsonMember) =>
        value.ValueKind == JsonValueKind.Object ? value : throw new MalformedDataException(code, "A JSON object is expected.");

    /// <summary>A member, if it is there.</summary>
    public static JsonElement? Member(this JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out JsonElement member) ? member : null;

    /// <summary>A string member.</summary>
    public static string RequireString(this JsonElement value, string name, string code = CodecCodes.JsonMember) =>
        value.OptionalString(name, code) ?? throw Missing(name, code);

    /// <summary>A string member, or null if it is absent.</summary>
    public static string? OptionalString(this JsonElement value, string name, string code = CodecCodes.JsonMember) =>
        Typed(value, name, JsonValueKind.String, code)?.GetString();

    /// <summary>An array member.</summary>
    public static JsonElement RequireArray(this JsonElement value, string name, string code = CodecCodes.JsonMember) =>
        value.OptionalArray(name, code) ?? throw Missing(name, code);

    /// <summary>An array member, or null if it is absent.</summary>
    public static JsonElement? OptionalArray(this JsonElement value, string name, string code = CodecCodes.JsonMember) =>
        Typed(value, name, JsonValueKind.Array, code);

    /// <summary>An object member.</summary>
    public static JsonElement RequireObjectMember(this JsonElement value, string name, string code = CodecCodes.JsonMember) =>
        value.OptionalObject(name, code) ?? throw Missing(name, code);

    /// <summary>An object member, or null if it is absent.</summary>
    public static JsonElement? OptionalObject(this JsonElement value, string name, string code = CodecCodes.JsonMember) =>
        Typed(value, name, JsonValueKind.Object, code);

    /// <summary>A boolean member, or null if it is absent.</summary>
    public static bool? OptionalBoolean(this JsonElement value, string name, string code = CodecCodes.JsonMember) => value.Member(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw WrongType(name, code),
    };

    /// <summary>A NumericDate member, or null if it is absent.</summary>
    public static DateTimeOffset? OptionalNumericDate(this JsonElement value, string name, string code = CodecCodes.TimeMalformed) =>
        value.Member(name) is { } member ? NumericDate.Read(member, code) : null;

    /// <summary>A plain non-negative integer (digits only: no sign, fraction or exponent) up to 2^53 - 1, or null if it is absent.</summary>
    public static long? OptionalIndex(this JsonElement value, string name, string code = CodecCodes.JsonMember)
    {
        if (value.Member(name) is not { } member) return null;
        if (member.ValueKind != JsonValueKind.Number
            || !long.TryParse(member.GetRawText(), NumberStyles.None, CultureInfo.InvariantCulture, out long index)
            || index > 9007199254740991)
            throw WrongType(name, code);
        return index;
    }

    /// <summary>A plain non-negative integer member.</summary>
    public static long RequireIndex(this JsonElement value, string name, string code = CodecCodes.JsonMember) =>
        value.OptionalIndex(name, code) ?? throw Missing(name, code);

    /// <summary>An array of strings, or null if it is absent.</summary>
    public static IReadOnlyList<string>? OptionalStringArray(this JsonElement value, string name, string code = CodecCodes.JsonMember)
    {
        if (value.OptionalArray(name, code) is not { } array) return null;
        List<string> items = new(array.GetArrayLength());
        foreach (JsonElement item in array.EnumerateArray())
            items.Add(item.ValueKind == JsonValueKind.String ? item.GetString()! : throw WrongType(name, code));
        return items;
    }

    private static JsonElement? Typed(JsonElement value, string name, JsonValueKind kind, string code) => value.Member(name) switch
    {
        null => null,
        { } member when member.ValueKind == kind => member,
        _ => throw WrongType(name, code),
    };

    private static MalformedDataException Missing(string name, string code) => new(code, $"Member '{name}' is missing.");

    private static MalformedDataException WrongType(string name, string code) => new(code, $"Member '{name}' has the wrong type.");
}
