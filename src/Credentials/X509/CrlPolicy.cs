namespace Credentials.X509;

/// <summary>How a verifier wants the revocation of signers' certificates checked.</summary>
/// <param name="Mode">Whether lists are asked for.</param>
/// <param name="MaxAge">How old a copy may be before a newer one is asked for; null: until its own next update.</param>
public sealed record CrlPolicy(CrlMode Mode = CrlMode.Online, TimeSpan? MaxAge = null)
{
    /// <summary>Let what cannot be checked pass, as not checked. Off: it is refused.</summary>
    public bool FailOpen { get; init; }

    /// <summary>Ask for lists, and go on where there is none to be had, or none within two seconds.</summary>
    public static CrlPolicy IfAvailable { get; } = new() { FailOpen = true };

    /// <summary>The policy of a word in options and files: <c>if-available</c>, <c>required</c> or <c>skip</c>; null: no such word.</summary>
    public static CrlPolicy? Named(string word) => word switch
    {
        "if-available" => IfAvailable,
        "required" => new(),
        "skip" => new(CrlMode.Skip),
        _ => null,
    };

    /// <summary>How a report shows a result: what is unknown is never passed, and not applicable only where this policy says so.</summary>
    public CheckOutcome OutcomeOf(CrlResult result) => result.Outcome switch
    {
        CrlOutcome.Valid => CheckOutcome.Passed,
        CrlOutcome.Revoked => CheckOutcome.Failed,
        CrlOutcome.NoList => CheckOutcome.NotApplicable,
        _ => FailOpen || Mode == CrlMode.Skip ? CheckOutcome.NotApplicable : CheckOutcome.Indeterminate,
    };
}
