using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using PublicKey = Credentials.Keys.PublicKey;

namespace Credentials.X509;

/// <summary>
/// Checks certificate chains against configured anchors (RFC 5280 §6) and a profile. The platform's engine builds and
/// verifies the path, offline; what it lets through (leaves without the wanted usage, CA leaves, wrong key usage) is checked here.
/// </summary>
#pragma warning disable RS0030 // the banned chain engine's one home
public static class CertificatePath
{
    private const string NameConstraints = "2.5.29.30";

    private static readonly string[] s_signatureAlgorithms =
    [
        "1.2.840.10045.4.3.2", "1.2.840.10045.4.3.3", "1.2.840.10045.4.3.4", // ECDSA with SHA-256, -384, -512
        "1.2.840.113549.1.1.11", "1.2.840.113549.1.1.12", "1.2.840.113549.1.1.13", // RSA with SHA-2, by CAs above the leaf
        "1.3.101.112", // Ed25519
    ];

    /// <summary>Checks a chain.</summary>
    /// <param name="leafFirst">The certificates as received, the signer's first, without the anchor.</param>
    /// <param name="anchors">The configured anchors that may stand above this chain. None: nothing is valid.</param>
    /// <param name="profile">What the leaf must be like.</param>
    /// <param name="at">The time of verification.</param>
    public static CertificatePathResult Validate(
        IReadOnlyList<X509Certificate2> leafFirst, IReadOnlyList<X509Certificate2> anchors, CertificateProfile profile, DateTimeOffset at)
    {
        if (leafFirst.Count is 0 or > X5c.MaxCertificates) return Refused(X509Codes.TooMany);
        try
        {
            if ((CheckLeaf(leafFirst[0]) ?? ProfileRules.CheckLeaf(leafFirst, profile)) is { } leafCode) return Refused(leafCode);
            if (leafFirst.Any(c => anchors.Any(a => a.RawDataMemory.Span.SequenceEqual(c.RawDataMemory.Span)))) return Refused(X509Codes.AnchorIncluded);
            if (leafFirst.Skip(1).Any(c => !IsCertificateSigner(c))) return Refused(X509Codes.IssuerNotCa);
            if (leafFirst.Any(c => !s_signatureAlgorithms.Contains(c.SignatureAlgorithm.Value) || !KeyStrength.IsEnough(c))) return Refused(X509Codes.Algorithm);
            CertificatePathResult path = BuildChain(leafFirst, anchors, at);
            if (path.Anchor is not { } anchor) return path;
            if (!KeyStrength.IsEnough(anchor)) return Refused(X509Codes.Algorithm);
            return ProfileRules.CheckPath(leafFirst, anchor, profile) is { } code ? Refused(code) : path;
        }
        catch (Exception e) when (e is CryptographicException or AsnContentException or MalformedDataException)
        {
            // The platform reads an extension only when it is asked for; until then its content may be anything.
            return Refused(X509Codes.Malformed);
        }
    }

    /// <summary>Holds a chain that is valid under an anchor against a profile alone.</summary>
    /// <param name="leafFirst">The chain without the anchor.</param>
    /// <param name="anchor">The anchor that it ends at.</param>
    /// <param name="profile">What the leaf must be like.</param>
    /// <returns>The code of the first rule that it breaks; null: it fits.</returns>
    public static string? FindProfileProblem(IReadOnlyList<X509Certificate2> leafFirst, X509Certificate2 anchor, CertificateProfile profile) =>
        ProfileRules.CheckLeaf(leafFirst, profile) ?? ProfileRules.CheckPath(leafFirst, anchor, profile);

    /// <summary>Holds the certificate of a signer that is trusted itself, without a path, against the rules that need neither path nor time.</summary>
    /// <returns>The code of the first rule that it breaks; null: none.</returns>
    public static string? FindPinnedProblem(X509Certificate2 certificate)
    {
        try
        {
            if (certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(b => b.CertificateAuthority)) return X509Codes.LeafIsCa;
            // RFC 5280 §4.2.1.3: a key without a usage may be used for anything.
            if (certificate.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault() is { } usage && !usage.KeyUsages.HasFlag(X509KeyUsageFlags.DigitalSignature))
                return X509Codes.KeyUsage;
            return KeyStrength.IsEnough(certificate) ? null : X509Codes.Algorithm;
        }
        catch (Exception e) when (e is CryptographicException or AsnContentException)
        {
            return X509Codes.Malformed;
        }
    }

    /// <summary>True for a certificate that may sign others: CA with key usage keyCertSign.</summary>
    public static bool IsCertificateSigner(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault() is { CertificateAuthority: true }
        && certificate.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault() is { } usage
        && usage.KeyUsages.HasFlag(X509KeyUsageFlags.KeyCertSign);

    private static string? CheckLeaf(X509Certificate2 leaf)
    {
        if (leaf.Extensions.OfType<X509BasicConstraintsExtension>().Any(b => b.CertificateAuthority)) return X509Codes.LeafIsCa;
        if (leaf.SubjectName.RawData.AsSpan().SequenceEqual(leaf.IssuerName.RawData)) return X509Codes.SelfSigned;
        X509KeyUsageExtension? usage = leaf.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault();
        // RFC 5280 §4.2.1.9 and §4.2.1.10: who is no CA neither signs certificates nor constrains names.
        if (usage is null || !usage.KeyUsages.HasFlag(X509KeyUsageFlags.DigitalSignature) || usage.KeyUsages.HasFlag(X509KeyUsageFlags.KeyCertSign))
            return X509Codes.KeyUsage;
        if (leaf.Extensions[NameConstraints] is not null) return X509Codes.Chain;
        try
        {
            PublicKey.FromCertificate(leaf);
            return null;
        }
        catch (CredentialException)
        {
            return X509Codes.Algorithm;
        }
    }

    private static CertificatePathResult BuildChain(
        IReadOnlyList<X509Certificate2> leafFirst, IReadOnlyList<X509Certificate2> anchors, DateTimeOffset at)
    {
        // Only anchors that can stand above the last certificate, so that a large store costs nothing (X5-07).
        byte[] topIssuer = leafFirst[^1].IssuerName.RawData;
        List<X509Certificate2> candidates = [.. anchors.Where(a => a.SubjectName.RawData.AsSpan().SequenceEqual(topIssuer)).Take(64)];
        if (candidates.Count == 0) return Refused(X509Codes.Untrusted);
        // An anchor vouches for others only if it is a CA itself; a pinned leaf is trusted as a key, not here.
        candidates.RemoveAll(a => !IsCertificateSigner(a));
        if (candidates.Count == 0) return Refused(X509Codes.IssuerNotCa);

        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(candidates.ToArray());
        chain.ChainPolicy.ExtraStore.AddRange(leafFirst.Skip(1).ToArray());
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck; // revocation goes through our own guarded client
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = at.UtcDateTime;
        bool built = chain.Build(leafFirst[0]);
        try
        {
            X509ChainStatusFlags status = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, s) => all | s.Status);
            if (!built || status != X509ChainStatusFlags.NoError) return Refused(CodeOf(status));
            // The path must be the one that was sent, in its order, with one anchor on top.
            if (chain.ChainElements.Count != leafFirst.Count + 1) return Refused(X509Codes.Chain);
            for (int i = 0; i < leafFirst.Count; i++)
                if (!chain.ChainElements[i].Certificate.RawDataMemory.Span.SequenceEqual(leafFirst[i].RawDataMemory.Span)) return Refused(X509Codes.Chain);
            ReadOnlyMemory<byte> top = chain.ChainElements[^1].Certificate.RawDataMemory;
            X509Certificate2? anchor = candidates.Find(a => a.RawDataMemory.Span.SequenceEqual(top.Span));
            return anchor is null ? Refused(X509Codes.Untrusted) : new CertificatePathResult(anchor, null);
        }
        finally
        {
            foreach (X509ChainElement element in chain.ChainElements) element.Certificate.Dispose();
        }
    }

    private static string CodeOf(X509ChainStatusFlags status)
    {
        if (status.HasFlag(X509ChainStatusFlags.NotSignatureValid)) return X509Codes.Chain;
        if (status.HasFlag(X509ChainStatusFlags.NotTimeValid)) return X509Codes.Validity;
        if ((status & (X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot)) != 0) return X509Codes.Untrusted;
        return X509Codes.Chain;
    }

    private static CertificatePathResult Refused(string code) => new(null, code);
}
