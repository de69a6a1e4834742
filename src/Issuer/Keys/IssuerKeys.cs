using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.Trust;
using Credentials.X509;
using PublicKey = Credentials.Keys.PublicKey;

namespace Credentials.Issuer.Keys;

/// <summary>
/// Keys and certificates of the data folder: a root, a signer of credentials, a signer of status lists, one of audit checkpoints, and the secret that
/// codes, nonces and transaction codes are derived from. A fresh folder gets new ones; private files are readable by the owner only.
/// </summary>
internal sealed class IssuerKeys : IDisposable
{
    private readonly SoftwareSigningKey _credentialKey;
    private readonly SoftwareSigningKey _statusKey;
    private readonly SoftwareSigningKey _auditKey;
    private readonly Lazy<SoftwareSigningKey> _holderKey;

    private IssuerKeys(string trustPath, X509Certificate2 root, (X509Certificate2 Certificate, SoftwareSigningKey Key) signer, (X509Certificate2 Certificate, SoftwareSigningKey Key) status, SoftwareSigningKey audit, byte[] secret)
    {
        TrustPath = trustPath;
        _holderKey = new(() => LoadOrCreateHolderKey(Path.GetDirectoryName(trustPath)!));
        Root = root;
        (CredentialCertificate, _credentialKey) = signer;
        (StatusCertificate, _statusKey) = status;
        _auditKey = audit;
        Secret = secret;
        OwnTrust = TrustStore.Create([TrustAnchor.ForCertificate(root, TrustPurpose.CredentialIssuer | TrustPurpose.StatusSigner)]);
    }

    private string TrustPath { get; }

    internal X509Certificate2 Root { get; }

    internal X509Certificate2 CredentialCertificate { get; }

    internal ISigningKey CredentialKey => _credentialKey;

    internal X509Certificate2 StatusCertificate { get; }

    internal ISigningKey StatusKey => _statusKey;

    /// <summary>Signs checkpoints of the audit log; the public half is <c>audit.jwk</c>.</summary>
    internal ISigningKey AuditKey => _auditKey;
    /// <summary>The key that presentations are proved with where the VC API is on; made when it is first used.</summary>
    internal ISigningKey HolderKey => _holderKey.Value;

    /// <summary>32 random bytes.</summary>
    internal byte[] Secret { get; }

    /// <summary>What the issuer's own check of its output trusts: itself.</summary>
    internal TrustStore OwnTrust { get; }

    internal static IssuerKeys LoadOrCreate(string dataFolder, string name, string country, DateTimeOffset now)
    {
        var folder = Directory.CreateDirectory(Path.Combine(dataFolder, "keys"));
        if (!OperatingSystem.IsWindows())
            folder.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        // Two replicas may start on a fresh folder at once.
        using var _ = TakeLock(Path.Combine(folder.FullName, ".lock"));
        string At(string file) => Path.Combine(folder.FullName, file);
        if (!File.Exists(At("ready")))
        {
            Create(At, name, country, now);
            WritePrivate(At("ready"), "");
        }

        return new IssuerKeys(
            At("trust.pem"), ReadCertificate(At("root.pem")), ReadSigner(At, "document-signer"), ReadSigner(At, "status-signer"), ReadAuditKey(At),
            File.ReadAllBytes(At("secret.bin")) is { Length: 32 } secret ? secret : throw new Http.IssuerStartException("keys/secret.bin is not 32 bytes."));
    }

    /// <summary>Writes the file that others must trust, and says where: the root as PEM, then the issuer's identifier on a line of its own.</summary>
    internal string WriteTrust(string did)
    {
        var temporary = $"{TrustPath}.{Guid.NewGuid():N}";
        File.WriteAllText(temporary, $"{Root.ExportCertificatePem()}\n{did}\n");
        File.Move(temporary, TrustPath, overwrite: true);
        return TrustPath;
    }

    public void Dispose()
    {
        _credentialKey.Dispose();
        _statusKey.Dispose();
        _auditKey.Dispose();
        if (_holderKey.IsValueCreated)
            _holderKey.Value.Dispose();
    }

    private static SoftwareSigningKey LoadOrCreateHolderKey(string folder)
    {
        using var _ = TakeLock(Path.Combine(folder, ".lock"));
        var path = Path.Combine(folder, "holder.key.pem");
        if (!File.Exists(path))
        {
            using var key = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
            WritePrivate(path, key.ExportPkcs8Pem() + "\n");
        }

        return SoftwareSigningKey.FromPkcs8Pem(File.ReadAllText(path));
    }

    private static void Create(Func<string, string> at, string name, string country, DateTimeOffset now)
    {
        using var authority = CertificateAuthority.Create($"{name} Root", country, now);
        using var signer = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        using var status = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        File.WriteAllText(at("root.pem"), authority.Certificate.ExportCertificatePem() + "\n");
        WritePrivate(at("root.key.pem"), authority.Key.ExportPkcs8Pem() + "\n");
        File.WriteAllText(at("document-signer.pem"), authority.IssueDocumentSigner($"{name} Document Signer", signer, now).ExportCertificatePem() + "\n");
        WritePrivate(at("document-signer.key.pem"), signer.ExportPkcs8Pem() + "\n");
        File.WriteAllText(at("status-signer.pem"), authority.IssueStatusSigner($"{name} Status Signer", status, now).ExportCertificatePem() + "\n");
        WritePrivate(at("status-signer.key.pem"), status.ExportPkcs8Pem() + "\n");
        WritePrivate(at("secret.bin"), RandomNumberGenerator.GetBytes(32));
    }

    private static (X509Certificate2 Certificate, SoftwareSigningKey Key) ReadSigner(Func<string, string> at, string name)
    {
        var certificate = ReadCertificate(at(name + ".pem"));
        var key = SoftwareSigningKey.FromPkcs8Pem(File.ReadAllText(at(name + ".key.pem")));
        return PublicKey.FromCertificate(certificate).Equals(key.PublicKey)
            ? (certificate, key)
            : throw new Http.IssuerStartException($"keys/{name}.pem and keys/{name}.key.pem do not belong together.");
    }

    // Made where it is missing: a folder may be older than the checkpoints.
    private static SoftwareSigningKey ReadAuditKey(Func<string, string> at)
    {
        if (!File.Exists(at("audit.key.pem")))
        {
            using var fresh = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
            WritePrivate(at("audit.key.pem"), fresh.ExportPkcs8Pem() + "\n");
        }

        var key = SoftwareSigningKey.FromPkcs8Pem(File.ReadAllText(at("audit.key.pem")));
        File.WriteAllText(at("audit.jwk"), StrictJson.ToText(Jwk.Write(key.PublicKey)) + "\n");
        return key;
    }

    private static X509Certificate2 ReadCertificate(string path) => CertificateReader.FromPem(File.ReadAllText(path))[0];

    private static void WritePrivate(string path, string text) => WritePrivate(path, System.Text.Encoding.ASCII.GetBytes(text));

    private static void WritePrivate(string path, byte[] bytes)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var stream = new FileStream(path, options);
        stream.Write(bytes);
        stream.Flush(flushToDisk: true);
    }

    private static FileStream TakeLock(string path)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (attempt < 100)
            {
                Thread.Sleep(100);
            }
        }
    }
}
