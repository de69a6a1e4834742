using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Credentials.X509;

namespace Credentials.Tests.X509;

/// <summary>An IACA root and document signers below it, each correct but for what a test says.</summary>
internal static class IacaFactory
{
    public static DateTimeOffset Now => TestPki.Now;

    public static TestPki Root(
        string subject = "C=KR, S=Seoul, CN=Test IACA", int? pathLength = 0, int years = 20, int extraDays = 0,
        X509KeyUsageFlags usage = X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, ECDsa? key = null)
    {
        key ??= ECDsa.Create(ECCurve.NamedCurves.nistP256);
        X500DistinguishedName name = new(subject);
        CertificateRequest request = new(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, pathLength is not null, pathLength ?? 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        DateTimeOffset from = Now.AddDays(-30);
        return Sign(request, name, key, from, from.AddYears(years).AddDays(extraDays), key);
    }

    public static TestPki Signer(
        TestPki root, string subject = "C=KR, S=Seoul, CN=Test DS", string? usage = CertificateProfile.DocumentSignerUsage,
        X509KeyUsageFlags keyUsage = X509KeyUsageFlags.DigitalSignature, X509Extension? basicConstraints = null, bool keyIdentifier = true,
        byte[]? otherKeyIdentifier = null, int days = 457, int extraSeconds = 0, X500DistinguishedName? issuerName = null)
    {
        ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(new X500DistinguishedName(subject), key, HashAlgorithmName.SHA256);
        if (basicConstraints is not null) request.CertificateExtensions.Add(basicConstraints);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(keyUsage, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        if (keyIdentifier)
        {
            request.CertificateExtensions.Add(otherKeyIdentifier is null
                ? X509AuthorityKeyIdentifierExtension.CreateFromCertificate(root.Certificate, true, false)
                : X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(otherKeyIdentifier));
        }
        if (usage is not null) request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], true));
        DateTimeOffset from = Now.AddDays(-1);
        return Sign(request, issuerName ?? root.Certificate.SubjectName, root.Key, from, from.AddDays(days).AddSeconds(extraSeconds), key);
    }

    /// <summary>The new root's key and name, certified by the old root (ISO/IEC 18013-5 Annex B "link certificate").</summary>
    public static TestPki Link(TestPki old, TestPki young)
    {
        CertificateRequest request = new(young.Certificate.SubjectName, young.Key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(old.Certificate, true, false));
        return Sign(request, old.Certificate.SubjectName, old.Key, Now.AddDays(-20), Now.AddYears(5), young.Key);
    }

    private static TestPki Sign(CertificateRequest request, X500DistinguishedName issuer, ECDsa issuerKey, DateTimeOffset from, DateTimeOffset to, ECDsa key)
    {
        byte[] serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7f) | 0x40);
        return new TestPki(request.Create(issuer, X509SignatureGenerator.CreateForECDsa(issuerKey), from, to, serial), key);
    }
}
