using System.Security.Cryptography.X509Certificates;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.StatusLists;
using Credentials.Trust;
using Credentials.X509;

namespace Credentials.Benchmarks;

/// <summary>An agency with its authority, and a holder.</summary>
internal sealed class Parties
{
    public Parties()
    {
        var authority = CertificateAuthority.Create("Benchmark Root", "KR", Now.AddDays(-30));
        Certificate = authority.IssueDocumentSigner("Benchmark Signer", Agency, Now.AddDays(-1));
        Trust = TrustStore.Create([TrustAnchor.ForCertificate(authority.Certificate, TrustPurpose.CredentialIssuer)]);
    }

    public DateTimeOffset Now { get; } = TimeProvider.System.GetUtcNow();

    public SoftwareSigningKey Agency { get; } = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);

    public SoftwareSigningKey Holder { get; } = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);

    public X509Certificate2 Certificate { get; }

    public TrustStore Trust { get; }

    public StatusReference Status { get; } = new("https://issuer.example/status/1", 4711);
}
