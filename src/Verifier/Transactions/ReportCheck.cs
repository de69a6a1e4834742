namespace Credentials.Verifier.Transactions;

/// <summary>One check of a stored report.</summary>
internal sealed record ReportCheck(string? QueryId, string Id, string Outcome, string? Code, long? AgeSeconds = null)
{
    /// <summary>Whether this check kept the answer from being accepted.</summary>
    public bool IsObstacle => Outcome is not ("passed" or "not_applicable");
}
