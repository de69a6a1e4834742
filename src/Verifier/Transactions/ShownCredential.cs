using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.Verifier.Transactions;

/// <summary>
/// One accepted credential of a report in the form that is easy to use: its claims by name, in whatever format it came. Data elements
/// of an mdoc lose their namespace, and its pictures become <c>data:</c> addresses as an SD-JWT has them.
/// </summary>
internal sealed record ShownCredential(string? QueryId, string Format, string? Type, IReadOnlyList<KeyValuePair<string, JsonElement>> Claims)
{
    private static readonly (byte[] Start, string MediaType)[] Pictures =
    [
        ([0xff, 0xd8, 0xff], "image/jpeg"),
        ([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], "image/png"),
        // JPEG 2000 as a file and as a bare code stream (ISO/IEC 18013-5 §7.2.2 allows it for portraits).
        ([0x00, 0x00, 0x00, 0x0c, 0x6a, 0x50, 0x20, 0x20, 0x0d, 0x0a, 0x87, 0x0a], "image/jp2"),
        ([0xff, 0x4f, 0xff, 0x51], "image/jp2"),
    ];

    /// <summary>The credentials of a report in its JSON form; none unless it is accepted.</summary>
    public static IEnumerable<ShownCredential> Of(JsonElement report) =>
        ReportReader.Parts(report).Where(part => part.GetProperty("claims").ValueKind == JsonValueKind.Object).Select(Read);

    public JsonObject ToJson() => new()
    {
        ["query_id"] = QueryId,
        ["format"] = Format,
        ["type"] = Type,
        ["claims"] = new JsonObject(Claims.Select(claim => KeyValuePair.Create(claim.Key, StrictJson.ToNode(claim.Value)))),
    };

    private static ShownCredential Read(JsonElement part)
    {
        var format = ReportReader.Text(part, "format") ?? "";
        var claims = part.GetProperty("claims").EnumerateObject();
        return new ShownCredential(ReportReader.Text(part, "query_id"), format, ReportReader.Text(part, "type"),
            format == CredentialFormat.Mdoc ? Elements(claims) : [.. claims.Select(claim => KeyValuePair.Create(claim.Name, claim.Value))]);
    }

    /// <summary>The data elements of all namespaces. A name that two of them have is told with its namespace the second time.</summary>
    private static IReadOnlyList<KeyValuePair<string, JsonElement>> Elements(IEnumerable<JsonProperty> nameSpaces)
    {
        var elements = new OrderedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var space in nameSpaces)
            foreach (var element in space.Value.EnumerateObject())
                elements.TryAdd(elements.ContainsKey(element.Name) ? $"{space.Name}/{element.Name}" : element.Name, WithPicture(element.Value));
        return [.. elements];
    }

    private static JsonElement WithPicture(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && MediaType(value.GetString()!) is { } type && StrictBase64Url.TryDecode(value.GetString()!, out var bytes)
            ? StrictJson.ToElement(JsonValue.Create($"data:{type};base64,{StrictBase64.Encode(bytes)}"))
            : value;

    /// <summary>What the first bytes say; the report has byte strings as base64url (RFC 8949 §6.1), and no text of a person looks like that.</summary>
    private static string? MediaType(string text)
    {
        const int length = 16;
        if (text.Length < 4 * length || !StrictBase64Url.TryDecode(text.AsSpan(0, length), out var start))
            return null;
        return Pictures.Where(p => start.AsSpan().StartsWith(p.Start)).Select(p => p.MediaType).FirstOrDefault();
    }
}
