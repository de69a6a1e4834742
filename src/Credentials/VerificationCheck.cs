namespace Credentials;

/// <summary>One line of a <see cref="VerificationReport"/>.</summary>
/// <param name="Id">The check, as listed in spec/verification-report.md.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Code">The stable reason, for every outcome but a plain pass.</param>
/// <param name="BlockedBy">For <see cref="CheckOutcome.NotRun"/>: the check that kept this one from running.</param>
/// <param name="Section">The rule that was broken, for example <c>RFC 9901 §7.1</c>.</param>
/// <param name="Age">How old the evidence was that the check used (a cached status list).</param>
public sealed record VerificationCheck(
    string Id, CheckOutcome Outcome, string? Code = null, string? BlockedBy = null, string? Section = null, TimeSpan? Age = null)
{
    /// <summary>Whether it keeps nothing from being accepted.</summary>
    internal bool Accepts => Outcome is CheckOutcome.Passed or CheckOutcome.NotApplicable;
}
