using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.Keys;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.Trust;
using Credentials.X509;

namespace Credentials.Mdoc;

/// <summary>
/// Decides whether an mdoc, or a presentation of one, is to be accepted (ISO/IEC 18013-5 §9.3). Whatever the bytes contain,
/// the answer is a report and never an exception; all checks that can run do.
/// </summary>
public static class MdocVerifier
{
    private static readonly string[] s_mayBeNotApplicable = [MdocChecks.Status, MdocChecks.Query];
    private static readonly string[] s_mayBeUnbound = [MdocChecks.DeviceAuth, MdocChecks.KeyAuthorizations, .. s_mayBeNotApplicable];

    /// <summary>
    /// Verifies untrusted bytes: a DeviceResponse with exactly one document, or IssuerSigned alone, which proves no
    /// possession of the device key.
    /// </summary>
    /// <param name="bytes">The encoded structure. Not copied; must not change afterwards.</param>
    /// <param name="expected">What it must meet.</param>
    /// <param name="ct">Ends a status request early.</param>
    /// <returns>The report; its claims are namespace → element → value.</returns>
    public static Task<VerificationReport> VerifyAsync(ReadOnlyMemory<byte> bytes, MdocExpectations expected, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(expected);
        try
        {
            var map = CborValue.Decode(bytes, MdocCodes.Malformed);
            if (map.Find("issuerAuth"u8) is not null)
                return VerifyAsync(null, IssuerSigned.Parse(map), null, expected, ct);
            var response = DeviceResponse.Parse(map);
            // OpenID4VP 1.0 Appendix B.2: each mdoc comes in a response of its own.
            if (response is { Status: 0, Documents: [var document] }) return VerifyAsync(document, expected, ct);
            return Task.FromResult(Unreadable(MdocCodes.Documents, expected));
        }
        catch (CredentialException e)
        {
            return Task.FromResult(Unreadable(e.Code, expected));
        }
    }

    /// <summary>Verifies one document of a response, as in proximity, where a response may have several.</summary>
    /// <inheritdoc cref="VerifyAsync(ReadOnlyMemory{byte}, MdocExpectations, CancellationToken)"/>
    public static Task<VerificationReport> VerifyAsync(MdocDocument document, MdocExpectations expected, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(expected);
        return VerifyAsync(document.DocType, document.IssuerSigned, document.DeviceSigned, expected, ct);
    }

    private static Task<VerificationReport> VerifyAsync(
        string? docType, IssuerSigned issuerSigned, DeviceSigned? deviceSigned, MdocExpectations expected, CancellationToken ct)
    {
        try
        {
            // A device key that cannot be read is as good as none, with or without a session.
            return new Run(docType, issuerSigned, deviceSigned, issuerSigned.SecurityObject.DeviceKey, expected).ReportAsync(ct);
        }
        catch (CredentialException e)
        {
            return Task.FromResult(Unreadable(e.Code, expected));
        }
    }

    /// <summary>
    /// Verifies a response against the request that it answers. Documents that were not asked for are passed over, and of each
    /// document only the data elements that were asked for are passed on.
    /// </summary>
    /// <param name="response">The response as received.</param>
    /// <param name="request">The request as sent.</param>
    /// <param name="expected">What each document must meet; the document type is that of its request.</param>
    /// <param name="ct">Ends a status request early.</param>
    /// <returns>One answer for each document request, in order.</returns>
    public static async Task<IReadOnlyList<DocumentAnswer>> VerifyAsync(
        DeviceResponse response, DeviceRequest request, MdocExpectations expected, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(response);
        ArgumentNullException.ThrowIfNull(request);
        var (left, answers) = (response.Documents.ToList(), new List<DocumentAnswer>(request.DocRequests.Count));
        foreach (var asked in request.DocRequests.Select(one => one.ItemsRequest))
        {
            var document = left.Find(one => one.DocType == asked.DocType);
            if (document is null)
            {
                answers.Add(new DocumentAnswer(asked, null, asked.All));
                continue;
            }

            left.Remove(document);
            var report = await VerifyAsync(document, expected with { DocTypes = [asked.DocType] }, ct).ConfigureAwait(false);
            answers.Add(new DocumentAnswer(asked, OnlyAsked(report, document.IssuerSigned, asked), asked.FindMissing(document.IssuerSigned)));
        }

        return answers;
    }

    private static VerificationReport OnlyAsked(VerificationReport report, IssuerSigned shown, ItemsRequest asked)
    {
        if (!report.IsAccepted) return report;
        var answers = asked.FindAnswers(shown).ToHashSet();
        var only = shown.Select((nameSpace, element) => answers.Contains((nameSpace, element)));
        return only.Count == shown.Count ? report : report.WithClaims(_ => only.UnverifiedClaims(), [MdocCodes.MoreThanAsked]);
    }

    private static VerificationReport Unreadable(string code, MdocExpectations expected)
    {
        var recorder = new CheckRecorder(MdocChecks.All, []);
        recorder.Fail(MdocChecks.Format, code, "ISO/IEC 18013-5 §8.3.2.1.2.2");
        recorder.BlockRest(MdocChecks.Format);
        return VerificationReport.ForCredential(
            new ReportSubject(CredentialFormat.Mdoc, null, expected.QueryId), recorder, static () => throw new InvalidOperationException());
    }

    /// <summary>One verification of an mdoc that could be read.</summary>
    private sealed class Run(string? docType, IssuerSigned issuerSigned, DeviceSigned? deviceSigned, Keys.PublicKey deviceKey, MdocExpectations expected)
    {
        private readonly CheckRecorder _recorder = new(MdocChecks.All, expected.DeviceAuth.Transcript is null ? s_mayBeUnbound : s_mayBeNotApplicable);
        private readonly MobileSecurityObject _signed = issuerSigned.SecurityObject;
        private TrustDecision? _issuer;
        private X509Certificate2? _signer;
        private Keys.PublicKey? _issuerKey;
        private JsonElement? _claims;
        private bool _isRepeated;

        public async Task<VerificationReport> ReportAsync(CancellationToken ct)
        {
            ReadClaims();
            CheckIssuer();
            Record(MdocChecks.DocType, DocTypeFault(), "ISO/IEC 18013-5 §9.3.1");
            Record(MdocChecks.ValueDigests, DigestFault(), "ISO/IEC 18013-5 §9.1.2.5");
            Record(MdocChecks.Validity, ValidityFault(), "ISO/IEC 18013-5 §9.3.1");
            await CheckDeviceAsync(ct).ConfigureAwait(false);
            await CheckStatusAsync(ct).ConfigureAwait(false);
            CheckQuery();
            return VerificationReport.ForCredential(
                new ReportSubject(CredentialFormat.Mdoc, _signed.DocType, expected.QueryId), _recorder,
                () => new VerifiedCredential(CredentialFormat.Mdoc, _signed.DocType, _claims!.Value)
                {
                    HolderKey = deviceKey,
                    ExpiresAt = _signed.Validity.ValidUntil,
                    Anchor = _issuer!.Anchor,
                });
        }

        private void ReadClaims()
        {
            string? fault = null;
            try
            {
                _claims = issuerSigned.UnverifiedClaims();
                fault = MdocElements.FindTypeFault(_signed.DocType, issuerSigned);
            }
            catch (MalformedDataException e)
            {
                // A repeated element is the digests' matter; its claims are then not passed on.
                _isRepeated = e.Code == MdocCodes.ElementRepeated;
                fault = _isRepeated ? null : e.Code;
            }

            Record(MdocChecks.Format, fault, "ISO/IEC 18013-5 §7.2.1");
        }

        private void CheckIssuer()
        {
            var fault = ReadIssuer();
            if (_issuerKey is null)
            {
                _recorder.Fail(MdocChecks.IssuerChain, fault!, "ISO/IEC 18013-5 §9.3.1");
                _recorder.Block(MdocChecks.IssuerChain, MdocChecks.IssuerSignature);
                return;
            }

            Record(MdocChecks.IssuerChain, fault ?? CountryFault(), "ISO/IEC 18013-5 §9.3.1");
            Record(MdocChecks.IssuerSignature, issuerSigned.IssuerAuth.Verify(_issuerKey) ? null : MdocCodes.SignatureInvalid, "ISO/IEC 18013-5 §9.3.1");
        }

        /// <summary>Finds the signer's certificate and key, and why they are not to be trusted.</summary>
        private string? ReadIssuer()
        {
            try
            {
                if (issuerSigned.IssuerAuth.Headers.X5Chain() is not { } chain) return MdocCodes.ChainMissing;
                _issuer = expected.Trust.EvaluateChain(chain, TrustPurpose.CredentialIssuer, _signed.DocType, expected.Now, Profile);
                _signer = _issuer.Certificate ?? CertificateReader.FromDer(chain[0].Span);
                _issuerKey = _issuer.Key ?? Keys.PublicKey.FromCertificate(_signer);
                return _issuer.Code;
            }
            catch (CredentialException e)
            {
                return _issuer?.Code ?? e.Code;
            }
        }

        /// <summary>ISO/IEC 18013-5 Annex B is about driving licences; for other document types the anchor's profile decides.</summary>
        private CertificateProfile Profile => IsLicence ? CertificateProfile.MdocDocumentSigner : CertificateProfile.MdocIssuer;

        private bool IsLicence => _signed.DocType == MdocNames.MdlDocType;

        /// <summary>§9.3.1: where the data name the issuing country or jurisdiction, the certificate names the same.</summary>
        private string? CountryFault()
        {
            if (!IsLicence) return null;
            var subject = CertificateSubject.Of(_signer!);
            return Contradicts("issuing_country", subject.Countries) || (subject.StatesOrProvinces.Count > 0 && Contradicts("issuing_jurisdiction", subject.StatesOrProvinces))
                ? MdocCodes.IssuingCountry
                : null;

            bool Contradicts(string element, IReadOnlyList<string> named) =>
                issuerSigned.NameSpaces.GetValueOrDefault(MdocNames.MdlNamespace)?.FirstOrDefault(item => item.ElementIdentifier == element)
                    is { ElementValue.Kind: CborKind.TextString } item && !named.Contains(item.ElementValue.GetText(), StringComparer.Ordinal);
        }

        private string? DocTypeFault()
        {
            if (docType is not null && docType != _signed.DocType) return MdocCodes.DocTypeMismatch;
            return expected.DocTypes?.Contains(_signed.DocType) != false ? null : MdocCodes.DocTypeNotExpected;
        }

        private string? DigestFault()
        {
            if (MdocDigest.Find(_signed.DigestAlgorithm) is not { } digest) return MdocCodes.DigestAlgorithm;
            if (_isRepeated) return MdocCodes.ElementRepeated;
            foreach (var (nameSpace, items) in issuerSigned.NameSpaces)
            {
                if (HasRepeatedIds(items)) return MdocCodes.ElementRepeated;
                foreach (var item in items)
                {
                    if (_signed.FindDigest(nameSpace, item.DigestId) is not { } signed) return MdocCodes.DigestMissing;
                    if (!digest.Matches(signed.Span, item.Encoded.Bytes.Span)) return MdocCodes.DigestMismatch;
                }
            }

            return null;
        }

        private static bool HasRepeatedIds(IReadOnlyList<IssuerSignedItem> items)
        {
            Span<long> ids = items.Count <= 64 ? stackalloc long[items.Count] : new long[items.Count];
            for (var i = 0; i < ids.Length; i++) ids[i] = items[i].DigestId;
            ids.Sort();
            for (var i = 1; i < ids.Length; i++)
            {
                if (ids[i] == ids[i - 1]) return true;
            }

            return false;
        }

        private string? ValidityFault()
        {
            var (now, skew, validity) = (expected.Now, expected.ClockSkew, _signed.Validity);
            if (validity.ValidUntil < validity.ValidFrom || validity.ValidFrom < validity.Signed) return MdocCodes.ValidityMalformed;
            if (_signer is not null && (validity.Signed < _signer.NotBefore || validity.Signed > _signer.NotAfter)) return MdocCodes.SignedOutsideCertificate;
            if (validity.ValidFrom - skew > now) return MdocCodes.NotYetValid;
            return validity.ValidUntil + skew < now ? MdocCodes.Expired : null;
        }

        private async Task CheckDeviceAsync(CancellationToken ct)
        {
            if (expected.DeviceAuth.Transcript is not { } transcript)
            {
                _recorder.NotApplicable(MdocChecks.DeviceAuth, SdJwtCodes.BindingNotRequested);
                _recorder.NotApplicable(MdocChecks.KeyAuthorizations, SdJwtCodes.BindingNotRequested);
                return;
            }

            Record(MdocChecks.DeviceAuth, await DeviceAuthFaultAsync(transcript, ct).ConfigureAwait(false), "ISO/IEC 18013-5 §9.1.3");
            var authorized = deviceSigned?.Elements.All(element => _signed.KeyAuthorizations.Allow(element.NameSpace, element.Element)) != false;
            Record(MdocChecks.KeyAuthorizations, authorized ? null : MdocCodes.NotAuthorized, "ISO/IEC 18013-5 §9.1.2.4");
        }

        private async ValueTask<string?> DeviceAuthFaultAsync(SessionTranscript transcript, CancellationToken ct)
        {
            if (deviceSigned is null) return MdocCodes.DeviceAuthMissing;
            var payload = DeviceAuthentication.Bytes(transcript, docType!, deviceSigned.NameSpaces);
            if (deviceSigned.Signature is { } signature) return signature.Verify(deviceKey, payload) ? null : MdocCodes.DeviceAuthInvalid;
            if (expected.DeviceAuth.ReaderKey is not { } readerKey || deviceKey.Algorithm != SignatureAlgorithm.Es256) return MdocCodes.DeviceMacUnusable;
            var agreementKey = KeyAgreementPublicKey.FromCoordinates(deviceKey.X, deviceKey.Y);
            var key = await DeviceAuthentication.MacKeyAsync(readerKey, agreementKey, transcript, ct).ConfigureAwait(false);
            return deviceSigned.Mac!.Verify(key, payload) ? null : MdocCodes.DeviceAuthInvalid;
        }

        /// <summary>Last of all that can fail: lists are fetched for an mdoc that is otherwise good, and for no other.</summary>
        private async Task CheckStatusAsync(CancellationToken ct)
        {
            if (_recorder.FirstFault(MdocChecks.Status, MdocChecks.Query) is null)
                await SignerRevocation.CheckAsync(_recorder, MdocChecks.IssuerChain, expected.Revocation, _issuer!.Chain, _issuer.Anchor, expected.Now, ct).ConfigureAwait(false);
            if (_recorder.FirstFault(MdocChecks.Status, MdocChecks.Query) is { } fault)
            {
                _recorder.Block(fault, MdocChecks.Status);
                return;
            }

            var authority = new StatusAuthority(expected.Trust, _issuer!.Anchor!, _issuer.Key, _signed.DocType);
            await StatusCheck.RecordAsync(
                _recorder, () => _signed.Status is { } status ? CredentialStatus.FromCbor(status) : [],
                expected.Status, expected.StatusClient, authority, expected.Now, ct).ConfigureAwait(false);
        }

        private void CheckQuery()
        {
            if (expected.Query is not { } query) _recorder.NotApplicable(MdocChecks.Query, SdJwtCodes.QueryNotRequested);
            else if (_claims is not { } claims) _recorder.Block(_recorder.Outcome(MdocChecks.Format) == CheckOutcome.Failed ? MdocChecks.Format : MdocChecks.ValueDigests, MdocChecks.Query);
            else Record(MdocChecks.Query, query(issuerSigned, claims), "OpenID4VP 1.0 §6");
        }

        private void Record(string id, string? fault, string section)
        {
            if (fault is null) _recorder.Pass(id);
            else _recorder.Fail(id, fault, section);
        }
    }
}
