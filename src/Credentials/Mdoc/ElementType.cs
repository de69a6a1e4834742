using System.Formats.Cbor;
using System.Globalization;
using System.Text.Json;
using Credentials.Codecs;

namespace Credentials.Mdoc;

/// <summary>The type of a data element: whether CBOR has it, and how JSON becomes it.</summary>
internal sealed class ElementType
{
    private readonly string _name;
    private readonly ElementType? _items;
    private readonly Dictionary<string, ElementType>? _members;

    private ElementType(string name, ElementType? items = null, Dictionary<string, ElementType>? members = null) =>
        (_name, _items, _members) = (name, items, members);

    /// <summary>What no data model describes.</summary>
    public static ElementType Any { get; } = new("any");

    /// <summary>Reads a type of a data model: a name, an array with the type of its items, or an object with those of its members.</summary>
    public static ElementType Parse(JsonElement model) => model.ValueKind switch
    {
        JsonValueKind.Array => new("array", Parse(model[0])),
        JsonValueKind.Object => new("map", members: model.EnumerateObject().ToDictionary(m => m.Name, m => Parse(m.Value), StringComparer.Ordinal)),
        _ => new(model.GetString()!),
    };

    /// <summary>True if the value is of this type. Members that a model does not name may be anything.</summary>
    public bool Matches(CborValue value)
    {
        try
        {
            return _name switch
            {
                "text" => value.Kind == CborKind.TextString,
                "bytes" => value.Kind == CborKind.ByteString,
                "uint" => value.Kind == CborKind.UnsignedInteger,
                "bool" => value.Kind == CborKind.Boolean,
                "full-date" => value.GetFullDate() != DateOnly.MinValue,
                "tdate" => value.GetDateTime() != DateTimeOffset.MinValue,
                "date" => value.GetTag() == CborValue.FullDateTag ? value.GetFullDate() != DateOnly.MinValue : value.GetDateTime() != DateTimeOffset.MinValue,
                "array" => All(value.EnumerateArray()),
                "map" => All(value.EnumerateMap()),
                _ => true,
            };
        }
        catch (MalformedDataException)
        {
            return false;
        }
    }

    /// <summary>Writes JSON as this type; bytes come as base64url or as a data: URI.</summary>
    /// <exception cref="MalformedDataException"><c>mdoc.claims_malformed</c>.</exception>
    public void Write(CborWriter writer, JsonElement value)
    {
        switch (_name)
        {
            case "bytes":
                writer.WriteByteString(Bytes(Text(value)));
                break;
            case "full-date" or "date":
                writer.WriteFullDate(DateOnly.TryParseExact(Text(value), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : throw Malformed());
                break;
            case "tdate":
                writer.WriteDateTime(DateTimeOffset.TryParseExact(
                    Text(value), "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : throw Malformed());
                break;
            case "text" when value.ValueKind != JsonValueKind.String:
            case "bool" when value.ValueKind is not (JsonValueKind.True or JsonValueKind.False):
            case "uint" when value.ValueKind != JsonValueKind.Number || !value.TryGetUInt32(out _):
            case "array" when value.ValueKind != JsonValueKind.Array:
            case "map" when value.ValueKind != JsonValueKind.Object:
                throw Malformed();
            default:
                WriteAny(writer, value);
                break;
        }
    }

    private void WriteAny(CborWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                writer.WriteTextString(value.GetString()!);
                break;
            case JsonValueKind.Number when value.TryGetInt64(out var number):
                writer.WriteInt64(number);
                break;
            case JsonValueKind.Number:
                writer.WriteDouble(value.GetDouble());
                break;
            case JsonValueKind.True or JsonValueKind.False:
                writer.WriteBoolean(value.GetBoolean());
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray(value.GetArrayLength());
                foreach (var item in value.EnumerateArray()) (_items ?? Any).Write(writer, item);
                writer.WriteEndArray();
                break;
            case JsonValueKind.Object:
                writer.WriteStartMap(value.EnumerateObject().Count());
                foreach (var member in value.EnumerateObject())
                {
                    writer.WriteTextString(member.Name);
                    (_members?.GetValueOrDefault(member.Name) ?? Any).Write(writer, member.Value);
                }

                writer.WriteEndMap();
                break;
            default:
                writer.WriteNull();
                break;
        }
    }

    private bool All(CborValue.ItemEnumerator items)
    {
        foreach (var item in items)
            if (!_items!.Matches(item)) return false;
        return true;
    }

    private bool All(CborValue.MemberEnumerator members)
    {
        foreach (var (key, value) in members)
            if (key.Kind == CborKind.TextString && _members!.GetValueOrDefault(key.GetText())?.Matches(value) == false) return false;
        return true;
    }

    private static byte[] Bytes(string text)
    {
        // A picture as SD-JWT VCs have it: data:image/jpeg;base64,…
        if (!text.StartsWith("data:", StringComparison.Ordinal)) return StrictBase64Url.Decode(text, MdocCodes.ClaimsMalformed);
        var comma = text.IndexOf(";base64,", StringComparison.Ordinal);
        return comma >= 0 ? StrictBase64.Decode(text[(comma + 8)..], MdocCodes.ClaimsMalformed) : throw Malformed();
    }

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Malformed();

    private static MalformedDataException Malformed() => new(MdocCodes.ClaimsMalformed, "A claim has not the form that its data model asks for.");
}
