using System.Text;
using System.Text.Json;
using Credentials.DataIntegrity;
using Credentials.Dids;
using Credentials.Keys;
using Credentials.SdJwt;

namespace Credentials.W3c;

/// <summary>One verification of a presentation and of every credential in it.</summary>
internal sealed class PresentationVerification(W3cExpectations expected)
{
    private readonly CheckRecorder _recorder = new(W3cPresentationChecks.All, W3cPresentationChecks.MayBeNotApplicable);

    private SecuredDocument _secured = null!;
    private W3cPresentation _presentation = null!;
    private EmbeddedProofs? _proofs;
    private string? _identifier;
    private PublicKey? _key;

    public async Task<VerificationReport> RunAsync(ReadOnlyMemory<byte> content, CancellationToken ct)
    {
        if (!Read(content)) return VerificationReport.ForPresentation(_recorder, []);
        // Read once; what cannot be read says so in its own report.
        Lazy<SecuredDocument>[] inside = [.. _presentation.Credentials.Select(item => new Lazy<SecuredDocument>(() => ReadCredential(item)))];
        await CheckHolderAsync(inside, ct).ConfigureAwait(false);
        CheckBinding();

        var parts = new List<VerificationReport>();
        foreach (var credential in inside)
            parts.Add(await new CredentialVerification(expected, Presenter()).RunAsync(() => credential.Value, ct).ConfigureAwait(false));

        return VerificationReport.ForPresentation(_recorder, parts, parts.Count == 0 ? [W3cCodes.NoCredential] : null);
    }

    private bool Read(ReadOnlyMemory<byte> content)
    {
        try
        {
            _secured = SecuredDocument.ParsePresentation(content, expected.AcceptsDataModelV1, expected.Limits.MaxPresentationLength);
            var fault = _secured is EmbeddedProofDocument { HasProofs: false } ? W3cCodes.NotSecured : null;
            Record(W3cPresentationChecks.Format, fault is null, fault!, "Data Model 2.0 §4.12");
        }
        catch (CredentialException e)
        {
            _recorder.Fail(W3cPresentationChecks.Format, e.Code, "VC-JOSE-COSE §3");
            _recorder.BlockRest(W3cPresentationChecks.Format);
            return false;
        }

        try
        {
            _presentation = W3cPresentation.Parse(_secured.UnverifiedDocument, expected.AcceptsDataModelV1);
            Record(W3cPresentationChecks.DataModel, _presentation.Version == _secured.Version, W3cCodes.Version, "Data Model 2.0 §4.13");
            return true;
        }
        catch (MalformedDataException e)
        {
            _recorder.Fail(W3cPresentationChecks.DataModel, e.Code, "Data Model 2.0 §4.13");
            _recorder.BlockRest(W3cPresentationChecks.DataModel);
            return false;
        }
    }

    private SecuredDocument ReadCredential(JsonElement item)
    {
        var reading = new SecuredReading(IsPresentation: false, expected.AcceptsDataModelV1, expected.Limits.MaxCredentialLength);
        // 1.1 §6.3.1: JWTs stand in a presentation as they are.
        return item.ValueKind == JsonValueKind.String
            ? SecuredDocument.Parse(Encoding.UTF8.GetBytes(item.GetString()!), "application/jwt", reading)
            : SecuredDocument.Parse(item, reading);
    }

    private async ValueTask CheckHolderAsync(IReadOnlyList<Lazy<SecuredDocument>> inside, CancellationToken ct)
    {
        const string Section = "VC-JOSE-COSE §4";
        if (_secured is EmbeddedProofDocument)
        {
            await CheckProofsAsync(ct).ConfigureAwait(false);
            return;
        }

        try
        {
            var keys = await FindKeysAsync(inside, ct).ConfigureAwait(false);
            _recorder.Pass(W3cPresentationChecks.HolderKey);
            _key = keys.FirstOrDefault(_secured.VerifySignature);
            Record(W3cPresentationChecks.HolderSignature, _key is not null, SdJwtCodes.BindingSignatureInvalid, "VC-JOSE-COSE §5");
            return;
        }
        catch (FetchException e)
        {
            _recorder.Indeterminate(W3cPresentationChecks.HolderKey, e.Code, Section);
        }
        catch (CredentialException e)
        {
            _recorder.Fail(W3cPresentationChecks.HolderKey, e.Code, Section);
        }

        _recorder.Block(W3cPresentationChecks.HolderKey, W3cPresentationChecks.HolderSignature);
    }

    /// <summary>All proofs are those of one holder.</summary>
    private async ValueTask CheckProofsAsync(CancellationToken ct)
    {
        _identifier = _presentation.Holder;
        _proofs = await EmbeddedProofs.VerifyAsync(_secured.UnverifiedDocument, expected, VerificationRelationship.Authentication, async (method, use, ended) =>
        {
            _identifier ??= DidSyntax.IdentifierOf(method);
            return (await FindHolderKeysAsync(_identifier, method, use, ended).ConfigureAwait(false))[0];
        }, isPresentation: true, ct).ConfigureAwait(false);
        _proofs.Record(_recorder, W3cPresentationChecks.HolderKey, W3cPresentationChecks.HolderSignature);
        if (_recorder.Outcome(W3cPresentationChecks.HolderSignature) == CheckOutcome.Passed) _key = _proofs.Proofs[^1].Key;
    }

    // Whoever presents is there now: no copy of a document speaks for them.
    private async ValueTask<IReadOnlyList<PublicKey>> FindHolderKeysAsync(string identifier, string? keyId, VerificationRelationship use, CancellationToken ct)
    {
        if (expected.HolderIdentifiers is not { } resolver)
            throw new NotSupportedCredentialException(DidCodes.MethodNotSupported, "Identifiers of holders are not resolved here.");
        var keys = new ControllerKeys(resolver, W3cCodes.HolderMismatch, SdJwtCodes.HolderKeyMissing);
        return (await keys.FindAsync(identifier, keyId, use, TimeSpan.Zero, expected.Now, ct).ConfigureAwait(false)).Keys;
    }

    /// <summary>The keys of the identifier that presents; where none is named, those that the credentials are bound to.</summary>
    private async ValueTask<IReadOnlyList<PublicKey>> FindKeysAsync(IReadOnlyList<Lazy<SecuredDocument>> inside, CancellationToken ct)
    {
        var (claims, keyId) = (_secured.Claims, _secured.KeyId);
        var fromKeyId = keyId?.IndexOf('#', StringComparison.Ordinal) is > 0 and var hash ? keyId[..hash] : null;
        _identifier = _presentation.Holder ?? claims.Issuer ?? fromKeyId;
        // The holder, iss and the key's controller are one.
        string?[] named = [_presentation.Holder, claims.Issuer, fromKeyId];
        if (named.Any(name => name is not null && name != _identifier))
            throw new MalformedDataException(W3cCodes.HolderMismatch, "The presentation names several who present it.");
        if (_identifier is null)
        {
            PublicKey[] bound = [.. inside.Select(credential => HolderBindingCheck.ReadConfirmation(() => credential.Value)).OfType<PublicKey>().Distinct()];
            return bound.Length > 0 ? bound : throw new MalformedDataException(SdJwtCodes.HolderKeyMissing, "Nothing names the key of who presents.");
        }

        return await FindHolderKeysAsync(_identifier, keyId, VerificationRelationship.Authentication, ct).ConfigureAwait(false);
    }

    /// <summary>Audience, nonce and time: what binds it to this request.</summary>
    private void CheckBinding()
    {
        var (binding, claims) = (expected.Binding, _secured.Claims);
        if (!binding.IsRequired)
        {
            _recorder.NotApplicable(W3cPresentationChecks.Audience, SdJwtCodes.BindingNotRequested);
            _recorder.NotApplicable(W3cPresentationChecks.Nonce, SdJwtCodes.BindingNotRequested);
        }
        else if (_proofs is not null)
        {
            // What says a domain that was not asked for is not bound to it; where no proof could be read, none says it.
            RecordProof(W3cPresentationChecks.Audience, DataIntegrityChecks.Domain, SdJwtCodes.BindingAudience);
            RecordProof(W3cPresentationChecks.Nonce, DataIntegrityChecks.Challenge, SdJwtCodes.BindingNonce);
        }
        else
        {
            Record(W3cPresentationChecks.Audience, claims.Audience.Contains(binding.Audience!), SdJwtCodes.BindingAudience, "OpenID4VP 1.0 §14.1");
            Record(W3cPresentationChecks.Nonce, claims.Nonce == binding.Nonce, SdJwtCodes.BindingNonce, "OpenID4VP 1.0 §14.1");
        }

        CheckTime();
    }

    private void CheckTime()
    {
        var (binding, claims) = (expected.Binding, _secured.Claims);
        var (earliest, latest) = (expected.Now - expected.ClockSkew, expected.Now + expected.ClockSkew);
        var signedAt = _proofs is null ? claims.IssuedAt : _proofs.Proofs.Min(proof => proof.Proof.Created);
        var isOver = claims.ExpiresAt < earliest || claims.NotBefore > latest || signedAt > expected.Now + binding.MaxAhead
            || (binding.IsRequired && signedAt < expected.Now - binding.MaxAge);
        var fault = claims.AreTimesMalformed ? W3cCodes.TimeMalformed : isOver ? SdJwtCodes.BindingTime : _proofs?.FaultOf(DataIntegrityChecks.Time);
        if (fault is not null) _recorder.Fail(W3cPresentationChecks.SignedAt, fault, "Data Model 2.0 §4.13");
        else if (signedAt is null) _recorder.NotApplicable(W3cPresentationChecks.SignedAt, W3cCodes.SigningTimeAbsent);
        else _recorder.Pass(W3cPresentationChecks.SignedAt);
    }

    private void RecordProof(string id, string proofCheck, string code)
    {
        if (_proofs!.Proofs.Count == 0) _recorder.Block(W3cPresentationChecks.HolderSignature, id);
        else Record(id, _proofs.FaultOf(proofCheck) is null, code, "Data Integrity 1.0 §4.4");
    }

    private Presenter Presenter()
    {
        var failed = _recorder.Checks.FirstOrDefault(check => check.Outcome is not (CheckOutcome.Passed or CheckOutcome.NotApplicable));
        return new Presenter(_secured)
        {
            Fault = failed?.Code,
            IsUndecided = failed?.Outcome == CheckOutcome.Indeterminate,
            Identifier = _key is null ? null : _identifier,
            Key = _key,
        };
    }

    private void Record(string id, bool holds, string code, string section)
    {
        if (holds) _recorder.Pass(id);
        else _recorder.Fail(id, code, section);
    }
}
