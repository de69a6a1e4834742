using System.Collections.Frozen;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.Dcql;
using Credentials.Mdoc;
using Credentials.QrDocuments;
using Credentials.SdJwt;
using Credentials.W3c;

namespace Credentials.OpenId4Vp;

/// <summary>
/// The one door for "a response came in" (OpenID4VP 1.0 §8.6): a response, or a document without a session, goes in and one report
/// comes out. The claims of an accepted report are those that the query asked for, and no others.
/// </summary>
public static class VpTokenVerifier
{
    // A new format is one line here.
    private static readonly FrozenDictionary<string, FormatVerifier> s_formats = new Dictionary<string, FormatVerifier>
    {
        [CredentialFormat.SdJwtVc] = VerifySdJwtAsync,
        [CredentialFormat.Mdoc] = VerifyMdocAsync,
        [CredentialFormat.JwtVcJson] = VerifyW3cAsync,
        [CredentialFormat.LdpVc] = VerifyW3cAsync,
        [CredentialFormat.VcJwt] = VerifyW3cAsync,
        [CredentialFormat.VcDataIntegrity] = VerifyW3cAsync,
        [CredentialFormat.VcCose] = VerifyW3cAsync,
        [CredentialFormat.LegacySdJwtVc] = VerifyW3cAsync,
        [CredentialFormat.Hcert] = VerifyQrDocumentAsync,
        [CredentialFormat.QrCwt] = VerifyQrDocumentAsync,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private delegate Task<VerificationReport> FormatVerifier(
        string presentation, CredentialQuery? query, DocumentExpectations expected, CancellationToken cancellationToken);

    /// <summary>The credential formats that a query may ask a wallet for.</summary>
    public static IReadOnlyCollection<string> Formats { get; } =
    [
        CredentialFormat.SdJwtVc, CredentialFormat.Mdoc, CredentialFormat.JwtVcJson, CredentialFormat.LdpVc, CredentialFormat.VcJwt, CredentialFormat.VcDataIntegrity,
    ];

    /// <summary>The formats of documents without a session: those of wallets, and printed ones.</summary>
    public static IReadOnlyCollection<string> DocumentFormats => s_formats.Keys;

    /// <summary>Verifies a response.</summary>
    /// <param name="vpToken">The presentations; null if they could not be read, which the facts in <paramref name="expected"/> tell.</param>
    /// <param name="expected">What the request said, trust, time and status.</param>
    /// <param name="cancellationToken">Ends status requests early.</param>
    /// <exception cref="ProtocolException"><c>invalid_request</c>: the response has not the shape that the query allows: unknown ids, or
    /// several credentials where one was asked for. Nothing of it is verified then.</exception>
    /// <exception cref="NotSupportedCredentialException">The query asked for a format that is none of <see cref="Formats"/>.</exception>
    public static async Task<VerificationReport> VerifyAsync(
        VpToken? vpToken, PresentationExpectations expected, CancellationToken cancellationToken = default)
    {
        var recorder = new CheckRecorder(PresentationChecks.All, [PresentationChecks.State, PresentationChecks.Decryption]);
        RecordFacts(recorder, expected.Response);
        if (vpToken is null)
        {
            var unread = expected.Response.ResponseMode == CheckOutcome.Failed ? PresentationChecks.ResponseMode : PresentationChecks.Decryption;
            recorder.Block(unread, PresentationChecks.DcqlSatisfied);
            return VerificationReport.ForPresentation(recorder, []);
        }

        var presentations = Presented(vpToken, expected.Query);
        var transactions = TransactionAssignment.Assign(expected.TransactionData, presentations);
        var parts = new List<VerificationReport>();
        foreach (var presentation in presentations)
        {
            var part = new DocumentExpectations
            {
                Trust = expected.Trust,
                Status = expected.Status,
                StatusClient = expected.StatusClient,
                Revocation = expected.Revocation,
                IssuerMetadata = expected.IssuerMetadata,
                W3c = expected.W3c,
                Now = expected.Now,
                Binding = presentation.Query.RequireHolderBinding ? expected.Binding : null,
                TransactionData = transactions[presentation],
            };
            parts.Add(await s_formats[presentation.Query.Format](presentation.Text, presentation.Query, part, cancellationToken).ConfigureAwait(false));
        }
        RecordSatisfied(recorder, expected, presentations, transactions.Values.Sum(assigned => assigned.Count));
        return VerificationReport.ForPresentation(recorder, parts);
    }

    /// <summary>Verifies a document that came without a session. The checks of a session do not apply.</summary>
    /// <param name="text">The text of the document; surrounding white space does not count.</param>
    /// <param name="expected">Trust, time, status, and what the document must be.</param>
    /// <param name="cancellationToken">Ends status requests early.</param>
    public static async Task<VerificationReport> VerifyDocumentAsync(
        string text, DocumentExpectations expected, CancellationToken cancellationToken = default)
    {
        var recorder = new CheckRecorder(PresentationChecks.All, PresentationChecks.All);
        foreach (var id in PresentationChecks.All) recorder.NotApplicable(id, OpenId4VpCodes.NoSession);
        // Base45 has a space, which begins and ends no document: there it stands for more than a last digit can, and a prefix comes first.
        var document = text.Trim();
        if (expected.Query is null && SecuredText.Find(document) is { IsPresentation: true })
            return await W3cVerifier.VerifyPresentationAsync(SecuredText.ToContent(document), W3cExpectationsOf(null, expected), cancellationToken).ConfigureAwait(false);
        var part = await s_formats[DocumentText.FormatOf(document)](document, expected.Query, expected with { AcceptsJson = true }, cancellationToken)
            .ConfigureAwait(false);
        return VerificationReport.ForPresentation(recorder, [part]);
    }

    private static async Task<VerificationReport> VerifySdJwtAsync(
        string text, CredentialQuery? query, DocumentExpectations expected, CancellationToken cancellationToken)
    {
        DcqlAnswer? answer = null;
        var report = await SdJwtVerifier.VerifyAsync(
            text,
            new SdJwtExpectations
            {
                Trust = expected.Trust,
                Now = expected.Now,
                KeyBinding = expected.Binding is { } binding
                    ? KeyBindingExpectation.Required(binding.Audience, binding.Nonce) with { TransactionData = expected.TransactionData }
                    : KeyBindingExpectation.NotRequested,
                Status = expected.Status,
                StatusClient = expected.StatusClient,
                Revocation = expected.Revocation,
                IssuerMetadata = expected.IssuerMetadata,
                Profile = SdJwtProfile.VerifiableCredential with { AcceptsJson = expected.AcceptsJson },
                Types = query?.Types,
                QueryId = query?.Id,
                Query = query is null ? null : claims =>
                {
                    answer = DcqlAnswerCheck.Check(query, DcqlCandidate.ForSdJwt(SdJwtCredential.Parse(text), claims));
                    return answer.Code;
                },
            },
            cancellationToken).ConfigureAwait(false);
        if (!report.IsAccepted || answer is null) return report;
        var more = SdJwtCredential.Parse(text).ProcessUnverified().Disclosed.Any(disclosed => !answer.Covers(disclosed.Path));
        return report.WithClaims(_ => answer.Claims, more ? [DcqlCodes.MoreThanAsked] : []);
    }

    private static async Task<VerificationReport> VerifyMdocAsync(
        string text, CredentialQuery? query, DocumentExpectations expected, CancellationToken cancellationToken)
    {
        DcqlAnswer? answer = null;
        IssuerSigned? shown = null;
        // B.2.5. What is no base64url has no bytes either, which no mdoc is.
        StrictBase64Url.TryDecode(text, out var bytes);
        var report = await MdocVerifier.VerifyAsync(
            bytes,
            new MdocExpectations
            {
                Trust = expected.Trust,
                Now = expected.Now,
                DeviceAuth = expected.Binding is { } binding ? DeviceAuthExpectation.Required(binding.Transcript) : DeviceAuthExpectation.NotRequested,
                Status = expected.Status,
                StatusClient = expected.StatusClient,
                Revocation = expected.Revocation,
                DocTypes = query?.Types,
                QueryId = query?.Id,
                Query = query is null ? null : (mdoc, claims) =>
                {
                    shown = mdoc;
                    answer = DcqlAnswerCheck.Check(query, DcqlCandidate.ForMdoc(mdoc, claims));
                    return answer.Code;
                },
            },
            cancellationToken).ConfigureAwait(false);
        if (!report.IsAccepted || answer is null) return report;
        var more = shown!.NameSpaces.Any(space => space.Value.Any(item => !answer.Covers(ClaimPath.Of(space.Key, item.ElementIdentifier))));
        return report.WithClaims(_ => answer.Claims, more ? [DcqlCodes.MoreThanAsked] : []);
    }

    // Appendix B.1: with holder binding a presentation, without it the credential itself.
    private static async Task<VerificationReport> VerifyW3cAsync(
        string text, CredentialQuery? query, DocumentExpectations expected, CancellationToken cancellationToken)
    {
        DcqlAnswer? answer = null;
        var expectations = W3cExpectationsOf(query, expected) with
        {
            SecuredQuery = query is null ? null : (credential, document) =>
            {
                answer = DcqlAnswerCheck.Check(query, DcqlCandidate.ForW3c(credential, document, (expected.W3c ?? W3cSupport.Offline).Contexts));
                return answer.Code;
            },
        };
        var content = SecuredText.ToContent(text);
        // An SD-JWT is bound by a key binding JWT of its own, without a presentation around it.
        var isPresented = SecuredText.Find(text) is { } found ? found.IsPresentation || (expected.Binding is not null && found.Format != W3cFormats.SdJwt) : expected.Binding is not null;
        var report = isPresented
            ? await W3cVerifier.VerifyPresentedAsync(content, expectations, cancellationToken).ConfigureAwait(false)
            : await W3cVerifier.VerifyCredentialAsync(content, expectations, cancellationToken).ConfigureAwait(false);
        if (!report.IsAccepted || answer is null || !report.TryGetVerified(out var verified)) return report;
        return report.WithClaims(_ => answer.Claims, answer.CoversAll(W3cSubjects.ClaimsAbout(verified.Claims)) ? [] : [DcqlCodes.MoreThanAsked]);
    }

    private static W3cExpectations W3cExpectationsOf(CredentialQuery? query, DocumentExpectations expected)
    {
        var w3c = expected.W3c ?? W3cSupport.Offline;
        return new W3cExpectations
        {
            Trust = expected.Trust,
            Now = expected.Now,
            Binding = expected.Binding is { } binding
                ? KeyBindingExpectation.Required(binding.Audience, binding.Nonce) with { TransactionData = expected.TransactionData }
                : KeyBindingExpectation.NotRequested,
            Status = expected.Status,
            StatusClient = expected.StatusClient,
            BitstringStatusClient = w3c.StatusListClient,
            Revocation = expected.Revocation,
            IssuerMetadata = expected.IssuerMetadata,
            Identifiers = w3c.Identifiers,
            HolderIdentifiers = w3c.HolderIdentifiers,
            JsonLdContexts = w3c.Contexts,
            AcceptsDataModelV1 = query is null ? w3c.AcceptsDataModelV1 : query.Format is CredentialFormat.JwtVcJson or CredentialFormat.LdpVc,
            QueryId = query?.Id,
        };
    }

    private static async Task<VerificationReport> VerifyQrDocumentAsync(
        string text, CredentialQuery? query, DocumentExpectations expected, CancellationToken cancellationToken)
    {
        DcqlAnswer? answer = null;
        var report = await QrDocumentVerifier.VerifyAsync(
            text,
            new QrDocumentExpectations
            {
                Trust = expected.Trust,
                Now = expected.Now,
                IsHolderBindingRequired = expected.Binding is not null,
                Status = expected.Status,
                StatusClient = expected.StatusClient,
                Revocation = expected.Revocation,
                Types = query?.Types,
                QueryId = query?.Id,
                Query = query is null ? null : (document, claims) =>
                {
                    answer = DcqlAnswerCheck.Check(query, DcqlCandidate.ForQrDocument(document, claims));
                    return answer.Code;
                },
            },
            cancellationToken).ConfigureAwait(false);
        if (!report.IsAccepted || answer is null || !report.TryGetVerified(out var verified)) return report;
        return report.WithClaims(_ => answer.Claims, answer.CoversAll(verified.Claims) ? [] : [DcqlCodes.MoreThanAsked]);
    }

    private static IReadOnlyList<Presentation> Presented(VpToken vpToken, DcqlQuery query)
    {
        if (DcqlAnswerCheck.ShapeProblem(query, vpToken.Presentations.Select(entry => KeyValuePair.Create(entry.Key, entry.Value.Count))) is { } code)
            throw new ProtocolException(code, OpenId4VpErrors.InvalidRequest, "The response is no answer to the query.");
        if (vpToken.Presentations.Keys.Any(id => !Formats.Contains(query.Find(id)!.Format)))
            throw new NotSupportedCredentialException(OpenId4VpCodes.FormatNotSupported, "The query asks for a format that is not supported.");
        return [.. vpToken.Presentations.SelectMany(entry => entry.Value.Select(one => Read(query.Find(entry.Key)!, one)))];
    }

    // B.1.3.2.5: Data Integrity leaves an object, every other format a text.
    private static Presentation Read(CredentialQuery query, JsonElement presentation)
    {
        var isObject = query.Format is CredentialFormat.LdpVc or CredentialFormat.VcDataIntegrity;
        if (presentation.ValueKind != (isObject ? JsonValueKind.Object : JsonValueKind.String)) throw VpToken.Malformed("A presentation is no string or object, as its format asks for.");
        return new Presentation(query, isObject ? presentation.GetRawText() : presentation.GetString()!);
    }

    private static void RecordFacts(CheckRecorder recorder, ResponseFacts facts)
    {
        Record(PresentationChecks.State, facts.State, OpenId4VpCodes.StateMismatch, "OpenID4VP 1.0 §14.3.2");
        Record(PresentationChecks.ResponseMode, facts.ResponseMode, OpenId4VpCodes.ResponseMode, "OpenID4VP 1.0 §8.3.1");
        Record(PresentationChecks.Decryption, facts.Decryption, OpenId4VpCodes.Decryption, "OpenID4VP 1.0 §8.3");
        foreach (var id in new[] { PresentationChecks.ResponseMode, PresentationChecks.Decryption })
            if (recorder.Outcome(id) == CheckOutcome.Failed) recorder.Block(id, PresentationChecks.State, PresentationChecks.Decryption);

        void Record(string id, CheckOutcome outcome, string code, string section)
        {
            if (outcome == CheckOutcome.Passed) recorder.Pass(id);
            else if (outcome == CheckOutcome.Failed) recorder.Fail(id, code, section);
            else if (outcome == CheckOutcome.NotApplicable) recorder.NotApplicable(id, OpenId4VpCodes.NotRequested);
        }
    }

    private static void RecordSatisfied(
        CheckRecorder recorder, PresentationExpectations expected, IReadOnlyList<Presentation> presentations, int authorized)
    {
        var answered = presentations.Select(presentation => presentation.Query.Id).ToHashSet(StringComparer.Ordinal);
        if (!DcqlAnswerCheck.IsSatisfied(expected.Query, answered))
            recorder.Fail(PresentationChecks.DcqlSatisfied, DcqlCodes.NotSatisfied, "OpenID4VP 1.0 §6.4.2");
        else if (authorized < expected.TransactionData.Count)
            recorder.Fail(PresentationChecks.DcqlSatisfied, OpenId4VpCodes.TransactionData, "OpenID4VP 1.0 §8.4");
        else
            recorder.Pass(PresentationChecks.DcqlSatisfied);
    }
}
