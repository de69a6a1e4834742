using System.Text;

namespace Credentials.W3c;

/// <summary>
/// Decides whether a credential or presentation of the W3C data model is to be accepted (Data Model 2.0 §7.1 and Appendix A; VC-JOSE-COSE
/// §5). Whatever it contains, the answer is a report and never an exception; all checks that can run do.
/// </summary>
public static class W3cVerifier
{
    /// <summary>Verifies an untrusted credential by itself.</summary>
    /// <param name="content">A JWT, an SD-JWT, a COSE message, or JSON: an enveloped credential, or one with embedded proofs; without white space around it.</param>
    /// <param name="expected">What it must meet.</param>
    /// <param name="ct">Ends requests for keys and status early.</param>
    /// <returns>The report on it; its claims are the whole document.</returns>
    public static Task<VerificationReport> VerifyCredentialAsync(ReadOnlyMemory<byte> content, W3cExpectations expected, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(expected);
        return new CredentialVerification(expected, presenter: null).RunAsync(
            () => SecuredDocument.ParseCredential(content, expected.AcceptsDataModelV1, expected.Limits.MaxCredentialLength), ct);
    }

    /// <inheritdoc cref="VerifyCredentialAsync(ReadOnlyMemory{byte}, W3cExpectations, CancellationToken)"/>
    public static Task<VerificationReport> VerifyCredentialAsync(string content, W3cExpectations expected, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        return VerifyCredentialAsync(Encoding.UTF8.GetBytes(content), expected, ct);
    }

    /// <summary>
    /// Verifies an untrusted presentation and every credential in it. Each part's <c>holder_binding</c> fails too where the presentation
    /// as a whole does, so that a part is never accepted by itself.
    /// </summary>
    /// <param name="content">A JWT, a COSE message, or JSON: an enveloped presentation, or one with embedded proofs.</param>
    /// <param name="expected">What it must meet; types and query are those of the credentials.</param>
    /// <param name="ct">Ends requests for keys and status early.</param>
    /// <returns>The report on the whole, with one part for each credential.</returns>
    public static Task<VerificationReport> VerifyPresentationAsync(ReadOnlyMemory<byte> content, W3cExpectations expected, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(expected);
        return new PresentationVerification(expected).RunAsync(content, ct);
    }

    /// <summary>Verifies a presentation of exactly one credential; the report is that on the credential, and its holder binding says what is wrong with the presentation.</summary>
    internal static async Task<VerificationReport> VerifyPresentedAsync(ReadOnlyMemory<byte> content, W3cExpectations expected, CancellationToken ct)
    {
        var report = await VerifyPresentationAsync(content, expected, ct).ConfigureAwait(false);
        if (report.Parts is [var only]) return only;
        var recorder = new CheckRecorder(W3cChecks.All, W3cChecks.MayBeNotApplicable);
        var fault = report.Checks.FirstOrDefault(check => check.Outcome is not (CheckOutcome.Passed or CheckOutcome.NotApplicable));
        var code = report.Parts.Count > 1 ? W3cCodes.SeveralCredentials : fault?.Code ?? W3cCodes.NoCredential;
        recorder.Fail(W3cChecks.Format, code, fault?.Section ?? "OpenID4VP 1.0 §8.1");
        recorder.BlockRest(W3cChecks.Format);
        return VerificationReport.ForCredential(new ReportSubject(null, null, expected.QueryId), recorder, () => throw new InvalidOperationException("It is refused."));
    }

    /// <inheritdoc cref="VerifyPresentationAsync(ReadOnlyMemory{byte}, W3cExpectations, CancellationToken)"/>
    public static Task<VerificationReport> VerifyPresentationAsync(string content, W3cExpectations expected, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        return VerifyPresentationAsync(Encoding.UTF8.GetBytes(content), expected, ct);
    }
}
