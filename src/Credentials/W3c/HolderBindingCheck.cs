using Credentials.Dids;
using Credentials.Keys;
using Credentials.SdJwt;
using Credentials.StatusLists;

namespace Credentials.W3c;

/// <summary>
/// Records <c>holder_binding</c>: the credential is presented by who it was issued to (Data Model 2.0 Appendix A.4), for this verifier and
/// this request. It belongs to the key of its <c>cnf</c> if it has one, else to the identifier of a subject.
/// </summary>
internal sealed class HolderBindingCheck(CheckRecorder recorder, W3cExpectations expected, Presenter? presenter)
{
    private const string Section = "Data Model 2.0 §A.4";

    public void Run(SecuredDocument secured, W3cCredential credential)
    {
        if (presenter is { Fault: { } undecided, IsUndecided: true }) recorder.Indeterminate(W3cChecks.HolderBinding, undecided, Section);
        else if (presenter?.Fault is { } presented) recorder.Fail(W3cChecks.HolderBinding, presented, Section);
        else if (!expected.Binding.IsRequired) recorder.NotApplicable(W3cChecks.HolderBinding, SdJwtCodes.BindingNotRequested);
        else if (presenter is null && secured is SdJwtDocument { SdJwt.KeyBindingJwt: not null } sdJwt) RunKeyBinding(sdJwt.SdJwt);
        else if (presenter is null) recorder.Fail(W3cChecks.HolderBinding, SdJwtCodes.BindingMissing, Section);
        else if (FindFault(secured, credential, presenter) is { } fault) recorder.Fail(W3cChecks.HolderBinding, fault, Section);
        else recorder.Pass(W3cChecks.HolderBinding);
    }

    /// <summary>The key of <c>cnf</c>, or of the one subject whose identifier is a key itself; null where there is neither.</summary>
    public static PublicKey? FindHolderKey(SecuredDocument secured, W3cCredential credential) =>
        ReadConfirmation(() => secured) ?? (credential.SubjectIds is [var id] ? SelfCertifying.FindKey(id) : null);

    /// <summary>The key of <c>cnf</c>; null where there is none that can be used.</summary>
    public static PublicKey? ReadConfirmation(Func<SecuredDocument> secured)
    {
        try
        {
            return secured().Claims.HolderKey();
        }
        catch (CredentialException)
        {
            return null;
        }
    }

    private string? FindFault(SecuredDocument secured, W3cCredential credential, Presenter who)
    {
        // No W3C presentation says what transaction it confirms.
        if (expected.Binding.TransactionData.Count > 0) return SdJwtCodes.TransactionDataMismatch;
        try
        {
            if (secured.Claims.HolderKey() is { } key) return key.Equals(who.Key) ? null : W3cCodes.SubjectMismatch;
        }
        catch (CredentialException e)
        {
            return e.Code;
        }

        if (credential.SubjectIds.Count == 0) return SdJwtCodes.HolderKeyMissing;
        return who.Identifier is not null && credential.SubjectIds.Contains(who.Identifier) ? null : W3cCodes.SubjectMismatch;
    }

    /// <summary>An SD-JWT may bring its own key binding JWT instead of a presentation around it (RFC 9901 §7.3).</summary>
    private void RunKeyBinding(SdJwtCredential credential)
    {
        var checks = new CheckRecorder(SdJwtChecks.All, [SdJwtChecks.TransactionData]);
        new KeyBindingVerification(checks, credential, new SdJwtExpectations
        {
            Trust = expected.Trust,
            Now = expected.Now,
            KeyBinding = expected.Binding,
            Status = new StatusPolicy(StatusMode.Skip),
            ClockSkew = expected.ClockSkew,
        }).Run();
        string[] made = [.. SdJwtChecks.KeyBinding, SdJwtChecks.TransactionData];
        var failed = checks.Checks.FirstOrDefault(check => made.Contains(check.Id) && check.Outcome is not (CheckOutcome.Passed or CheckOutcome.NotApplicable));
        if (failed is null) recorder.Pass(W3cChecks.HolderBinding);
        else recorder.Fail(W3cChecks.HolderBinding, failed.Code ?? SdJwtCodes.BindingMissing, "RFC 9901 §7.3");
    }
}
