using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials;

/// <summary>
/// The answer to "is this to be accepted?": every required check with its outcome. A report on a presentation has one
/// part for each credential in it.
/// </summary>
public sealed class VerificationReport
{
    private readonly VerificationCheck[] _checks;
    private readonly VerifiedCredential? _verified;

    private VerificationReport(
        ReportSubject? subject, VerificationCheck[] checks, IReadOnlyList<VerificationReport> parts,
        IReadOnlyList<string> notes, VerifiedCredential? verified)
    {
        Subject = subject;
        _checks = checks;
        Parts = parts;
        Notes = notes;
        IsAccepted = (parts.Count > 0 || Array.Exists(checks, static check => check.Outcome == CheckOutcome.Passed))
            && checks.Length > 0
            && Array.TrueForAll(checks, static check => check.Accepts)
            && (parts.Count == 0 || parts.All(static part => part.IsAccepted));
        _verified = IsAccepted ? verified : null;
    }

    /// <summary>What the report is about; null for a presentation as a whole.</summary>
    public ReportSubject? Subject { get; }

    /// <summary>All required checks, in a fixed order.</summary>
    public IReadOnlyList<VerificationCheck> Checks => _checks;

    /// <summary>One report for each credential of a presentation; empty for a single credential.</summary>
    public IReadOnlyList<VerificationReport> Parts { get; }

    /// <summary>Stable codes of things worth knowing that do not bear on acceptance.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>True only if the list of checks is not empty and every check, and every part, passed or rightly did not apply.</summary>
    public bool IsAccepted { get; }

    /// <summary>A report on one credential.</summary>
    /// <param name="subject">What was looked at.</param>
    /// <param name="recorder">The finished list of checks.</param>
    /// <param name="verified">Makes the verified content; called only when every check accepts.</param>
    /// <param name="notes">Codes that do not bear on acceptance.</param>
    public static VerificationReport ForCredential(
        ReportSubject subject, CheckRecorder recorder, Func<VerifiedCredential> verified, IReadOnlyList<string>? notes = null) =>
        new(subject, recorder.Copy(), [], notes ?? [], recorder.AllAccept ? verified() : null);

    /// <summary>A report on a presentation. If anything in it is refused, no part gives its claims away.</summary>
    public static VerificationReport ForPresentation(
        CheckRecorder recorder, IReadOnlyList<VerificationReport> parts, IReadOnlyList<string>? notes = null)
    {
        VerificationReport whole = new(null, recorder.Copy(), parts, notes ?? [], null);
        return whole.IsAccepted ? whole : new(null, whole._checks, [.. parts.Select(p => p.WithoutClaims())], whole.Notes, null);
    }

    /// <summary>The verified content of an accepted credential.</summary>
    public bool TryGetVerified([NotNullWhen(true)] out VerifiedCredential? verified)
    {
        verified = _verified;
        return verified is not null;
    }

    /// <summary>The same report with only those claims that the caller may pass on.</summary>
    public VerificationReport WithClaims(Func<JsonElement, JsonElement> choose, IReadOnlyList<string> notes) =>
        new(Subject, _checks, Parts, [.. Notes, .. notes], _verified is null ? null : _verified with { Claims = choose(_verified.Claims) });

    private VerificationReport WithoutClaims() => new(Subject, _checks, [.. Parts.Select(p => p.WithoutClaims())], Notes, null);

    /// <summary>The JSON form of spec/verification-report.md. A report on one credential is written as a presentation with one part.</summary>
    public JsonObject ToJson()
    {
        JsonObject json = new() { ["accepted"] = IsAccepted };
        bool single = Subject is not null;
        json["parts"] = new JsonArray([.. (single ? [this] : Parts).Select(p => (JsonNode)p.PartToJson())]);
        json["checks"] = single ? new JsonArray() : ChecksToJson();
        if (!single && Notes.Count > 0) json["notes"] = NotesToJson();
        return json;
    }

    private JsonObject PartToJson()
    {
        JsonObject json = new()
        {
            ["format"] = Subject?.Format,
            ["type"] = Subject?.Type,
            ["query_id"] = Subject?.QueryId,
            ["checks"] = ChecksToJson(),
            ["claims"] = _verified is null ? null : StrictJson.ToNode(_verified.Claims),
        };
        if (Notes.Count > 0) json["notes"] = NotesToJson();
        return json;
    }

    private JsonArray NotesToJson() => new([.. Notes.Select(n => (JsonNode)JsonValue.Create(n))]);

    private JsonArray ChecksToJson() => new([.. Checks.Select(c => (JsonNode)CheckToJson(c))]);

    private static JsonObject CheckToJson(VerificationCheck check)
    {
        JsonObject json = new() { ["id"] = check.Id, ["outcome"] = OutcomeName(check.Outcome) };
        if (check.Code is not null) json["code"] = check.Code;
        if (check.BlockedBy is not null) json["blocked_by"] = check.BlockedBy;
        if (check.Section is not null) json["section"] = check.Section;
        if (check.Age is { } age) json["age_seconds"] = (long)age.TotalSeconds;
        return json;
    }

    private static string OutcomeName(CheckOutcome outcome) => outcome switch
    {
        CheckOutcome.Passed => "passed",
        CheckOutcome.Failed => "failed",
        CheckOutcome.Indeterminate => "indeterminate",
        CheckOutcome.NotApplicable => "not_applicable",
        _ => "not_run",
    };
}
