using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Credentials.Tests.X509;

/// <summary>Makes certificates with one thing wrong.</summary>
internal sealed record TestPki(X509Certificate2 Certificate, ECDsa Key)
{
    public static DateTimeOffset Now { get; } = new(2026, 11, 2, 9, 0, 0, TimeSpan.Zero);

    public static TestPki Root(string name = "Root", int? pathLength = null, ECDsa? key = null, bool ca = true, X509KeyUsageFlags usage = X509KeyUsageFlags.KeyCertSign) =>
        Make(null, name, key, new Options { Ca = ca, PathLength = pathLength, Usage = usage, Days = 3650 });

    public TestPki Intermediate(string name = "Intermediate", bool ca = true, int? pathLength = null, X509KeyUsageFlags usage = X509KeyUsageFlags.KeyCertSign, X509Extension? extra = null) =>
        Make(this, name, null, new Options { Ca = ca, PathLength = pathLength, Usage = usage, Extra = extra, Days = 3000 });

    public TestPki Leaf(Options? options = null, ECDsa? key = null, string name = "Leaf") => Make(this, name, key, options ?? new Options());

    public static TestPki Make(TestPki? issuer, string name, ECDsa? key, Options options)
    {
        key ??= ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(new X500DistinguishedName($"C=KR, CN={name}"), key, options.Hash == HashAlgorithmName.SHA1 ? HashAlgorithmName.SHA256 : options.Hash);
        if (options.Ca is { } ca) request.CertificateExtensions.Add(new X509BasicConstraintsExtension(ca, options.PathLength is not null, options.PathLength ?? 0, true));
        if (options.Usage != X509KeyUsageFlags.None) request.CertificateExtensions.Add(new X509KeyUsageExtension(options.Usage, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        if (issuer is not null) request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(issuer.Certificate, true, false));
        if (options.ExtendedUsage is { } eku) request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(eku)], true));
        if (options.Extra is { } extra) request.CertificateExtensions.Add(extra);
        DateTimeOffset from = options.NotBefore ?? Now.AddDays(-1);
        X509Certificate2 certificate = request.Create(
            issuer?.Certificate.SubjectName ?? request.SubjectName, options.Hash == HashAlgorithmName.SHA1 ? new Sha1Generator(issuer?.Key ?? key) : X509SignatureGenerator.CreateForECDsa(issuer?.Key ?? key),
            from, options.NotAfter ?? from.AddDays(options.Days), RandomNumberGenerator.GetBytes(8));
        return new TestPki(certificate, key);
    }

    internal sealed record Options
    {
        public bool? Ca { get; init; } = false;
        public int? PathLength { get; init; }
        public X509KeyUsageFlags Usage { get; init; } = X509KeyUsageFlags.DigitalSignature;
        public string? ExtendedUsage { get; init; }
        public X509Extension? Extra { get; init; }
        public HashAlgorithmName Hash { get; init; } = HashAlgorithmName.SHA256;
        public DateTimeOffset? NotBefore { get; init; }
        public DateTimeOffset? NotAfter { get; init; }
        public int Days { get; init; } = 365;
    }

    /// <summary>ecdsa-with-SHA1, which the platform does not make any more.</summary>
    private sealed class Sha1Generator(ECDsa key) : X509SignatureGenerator
    {
        private readonly X509SignatureGenerator _inner = CreateForECDsa(key);

        public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) => Convert.FromHexString("300906072A8648CE3D0401");

        public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) =>
            key.SignData(data, HashAlgorithmName.SHA1, DSASignatureFormat.Rfc3279DerSequence);

        protected override PublicKey BuildPublicKey() => _inner.PublicKey;
    }
}
