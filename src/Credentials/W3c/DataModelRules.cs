using System.Text.Json;
using Credentials.Codecs;

namespace Credentials.W3c;

/// <summary>The rules that credentials and presentations of the W3C data model share (Data Model 2.0 §4 to §6; 1.1 §4, §5).</summary>
internal static class DataModelRules
{
    private const int MaxItems = 100;

    /// <summary>The version that the first context tells (Data Model 2.0 §4.3; 1.1 §4.1), with the rest of the contexts checked.</summary>
    /// <exception cref="MalformedDataException"><c>w3c.version</c> or <c>w3c.context</c>.</exception>
    public static DataModelVersion ReadContext(JsonElement document)
    {
        // An ordered set is an array; the last values of sets are no second time in it.
        if (document.Member(W3cNames.Context) is not { ValueKind: JsonValueKind.Array } contexts || contexts.GetArrayLength() is 0 or > MaxItems)
            throw Malformed(W3cCodes.Context, "@context is no ordered set.");
        var version = contexts[0] is { ValueKind: JsonValueKind.String } first ? first.GetString() switch
        {
            W3cNames.BaseContext => DataModelVersion.V2,
            W3cNames.BaseContextV1 => DataModelVersion.V1,
            _ => (DataModelVersion?)null,
        } : null;
        if (version is null) throw Malformed(W3cCodes.Version, "The first context is not that of a version of the data model.");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var context in contexts.EnumerateArray())
        {
            var isContext = context.ValueKind == JsonValueKind.Object || (context.ValueKind == JsonValueKind.String && WebUrl.IsUrl(context.GetString()!));
            if (!isContext) throw Malformed(W3cCodes.Context, "A context is neither a URL nor an object.");
            if (context.ValueKind == JsonValueKind.String && !seen.Add(context.GetString()!)) throw Malformed(W3cCodes.Context, "A context stands twice.");
        }

        return version.Value;
    }

    /// <summary>
    /// No JSON-LD keyword but <c>@context</c> in an object whose members have a meaning in the data model: in compacted form (§6.1) the
    /// others have no place there, and <c>@graph</c> or <c>@included</c> would carry a second document in the first.
    /// </summary>
    public static void CheckKeywords(JsonElement value, bool allowContext)
    {
        foreach (var member in value.EnumerateObject())
        {
            if (member.Name.StartsWith('@') && !(allowContext && member.NameEquals(W3cNames.Context)))
                throw Malformed(W3cCodes.Context, "A JSON-LD keyword stands where none belongs.");
        }
    }

    /// <summary>One or more terms and absolute URLs (§4.5).</summary>
    /// <param name="required">The type that must be among them; null: any.</param>
    /// <exception cref="MalformedDataException"><paramref name="code"/>.</exception>
    public static IReadOnlyList<string> ReadTypes(JsonElement value, string? required, string code)
    {
        var types = value.Member(W3cNames.Type) switch
        {
            { ValueKind: JsonValueKind.String } one => [one],
            { ValueKind: JsonValueKind.Array } several when several.GetArrayLength() is > 0 and <= MaxItems => several.EnumerateArray().ToArray(),
            _ => [],
        };
        if (types.Length == 0 || !types.All(type => type.ValueKind == JsonValueKind.String && IsType(type.GetString()!)))
            throw Malformed(code, "type is not one or more terms and URLs.");
        string[] names = [.. types.Select(type => type.GetString()!)];
        return required is null || names.Contains(required) ? names : throw Malformed(code, "The type that it must have is missing.");
    }

    /// <summary>A single URL (§4.4), or null if there is none.</summary>
    /// <exception cref="MalformedDataException"><c>w3c.id</c>.</exception>
    public static string? ReadId(JsonElement value, bool isRequired = false, string code = W3cCodes.Id) => value.Member(W3cNames.Id) switch
    {
        { ValueKind: JsonValueKind.String } id when WebUrl.IsUrl(id.GetString()!) => id.GetString(),
        null when !isRequired => null,
        _ => throw Malformed(code, "id is not one URL."),
    };

    /// <summary>A URL, or an object with one as its id (§4.7, §4.13).</summary>
    /// <exception cref="MalformedDataException"><paramref name="code"/>.</exception>
    public static string ReadParty(JsonElement party, string code)
    {
        switch (party.ValueKind)
        {
            case JsonValueKind.String when WebUrl.IsUrl(party.GetString()!):
                return party.GetString()!;
            case JsonValueKind.Object:
                CheckKeywords(party, allowContext: false);
                LanguageRules.Check(party, W3cNames.Name);
                LanguageRules.Check(party, W3cNames.Description);
                return ReadId(party, isRequired: true, code)!;
            default:
                throw Malformed(code, "Neither a URL nor an object with one.");
        }
    }

    /// <summary>The objects of a property that has one or several (§6); none if it is absent.</summary>
    /// <exception cref="MalformedDataException"><paramref name="code"/>.</exception>
    public static IReadOnlyList<JsonElement> ReadObjects(JsonElement owner, string name, string code)
    {
        JsonElement[] items = owner.Member(name) switch
        {
            null => [],
            { ValueKind: JsonValueKind.Object } one => [one],
            { ValueKind: JsonValueKind.Array } several when several.GetArrayLength() is > 0 and <= MaxItems => [.. several.EnumerateArray()],
            _ => throw Malformed(code, $"{name} is neither an object nor a set of objects."),
        };
        return Array.TrueForAll(items, item => item.ValueKind == JsonValueKind.Object) ? items : throw Malformed(code, $"{name} holds something other than objects.");
    }

    /// <summary>True if a subject has an identifier; what it is worth is not looked at.</summary>
    public static bool NamesSubject(JsonElement document)
    {
        try
        {
            return ReadObjects(document, W3cNames.Subject, W3cCodes.Subject).Any(subject => ReadId(subject) is not null);
        }
        catch (CredentialException)
        {
            return false;
        }
    }

    /// <summary>The same, where each must have a type, and an id that is a URL if it has one or must (§4.10, §4.11, §5.4 to §5.6, §5.10).</summary>
    /// <exception cref="MalformedDataException"><paramref name="code"/>.</exception>
    public static IReadOnlyList<JsonElement> ReadTyped(JsonElement owner, string name, string code, bool idRequired = false)
    {
        var items = ReadObjects(owner, name, code);
        foreach (var item in items)
        {
            CheckKeywords(item, allowContext: false);
            ReadTypes(item, null, code);
            ReadId(item, idRequired, code);
        }

        return items;
    }

    /// <summary>A time of the data model (§4.9), or null if there is none.</summary>
    /// <exception cref="MalformedDataException"><c>w3c.validity</c>.</exception>
    public static DateTimeOffset? ReadTime(JsonElement owner, string name, DataModelVersion version) => owner.Member(name) switch
    {
        null => null,
        // 1.1 §4.5 has a dateTime, which may be without a zone.
        { ValueKind: JsonValueKind.String } text => DateTimeStamp.Parse(text.GetString()!, W3cCodes.Validity, zoneRequired: version == DataModelVersion.V2),
        _ => throw Malformed(W3cCodes.Validity, $"{name} is no time."),
    };

    /// <summary><c>proof</c>, where it stands, is one proof or several, each of a type; null and an empty array are none.</summary>
    public static IReadOnlyList<JsonElement> ReadProofs(JsonElement document)
    {
        var proofs = ReadObjects(document, W3cNames.Proof, W3cCodes.Proof);
        foreach (var proof in proofs) ReadTypes(proof, null, W3cCodes.Proof);
        return proofs;
    }

    public static MalformedDataException Malformed(string code, string message) => new(code, message);

    // A term has no colon; what has one must be an absolute URL.
    private static bool IsType(string type) => type.Contains(':') ? WebUrl.IsUrl(type) : type.Length > 0 && type[0] != '@' && !type.Any(c => c is <= ' ' or '\u007f');
}
