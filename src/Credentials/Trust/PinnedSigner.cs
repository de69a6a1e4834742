using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.X509;
using PublicKey = Credentials.Keys.PublicKey;

namespace Credentials.Trust;

/// <summary>
/// A signer that is trusted itself, by its certificate or its key, and not only the authority above it. Documents too small for a
/// certificate name it by eight bytes. Immutable; safe for use by several threads at once.
/// </summary>
public sealed class PinnedSigner
{
    /// <summary>Bytes of a key identifier.</summary>
    public const int KeyIdLength = 8;

    private readonly string? _problem;
    private readonly DateTimeOffset _from = DateTimeOffset.MinValue;
    private readonly DateTimeOffset _to = DateTimeOffset.MaxValue;

    private PinnedSigner(TrustAnchor anchor, byte[] keyId)
    {
        Anchor = anchor;
        KeyId = keyId;
        Key = anchor.Key;
        if (anchor.Certificate is not { } certificate) return;
        (_from, _to) = (certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());
        RsaKey = RsaPssKey.FromCertificate(certificate);
        if (RsaKey is null) Key = ReadKey(certificate);
        _problem = CertificatePath.FindPinnedProblem(certificate) ?? (Key is null && RsaKey is null ? X509Codes.Algorithm : null);
    }

    /// <summary>The anchor that it was configured as.</summary>
    public TrustAnchor Anchor { get; }

    /// <summary>Its key identifier.</summary>
    public ReadOnlyMemory<byte> KeyId { get; }

    /// <summary>Its certificate; null for a bare key.</summary>
    public X509Certificate2? Certificate => Anchor.Certificate;

    /// <summary>Its key; null for an RSA key and for one that cannot be used.</summary>
    public PublicKey? Key { get; }

    /// <summary>Its key, if it is an RSA key.</summary>
    public RsaPssKey? RsaKey { get; }

    /// <summary>The key identifier of a certificate: the first bytes of its SHA-256 (HCERT Appendix A.1).</summary>
    public static byte[] KeyIdOf(X509Certificate2 certificate) => SHA256.HashData(certificate.RawDataMemory.Span)[..KeyIdLength];

    /// <summary>The key identifier of a bare key: the first bytes of its thumbprint (RFC 7638 with SHA-256).</summary>
    public static byte[] KeyIdOf(PublicKey key) => StrictBase64Url.Decode(Jwk.Thumbprint(key))[..KeyIdLength];

    /// <summary>The code of what keeps it from being trusted; null: it is trusted.</summary>
    /// <param name="issuer">The <c>iss</c> claim; null if absent. A bare key may be configured for one issuer alone.</param>
    /// <param name="purpose">The signer's role.</param>
    /// <param name="type">The credential type it signs.</param>
    /// <param name="at">The time of verification.</param>
    public string? FindProblem(string? issuer, TrustPurpose purpose, string? type, DateTimeOffset at)
    {
        if (Anchor.Issuer is not null && Anchor.Issuer != issuer) return TrustCodes.UnknownIssuer;
        if (!Anchor.Covers(purpose, type)) return TrustCodes.NotForType;
        return _problem ?? (at < _from || at > _to ? X509Codes.Validity : null);
    }

    /// <summary>Null for an authority and for an issuer that is trusted by its URL: they sign no document themselves.</summary>
    internal static PinnedSigner? Of(TrustAnchor anchor)
    {
        if (anchor.Certificate is { } certificate) return IsAuthority(certificate) ? null : new PinnedSigner(anchor, KeyIdOf(certificate));
        return anchor.Key is { } key ? new PinnedSigner(anchor, KeyIdOf(key)) : null;
    }

    internal static bool IsAuthority(X509Certificate2 certificate)
    {
        try
        {
            return CertificatePath.IsCertificateSigner(certificate);
        }
        catch (CryptographicException)
        {
            return false; // an extension that cannot be read, which FindProblem says
        }
    }

    private static PublicKey? ReadKey(X509Certificate2 certificate)
    {
        try
        {
            return PublicKey.FromCertificate(certificate);
        }
        catch (CredentialException)
        {
            return null; // FindProblem says so
        }
    }
}
