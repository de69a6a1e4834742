using System.Buffers.Binary;
using System.Security.Cryptography.X509Certificates;
using Credentials.Dids;
using Credentials.X509;

namespace Credentials.Trust;

/// <summary>The configured authorities. Immutable, safe for several threads. An empty store trusts nobody.</summary>
public sealed class TrustStore
{
    private readonly TrustedChainCache _known = new();
    private readonly Lazy<ILookup<ulong, PinnedSigner>> _pinnedSigners;
    private readonly Lazy<TrustStore> _authorities;

    private TrustStore(IReadOnlyList<TrustAnchor> anchors)
    {
        Anchors = anchors;
        _pinnedSigners = new(() => Anchors.Select(PinnedSigner.Of).OfType<PinnedSigner>().ToLookup(signer => NumberOf(signer.KeyId.Span)));
        _authorities = new(() => Create(Anchors.Where(a => a.Certificate is { } certificate && PinnedSigner.IsAuthority(certificate))));
    }

    /// <summary>The store that trusts nobody.</summary>
    public static TrustStore Empty { get; } = new([]);

    /// <summary>How many valid chains it remembers.</summary>
    internal int KnownChains => _known.Count;

    /// <summary>All anchors.</summary>
    public IReadOnlyList<TrustAnchor> Anchors { get; }

    /// <summary>A store of these anchors.</summary>
    public static TrustStore Create(IEnumerable<TrustAnchor> anchors) => new([.. anchors.Distinct()]);

    /// <summary>Every certificate of a PEM text as an anchor for all types.</summary>
    /// <exception cref="MalformedDataException"><c>x509.malformed</c>.</exception>
    public static TrustStore FromPem(string pem, TrustPurpose purposes) =>
        Create(CertificateReader.FromPem(pem).Select(c => TrustAnchor.ForCertificate(c, purposes)));

    /// <summary>
    /// The authorities of a text file, for all types: PEM certificates, and outside of them DIDs and URLs of controlled identifiers, one a line. A did:key
    /// or did:jwk after an identifier pins that key for it, and its document is not asked for.
    /// </summary>
    /// <exception cref="MalformedDataException"><c>x509.malformed</c>, or <c>did.malformed</c>: a line is no identifier. Also where there is neither.</exception>
    public static TrustStore FromText(string text, TrustPurpose purposes)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] identifiers = [.. text.Split('\n', StringSplitOptions.TrimEntries).Where(line => line.StartsWith("did:", StringComparison.Ordinal) || line.Contains("://", StringComparison.Ordinal))];
        var certificates = text.Contains("-----BEGIN", StringComparison.Ordinal) || identifiers.Length == 0 ? FromPem(text, purposes) : Empty;
        return Create(certificates.Anchors.Concat(identifiers.Select(line => IdentifierOf(line, purposes))));
    }

    private static TrustAnchor IdentifierOf(string line, TrustPurpose purposes)
    {
        try
        {
            return line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var issuer, var key]
                ? TrustAnchor.ForKey(SelfCertifying.FindKey(key) ?? throw new ArgumentException("Not a key.", nameof(line)), purposes, issuer: TrustAnchor.ForControlledIdentifier(issuer, purposes).Issuer)
                : TrustAnchor.ForControlledIdentifier(line, purposes);
        }
        catch (ArgumentException e)
        {
            throw new MalformedDataException(DidCodes.Malformed, "A line is neither a DID nor an https URL, with or without a did:key or did:jwk after it.", e);
        }
    }

    /// <summary>This store and the other's anchors.</summary>
    public TrustStore With(TrustStore other) => Create(Anchors.Concat(other.Anchors));

    /// <summary>Does an anchor vouch for the signer of this chain?</summary>
    /// <param name="leafFirst">The chain as received, leaf first.</param>
    /// <param name="purpose">The signer's role.</param>
    /// <param name="type">The credential type it signs; null where there is none.</param>
    /// <param name="at">The time of verification.</param>
    /// <param name="profile">What the signer's certificate must be like; null: as its role asks. The anchor's profile applies as well.</param>
    public TrustDecision EvaluateChain(
        IReadOnlyList<X509Certificate2> leafFirst, TrustPurpose purpose, string? type, DateTimeOffset at, CertificateProfile? profile = null) =>
        Evaluate([.. leafFirst.Select(c => c.RawDataMemory)], leafFirst, purpose, type, at, profile ?? ProfileOf(purpose));

    /// <summary>The same for certificates in DER, which are parsed only if the chain is not a known one.</summary>
    /// <inheritdoc cref="EvaluateChain(IReadOnlyList{X509Certificate2}, TrustPurpose, string?, DateTimeOffset, CertificateProfile?)"/>
    public TrustDecision EvaluateChain(
        IReadOnlyList<ReadOnlyMemory<byte>> leafFirst, TrustPurpose purpose, string? type, DateTimeOffset at, CertificateProfile? profile = null) =>
        Evaluate(leafFirst, null, purpose, type, at, profile ?? ProfileOf(purpose));

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

    /// <summary>Whether a key is pinned that has this thumbprint, for whatever.</summary>
    internal bool PinsKey(string keyId) => Anchors.Any(a => a.Key is not null && a.Id == keyId);

    /// <summary>Whether a key is pinned for this issuer by its name, for any type.</summary>
    internal bool PinsKeyOf(string issuer, TrustPurpose purpose) => Anchors.Any(a => a.Key is not null && a.Issuer == issuer && a.Covers(purpose, null));

    /// <summary>
    /// The signers trusted themselves that have this key identifier. Two may share one, so the caller tries them all (HCERT §3.3.3); whether
    /// the one that signed is trusted for the type, <see cref="PinnedSigner.FindProblem"/> tells.
    /// </summary>
    /// <param name="keyId">The identifier as received.</param>
    /// <param name="purpose">The signer's role.</param>
    public IReadOnlyList<PinnedSigner> PinnedSigners(ReadOnlySpan<byte> keyId, TrustPurpose purpose) => keyId.Length == PinnedSigner.KeyIdLength
        ? [.. _pinnedSigners.Value[NumberOf(keyId)].Where(signer => signer.Anchor.Covers(purpose, null))]
        : [];

    /// <summary>The authority that a pinned signer stands under, if that is trusted too; else the signer's own anchor.</summary>
    /// <param name="signer">One of <see cref="PinnedSigners"/>.</param>
    /// <param name="purpose">The signer's role.</param>
    /// <param name="type">The credential type it signs.</param>
    /// <param name="at">The time of verification.</param>
    public TrustAnchor AuthorityOf(PinnedSigner signer, TrustPurpose purpose, string? type, DateTimeOffset at) =>
        signer.Certificate is { } certificate && _authorities.Value.EvaluateChain([certificate.RawDataMemory], purpose, type, at).Anchor is { } authority
            ? authority
            : signer.Anchor;

    /// <summary>The anchor that trusts this issuer by its URL for the type; null if there is none.</summary>
    /// <param name="issuer">The <c>iss</c> claim; null if absent.</param>
    /// <param name="type">The credential type; null asks about the issuer alone.</param>
    public TrustAnchor? IssuerUrl(string? issuer, string? type) =>
        Anchors.FirstOrDefault(a => a.IsIssuerUrl && a.Issuer == issuer && a.Covers(TrustPurpose.CredentialIssuer, type));

    /// <summary>The anchor that trusts this DID or other controlled identifier for the purpose and type; null if there is none.</summary>
    /// <param name="identifier">The issuer's identifier; null if absent.</param>
    /// <param name="purpose">The signer's role.</param>
    /// <param name="type">The credential type; null asks about the purpose alone.</param>
    public TrustAnchor? ControlledIdentifier(string? identifier, TrustPurpose purpose, string? type) =>
        Anchors.FirstOrDefault(a => a.IsControlledIdentifier && a.Issuer == identifier && a.Covers(purpose, type));

    private TrustDecision Evaluate(
        IReadOnlyList<ReadOnlyMemory<byte>> der, IReadOnlyList<X509Certificate2>? parsed, TrustPurpose purpose, string? type, DateTimeOffset at, CertificateProfile profile)
    {
        // The size first: what is hashed for the lookup is bounded.
        if (der.Count > X5Chain.MaxCertificates) return TrustDecision.Refused(X509Codes.TooMany);
        if (der.Count == 0) return TrustDecision.Refused(X509Codes.Malformed);
        return _known.Find(der, purpose, profile, at)?.For(purpose, type) ?? EvaluateUnknown(der, parsed, purpose, type, at, profile);
    }

    private TrustDecision EvaluateUnknown(
        IReadOnlyList<ReadOnlyMemory<byte>> der, IReadOnlyList<X509Certificate2>? parsed, TrustPurpose purpose, string? type, DateTimeOffset at, CertificateProfile profile)
    {
        List<TrustAnchor> forPurpose = [.. Anchors.Where(a => a.Certificate is not null && a.Covers(purpose, null))];
        if (forPurpose.Count == 0) return TrustDecision.Refused(TrustCodes.NoAnchors);
        // A signer that is trusted itself stands above nobody, and its own certificate in a chain is no anchor there.
        List<TrustAnchor> authorities = [.. _authorities.Value.Anchors.Where(a => a.Covers(purpose, null))];
        if (authorities.Count > 0) forPurpose = authorities;
        try
        {
            return Validate(der, parsed ?? X5Chain.Parse(der), forPurpose, purpose, type, at, profile);
        }
        catch (MalformedDataException e)
        {
            return TrustDecision.Refused(e.Code);
        }
    }

    private TrustDecision Validate(
        IReadOnlyList<ReadOnlyMemory<byte>> der, IReadOnlyList<X509Certificate2> leafFirst, List<TrustAnchor> forPurpose,
        TrustPurpose purpose, string? type, DateTimeOffset at, CertificateProfile profile)
    {
        CertificatePathResult path = CertificatePath.Validate(leafFirst, [.. forPurpose.Select(a => a.Certificate!)], profile, at);
        if (path.Anchor is null) return TrustDecision.Refused(path.Code!);
        List<TrustAnchor> above = forPurpose.FindAll(a => a.Certificate!.RawDataMemory.Span.SequenceEqual(path.Anchor.RawDataMemory.Span));
        List<TrustAnchor> fitting = above.FindAll(a => CodeUnder(a, leafFirst) is null);
        if (fitting.Count > 0)
        {
            TrustedChain chain = new(leafFirst, path.Anchor, fitting);
            _known.Add(der, purpose, profile, chain);
            if (chain.For(purpose, type) is { } decision) return decision;
        }
        TrustAnchor? unfit = above.Find(a => a.Covers(purpose, type));
        return TrustDecision.Refused(unfit is null ? TrustCodes.NotForType : CodeUnder(unfit, leafFirst)!);
    }

    private static ulong NumberOf(ReadOnlySpan<byte> keyId) => BinaryPrimitives.ReadUInt64BigEndian(keyId);

    private static string? CodeUnder(TrustAnchor anchor, IReadOnlyList<X509Certificate2> leafFirst) =>
        anchor.Profile is { } profile ? CertificatePath.FindProfileProblem(leafFirst, anchor.Certificate!, profile) : null;

    private static CertificateProfile ProfileOf(TrustPurpose purpose) => purpose switch
    {
        TrustPurpose.CredentialIssuer => CertificateProfile.SdJwtIssuer,
        TrustPurpose.StatusSigner => CertificateProfile.StatusSigner,
        TrustPurpose.Verifier => CertificateProfile.AccessCertificate,
        TrustPurpose.WalletProvider or TrustPurpose.KeyAttester => CertificateProfile.AttestationSigner,
        _ => throw new ArgumentOutOfRangeException(nameof(purpose), "One purpose at a time."),
    };
}
