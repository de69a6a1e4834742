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
