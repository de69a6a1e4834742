using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.Verifier.Transactions;

/// <summary>Reads reports in their JSON form, as they are stored.</summary>
internal static class ReportReader
{
    private const string Code = VerifierCodes.ReportMalformed;

    public static bool IsAccepted(JsonElement report) => report.OptionalBoolean("accepted", Code) == true;

    /// <summary>Every check, those of each credential first, in the report's order.</summary>
    public static IEnumerable<ReportCheck> Checks(JsonElement report)
    {
        foreach (var part in Parts(report))
            foreach (var check in part.RequireArray("checks", Code).EnumerateArray())
                yield return Read(check, Text(part, "query_id"));
        foreach (var check in report.RequireArray("checks", Code).EnumerateArray())
            yield return Read(check, null);
    }

    public static IEnumerable<JsonElement> Parts(JsonElement report) => report.RequireArray("parts", Code).EnumerateArray();

    /// <summary>The same report, refused after the fact: no claims, and the named check of the presentation failed.</summary>
    public static JsonObject Refuse(JsonElement report, string checkId, string code)
    {
        var refused = (JsonObject)StrictJson.ToNode(report)!;
        refused["accepted"] = false;
        foreach (var part in refused["parts"]!.AsArray())
            part!["claims"] = null;
        var checks = refused["checks"]!.AsArray();
        if (checks.FirstOrDefault(c => (string?)c!["id"] == checkId) is { } old)
            checks.Remove(old);
        checks.Insert(0, new JsonObject { ["id"] = checkId, ["outcome"] = "failed", ["code"] = code });
        return refused;
    }

    /// <summary>Absent and JSON null are the same in a report.</summary>
    public static string? Text(JsonElement value, string name) =>
        value.Member(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static ReportCheck Read(JsonElement check, string? queryId) =>
        new(queryId, check.RequireString("id", Code), check.RequireString("outcome", Code), Text(check, "code"), check.OptionalIndex("age_seconds", Code));
}
