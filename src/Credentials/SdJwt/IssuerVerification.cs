using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Trust;
using Credentials.X509;
using PublicKey = Credentials.Keys.PublicKey;

namespace Credentials.SdJwt;

/// <summary>
/// Finds the issuer's key and checks the signature with exactly that key (SD-JWT VC §2.5). Keys come from a chain in
/// <c>x5c</c>, from the trust store, or from the metadata of an issuer that is trusted by its URL; <c>jwk</c>, <c>jku</c>
/// and <c>x5u</c> headers are never looked at, nor is any unprotected header.
/// </summary>
internal sealed class IssuerVerification(CheckRecorder recorder, SdJwtCredential credential, SdJwtExpectations expected, IReadOnlyList<string?> types)
{
    private const TrustPurpose Purpose = TrustPurpose.CredentialIssuer;
    private const string KeySection = "SD-JWT VC §2.5";

    /// <summary>
    /// Records <c>issuer_key</c> and <c>issuer_signature</c>. Of several signatures (RFC 9901 §8.3) the first good one counts;
    /// the others are those of strangers and say nothing.
    /// </summary>
    /// <returns>The signature that counts: the good one, else the first.</returns>
    public async ValueTask<IssuerFinding> RunAsync(CancellationToken ct)
    {
        IssuerFinding? counts = null;
        foreach (var jwt in credential.Signatures)
        {
            var finding = await FindAsync(jwt, ct).ConfigureAwait(false);
            if (counts is null || finding.IsGood) counts = finding;
            if (counts.IsGood) break;
        }

        Record(counts!);
        return counts!;
    }

    private ValueTask<IssuerFinding> FindAsync(CompactJws jwt, CancellationToken ct)
    {
        var iss = jwt.PayloadObject.Member(SdJwtNames.Issuer);
        if (iss is { ValueKind: not JsonValueKind.String }) return new(Refused(jwt, SdJwtCodes.IssuerMismatch));
        var issuer = iss?.GetString();

        // SD-JWT VC §7.3: whoever presents must not choose the method, so an issuer that is configured by name has that one only.
        var isPinned = issuer is not null && expected.Trust.PinsKeyOf(issuer, Purpose);
        if (!isPinned && expected.Trust.IssuerUrl(issuer, null) is not null) return FindInMetadataAsync(jwt, issuer!, ct);
        return new(!isPinned && jwt.Header.Member(JoseNames.X5c) is not null ? FindInChain(jwt, issuer) : FindPinned(jwt, issuer));
    }

    private IssuerFinding FindInChain(CompactJws jwt, string? issuer)
    {
        try
        {
            // A chain that the store knows is not parsed again.
            var chain = X5c.DerOf(jwt)!;
            var (decision, type) = Evaluate(chain);
            var leaf = decision.Certificate ?? X5Chain.Parse(chain)[0];
            var key = decision.Key ?? PublicKey.FromCertificate(leaf);
            var fault = NamesAnother(jwt, leaf, key, issuer) ? SdJwtCodes.IssuerMismatch : null;
            return new IssuerFinding(jwt)
            {
                KeyFault = decision.Code ?? fault,
                IsChecked = true,
                Key = jwt.VerifySignature(key) ? key : null,
                Anchor = decision.Anchor,
                Chain = decision.Chain,
                TrustedType = type,
            };
        }
        catch (CredentialException e)
        {
            return Refused(jwt, e.Code);
        }
    }

    /// <summary>Looks for an anchor that vouches for the chain under one of the types.</summary>
    private (TrustDecision Decision, string? Type) Evaluate(IReadOnlyList<ReadOnlyMemory<byte>> chain)
    {
        TrustDecision? decision = null;
        foreach (var type in types)
        {
            decision = expected.Trust.EvaluateChain(chain, Purpose, type, expected.Now);
            if (decision.IsTrusted) return (decision, type);
        }

        return (decision!, null);
    }

    /// <summary>
    /// Whether <c>iss</c> or <c>kid</c> contradict the certificate. A certificate that names URIs or hosts must name
    /// that of <c>iss</c>; for one that names none, the issuer is its subject (SD-JWT VC §2.5).
    /// </summary>
    private bool NamesAnother(CompactJws jwt, X509Certificate2 leaf, PublicKey key, string? issuer)
    {
        var kid = jwt.KeyId;
        if (kid is not null && expected.Trust.PinsKey(kid) && kid != Jwk.Thumbprint(key)) return true;
        if (issuer is null) return false;
        var names = SubjectAlternativeNames.Of(leaf);
        if (names.Uris.Count == 0 && names.DnsNames.Count == 0) return false;
        return !names.Uris.Contains(issuer)
            && !(Uri.TryCreate(issuer, UriKind.Absolute, out var uri) && names.NamesHost(uri.IdnHost));
    }

    private IssuerFinding FindPinned(CompactJws jwt, string? issuer)
    {
        List<(TrustAnchor Anchor, string? Type)> candidates =
            [.. types.SelectMany(type => expected.Trust.PinnedKeys(issuer, jwt.KeyId, Purpose, type).Select(anchor => (anchor, type)))];
        if (candidates.Count == 0) return Refused(jwt, WhyNoKey(jwt, issuer));
        var (signer, trustedType) = candidates.Find(candidate => jwt.VerifySignature(candidate.Anchor.Key!));
        return new IssuerFinding(jwt) { IsChecked = true, Key = signer?.Key, Anchor = signer, TrustedType = trustedType };
    }

    /// <summary>SD-JWT VC §4. The fetch goes to nobody but an issuer that the trust store names.</summary>
    private async ValueTask<IssuerFinding> FindInMetadataAsync(CompactJws jwt, string issuer, CancellationToken ct)
    {
        var (type, anchor) = types.Select(type => (type, expected.Trust.IssuerUrl(issuer, type))).FirstOrDefault(pair => pair.Item2 is not null);
        if (anchor is null) return Refused(jwt, TrustCodes.NotForType);
        if (expected.IssuerMetadata is not { } client) return Undecided(jwt, SdJwtCodes.IssuerMetadataNotFetched);
        try
        {
            var (keys, age) = await client.FindKeysAsync(issuer, jwt.KeyId, expected.Status.MaxOfflineAge, expected.Now, ct).ConfigureAwait(false);
            return keys.Count == 0
                ? Refused(jwt, SdJwtCodes.IssuerKeyMissing)
                : new IssuerFinding(jwt) { IsChecked = true, Key = keys.FirstOrDefault(jwt.VerifySignature), Anchor = anchor, TrustedType = type, KeyAge = age };
        }
        catch (FetchException e)
        {
            return Undecided(jwt, e.Code);
        }
        catch (CredentialException e)
        {
            return Refused(jwt, e.Code);
        }
    }

    private string WhyNoKey(CompactJws jwt, string? issuer)
    {
        var anchors = expected.Trust.Anchors.Where(a => a.Covers(Purpose, null)).ToList();
        if (anchors.Count == 0) return TrustCodes.NoAnchors;
        if (expected.Trust.PinnedKeys(issuer, jwt.KeyId, Purpose, null).Count > 0) return TrustCodes.NotForType;
        return anchors.Exists(a => a.Certificate is null) ? TrustCodes.UnknownIssuer : SdJwtCodes.IssuerKeyMissing;
    }

    private static IssuerFinding Refused(CompactJws jwt, string code) => new(jwt) { KeyFault = code };

    private static IssuerFinding Undecided(CompactJws jwt, string code) => new(jwt) { KeyFault = code, IsUndecided = true };

    private void Record(IssuerFinding finding)
    {
        if (finding.KeyFault is not { } fault) recorder.Pass(SdJwtChecks.IssuerKey, finding.KeyAge is null ? null : SdJwtCodes.IssuerMetadataCopyUsed, finding.KeyAge);
        else if (finding.IsUndecided) recorder.Indeterminate(SdJwtChecks.IssuerKey, fault, KeySection);
        else recorder.Fail(SdJwtChecks.IssuerKey, fault, KeySection);

        if (!finding.IsChecked) recorder.Block(SdJwtChecks.IssuerKey, SdJwtChecks.IssuerSignature);
        else if (finding.Key is not null) recorder.Pass(SdJwtChecks.IssuerSignature);
        else recorder.Fail(SdJwtChecks.IssuerSignature, SdJwtCodes.SignatureInvalid, "RFC 9901 §7.1");
    }
}
