using System.Text.Json;
using Credentials.Codecs;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.Trust;
using Credentials.X509;

namespace Credentials.QrDocuments;

/// <summary>
/// Decides whether a printed document is to be accepted: an HCERT, or one of our own profile. Whatever the text contains, the answer is a
/// report and never an exception; all checks that can run do, and none but the status needs the network.
/// </summary>
public static class QrDocumentVerifier
{
    /// <summary>Verifies the text of a QR code.</summary>
    /// <param name="text">The text as it was scanned; white space around it is part of it.</param>
    /// <param name="expected">What it must meet.</param>
    /// <param name="ct">Ends a status request early.</param>
    /// <returns>The report; its claims are what the document says, without the claims of the message around it.</returns>
    public static async Task<VerificationReport> VerifyAsync(string text, QrDocumentExpectations expected, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(expected);
        QrDocument document;
        try
        {
            document = QrDocument.Parse(text);
        }
        catch (CredentialException e)
        {
            return Unreadable(text, e.Code, expected);
        }

        return await new Run(document, expected).ReportAsync(ct).ConfigureAwait(false);
    }

    private static VerificationReport Unreadable(string text, string code, QrDocumentExpectations expected)
    {
        var recorder = new CheckRecorder(QrDocumentChecks.All, []);
        recorder.Fail(QrDocumentChecks.Format, code, "HCERT §4.2");
        recorder.BlockRest(QrDocumentChecks.Format);
        return VerificationReport.ForCredential(
            new ReportSubject(QrDocumentText.FormatOf(text), null, expected.QueryId), recorder, static () => throw new InvalidOperationException());
    }

    /// <summary>One verification of a document that could be read.</summary>
    private sealed class Run(QrDocument document, QrDocumentExpectations expected)
    {
        private readonly CheckRecorder _recorder = new(QrDocumentChecks.All, [QrDocumentChecks.HolderBinding, QrDocumentChecks.Status, QrDocumentChecks.Query]);
        private JsonElement? _claims;

        public async Task<VerificationReport> ReportAsync(CancellationToken ct)
        {
            // HCERT §6.3: the signature first, and only then what the document says.
            var signer = QrSigner.Find(document, expected);
            CheckContent(signer);
            Record(QrDocumentChecks.Validity, ValidityFault(), "HCERT §3.3.5, §3.3.6");
            Record(QrDocumentChecks.Type, expected.Types?.Contains(document.Type) != false ? null : QrDocumentCodes.TypeNotExpected, "OpenID4VP 1.0 §6.1");
            if (expected.IsHolderBindingRequired) _recorder.Fail(QrDocumentChecks.HolderBinding, QrDocumentCodes.NoHolderBinding, "OpenID4VP 1.0 §6.1");
            else _recorder.NotApplicable(QrDocumentChecks.HolderBinding, QrDocumentCodes.NoHolderBinding);
            await CheckStatusAsync(signer, ct).ConfigureAwait(false);
            CheckQuery();
            return VerificationReport.ForCredential(
                new ReportSubject(document.Format, document.Type, expected.QueryId), _recorder,
                () => new VerifiedCredential(document.Format, document.Type, _claims!.Value)
                {
                    Issuer = document.UnverifiedClaims.Issuer,
                    ExpiresAt = document.UnverifiedClaims.ExpiresAt,
                    Anchor = signer.Anchor,
                });
        }

        /// <summary>The signer and what it may sign go together: which kind of certificate it is stands in the content.</summary>
        private void CheckContent(QrSigner signer)
        {
            DccKind? kind = document.IsHcert ? DccContent.KindOf(document.UnverifiedContent) : null;
            Record(QrDocumentChecks.Format, ContentFault(kind), "HCERT §3.3.7");
            // A content of no known kind says nothing about usages, and is refused by its form.
            var maySign = signer.Certificate is not { } certificate || (document.IsHcert && kind is null) || DccKeyUsage.Allows(certificate, kind);
            Record(QrDocumentChecks.IssuerKey, signer.Fault ?? (maySign ? null : X509Codes.ExtendedKeyUsage), "HCERT §3.3.3, Appendix A");
            if (signer.IsSigned is not { } isSigned) _recorder.Block(QrDocumentChecks.IssuerKey, QrDocumentChecks.IssuerSignature);
            else Record(QrDocumentChecks.IssuerSignature, isSigned ? null : QrDocumentCodes.SignatureInvalid, "HCERT §3.2");
        }

        private string? ContentFault(DccKind? kind)
        {
            if (document.IsHcert ? kind is null : !IsTextMap(document.UnverifiedContent)) return QrDocumentCodes.Content;
            try
            {
                _claims = CborJson.ToJson(document.UnverifiedContent);
                return null;
            }
            catch (MalformedDataException)
            {
                return QrDocumentCodes.Content;
            }
        }

        private static bool IsTextMap(CborValue content)
        {
            if (content.Kind != CborKind.Map) return false;
            foreach (var (key, _) in content.EnumerateMap())
                if (key.Kind != CborKind.TextString) return false;
            return true;
        }

        private string? ValidityFault()
        {
            var (now, skew, claims) = (expected.Now, expected.ClockSkew, document.UnverifiedClaims);
            if (claims.ExpiresAt is not { } expires || claims.IssuedAt is not { } issued) return QrDocumentCodes.ValidityMissing;
            if (issued - skew > now || claims.NotBefore - skew > now) return QrDocumentCodes.NotYetValid;
            return expires + skew < now ? QrDocumentCodes.Expired : null;
        }

        /// <summary>Last of all that can fail: lists are fetched for a document that is otherwise good, and for no other.</summary>
        private async Task CheckStatusAsync(QrSigner signer, CancellationToken ct)
        {
            if (_recorder.FirstFault(QrDocumentChecks.Status, QrDocumentChecks.Query) is null)
                await SignerRevocation.CheckAsync(_recorder, QrDocumentChecks.IssuerKey, expected.Revocation, signer.Chain, signer.Anchor, expected.Now, ct).ConfigureAwait(false);
            if (_recorder.FirstFault(QrDocumentChecks.Status, QrDocumentChecks.Query) is { } fault)
            {
                _recorder.Block(fault, QrDocumentChecks.Status);
                return;
            }

            var authority = new StatusAuthority(expected.Trust, signer.Authority(document, expected), signer.Key, document.Type);
            await StatusCheck.RecordAsync(_recorder, document.ReadStatus, expected.Status, expected.StatusClient, authority, expected.Now, ct).ConfigureAwait(false);
        }

        private void CheckQuery()
        {
            if (expected.Query is not { } query) _recorder.NotApplicable(QrDocumentChecks.Query, SdJwtCodes.QueryNotRequested);
            else if (_claims is not { } claims) _recorder.Block(QrDocumentChecks.Format, QrDocumentChecks.Query);
            else Record(QrDocumentChecks.Query, query(document, claims), "OpenID4VP 1.0 §6");
        }

        private void Record(string id, string? fault, string section)
        {
            if (fault is null) _recorder.Pass(id);
            else _recorder.Fail(id, fault, section);
        }
    }
}
