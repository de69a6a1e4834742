using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Credentials.Codecs;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.Mdoc;
using Credentials.StatusLists;
using Credentials.Trust;
using Credentials.X509;

namespace Credentials.Tests.Mdoc;

/// <summary>An authority that issues driving licences, and a holder's key.</summary>
internal sealed class MdocAgency : IDisposable
{
    public const string Licence = """
        { "org.iso.18013.5.1": {
            "family_name": "Kim", "given_name": "Min", "birth_date": "1990-05-01", "issue_date": "2026-01-02", "expiry_date": "2031-01-02",
            "issuing_country": "KR", "issuing_authority": "Seoul", "document_number": "11-26-123456-78", "portrait": "AAECAw",
            "driving_privileges": [ { "vehicle_category_code": "B", "issue_date": "2026-01-02" } ], "un_distinguishing_sign": "ROK", "age_over_19": true } }
        """;

    private readonly CertificateAuthority _authority;

    public MdocAgency(DateTimeOffset now)
    {
        Now = now;
        _authority = CertificateAuthority.Create("Agency", "KR", now);
        Certificate = _authority.IssueDocumentSigner("Signer", Key, now);
        Trust = TrustStore.Create([TrustAnchor.ForCertificate(_authority.Certificate, TrustPurpose.CredentialIssuer | TrustPurpose.StatusSigner)]);
    }

    public DateTimeOffset Now { get; }

    public SoftwareSigningKey Key { get; } = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);

    public SoftwareSigningKey Device { get; } = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);

    public X509Certificate2 Certificate { get; }

    public X509Certificate2 Root => _authority.Certificate;

    public TrustStore Trust { get; }

    public MdocContent Content => new()
    {
        DocType = MdocNames.MdlDocType,
        NameSpaces = MdocElements.FromJson(MdocNames.MdlDocType, StrictJson.Parse(Licence)),
        DeviceKey = Device.PublicKey,
        Certificates = [Certificate],
        Signed = Now,
        ValidUntil = Now.AddDays(30),
    };

    public MdocExpectations Expectations => new()
    {
        Trust = Trust,
        Now = Now,
        DeviceAuth = DeviceAuthExpectation.NotRequested,
        Status = new StatusPolicy(StatusMode.Skip),
    };

    /// <summary>One more certificate of this authority for the signer's key.</summary>
    public X509Certificate2 CertifySigner(string country, bool hasUsage)
    {
        var request = new CertificateRequest(new X500DistinguishedName($"C={country}, CN=Signer"), Key.Ecdsa!, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Root, true, false));
        if (hasUsage) request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(CertificateProfile.DocumentSignerUsage)], true));
        return request.Create(
            Root.SubjectName, X509SignatureGenerator.CreateForECDsa(((SoftwareSigningKey)_authority.Key).Ecdsa!), Now.AddMinutes(-1), Now.AddDays(300), RandomNumberGenerator.GetBytes(16));
    }

    public async Task<IssuerSigned> IssueAsync(MdocContent? content = null) =>
        IssuerSigned.Parse(await MdocIssuer.IssueAsync(content ?? Content, Key, TestContext.Current.CancellationToken));

    public void Dispose()
    {
        _authority.Dispose();
        Certificate.Dispose();
        Key.Dispose();
        Device.Dispose();
    }
}
