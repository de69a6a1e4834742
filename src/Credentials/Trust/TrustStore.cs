using System.Security.Cryptography.X509Certificates;
using Credentials.X509;
using PublicKey = Credentials.Keys.PublicKey;

namespace Credentials.Trust;

/// <summary>The configured authorities. Immutable, safe for several threads. An empty store trusts nobody.</summary>
public sealed class TrustStore
{
    private TrustStore(IReadOnlyList<TrustAnchor> anchors) => Anchors = anchors;

    /// <summary>The store that trusts nobody.</summary>
    public static TrustStore Empty { get; } = new([]);

    /// <summary>All anchors.</summary>
    public IReadOnlyList<TrustAnchor> Anchors { get; }

    /// <summary>A store of these anchors.</summary>
    public static TrustStore Create(IEnumerable<TrustAnchor> anchors) => new([.. anchors.Distinct()]);

    /// <summary>Every certificate of a PEM text as an anchor for all types.</summary>
    /// <exception cref="MalformedDataException"><c>x509.malformed</c>.</exception>
    public static TrustStore FromPem(string pem, TrustPurpose purposes) =>
        Create(CertificateReader.FromPem(pem).Select(c => TrustAnchor.ForCertificate(c, purposes)));

    /// <summary>This store and the other's anchors.</summary>
    public TrustStore With(TrustStore other) => Create(Anchors.Concat(other.Anchors));

    /// <summary>Does an anchor vouch for the signer of this chain?</summary>
    /// <param name="x5c">The chain as received, leaf first.</param>
    /// <param name="purpose">The signer's role.</param>
    /// <param name="type">The credential type it signs; null where there is none.</param>
    /// <param name="at">The time of verification.</param>
    public TrustDecision EvaluateChain(IReadOnlyList<X509Certificate2> x5c, TrustPurpose purpose, string? type, DateTimeOffset at)
    {
        List<TrustAnchor> forPurpose = [.. Anchors.Where(a => a.Certificate is not null && a.Covers(purpose, null))];
        if (forPurpose.Count == 0) return TrustDecision.Refused(TrustCodes.NoAnchors);
        CertificatePathResult path = CertificatePath.Validate(x5c, [.. forPurpose.Select(a => a.Certificate!)], ProfileOf(purpose), at);
        if (path.Anchor is null) return TrustDecision.Refused(path.Code!);
        TrustAnchor? anchor = forPurpose.Find(a => a.Covers(purpose, type) && a.Certificate!.RawDataMemory.Span.SequenceEqual(path.Anchor.RawDataMemory.Span));
        return anchor is null
            ? TrustDecision.Refused(TrustCodes.NotForType)
            : new TrustDecision(anchor, PublicKey.FromCertificate(x5c[0]), null);
    }

    /// <summary>The pinned keys that may have signed for this issuer: the caller tries them and trusts the one that verifies.</summary>
    /// <param name="issuer">The <c>iss</c> claim; null if absent.</param>
    /// <param name="keyId">The <c>kid</c> header: if it is a pinned key's thumbprint, only that key is returned.</param>
    /// <param name="purpose">The signer's role.</param>
    /// <param name="type">The credential type.</param>
    public IReadOnlyList<TrustAnchor> PinnedKeys(string? issuer, string? keyId, TrustPurpose purpose, string? type)
    {
        List<TrustAnchor> keys = [.. Anchors.Where(a => a.Key is not null && a.Covers(purpose, type) && (a.Issuer is null || a.Issuer == issuer))];
        List<TrustAnchor> named = [.. keys.Where(a => a.Id == keyId)];
        return named.Count > 0 ? named : keys;
    }

    /// <summary>The anchor that trusts this issuer by its URL for the type; null if there is none.</summary>
    /// <param name="issuer">The <c>iss</c> claim; null if absent.</param>
    /// <param name="type">The credential type; null asks about the issuer alone.</param>
    public TrustAnchor? IssuerUrl(string? issuer, string? type) => issuer is null
        ? null
        : Anchors.FirstOrDefault(a => a.IsIssuerUrl && a.Issuer == issuer && a.Covers(TrustPurpose.CredentialIssuer, type));

    private static CertificateProfile ProfileOf(TrustPurpose purpose) => purpose switch
    {
        TrustPurpose.CredentialIssuer => CertificateProfile.SdJwtIssuer,
        TrustPurpose.StatusSigner => CertificateProfile.StatusSigner,
        TrustPurpose.Verifier => CertificateProfile.AccessCertificate,
        _ => throw new ArgumentOutOfRangeException(nameof(purpose), "One purpose at a time."),
    };
}
