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
/// <c>x5c</c> or from the trust store; <c>jwk</c>, <c>jku</c> and <c>x5u</c> headers are never looked at.
/// </summary>
internal sealed class IssuerVerification(CheckRecorder recorder, CompactJws jwt, SdJwtExpectations expected, IReadOnlyList<string?> types)
{
    private const TrustPurpose Purpose = TrustPurpose.CredentialIssuer;
    private const string KeySection = "SD-JWT VC §2.5";

    /// <summary>The anchor that vouches for the key; null unless the key is trusted.</summary>
    public TrustAnchor? Anchor { get; private set; }

    /// <summary>The key that verified the signature; null when none did.</summary>
    public PublicKey? Key { get; private set; }

    /// <summary>The type for which it vouches.</summary>
    public string? TrustedType { get; private set; }

    /// <summary>Records <c>issuer_key</c> and <c>issuer_signature</c>.</summary>
    public void Run()
    {
        var iss = jwt.PayloadObject.Member(SdJwtNames.Issuer);
        if (iss is { ValueKind: not JsonValueKind.String })
        {
            Refuse(SdJwtCodes.IssuerMismatch);
            return;
        }

        var issuer = iss?.GetString();

        // SD-JWT VC §6.4: whoever presents must not choose the method, so an issuer with a pinned key has that one only.
        var isPinned = issuer is not null && expected.Trust.Anchors.Any(a => a.Key is not null && a.Issuer == issuer && a.Covers(Purpose, null));
        if (!isPinned && jwt.Header.Member(JoseNames.X5c) is not null) RunWithChain(issuer);
        else RunWithPinnedKey(issuer);
    }

    private void RunWithChain(string? issuer)
    {
        TrustDecision decision;
        PublicKey key;
        string? fault;
        try
        {
            // A chain that the store knows is not parsed again.
            var chain = X5c.DerOf(jwt)!;
            decision = Evaluate(chain);
            var leaf = decision.Certificate ?? X5Chain.Parse(chain)[0];
            key = decision.Key ?? PublicKey.FromCertificate(leaf);
            fault = NamesAnother(leaf, key, issuer) ? SdJwtCodes.IssuerMismatch : null;
        }
        catch (CredentialException e)
        {
            (Anchor, TrustedType) = (null, null);
            Refuse(e.Code);
            return;
        }

        if ((decision.Code ?? fault) is { } refused) recorder.Fail(SdJwtChecks.IssuerKey, refused, KeySection);
        else recorder.Pass(SdJwtChecks.IssuerKey);
        RecordSignature(jwt.VerifySignature(key) ? key : null);
    }

    /// <summary>Looks for an anchor that vouches for the chain under one of the types.</summary>
    private TrustDecision Evaluate(IReadOnlyList<ReadOnlyMemory<byte>> chain)
    {
        TrustDecision? decision = null;
        foreach (var type in types)
        {
            decision = expected.Trust.EvaluateChain(chain, Purpose, type, expected.Now);
            if (!decision.IsTrusted) continue;
            (Anchor, TrustedType) = (decision.Anchor, type);
            break;
        }

        return decision!;
    }

    /// <summary>
    /// Whether <c>iss</c> or <c>kid</c> contradict the certificate. A certificate that names URIs or hosts must name
    /// that of <c>iss</c>; for one that names none, the issuer is its subject (SD-JWT VC §2.5).
    /// </summary>
    private bool NamesAnother(X509Certificate2 leaf, PublicKey key, string? issuer)
    {
        var kid = jwt.KeyId;
        if (kid is not null && expected.Trust.Anchors.Any(a => a.Key is not null && a.Id == kid) && kid != Jwk.Thumbprint(key)) return true;
        if (issuer is null) return false;
        var names = SubjectAlternativeNames.Of(leaf);
        if (names.Uris.Count == 0 && names.DnsNames.Count == 0) return false;
        return !names.Uris.Contains(issuer)
            && !(Uri.TryCreate(issuer, UriKind.Absolute, out var uri) && names.NamesHost(uri.IdnHost));
    }

    private void RunWithPinnedKey(string? issuer)
    {
        List<(TrustAnchor Anchor, string? Type)> candidates =
            [.. types.SelectMany(type => expected.Trust.PinnedKeys(issuer, jwt.KeyId, Purpose, type).Select(anchor => (anchor, type)))];
        if (candidates.Count == 0)
        {
            Refuse(WhyNoKey(issuer));
            return;
        }

        recorder.Pass(SdJwtChecks.IssuerKey);
        var (signer, trustedType) = candidates.Find(candidate => jwt.VerifySignature(candidate.Anchor.Key!));
        (Anchor, TrustedType) = (signer, trustedType);
        RecordSignature(signer?.Key);
    }

    private string WhyNoKey(string? issuer)
    {
        var anchors = expected.Trust.Anchors.Where(a => a.Covers(Purpose, null)).ToList();
        if (anchors.Count == 0) return TrustCodes.NoAnchors;
        if (expected.Trust.PinnedKeys(issuer, jwt.KeyId, Purpose, null).Count > 0) return TrustCodes.NotForType;
        return anchors.Exists(a => a.Key is not null) ? TrustCodes.UnknownIssuer : SdJwtCodes.IssuerKeyMissing;
    }

    private void Refuse(string code)
    {
        recorder.Fail(SdJwtChecks.IssuerKey, code, KeySection);
        recorder.Block(SdJwtChecks.IssuerKey, SdJwtChecks.IssuerSignature);
    }

    private void RecordSignature(PublicKey? verifiedWith)
    {
        Key = verifiedWith;
        if (Key is not null) recorder.Pass(SdJwtChecks.IssuerSignature);
        else recorder.Fail(SdJwtChecks.IssuerSignature, SdJwtCodes.SignatureInvalid, "RFC 9901 §7.1");
    }
}
