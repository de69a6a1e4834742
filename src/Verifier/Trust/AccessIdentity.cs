using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Credentials.Codecs;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.Verifier.Storage;
using Credentials.X509;

namespace Credentials.Verifier.Trust;

/// <summary>
/// Who this verifier is to wallets: an access certificate under a root of its own, made in a fresh data folder and renewed
/// before it runs out or when the host's name changes. Wallets are given the root.
/// </summary>
internal sealed class AccessIdentity
{
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(14);

    private AccessIdentity(ISigningKey key, X509Certificate2 certificate, string rootPath)
    {
        Key = key;
        Certificate = certificate;
        RootPath = rootPath;
        // OpenID4VP 1.0 §5.9.3: base64url of the SHA-256 of the DER-encoded leaf.
        X509Hash = StrictBase64Url.Encode(SHA256.HashData(certificate.RawData));
    }

    public ISigningKey Key { get; }

    /// <summary>The leaf; x5c carries it alone, without the anchor (HAIP §5).</summary>
    public X509Certificate2 Certificate { get; }

    public string X509Hash { get; }

    /// <summary>The PEM that wallets must trust for verifiers.</summary>
    public string RootPath { get; }

    public static AccessIdentity LoadOrCreate(string folder, string name, string host, DateTimeOffset now)
    {
        Directory.CreateDirectory(folder);
        var rootPath = Path.Combine(folder, "access-root.pem");
        var rootKeyPath = Path.Combine(folder, "access-root.key.pem");
        var leafPath = Path.Combine(folder, "access.pem");
        var leafKeyPath = Path.Combine(folder, "access.key.pem");
        try
        {
            using var root = LoadOrCreateRoot(rootPath, rootKeyPath, name, now);
            if (!File.Exists(leafKeyPath))
                PrivateFile.Write(leafKeyPath, SoftwareSigningKey.Generate(SignatureAlgorithm.Es256).ExportPkcs8Pem());
            var key = SoftwareSigningKey.FromPkcs8Pem(File.ReadAllText(leafKeyPath));
            var leaf = File.Exists(leafPath) ? CertificateReader.FromPem(File.ReadAllText(leafPath)).Single() : null;
            if (leaf is null || !Serves(leaf, host, now))
            {
                leaf = root.IssueAccessCertificate(name, key, HasName(host) ? [host] : [], now);
                PrivateFile.Write(leafPath, leaf.ExportCertificatePem());
            }
            return new AccessIdentity(key, leaf, rootPath);
        }
        catch (Exception e) when (e is CredentialException or IOException or UnauthorizedAccessException or CryptographicException or InvalidOperationException)
        {
            throw new VerifierStartException($"the access certificate and keys in {folder} cannot be used", e);
        }
    }

    private static CertificateAuthority LoadOrCreateRoot(string path, string keyPath, string name, DateTimeOffset now)
    {
        if (File.Exists(path))
            return CertificateAuthority.Load(CertificateReader.FromPem(File.ReadAllText(path)).Single(), SoftwareSigningKey.FromPkcs8Pem(File.ReadAllText(keyPath)));
        var root = CertificateAuthority.Create($"{name} Access Root", "KR", now);
        PrivateFile.Write(keyPath, root.Key.ExportPkcs8Pem());
        // Written last: its presence says that the pair is whole. Others read it, so it is no private file.
        File.WriteAllText(path, root.Certificate.ExportCertificatePem());
        return root;
    }

    private static bool Serves(X509Certificate2 leaf, string host, DateTimeOffset now) =>
        leaf.NotAfter.ToUniversalTime() - now.UtcDateTime > RenewBefore
        && (!HasName(host) || SubjectAlternativeNames.Of(leaf).NamesHost(host));

    /// <summary>An address is no DNS name: the certificate of such a verifier has none, and <c>x509_san_dns</c> is not offered.</summary>
    private static bool HasName(string host) => Uri.CheckHostName(host) == UriHostNameType.Dns;
}
