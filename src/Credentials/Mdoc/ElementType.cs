using System.Collections.Frozen;
using System.Formats.Cbor;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Credentials.Codecs;

namespace Credentials.Mdoc;

/// <summary>The type of a data element: whether CBOR has it, and how JSON becomes it.</summary>
internal sealed class ElementType
{
    // ISO/IEC 18013-5 Table 5 and ISO/IEC TS 23220-4 Annex C: the longest text of a data element.
    private const int MaxCharacters = 150;
    private const int FullDateLength = 10;

    private static readonly FrozenSet<string> s_names = FrozenSet.Create("text", "text150", "bytes", "uint", "bool", "full-date", "tdate", "date", "any");

    private readonly string _name;
    private readonly Regex? _pattern;
    private readonly IReadOnlyList<ElementType> _parts;
    private readonly Dictionary<string, (ElementType Type, bool IsRequired)>? _members;

    private ElementType(
        string name, Regex? pattern = null, IReadOnlyList<ElementType>? parts = null, Dictionary<string, (ElementType Type, bool IsRequired)>? members = null) =>
        (_name, _pattern, _parts, _members) = (name, pattern, parts ?? [], members);

    /// <summary>What no data model describes.</summary>
    public static ElementType Any { get; } = new("any");

    /// <summary>
    /// Reads a type of a data model: a name, with a pattern of its values if not all are good; an array with the type of its
    /// items, or with several types of which the element has one; an object with the types of its members, of which those
    /// ending in <c>!</c> must be there.
    /// </summary>
    /// <exception cref="MalformedDataException"><c>mdoc.data_model</c>.</exception>
    public static ElementType Parse(JsonElement model) => model.ValueKind switch
    {
        JsonValueKind.Array when model.GetArrayLength() == 1 => new("array", parts: [Parse(model[0])]),
        JsonValueKind.Array => new("one of", parts: [.. model.EnumerateArray().Select(Parse)]),
        JsonValueKind.Object => new("map", members: model.EnumerateObject().ToDictionary(
            member => member.Name.TrimEnd('!'), member => (Parse(member.Value), member.Name.EndsWith('!')), StringComparer.Ordinal)),
        JsonValueKind.String => Named(model.GetString()!),
        _ => throw NoType(),
    };

    /// <summary>True if the value is of this type. Members that a model does not name may be anything.</summary>
    /// <param name="isOwn">True: what we sign ourselves, which also keeps to the model's patterns and lengths.</param>
    public bool Matches(CborValue value, bool isOwn = false)
    {
        try
        {
            return _name switch
            {
                "text" or "text150" => value.Kind == CborKind.TextString && (!isOwn || Fits(value.GetText())),
                "bytes" => value.Kind == CborKind.ByteString,
                "uint" => value.Kind == CborKind.UnsignedInteger && (!isOwn || Fits(value.GetInt64().ToString(CultureInfo.InvariantCulture))),
                "bool" => value.Kind == CborKind.Boolean,
                "full-date" => value.GetFullDate() != DateOnly.MinValue,
                "tdate" => value.GetDateTime() != DateTimeOffset.MinValue,
                "date" => value.GetTag() == CborValue.FullDateTag ? value.GetFullDate() != DateOnly.MinValue : value.GetDateTime() != DateTimeOffset.MinValue,
                "one of" => _parts.Any(part => part.Matches(value, isOwn)),
                "array" => All(value.EnumerateArray(), isOwn),
                "map" => All(value.EnumerateMap(), isOwn),
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
            case "one of":
                // At most one of them is a map.
                (_parts.FirstOrDefault(part => part._members is not null == (value.ValueKind == JsonValueKind.Object)) ?? throw Malformed()).Write(writer, value);
                break;
            case "bytes":
                writer.WriteByteString(Bytes(Text(value)));
                break;
            case "full-date":
            case "date" when Text(value).Length == FullDateLength:
                writer.WriteFullDate(DateOnly.TryParseExact(Text(value), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : throw Malformed());
                break;
            case "tdate" or "date":
                writer.WriteDateTime(DateTimeOffset.TryParseExact(
                    Text(value), "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : throw Malformed());
                break;
            case "text" or "text150" when value.ValueKind != JsonValueKind.String || !Fits(value.GetString()!):
            case "bool" when value.ValueKind is not (JsonValueKind.True or JsonValueKind.False):
            case "uint" when value.ValueKind != JsonValueKind.Number || !value.TryGetUInt32(out var number) || !Fits(number.ToString(CultureInfo.InvariantCulture)):
            case "array" when value.ValueKind != JsonValueKind.Array:
            case "map" when value.ValueKind != JsonValueKind.Object || _members!.Any(member => member.Value.IsRequired && !value.TryGetProperty(member.Key, out _)):
                throw Malformed();
            default:
                WriteAny(writer, value);
                break;
        }
    }

    private static ElementType Named(string text)
    {
        var parts = text.Split(' ', 2);
        if (!s_names.Contains(parts[0])) throw NoType();
        return parts is [var name, var pattern]
            ? new(name, new Regex($"^(?:{pattern.Trim('/')})\\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking))
            : new(text);
    }

    private static MalformedDataException NoType() => new(MdocCodes.DataModel, "A data model has a type that is none.");

    private bool Fits(string value) => (_name != "text150" || value.Length <= MaxCharacters) && _pattern?.IsMatch(value) != false;

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
                foreach (var item in value.EnumerateArray()) (_parts.Count > 0 ? _parts[0] : Any).Write(writer, item);
                writer.WriteEndArray();
                break;
            case JsonValueKind.Object:
                writer.WriteStartMap(value.EnumerateObject().Count());
                foreach (var member in value.EnumerateObject())
                {
                    writer.WriteTextString(member.Name);
                    (_members?.GetValueOrDefault(member.Name).Type ?? Any).Write(writer, member.Value);
                }

                writer.WriteEndMap();
                break;
            default:
                writer.WriteNull();
                break;
        }
    }

    private bool All(CborValue.ItemEnumerator items, bool isOwn)
    {
        foreach (var item in items)
            if (!_parts[0].Matches(item, isOwn)) return false;
        return true;
    }

    private bool All(CborValue.MemberEnumerator members, bool isOwn)
    {
        var required = _members!.Values.Count(member => member.IsRequired);
        foreach (var (key, value) in members)
        {
            if (key.Kind != CborKind.TextString || !_members.TryGetValue(key.GetText(), out var member)) continue;
            if (!member.Type.Matches(value, isOwn)) return false;
            if (member.IsRequired) required--;
        }

        return required == 0;
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
