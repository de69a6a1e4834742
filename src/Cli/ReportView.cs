namespace Credentials.Cli;

/// <summary>A verification report for people: the verdict, each check in plain words, and the claims when all was well.</summary>
internal static class ReportView
{
    // Of no use to a person: what binds the credential to a key and to a status list.
    private static readonly string[] Technical = ["cnf", "status"];

    private static readonly Dictionary<string, (string Good, string Bad)> Words = new()
    {
        ["format"] = ("it is well-formed", "it cannot be read"),
        ["issuer_key"] = ("a trusted authority vouches for its issuer", "no trusted authority vouches for its issuer"),
        ["issuer_signature"] = ("its issuer signed it and nobody changed it", "its issuer did not sign this"),
        ["digests"] = ("what is disclosed is what the issuer signed", "what is disclosed is not what the issuer signed"),
        ["disclosures"] = ("the disclosures follow the rules", "the disclosures break the rules"),
        ["validity"] = ("it is valid at this time", "it is not valid at this time"),
        ["type"] = ("its type is acceptable", "its type is not acceptable"),
        ["holder_key"] = ("it names its holder's key", "it does not name a usable key of its holder"),
        ["kb_signature"] = ("its holder signed this presentation", "its holder did not sign this presentation"),
        ["kb_audience"] = ("it was presented to this audience", "it was presented to somebody else"),
        ["kb_nonce"] = ("it answers this request", "it answers another request"),
        ["kb_time"] = ("it was presented just now", "it was not presented just now"),
        ["kb_sd_hash"] = ("its holder chose exactly these disclosures", "its holder chose other disclosures"),
        ["transaction_data"] = ("its holder agreed to the transaction", "its holder did not agree to the transaction"),
        ["status"] = ("it is neither revoked nor suspended", "it is revoked or suspended"),
        ["issuer_chain"] = ("a trusted authority vouches for its issuer", "no trusted authority vouches for its issuer"),
        ["doctype"] = ("its document type is the signed one and acceptable", "its document type is not acceptable"),
        ["value_digests"] = ("what is shown is what the issuer signed", "what is shown is not what the issuer signed"),
        ["device_auth"] = ("its holder's device answered this request", "its holder's device did not answer this request"),
        ["holder_binding"] = ("its holder shows it", "paper does not prove that its holder shows it"),
        ["key_authorizations"] = ("its device vouches for nothing beyond its rights", "its device vouches for more than it may"),
        ["query"] = ("it is what was asked for", "it is not what was asked for"),
        ["state"] = ("the response belongs to this session", "the response does not belong to this session"),
        ["response_mode"] = ("the response came as asked", "the response did not come as asked"),
        ["decryption"] = ("the response was decrypted", "the response could not be decrypted"),
        ["dcql_satisfied"] = ("everything asked for was presented", "not everything asked for was presented"),
    };

    internal static void Print(VerificationReport report, Terminal terminal)
    {
        terminal.Line(report.IsAccepted ? "ACCEPTED" : "NOT ACCEPTED");
        PrintOne(report, terminal);
        foreach (var part in report.Parts)
            PrintOne(part, terminal);
        foreach (var note in report.Notes)
            terminal.Line("note: " + TextSafety.ForTerminal(note));
    }

    private static void PrintOne(VerificationReport report, Terminal terminal)
    {
        if (report.Subject is { } subject)
        {
            terminal.Line();
            terminal.Line(TextSafety.ForTerminal($"{subject.Type ?? "unknown type"} ({subject.Format ?? "unknown format"})"));
        }
        foreach (var check in report.Checks.Where(check => check.Outcome != CheckOutcome.NotApplicable || check.Code is not null))
            terminal.Line($"  {Mark(check.Outcome),-13} {check.Id,-17} {Explain(check)}");
        if (report.TryGetVerified(out var verified))
        {
            terminal.Line("  claims:");
            JsonView.Print(verified.Claims, terminal, "    ", hidden: Technical);
        }
    }

    private static string Mark(CheckOutcome outcome) => outcome switch
    {
        CheckOutcome.Passed => "passed",
        CheckOutcome.Failed => "FAILED",
        CheckOutcome.Indeterminate => "COULD NOT SAY",
        CheckOutcome.NotApplicable => "not asked for",
        _ => "not run",
    };

    private static string Explain(VerificationCheck check)
    {
        var (good, bad) = Words.GetValueOrDefault(check.Id, (check.Id, check.Id));
        var section = check.Section is null ? "" : $", {check.Section}";
        return check.Outcome switch
        {
            CheckOutcome.Passed when check.Age is { } age => $"{good} (as of {age.TotalSeconds:0} s ago)",
            // What let it pass all the same, as a revocation list that was not to be had.
            CheckOutcome.Passed => check.Code is null ? good : $"{good} ({check.Code})",
            CheckOutcome.Failed => $"{bad} ({check.Code}{section})",
            CheckOutcome.Indeterminate => $"it could not be found out ({check.Code}{section})",
            CheckOutcome.NotApplicable => check.Code!,
            _ => $"waits for {check.BlockedBy ?? "an earlier check"}",
        };
    }
}
