namespace Credentials.X509;

/// <summary>How a verifier wants the revocation of signers' certificates checked.</summary>
/// <param name="Mode">Whether lists are asked for.</param>
/// <param name="MaxAge">How old a copy may be before a newer one is asked for; null: until its own next update.</param>
public sealed record CrlPolicy(CrlMode Mode = CrlMode.Online, TimeSpan? MaxAge = null)
{
    /// <summary>Let what cannot be checked pass, as not checked. Off: it is refused.</summary>
    public bool FailOpen { get; init; }

    /// <summary>How a report shows a result: what is unknown is never passed, and not applicable only where this policy says so.</summary>
    public CheckOutcome OutcomeOf(CrlResult result) => result.Outcome switch
    {
        CrlOutcome.Valid => CheckOutcome.Passed,
        CrlOutcome.Revoked => CheckOutcome.Failed,
        _ => FailOpen || Mode == CrlMode.Skip ? CheckOutcome.NotApplicable : CheckOutcome.Indeterminate,
    };
}
