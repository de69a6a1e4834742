namespace Credentials.OpenId4Vp;

/// <summary>What reading a response showed, before anything in it was verified.</summary>
/// <param name="State">Whether the state is the request's.</param>
/// <param name="ResponseMode">Whether the answer came as asked.</param>
/// <param name="Decryption">Whether it could be decrypted.</param>
public sealed record ResponseFacts(CheckOutcome State, CheckOutcome ResponseMode, CheckOutcome Decryption)
{
    /// <summary>True if the answer belongs to the request and came as asked, so that its content may be looked at.</summary>
    public bool AllAccept =>
        new[] { State, ResponseMode, Decryption }.All(outcome => outcome is CheckOutcome.Passed or CheckOutcome.NotApplicable);
}
