namespace Credentials.Issuer.Formats;

/// <summary>What the issuer's own verifier found in a credential that was just made.</summary>
internal static class SelfCheck
{
    /// <exception cref="InvalidOperationException">It would not be accepted, or is not what was ordered: it must not leave.</exception>
    internal static void Require(VerificationReport report, Func<VerifiedCredential, bool> isAsOrdered)
    {
        if (report.TryGetVerified(out var verified) && isAsOrdered(verified))
            return;
        var failed = string.Join(", ", report.Checks.Where(check => check.Outcome is CheckOutcome.Failed or CheckOutcome.NotRun).Select(check => $"{check.Id}={check.Code}"));
        throw new InvalidOperationException($"{IssuerCodes.SelfCheck}: {failed}");
    }
}
