using System.Security.Cryptography.X509Certificates;

namespace Credentials.X509;

/// <summary>
/// A complete list of revoked certificates (CRL, RFC 5280 §5), read strictly and kept small. What it says holds only if
/// <see cref="FindProblem"/> finds none. Immutable; thread-safe.
/// </summary>
public sealed class CertificateRevocationList
{
    /// <summary>The cap on an encoded list.</summary>
    public const int MaxBytes = 32 << 20;

    /// <summary>The cap on entries.</summary>
    public const int MaxEntries = 500_000;

    private static readonly TimeSpan s_skew = TimeSpan.FromSeconds(60);

    private readonly RevocationListContent _content;

    private CertificateRevocationList(RevocationListContent content) => _content = content;

    /// <summary>When it was made.</summary>
    public DateTimeOffset ThisUpdate => _content.ThisUpdate;

    /// <summary>When the next one is there at the latest.</summary>
    public DateTimeOffset NextUpdate => _content.NextUpdate;

    /// <summary>How many certificates are on it.</summary>
    public int Count => _content.Revoked.Length;

    /// <summary>Reads one list in DER. Nothing about it is verified yet, only that it is one that this class understands.</summary>
    /// <exception cref="MalformedDataException"><c>crl.malformed</c>.</exception>
    /// <exception cref="NotSupportedCredentialException"><c>crl.not_supported</c>: delta, indirect, partial, or an unknown critical extension.</exception>
    public static CertificateRevocationList Parse(ReadOnlyMemory<byte> der) => new(RevocationListReader.Read(der));

    /// <summary>Why the list must not be used: the code of the first rule it breaks; null: it may be used.</summary>
    /// <param name="authority">The certificate of the authority that issued the certificates in question. It must be trusted already.</param>
    /// <param name="now">The time of verification.</param>
    public string? FindProblem(X509Certificate2 authority, DateTimeOffset now)
    {
        if (!_content.Issuer.Span.SequenceEqual(authority.SubjectName.RawData)) return CrlCodes.Issuer;
        // RFC 5280 §6.3.3 (f)
        if (!authority.Extensions.OfType<X509KeyUsageExtension>().Any(u => u.KeyUsages.HasFlag(X509KeyUsageFlags.CrlSign))) return CrlCodes.Issuer;
        return _content.IsSignedBy(authority) ? FindTimeProblem(now) : CrlCodes.SignatureInvalid;
    }

    /// <summary>Why the list must not be used at a time; null: it may.</summary>
    public string? FindTimeProblem(DateTimeOffset now)
    {
        if (ThisUpdate > now + s_skew) return CrlCodes.NotYetValid;
        return NextUpdate < now ? CrlCodes.Expired : null;
    }

    /// <summary>Whether a list that was fetched from a URI speaks about a certificate that names this URI (RFC 5280 §5.2.5, §6.3.3 (b)).</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="uri">The distribution point, as the certificate has it.</param>
    public bool Covers(X509Certificate2 certificate, string uri) =>
        (_content.DistributionPoints is null || _content.DistributionPoints.Contains(uri))
        && !(_content.IsForEndEntitiesOnly && CertificatePath.IsCertificateSigner(certificate));

    /// <summary>Whether a certificate of the list's authority is on it.</summary>
    /// <exception cref="MalformedDataException"><c>x509.malformed</c>: the certificate's serial number is none that a list can have.</exception>
    public bool Contains(X509Certificate2 certificate) =>
        SerialNumber.FromInteger(certificate.SerialNumberBytes.Span) is { } serial
            ? Array.BinarySearch(_content.Revoked, serial) >= 0
            : throw new MalformedDataException(X509Codes.Malformed, "The serial number is negative or too long.");
}
