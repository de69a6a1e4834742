using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Credentials.Keys;
using Credentials.Keys.Software;
using PublicKey = Credentials.Keys.PublicKey;

namespace Credentials.X509;

/// <summary>
/// A small certification authority of one's own: a root in the style of an IACA (ISO/IEC 18013-5 Annex B) and the signers
/// under it. Enough to run an issuer and a verifier; an agency with a PKI of its own brings its certificates instead.
/// </summary>
public sealed class CertificateAuthority : IDisposable
{
    private static readonly TimeSpan s_backdate = TimeSpan.FromMinutes(5);

    private readonly IReadOnlyList<X509Extension> _contacts;

    private CertificateAuthority(X509Certificate2 certificate, ISigningKey key, IReadOnlyList<X509Extension> contacts)
    {
        Certificate = certificate;
        Key = key;
        _contacts = contacts;
    }

    /// <summary>The root certificate.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The root's private key.</summary>
    public ISigningKey Key { get; }

    /// <summary>Makes a fresh root, valid for nine years.</summary>
    /// <param name="commonName">The authority's name.</param>
    /// <param name="country">ISO 3166-1 alpha-2.</param>
    /// <param name="now">The time it is made at.</param>
    /// <param name="contacts">Addresses for the root's certificate and those it issues. ISO/IEC 18013-5 Annex B requires both; null: none.</param>
    /// <param name="key">Its key, for ECDSA; null: a fresh one in memory.</param>
    /// <exception cref="KeyUnavailableException">The key cannot sign.</exception>
    public static CertificateAuthority Create(string commonName, string country, DateTimeOffset now, CertificateContacts? contacts = null, ISigningKey? key = null)
    {
        key ??= SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        IReadOnlyList<X509Extension> addresses = ContactExtensions.Of(contacts ?? new CertificateContacts());
        CertificateRequest request = NewRequest(Name(commonName, country, null), key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        foreach (X509Extension address in addresses) request.CertificateExtensions.Add(address);
        X509Certificate2 certificate = request.Create(
            request.SubjectName, new SigningKeyGenerator(key), now - s_backdate, now.AddYears(9), Serial());
        return new CertificateAuthority(certificate, key, addresses);
    }

    /// <summary>Takes up an existing root.</summary>
    /// <param name="certificate">The root certificate.</param>
    /// <param name="key">Its key.</param>
    /// <param name="contacts">Addresses for the certificates it issues; null: those of the root.</param>
    /// <exception cref="MalformedDataException"><c>x509.malformed</c>: certificate and key do not belong together, or it is no CA.</exception>
    public static CertificateAuthority Load(X509Certificate2 certificate, ISigningKey key, CertificateContacts? contacts = null) =>
        CertificatePath.IsCertificateSigner(certificate) && PublicKey.FromCertificate(certificate).Equals(key.PublicKey)
            ? new CertificateAuthority(certificate, key, contacts is null ? ContactExtensions.In(certificate) : ContactExtensions.Of(contacts))
            : throw new MalformedDataException(X509Codes.Malformed, "The certificate is not a CA certificate of this key.");

    /// <summary>
    /// Certifies a signer of credentials of every format: document signer usage, 457 days at most (ISO/IEC 18013-5 Table B.3). With both
    /// <see cref="CertificateContacts"/> it has everything that the table asks for.
    /// </summary>
    public X509Certificate2 IssueDocumentSigner(string commonName, ISigningKey key, DateTimeOffset now) =>
        Issue(commonName, key, now, TimeSpan.FromDays(456), CertificateProfile.DocumentSignerUsage, []);

    /// <summary>Certifies a signer of status lists. The key usage that Token Status List §10 names has no number assigned, so none is set.</summary>
    public X509Certificate2 IssueStatusSigner(string commonName, ISigningKey key, DateTimeOffset now) =>
        Issue(commonName, key, now, TimeSpan.FromDays(456), null, []);

    /// <summary>Certifies a verifier: reader authentication usage and its DNS names (OpenID4VP §5.9.3 <c>x509_san_dns</c>).</summary>
    public X509Certificate2 IssueAccessCertificate(string commonName, ISigningKey key, IReadOnlyList<string> dnsNames, DateTimeOffset now) =>
        Issue(commonName, key, now, TimeSpan.FromDays(456), CertificateProfile.ReaderAuthenticationUsage, dnsNames);

    /// <summary>Signs the complete list of this authority's revoked certificates (ISO/IEC 18013-5 Annex B: a new one at least every 90 days).</summary>
    /// <param name="revoked">All certificates that are revoked now.</param>
    /// <param name="number">The number of the list; it only ever grows.</param>
    /// <param name="now">The time it is made at.</param>
    /// <param name="nextUpdate">When the next list is there at the latest.</param>
    /// <returns>The list in DER.</returns>
    public byte[] IssueCrl(IEnumerable<RevokedCertificate> revoked, BigInteger number, DateTimeOffset now, DateTimeOffset nextUpdate)
    {
        CertificateRevocationListBuilder list = new();
        foreach (RevokedCertificate one in revoked)
            list.AddEntry(one.SerialNumber.Span, one.At, one.Reason == X509RevocationReason.Unspecified ? null : one.Reason);
        return list.Build(
            Certificate.SubjectName, new SigningKeyGenerator(Key), number, nextUpdate, Key.PublicKey.Algorithm.Hash,
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Certificate, true, false), now);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Certificate.Dispose();
        (Key as IDisposable)?.Dispose();
    }

    private X509Certificate2 Issue(
        string commonName, ISigningKey key, DateTimeOffset now, TimeSpan validity, string? extendedUsage, IReadOnlyList<string> dnsNames)
    {
        CertificateSubject own = CertificateSubject.Of(Certificate);
        X500DistinguishedName subject = Name(commonName, own.Countries.FirstOrDefault(), own.StatesOrProvinces.FirstOrDefault());
        CertificateRequest request = NewRequest(subject, key);
        // No basic constraints: absent means "no CA", and readers of ISO/IEC 18013-5 refuse critical extensions that its tables do not list.
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Certificate, true, false));
        if (extendedUsage is not null) request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(extendedUsage)], true));
        if (dnsNames.Count > 0)
        {
            SubjectAlternativeNameBuilder names = new();
            foreach (string name in dnsNames) names.AddDnsName(name);
            request.CertificateExtensions.Add(names.Build());
        }
        foreach (X509Extension address in _contacts) request.CertificateExtensions.Add(address);
        DateTimeOffset notAfter = now + validity < Certificate.NotAfter ? now + validity : Certificate.NotAfter;
        return request.Create(Certificate.SubjectName, new SigningKeyGenerator(Key), now - s_backdate, notAfter, Serial());
    }

    private static CertificateRequest NewRequest(X500DistinguishedName subject, ISigningKey key)
    {
        CertificateRequest request = SigningKeyGenerator.NewRequest(subject, key);
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request;
    }

    private static X500DistinguishedName Name(string commonName, string? country, string? state)
    {
        X500DistinguishedNameBuilder name = new();
        if (country is not null) name.AddCountryOrRegion(country);
        if (state is not null) name.AddStateOrProvinceName(state);
        name.AddCommonName(commonName);
        return name.Build();
    }

    private static byte[] Serial()
    {
        byte[] serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7f) | 0x40); // positive, of full length
        return serial;
    }
}
