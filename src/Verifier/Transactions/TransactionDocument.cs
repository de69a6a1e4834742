using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Verifier.Pages;
using Credentials.Verifier.Storage;

namespace Credentials.Verifier.Transactions;

/// <summary>What the relying party is told about a transaction: its state, the report once there is one, and the reasons in plain words.</summary>
internal sealed class TransactionDocument(ServiceKey key)
{
    private const string ReportPurpose = "report";
    private const string EvidencePurpose = "evidence";

    public byte[] SealReport(string id, JsonObject report) => key.Seal(StrictJson.ToUtf8(report), ReportPurpose, id);

    public byte[] SealEvidence(string id, JsonObject evidence) => key.Seal(StrictJson.ToUtf8(evidence), EvidencePurpose, id);

    public JsonElement? OpenEvidence(TransactionRow row) => Open(row.Evidence, EvidencePurpose, row.Id);

    /// <summary>The report of a finished transaction; a held answer has none yet.</summary>
    public JsonElement? OpenReport(TransactionRow row) => row.State == TransactionStates.Answered ? null : OpenHeldReport(row);

    public JsonElement? OpenHeldReport(TransactionRow row) => Open(row.Report, ReportPurpose, row.Id);

    public JsonObject ToJson(TransactionRow row)
    {
        var report = OpenReport(row);
        var json = new JsonObject
        {
            ["id"] = row.Id,
            ["state"] = TransactionStates.Shown(row.State),
            ["policy"] = row.Policy,
            ["report"] = report is { } r ? StrictJson.ToNode(r) : null,
            ["credentials"] = report is { } shown ? Credentials(shown) : new JsonArray(),
            ["reasons"] = report is { } told ? Reasons(told) : new JsonArray(),
            ["expires_at"] = Time(row.ExpiresAt),
        };
        if (row.WalletError is not null)
            json["wallet_error"] = row.WalletError;
        return json;
    }

    /// <summary>RFC 3339, in UTC, whole seconds.</summary>
    public static string Time(long unixMilliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(unixMilliseconds).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>The accepted credentials with their claims by name.</summary>
    public static JsonArray Credentials(JsonElement report) => new([.. ShownCredential.Of(report).Select(c => (JsonNode)c.ToJson())]);

    /// <summary>One sentence in each language for every check that kept the answer from being accepted.</summary>
    public static JsonArray Reasons(JsonElement report)
    {
        var reasons = new JsonArray();
        foreach (var check in ReportReader.Checks(report).Where(c => c.IsObstacle))
        {
            var words = PlainWords.ForCheck(check);
            reasons.Add(new JsonObject { ["query_id"] = check.QueryId, ["check"] = check.Id, ["code"] = check.Code, ["ko"] = words.Korean, ["en"] = words.English });
        }
        return reasons;
    }

    private JsonElement? Open(byte[]? sealedValue, string purpose, string id) =>
        sealedValue is null ? null : StrictJson.ParseObject(key.Open(sealedValue, purpose, id), StoredLimits);

    // Our own writing: a report may be larger than what a peer may send.
    private static readonly JsonLimits StoredLimits = new(MaxBytes: 8 << 20, MaxDepth: 64, MaxMembers: 100_000);
}
