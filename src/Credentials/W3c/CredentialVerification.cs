using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Credentials.DataIntegrity;
using Credentials.Dids;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.Trust;
using PublicKey = Credentials.Keys.PublicKey;

namespace Credentials.W3c;

/// <summary>One verification of a credential: by itself, or inside a presentation.</summary>
/// <param name="presenter">Who presents it; null for a credential by itself.</param>
/// <param name="purpose">What the issuer must be trusted for.</param>
internal sealed class CredentialVerification(W3cExpectations expected, Presenter? presenter, TrustPurpose purpose = TrustPurpose.CredentialIssuer)
{
    private readonly CheckRecorder _recorder = new(W3cChecks.All, W3cChecks.MayBeNotApplicable);

    private SecuredDocument _secured = null!;
    private W3cCredential _credential = null!;
    private EmbeddedProofs? _proofs;

    /// <summary>The document; once proofs inside it were verified, what they cover.</summary>
    private JsonElement _document;

    private TrustAnchor? _anchor;
    private PublicKey? _issuerKey;
    private IReadOnlyList<X509Certificate2>? _chain;
    private string? _trustedType;

    /// <summary>The type that the issuer must be trusted for, in place of the credential's own.</summary>
    public string? TrustedAs { get; init; }

    /// <summary>Reads the credential and makes every check that can be made.</summary>
    public async Task<VerificationReport> RunAsync(Func<SecuredDocument> read, CancellationToken ct)
    {
        if (!Read(read))
        {
            _recorder.BlockRest(W3cChecks.Format);
            return Report(null, null);
        }

        CheckDisclosures();
        if (!CheckDataModel())
        {
            _recorder.BlockRest(W3cChecks.DataModel);
            return Report(_secured.Format, null);
        }

        await CheckIssuerAsync(ct).ConfigureAwait(false);
        Record(W3cChecks.Validity, FindValidityFault(), "Data Model 2.0 §4.9");
        Record(W3cChecks.Type, FindTypeFault(), "Data Model 2.0 §4.5");
        CheckSchemas();
        CheckResources();
        new HolderBindingCheck(_recorder, expected, presenter).Run(_secured, _credential);
        await CheckStatusAsync(ct).ConfigureAwait(false);
        if (expected.Query is { } query) Record(W3cChecks.Query, query(_document), "OpenID4VP 1.0 §6");
        else if (expected.SecuredQuery is { } securedQuery) Record(W3cChecks.Query, securedQuery(_secured, _document), "OpenID4VP 1.0 §6");
        else _recorder.NotApplicable(W3cChecks.Query, SdJwtCodes.QueryNotRequested);
        return Report(_secured.Format, _credential.MainType);
    }

    private bool Read(Func<SecuredDocument> read)
    {
        try
        {
            _secured = read();
            _document = _secured.UnverifiedDocument;
            var fault = _secured switch
            {
                // A credential that nothing secures may still be the presenter's own word.
                EmbeddedProofDocument { HasProofs: false } when presenter is null => W3cCodes.NotSecured,
                // RFC 9901 §7.2: an issuer never adds one.
                SdJwtDocument { SdJwt.KeyBindingJwt: not null } when expected.Binding.MustBeAbsent => SdJwtCodes.KeyBindingUnexpected,
                _ => null,
            };
            Record(W3cChecks.Format, fault, "Data Model 2.0 §4.12");
            return fault is null;
        }
        catch (CredentialException e)
        {
            _recorder.Fail(W3cChecks.Format, e.Code, "VC-JOSE-COSE §3");
            return false;
        }
    }

    private void CheckDisclosures()
    {
        if (_secured is not SdJwtDocument sdJwt)
        {
            _recorder.NotApplicable(W3cChecks.Digests);
            _recorder.NotApplicable(W3cChecks.Disclosures);
            return;
        }

        Record(W3cChecks.Digests, sdJwt.DigestFault, "RFC 9901 §7.1");
        if (sdJwt.DigestFault is not null) _recorder.Block(W3cChecks.Digests, W3cChecks.Disclosures);
        else Record(W3cChecks.Disclosures, sdJwt.DisclosureFault, "RFC 9901 §7.1");
    }

    private bool CheckDataModel()
    {
        try
        {
            _credential = W3cCredential.Parse(_document, expected.AcceptsDataModelV1);
            var fault = _credential.Version == _secured.Version ? null : W3cCodes.Version;
            if (expected.RequiresDefinedTerms) DefinedTerms.Check(_document, expected.JsonLdContexts);
            Record(W3cChecks.DataModel, fault, "Data Model 2.0 §4");
            return fault is null;
        }
        catch (CredentialException e)
        {
            _recorder.Fail(W3cChecks.DataModel, e.Code, "Data Model 2.0 §4");
            return false;
        }
    }

    /// <summary>How the credential is secured is told here and nowhere else.</summary>
    private async ValueTask CheckIssuerAsync(CancellationToken ct)
    {
        if (_secured is not EmbeddedProofDocument embedded)
        {
            await CheckSignatureAsync(_secured, VerificationRelationship.AssertionMethod, ct).ConfigureAwait(false);
        }
        else if (embedded.HasProofs)
        {
            await CheckProofsAsync(ct).ConfigureAwait(false);
        }
        else if (presenter!.Key is not null && presenter.Identifier == _credential.Issuer)
        {
            // Data Model 2.0 §4.13.4: the presenter's own claims, secured by the presentation.
            await CheckSignatureAsync(presenter.Presentation, VerificationRelationship.Authentication, ct).ConfigureAwait(false);
        }
        else
        {
            _recorder.Fail(W3cChecks.IssuerKey, W3cCodes.NotSecured, "Data Model 2.0 §4.13");
            _recorder.Block(W3cChecks.IssuerKey, W3cChecks.IssuerSignature);
        }
    }

    private async ValueTask CheckSignatureAsync(SecuredDocument signature, VerificationRelationship use, CancellationToken ct)
    {
        var keys = await new IssuerKeyFinder(expected, purpose).FindAsync(SignatureHints.Of(signature), _credential.Issuer, AcceptableTypes(), use, ct).ConfigureAwait(false);
        if (keys.Fault is null) _recorder.Pass(W3cChecks.IssuerKey, keys.Copy?.Code, keys.Copy?.Age);
        else if (keys.IsUndecided) _recorder.Indeterminate(W3cChecks.IssuerKey, keys.Fault, "VC-JOSE-COSE §4");
        else _recorder.Fail(W3cChecks.IssuerKey, keys.Fault, "VC-JOSE-COSE §4");
        if (keys.Candidates.Count == 0)
        {
            _recorder.Block(W3cChecks.IssuerKey, W3cChecks.IssuerSignature);
            return;
        }

        var key = keys.Candidates.FirstOrDefault(signature.VerifySignature);
        Record(W3cChecks.IssuerSignature, key is null ? W3cCodes.SignatureInvalid : null, "VC-JOSE-COSE §5");
        _chain = keys.Chain;
        if (key is not null && keys.Fault is null) (_anchor, _issuerKey, _trustedType) = (keys.AnchorOf(key), key, keys.TrustedType);
    }

    /// <summary>All proofs are the issuer's; another's beside them says nothing about this credential, and is not accepted.</summary>
    private async ValueTask CheckProofsAsync(CancellationToken ct)
    {
        var finder = new IssuerKeyFinder(expected, purpose);
        IssuerKeys? keys = null;
        _proofs = await EmbeddedProofs.VerifyAsync(_document, expected, VerificationRelationship.AssertionMethod, async (method, use, ended) =>
        {
            keys = await finder.FindAsync(SignatureHints.OfProof(method), _credential.Issuer, AcceptableTypes(), use, ended).ConfigureAwait(false);
            return keys.OfMethod(method);
        }, isPresentation: false, ct).ConfigureAwait(false);
        _proofs.Record(_recorder, W3cChecks.IssuerKey, W3cChecks.IssuerSignature);
        if (_proofs.Covered is not { } covered) return;
        _document = covered;
        (_issuerKey, _trustedType) = (_proofs.Proofs[^1].Key!, keys!.TrustedType);
        _anchor = keys.AnchorOf(_issuerKey);
        if (keys.Copy is { } copy) _recorder.Amend(W3cChecks.IssuerKey, CheckOutcome.Passed, copy.Code, "VC-JOSE-COSE §4", copy.Age);
    }

    /// <summary>Any one of the types asked for; where none is, all that the credential has. An issuer is trusted for what it is used for.</summary>
    private IReadOnlyList<IReadOnlyList<string>> AcceptableTypes()
    {
        if (TrustedAs is not null) return [[TrustedAs]];
        var wanted = expected.Types is { } types ? _credential.Types.Where(types.Contains).ToList() : [];
        if (wanted.Count > 0) return [.. wanted.Select(type => (IReadOnlyList<string>)[type])];
        string[] specific = [.. _credential.Types.Where(type => type != W3cNames.CredentialType)];
        return [specific.Length > 0 ? specific : [W3cNames.CredentialType]];
    }

    private string? FindValidityFault()
    {
        var (earliest, latest, claims) = (expected.Now - expected.ClockSkew, expected.Now + expected.ClockSkew, _secured.Claims);
        if (claims.AreTimesMalformed) return W3cCodes.TimeMalformed;
        if (_proofs?.FaultOf(DataIntegrityChecks.Time) is { } proofFault) return proofFault;
        if (_credential.ValidFrom > latest || claims.NotBefore > latest) return W3cCodes.NotYetValid;
        if (_credential.ValidUntil < earliest) return W3cCodes.Expired;
        // VC-JOSE-COSE §3.1.3: these are of the signature, not of the data.
        if (claims.ExpiresAt < earliest) return W3cCodes.SignatureExpired;
        return claims.IssuedAt > latest ? W3cCodes.SignedInFuture : null;
    }

    private string? FindTypeFault()
    {
        if (expected.Types is { } types && !_credential.Types.Any(types.Contains)) return W3cCodes.TypeNotExpected;
        return expected.Contexts is not { } known
            || _document.GetProperty(W3cNames.Context).EnumerateArray().All(context => context.ValueKind == JsonValueKind.String && known.Contains(context.GetString()!))
            ? null
            : W3cCodes.ContextNotExpected;
    }

    private void CheckSchemas()
    {
        if (_credential.Schemas.Count == 0) _recorder.NotApplicable(W3cChecks.Schema, W3cCodes.SchemaAbsent);
        else if (expected.Schema is not { } check) _recorder.NotApplicable(W3cChecks.Schema, W3cCodes.SchemaNotChecked);
        else Record(W3cChecks.Schema, _credential.Schemas.Select(schema => check(schema, _document)).FirstOrDefault(fault => fault is not null), "Data Model 2.0 §4.11");
    }

    private void CheckResources()
    {
        var verdicts = _credential.RelatedResources.Select(Matches).OfType<bool>().ToList();
        if (_credential.RelatedResources.Count == 0) _recorder.NotApplicable(W3cChecks.RelatedResources, W3cCodes.ResourcesAbsent);
        else if (verdicts.Count == 0) _recorder.NotApplicable(W3cChecks.RelatedResources, W3cCodes.ResourcesNotUsed);
        else Record(W3cChecks.RelatedResources, verdicts.TrueForAll(matches => matches) ? null : W3cCodes.ResourceDigest, "Data Model 2.0 §5.3");
    }

    /// <summary>Whether a resource that is used is that of its digest; null for one that is not used.</summary>
    private bool? Matches(RelatedResource resource)
    {
        if (expected.Resources.TryGetValue(resource.Id, out var bytes)) return resource.Matches(bytes.Span);
        // A context is known by its SHA-256 alone; a digest of another kind cannot be held against that.
        var isContextUsed = _secured is EmbeddedProofDocument || expected.RequiresDefinedTerms;
        return isContextUsed && expected.JsonLdContexts.Digests.TryGetValue(resource.Id, out var sha256) ? resource.MatchesSha256(sha256) : null;
    }

    /// <summary>Last of all that can fail: a list is fetched for a credential that is otherwise good, and for no other.</summary>
    private async ValueTask CheckStatusAsync(CancellationToken ct)
    {
        if (_recorder.FirstFault(W3cChecks.Status, W3cChecks.Query) is null)
        {
            await SignerRevocation.CheckAsync(
                _recorder, W3cChecks.IssuerKey, expected.Revocation, _chain, _anchor, expected.Now, ct).ConfigureAwait(false);
        }

        if (_recorder.FirstFault(W3cChecks.Status, W3cChecks.Query) is { } fault) _recorder.Block(fault, W3cChecks.Status);
        else await new CredentialStatusCheck(_recorder, expected, new StatusAuthority(expected.Trust, _anchor!, _issuerKey, _trustedType)).RunAsync(_credential, ct).ConfigureAwait(false);
    }

    private VerificationReport Report(string? format, string? type) =>
        VerificationReport.ForCredential(new ReportSubject(format, type, expected.QueryId), _recorder, () => new VerifiedCredential(format!, _trustedType ?? type!, _document)
        {
            Issuer = _credential.Issuer,
            HolderKey = HolderBindingCheck.FindHolderKey(_secured, _credential),
            ExpiresAt = _credential.ValidUntil,
            Anchor = _anchor,
        });

    private void Record(string id, string? fault, string section)
    {
        if (fault is null) _recorder.Pass(id);
        else _recorder.Fail(id, fault, section);
    }
}
