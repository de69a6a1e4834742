using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.StatusLists;

namespace Credentials.W3c;

/// <summary>One entry of <c>credentialStatus</c>: a place in a status list, and what it says there (Bitstring Status List §2.1).</summary>
/// <param name="Purpose">What the status is about: <see cref="StatusPurposes"/>, or a word of the issuer's own.</param>
/// <param name="Index">The place in the list; null for one that lies outside every list.</param>
/// <param name="StatusListCredential">The URL of the list's credential, exactly as written.</param>
public sealed record BitstringStatusListEntry(string Purpose, int? Index, string StatusListCredential)
{
    private const string Code = StatusListCodes.MalformedReference;

    /// <summary>The identifier of the entry; not that of the list. Data model 1.1 asks for one.</summary>
    public string? Id { get; init; }

    /// <summary>Bits of the status.</summary>
    public int StatusSize { get; init; } = 1;

    /// <summary>What each value means, for developers, not for end users; empty for a status of one bit without messages.</summary>
    public IReadOnlyDictionary<uint, string> Messages { get; init; } = new Dictionary<uint, string>();

    /// <summary>URLs of material about the status.</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>Reads an entry whose type is <c>BitstringStatusListEntry</c>.</summary>
    /// <exception cref="MalformedDataException"><c>status.malformed_reference</c>: it breaks §2.1.</exception>
    public static BitstringStatusListEntry Parse(JsonElement json)
    {
        json.RequireObject(Code);
        DataModelRules.ReadTypes(json, W3cNames.StatusEntryType, Code);
        var list = json.RequireString(W3cNames.StatusListCredential, Code);
        if (!WebUrl.IsUrl(list)) throw Malformed("statusListCredential is no URL.");
        // The id names this entry, not the list.
        var id = DataModelRules.ReadId(json, code: Code);
        if (id == list) throw Malformed("The id of the entry is that of the list.");
        var purpose = json.RequireString(W3cNames.StatusPurpose, Code);
        if (purpose.Length == 0) throw Malformed("statusPurpose is empty.");
        var size = json.OptionalIndex(W3cNames.StatusSize, Code) ?? 1;
        if (size is < 1 or > BitstringStatusList.MaxStatusSize) throw Malformed("statusSize is no possible size.");
        return new BitstringStatusListEntry(purpose, ReadIndex(json.RequireString(W3cNames.StatusListIndex, Code)), list)
        {
            Id = id,
            StatusSize = (int)size,
            Messages = ReadMessages(json, (int)size),
            References = ReadReferences(json),
        };
    }

    /// <summary>The entries of a credential; those of other types are passed over.</summary>
    /// <param name="document">A credential whose form was checked.</param>
    /// <exception cref="MalformedDataException"><c>status.malformed_reference</c>, or <c>w3c.status</c>.</exception>
    public static IReadOnlyList<BitstringStatusListEntry> ReadAll(JsonElement document) =>
        [.. DataModelRules.ReadObjects(document, W3cNames.Status, W3cCodes.Status).Where(IsEntry).Select(Parse)];

    /// <summary>True if the type of an entry is <c>BitstringStatusListEntry</c>.</summary>
    internal static bool IsEntry(JsonElement entry) => entry.Member(W3cNames.Type) switch
    {
        { ValueKind: JsonValueKind.String } one => one.ValueEquals(W3cNames.StatusEntryType),
        { ValueKind: JsonValueKind.Array } several => several.EnumerateArray().Any(one => one.ValueKind == JsonValueKind.String && one.ValueEquals(W3cNames.StatusEntryType)),
        _ => false,
    };

    /// <summary>Writes the entry for <c>credentialStatus</c>.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            [W3cNames.Type] = W3cNames.StatusEntryType,
            [W3cNames.StatusPurpose] = Purpose,
            [W3cNames.StatusListIndex] = Index?.ToString(CultureInfo.InvariantCulture) ?? throw new InvalidOperationException("The entry has no index."),
            [W3cNames.StatusListCredential] = StatusListCredential,
        };
        if (Id is not null) json.Insert(0, W3cNames.Id, Id);
        if (StatusSize > 1) json[W3cNames.StatusSize] = StatusSize;
        if (Messages.Count > 0)
        {
            json[W3cNames.StatusMessage] = new JsonArray([.. Messages.OrderBy(message => message.Key).Select(message =>
                (JsonNode)new JsonObject { ["status"] = $"0x{message.Key:x}", ["message"] = message.Value })]);
        }

        if (References.Count > 0) json[W3cNames.StatusReference] = new JsonArray([.. References.Select(url => (JsonNode)url)]);
        return json;
    }

    // "an arbitrary size integer greater than or equal to 0, expressed as a string in base 10": digits, nothing else, and one spelling.
    private static int? ReadIndex(string text)
    {
        if (text.Length is 0 or > 100 || !text.All(char.IsAsciiDigit) || (text.Length > 1 && text[0] == '0')) throw Malformed("statusListIndex is no index.");
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;
    }

    private static Dictionary<uint, string> ReadMessages(JsonElement json, int size)
    {
        if (json.OptionalArray(W3cNames.StatusMessage, Code) is not { } array)
            return size == 1 ? [] : throw Malformed("A status of several bits has no statusMessage.");
        // As many as there are values, and for each value one.
        if (array.GetArrayLength() != 1L << size) throw Malformed("statusMessage has another number of messages than there are values.");
        var messages = new Dictionary<uint, string>();
        foreach (var item in array.EnumerateArray())
        {
            item.RequireObject(Code);
            var status = item.RequireString("status", Code);
            var isNew = status.StartsWith("0x", StringComparison.Ordinal)
                && uint.TryParse(status.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
                && value < 1UL << size && messages.TryAdd(value, item.RequireString("message", Code));
            if (!isNew) throw Malformed("statusMessage has a status twice, or one that cannot be.");
        }

        return messages;
    }

    private static IReadOnlyList<string> ReadReferences(JsonElement json)
    {
        JsonElement[] urls = json.Member(W3cNames.StatusReference) switch
        {
            null => [],
            { ValueKind: JsonValueKind.Array } several => [.. several.EnumerateArray()],
            { } one => [one],
        };
        return Array.TrueForAll(urls, url => url.ValueKind == JsonValueKind.String && WebUrl.IsUrl(url.GetString()!))
            ? [.. urls.Select(url => url.GetString()!)]
            : throw Malformed("statusReference is no URL.");
    }

    private static MalformedDataException Malformed(string message) => new(Code, message);
}
