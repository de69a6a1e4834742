using System.Globalization;
using System.Text.Json;

namespace Credentials.Codecs;

/// <summary>
/// CBOR as JSON (RFC 8949 §6.1): byte strings in base64url or as tags 21 to 23 want them, negative bignums after a tilde,
/// numbers that JSON lacks as null; other tags are left out around what they stand around.
/// </summary>
public static class CborJson
{
    private const ulong NegativeBignum = 3;
    private const ulong Base64UrlHint = 21;
    private const ulong Base64Hint = 22;
    private const ulong HexHint = 23;

    /// <summary>The value as JSON, for claims queries and for showing. Digests are never made over it.</summary>
    /// <exception cref="MalformedDataException">Two keys of a map become the same name, or a key is neither text, bytes nor an integer.</exception>
    public static JsonElement ToJson(CborValue value)
    {
        using PooledBuffer buffer = new();
        using (Utf8JsonWriter writer = new(buffer)) Write(writer, value);
        return StrictJson.ParseOwn(buffer.WrittenSpan);
    }

    /// <summary>Writes the value as JSON.</summary>
    /// <inheritdoc cref="ToJson"/>
    public static void Write(Utf8JsonWriter writer, CborValue value) => Write(writer, value, Base64UrlHint);

    private static void Write(Utf8JsonWriter writer, CborValue value, ulong hint)
    {
        switch (value.Kind)
        {
            case CborKind.UnsignedInteger:
                writer.WriteNumberValue(value.Argument);
                break;
            case CborKind.NegativeInteger:
                writer.WriteRawValue((-1 - (Int128)value.Argument).ToString(CultureInfo.InvariantCulture));
                break;
            case CborKind.ByteString:
                writer.WriteStringValue(Show(value.GetBytes().Span, hint));
                break;
            case CborKind.TextString:
                writer.WriteStringValue(value.GetText());
                break;
            case CborKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray()) Write(writer, item, hint);
                writer.WriteEndArray();
                break;
            case CborKind.Map:
                WriteMap(writer, value, hint);
                break;
            case CborKind.Tag:
                Write(writer, value.GetTagContent(), value.GetTag() is Base64UrlHint or Base64Hint or HexHint or NegativeBignum ? value.GetTag() : hint);
                break;
            case CborKind.Boolean:
                writer.WriteBooleanValue(value.GetBoolean());
                break;
            case CborKind.Float when double.IsFinite(value.GetDouble()):
                writer.WriteNumberValue(value.GetDouble());
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }

    private static void WriteMap(Utf8JsonWriter writer, CborValue map, ulong hint)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        writer.WriteStartObject();
        foreach (var (key, value) in map.EnumerateMap())
        {
            var name = key.Kind switch
            {
                CborKind.TextString => key.GetText(),
                CborKind.ByteString => StrictBase64Url.Encode(key.GetBytes().Span),
                _ => key.GetInt64().ToString(CultureInfo.InvariantCulture),
            };
            if (!names.Add(name)) throw map.Wrong("keys that stay distinct as text");
            writer.WritePropertyName(name);
            Write(writer, value, hint);
        }

        writer.WriteEndObject();
    }

    private static string Show(ReadOnlySpan<byte> bytes, ulong hint) => hint switch
    {
        Base64Hint => StrictBase64.Encode(bytes),
        HexHint => Convert.ToHexStringLower(bytes),
        NegativeBignum => "~" + StrictBase64Url.Encode(bytes),
        _ => StrictBase64Url.Encode(bytes),
    };
}
