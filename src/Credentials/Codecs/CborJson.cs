using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Credentials.Codecs;

/// <summary>CBOR as JSON (RFC 8949 §6.1): byte strings in base64url, tags left out around what they stand around.</summary>
public static class CborJson
{
    /// <summary>The value as JSON, for claims queries and for showing. Digests are never made over it.</summary>
    /// <exception cref="MalformedDataException">Two keys of a map become the same name.</exception>
    public static JsonElement ToJson(CborValue value)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer)) Write(writer, value);
        return StrictJson.ParseOwn(buffer.WrittenSpan);
    }

    /// <summary>Writes the value as JSON.</summary>
    /// <inheritdoc cref="ToJson"/>
    public static void Write(Utf8JsonWriter writer, CborValue value)
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
                writer.WriteStringValue(StrictBase64Url.Encode(value.GetBytes().Span));
                break;
            case CborKind.TextString:
                writer.WriteStringValue(value.GetText());
                break;
            case CborKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray()) Write(writer, item);
                writer.WriteEndArray();
                break;
            case CborKind.Map:
                WriteMap(writer, value);
                break;
            case CborKind.Tag:
                Write(writer, value.GetTagContent());
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

    private static void WriteMap(Utf8JsonWriter writer, CborValue map)
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
            Write(writer, value);
        }

        writer.WriteEndObject();
    }
}
