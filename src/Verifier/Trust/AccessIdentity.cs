using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Credentials.Codecs;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.Verifier.Storage;
using Credentials.X509;
using PublicKey = Credentials.Keys.PublicKey;

namespace Credentials.Verifier.Trust;

/// <summary>
/// Who a relying party is to wallets: an access certificate under this service's own root, made where there is none and renewed
/// before it runs out or when the party's or its host's name changes; or one that the operator gives. Wallets are given the root.
/// </summary>
internal sealed class AccessIdentity
{
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(14);

    private AccessIdentity(ISigningKey key, IReadOnlyList<X509Certificate2> chain, string? rootPath)
    {
        Key = key;
        Chain = chain;
        RootPath = rootPath;
        // OpenID4VP 1.0 §5.9.3: base64url of the SHA-256 of the DER-encoded leaf.
        X509Hash = StrictBase64Url.Encode(SHA256.HashData(Certificate.RawData));
    }

    public ISigningKey Key { get; }

    /// <summary>What x5c carries: the leaf first, without the anchor (HAIP §5).</summary>
    public IReadOnlyList<X509Certificate2> Chain { get; }

    public X509Certificate2 Certificate => Chain[0];

    public string X509Hash { get; }

    /// <summary>The PEM that wallets must trust for verifiers; null where the certificate is somebody else's.</summary>
    public string? RootPath { get; }

    /// <param name="rootFolder">Where the service's root is kept.</param>
    /// <param name="folder">Where this identity is kept.</param>
    /// <param name="rootName">The name of a root that is made.</param>
    /// <param name="name">The party's name.</param>
    /// <param name="host">The host of its address.</param>
    /// <param name="now">The time.</param>
    public static AccessIdentity LoadOrCreate(string rootFolder, string folder, string rootName, string name, string host, DateTimeOffset now)
    {
        Directory.CreateDirectory(folder);
        var rootPath = Path.Combine(rootFolder, "access-root.pem");
        var rootKeyPath = Path.Combine(rootFolder, "access-root.key.pem");
        var leafPath = Path.Combine(folder, "access.pem");
        var leafKeyPath = Path.Combine(folder, "access.key.pem");
        try
        {
            using var root = LoadOrCreateRoot(rootPath, rootKeyPath, rootName, now);
            if (!File.Exists(leafKeyPath))
                PrivateFile.Write(leafKeyPath, SoftwareSigningKey.Generate(SignatureAlgorithm.Es256).ExportPkcs8Pem());
            var key = SoftwareSigningKey.FromPkcs8Pem(File.ReadAllText(leafKeyPath));
            var leaf = File.Exists(leafPath) ? CertificateReader.FromPem(File.ReadAllText(leafPath)).Single() : null;
            if (leaf is null || !Serves(leaf, name, host, now))
            {
                leaf = root.IssueAccessCertificate(name, key, HasName(host) ? [host] : [], now);
                PrivateFile.Write(leafPath, leaf.ExportCertificatePem());
            }
            return new AccessIdentity(key, [leaf], rootPath);
        }
        catch (Exception e) when (e is CredentialException or IOException or UnauthorizedAccessException or CryptographicException or InvalidOperationException)
        {
            throw new VerifierStartException($"the access certificate and keys in {folder} cannot be used", e);
        }
    }

    /// <summary>An access certificate that an authority has issued to the party.</summary>
    /// <param name="certificatePath">PEM, the party's certificate first; its anchor is left out where it is there.</param>
    /// <param name="keyPath">Its private key, PKCS#8 in PEM.</param>
    /// <param name="now">The time.</param>
    public static AccessIdentity Load(string certificatePath, string keyPath, DateTimeOffset now)
    {
        try
        {
            var chain = CertificateReader.FromPem(File.ReadAllText(certificatePath)).ToList();
            if (chain.Count > 1 && chain[^1].Subject == chain[^1].Issuer)
                chain.RemoveAt(chain.Count - 1);
            var key = SoftwareSigningKey.FromPkcs8Pem(File.ReadAllText(keyPath));
            if (chain.Count == 0)
                throw new VerifierStartException($"{certificatePath} holds no certificate");
            if (!PublicKey.FromCertificate(chain[0]).Equals(key.PublicKey))
                throw new VerifierStartException($"{keyPath} is not the key of the first certificate in {certificatePath}");
            // HAIP §5 and what the request object endpoint tells wallets.
            if (key.PublicKey.Algorithm != SignatureAlgorithm.Es256)
                throw new VerifierStartException($"the key in {keyPath} is not for ES256");
            if (now.UtcDateTime < chain[0].NotBefore.ToUniversalTime() || now.UtcDateTime > chain[0].NotAfter.ToUniversalTime())
                throw new VerifierStartException($"the certificate in {certificatePath} is not valid now");
            return new AccessIdentity(key, chain, null);
        }
        catch (Exception e) when (e is CredentialException or IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new VerifierStartException($"{certificatePath} with {keyPath} cannot be used", e);
        }
    }

    private static CertificateAuthority LoadOrCreateRoot(string path, string keyPath, string name, DateTimeOffset now)
    {
        if (File.Exists(path))
            return CertificateAuthority.Load(CertificateReader.FromPem(File.ReadAllText(path)).Single(), SoftwareSigningKey.FromPkcs8Pem(File.ReadAllText(keyPath)));
        var key = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        var root = CertificateAuthority.Create($"{name} Access Root", "KR", now, key: key);
        PrivateFile.Write(keyPath, key.ExportPkcs8Pem());
        // Written last: its presence says that the pair is whole. Others read it, so it is no private file.
        File.WriteAllText(path, root.Certificate.ExportCertificatePem());
        return root;
    }

    private static bool Serves(X509Certificate2 leaf, string name, string host, DateTimeOffset now) =>
        leaf.NotAfter.ToUniversalTime() - now.UtcDateTime > RenewBefore
        && leaf.GetNameInfo(X509NameType.SimpleName, forIssuer: false) == name
        && (!HasName(host) || SubjectAlternativeNames.Of(leaf).NamesHost(host));

    /// <summary>An address is no DNS name: the certificate of such a verifier has none, and <c>x509_san_dns</c> is not offered.</summary>
    private static bool HasName(string host) => Uri.CheckHostName(host) == UriHostNameType.Dns;
}
