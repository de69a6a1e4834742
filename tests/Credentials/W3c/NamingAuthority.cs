using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Credentials.Keys.Software;

namespace Credentials.Tests.W3c;

/// <summary>An authority whose certificates name their owner by host or URI.</summary>
internal sealed class NamingAuthority : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly DateTimeOffset _now;

    public NamingAuthority(DateTimeOffset now)
    {
        _now = now;
        var request = new CertificateRequest("CN=Naming root, C=KR", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        Root = request.CreateSelfSigned(now.AddYears(-1), now.AddYears(1));
    }

    public X509Certificate2 Root { get; }

    public X509Certificate2 Issue(SoftwareSigningKey key, string? dns, string? uri)
    {
        var request = new CertificateRequest(new X500DistinguishedName("CN=Issuer, C=KR"), key.Ecdsa!, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Root, true, false));
        var names = new SubjectAlternativeNameBuilder();
        if (dns is not null) names.AddDnsName(dns);
        if (uri is not null) names.AddUri(new Uri(uri));
        if (dns is not null || uri is not null) request.CertificateExtensions.Add(names.Build());
        return request.Create(Root, _now.AddDays(-1), _now.AddDays(30), RandomNumberGenerator.GetBytes(16));
    }

    public void Dispose()
    {
        Root.Dispose();
        _key.Dispose();
    }
}
