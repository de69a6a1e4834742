using System.Text.Json.Nodes;
using Credentials.Http;
using Credentials.Wallet.Core.History;

namespace Credentials.Wallet.Core.MyData;

/// <summary>The JSON that leaves the wallet: the holder's own export, and a deletion request for an endpoint (<c>spec/profile/data-rights.md</c>).</summary>
internal static class MyDataExport
{
    private const string Format = "urn:credentials:my-data:1";

    public static JsonObject Of(IEnumerable<HistoryEntry> history, IEnumerable<RightsRequest> requests, DateTimeOffset now) => new()
    {
        ["format"] = Format,
        ["exported_at"] = Time(now),
        ["history"] = new JsonArray([.. history.Select(entry => (JsonNode)entry.ToJson())]),
        ["requests"] = new JsonArray([.. requests.Select(request => (JsonNode)Of(request))]),
    };

    public static JsonObject Of(RightsRequest request) => new()
    {
        ["id"] = request.Id,
        ["kind"] = request.Kind == RightsRequestKind.Deletion ? "deletion" : "report",
        ["state"] = request.State.ToString().ToLowerInvariant(),
        ["party"] = request.Party,
        ["party_name"] = request.PartyNames.In(),
        ["address"] = request.Address.OriginalString,
        ["prepared_at"] = Time(request.PreparedAt),
        ["sent_at"] = request.SentAt is { } sent ? Time(sent) : null,
        ["answered_at"] = request.AnsweredAt is { } answered ? Time(answered) : null,
        ["entries"] = new JsonArray([.. request.EntryIds.Select(id => (JsonNode)id)]),
        ["subject"] = request.Subject,
        ["letter"] = request.Letter,
        ["code"] = request.Code,
    };

    public static JsonObject DeletionBody(RightsRequest request, IEnumerable<HistoryEntry> entries) => new()
    {
        ["type"] = MyDataRecords.DeletionType,
        ["request_id"] = request.Id,
        ["client_id"] = request.Party,
        ["presentations"] = new JsonArray([.. entries.Select(entry => (JsonNode)new JsonObject
        {
            ["nonce"] = entry.Reference,
            ["at"] = Time(entry.At),
            ["credentials"] = new JsonArray([.. entry.Claims.Select(claims => (JsonNode)new JsonObject
            {
                ["type"] = claims.Type,
                ["claims"] = new JsonArray([.. claims.Claims.Select(path => (JsonNode)path.ToJson())]),
            })]),
        })]),
    };

    /// <summary>True if the endpoint says that it has deleted; what else an answer of success holds does not matter.</summary>
    public static bool SaysDone(FetchedDocument answer)
    {
        if (answer.ContentType != "application/json") return false;
        try
        {
            return answer.ReadJsonObject(WalletCodes.DeletionNotTaken).TryGetProperty("state", out var state)
                && state.ValueKind == System.Text.Json.JsonValueKind.String && state.GetString() == "deleted";
        }
        catch (MalformedDataException)
        {
            return false;
        }
    }

    internal static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
