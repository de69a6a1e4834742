using System.Text.Json;
using Credentials.Codecs;
using Credentials.StatusLists;
using Credentials.Trust;

namespace Credentials.SdJwt;

/// <summary>
/// Decides whether an SD-JWT, or a presentation of one, is to be accepted (RFC 9901 §7, SD-JWT VC §2.4). Whatever the
/// text contains, the answer is a report and never an exception; all checks that can run do.
/// </summary>
public static class SdJwtVerifier
{
    private static readonly string[] s_mayBeNotApplicable = [SdJwtChecks.TransactionData, SdJwtChecks.Status, SdJwtChecks.Query];
    private static readonly string[] s_mayBeUnbound = [.. SdJwtChecks.KeyBinding, .. s_mayBeNotApplicable];

    /// <summary>Verifies untrusted text.</summary>
    /// <param name="text">The compact form, or a JSON form where the profile takes one, without surrounding white space.</param>
    /// <param name="expected">What it must meet.</param>
    /// <param name="ct">Ends requests for keys and status early.</param>
    /// <returns>The report; its claims are those of the processed payload.</returns>
    public static Task<VerificationReport> VerifyAsync(string text, SdJwtExpectations expected, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(expected);
        var recorder = new CheckRecorder(SdJwtChecks.All, expected.KeyBinding.IsRequired ? s_mayBeNotApplicable : s_mayBeUnbound);
        SdJwtCredential credential;
        try
        {
            credential = SdJwtCredential.Parse(text, expected.Limits);
        }
        catch (CredentialException e)
        {
            recorder.Fail(SdJwtChecks.Format, e.Code, "RFC 9901 §4");
            recorder.BlockRest(SdJwtChecks.Format);
            return Task.FromResult(VerificationReport.ForCredential(SubjectOf(null, expected), recorder, static () => throw new InvalidOperationException()));
        }

        if (expected.KeyBinding.MustBeAbsent && !credential.KeyBindingText.IsEmpty)
        {
            recorder.Fail(SdJwtChecks.Format, SdJwtCodes.KeyBindingUnexpected, "RFC 9901 §7.2");
        }
        else if (credential.Serialization != SdJwtSerialization.Compact && !expected.Profile.AcceptsJson)
        {
            recorder.Fail(SdJwtChecks.Format, SdJwtCodes.SerializationNotAccepted, "SD-JWT VC §2.2");
        }
        else
        {
            recorder.Pass(SdJwtChecks.Format);
        }

        return new Run(credential, expected, recorder).ReportAsync(ct);
    }

    private static ReportSubject SubjectOf(string? type, SdJwtExpectations expected) => new(CredentialFormat.SdJwtVc, type, expected.QueryId);

    /// <summary>One verification of a credential that could be read.</summary>
    private sealed class Run(SdJwtCredential credential, SdJwtExpectations expected, CheckRecorder recorder)
    {
        private readonly JsonElement _signed = credential.IssuerJwt.PayloadObject;
        private ProcessedPayload? _payload;

        /// <summary>The processed claims; the signed ones where they could not be processed, for checks that run all the same.</summary>
        private JsonElement Claims => _payload?.Claims ?? _signed;

        public async Task<VerificationReport> ReportAsync(CancellationToken ct)
        {
            var types = CredentialTypes.Read(_signed, expected.Profile);
            var usable = types.Usable(expected.Types);
            var verification = new IssuerVerification(recorder, credential, expected, usable.Count > 0 ? usable : [types.Type]);
            var issuer = await verification.RunAsync(ct).ConfigureAwait(false);
            CheckPayload();
            Record(SdJwtChecks.Validity, ValidityFault(), "RFC 9901 §7.1");
            var holder = new KeyBindingVerification(recorder, credential, expected);
            holder.Run();
            var asked = await new TypeVerification(recorder, expected, types, usable).RunAsync(credential, issuer, _payload, ct).ConfigureAwait(false);
            await CheckStatusAsync(issuer, ct).ConfigureAwait(false);
            CheckQuery();

            return VerificationReport.ForCredential(SubjectOf(types.Type, expected), recorder, () =>
                new VerifiedCredential(CredentialFormat.SdJwtVc, asked ?? issuer.TrustedType ?? "", Claims)
                {
                    Issuer = Claims.OptionalString(SdJwtNames.Issuer),
                    HolderKey = holder.HolderKey,
                    ExpiresAt = Claims.OptionalNumericDate(SdJwtNames.Expires),
                    Anchor = issuer.Anchor,
                });
        }

        private void CheckPayload()
        {
            (_payload, var digestFault, var disclosureFault) = credential.Resolve();
            Record(SdJwtChecks.Digests, digestFault, "RFC 9901 §7.1");
            if (digestFault is not null)
            {
                recorder.Block(SdJwtChecks.Digests, SdJwtChecks.Disclosures);
                return;
            }

            // SD-JWT VC §2.2.2.3. Deeper claims of the same names are ordinary ones.
            if (expected.Profile.IsCredential && _payload?.HasDisclosed(SdJwtNames.NeverDisclosable) == true)
            {
                disclosureFault = SdJwtCodes.ProtectedClaimDisclosed;
            }

            Record(SdJwtChecks.Disclosures, disclosureFault, "RFC 9901 §7.1");
        }

        /// <summary>RFC 9901 §7.1 step 6: what the claims say about time and audience, disclosed ones included.</summary>
        private string? ValidityFault()
        {
            try
            {
                var (now, skew) = (expected.Now, expected.ClockSkew);
                if (Claims.OptionalNumericDate(SdJwtNames.Expires) + skew < now) return SdJwtCodes.Expired;
                if (Claims.OptionalNumericDate(SdJwtNames.NotBefore) - skew > now) return SdJwtCodes.NotYetValid;
                if (Claims.OptionalNumericDate(SdJwtNames.IssuedAt) - skew > now) return SdJwtCodes.IssuedInFuture;
            }
            catch (MalformedDataException)
            {
                return SdJwtCodes.TimeMalformed;
            }

            return Claims.Member(SdJwtNames.Audience) is not { } audience || IsFor(audience) ? null : SdJwtCodes.AudienceMismatch;
        }

        private bool IsFor(JsonElement audience) => audience.ValueKind switch
        {
            JsonValueKind.String => audience.ValueEquals(expected.KeyBinding.Audience),
            JsonValueKind.Array => audience.EnumerateArray().Any(one => one.ValueKind == JsonValueKind.String && one.ValueEquals(expected.KeyBinding.Audience)),
            _ => false,
        };

        /// <summary>
        /// Last of all that can fail: lists are fetched for a credential that is otherwise good, and for no other
        /// (Token Status List §8.3).
        /// </summary>
        private async Task CheckStatusAsync(IssuerFinding issuer, CancellationToken ct)
        {
            if (recorder.FirstFault(SdJwtChecks.Status, SdJwtChecks.Query) is null)
                await SignerRevocation.CheckAsync(recorder, SdJwtChecks.IssuerKey, expected.Revocation, issuer.Chain, issuer.Anchor, expected.Now, ct).ConfigureAwait(false);
            if (recorder.FirstFault(SdJwtChecks.Status, SdJwtChecks.Query) is { } fault)
            {
                recorder.Block(fault, SdJwtChecks.Status);
                return;
            }

            var authority = new StatusAuthority(expected.Trust, issuer.Anchor!, issuer.Key, issuer.TrustedType);
            await StatusCheck.RecordAsync(recorder, Claims, expected.Status, expected.StatusClient, authority, expected.Now, ct).ConfigureAwait(false);
        }

        private void CheckQuery()
        {
            if (expected.Query is not { } query) recorder.NotApplicable(SdJwtChecks.Query, SdJwtCodes.QueryNotRequested);
            else if (_payload is null) recorder.Block(SdJwtChecks.Disclosures, SdJwtChecks.Query);
            else Record(SdJwtChecks.Query, query(_payload.Claims), "OpenID4VP 1.0 §6");
        }

        private void Record(string id, string? fault, string section)
        {
            if (fault is null) recorder.Pass(id);
            else recorder.Fail(id, fault, section);
        }
    }
}
