using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Credentials.Codecs;
using Credentials.Dids;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.Trust;
using Credentials.X509;

namespace Credentials.Issuer.Keys;

/// <summary>
/// Keys and certificates of the data folder: a root, signers of credentials and of status lists, one of audit checkpoints, and the secret that
/// codes, nonces and transaction codes are derived from. A fresh folder gets new ones; private files are readable by the owner only, and encrypted where there is a passphrase.
/// Signers change while the service runs (<see cref="SignerChanges"/>): what is made of them is asked for anew each time.
/// </summary>
internal sealed class IssuerKeys : IDisposable
{
    private readonly TimeProvider _time;
    private readonly SoftwareSigningKey _auditKey;
    private readonly Lazy<SoftwareSigningKey> _holderKey;
    private readonly Lazy<SoftwareSigningKey> _ed25519Key;
    private readonly Func<TrustStore> _ownTrust;
    private byte[] _list;

    private IssuerKeys(string folder, PrivateFiles files, SignerFolder signers, TimeProvider time)
    {
        string At(string file) => Path.Combine(folder, file);
        (Folder, _time) = (signers, time);
        TrustPath = At("trust.pem");
        Root = CertificateReader.FromPem(File.ReadAllText(At("root.pem")))[0];
        _holderKey = new(() => LoadOrCreate(files, signers, At("holder.key.pem"), SignatureAlgorithm.Es256, key => key.ExportPkcs8Pem(), SoftwareSigningKey.FromPkcs8Pem));
        var ed25519 = At("ed25519.jwk.json");
        HasEd25519Key = File.Exists(ed25519);
        _ed25519Key = new(() => LoadOrCreate(
            files, signers, ed25519, SignatureAlgorithm.EdDsa, key => StrictJson.ToText(key.ExportPrivateJwk()), text => SoftwareSigningKey.FromPrivateJwk(StrictJson.Parse(text))));
        _auditKey = ReadAuditKey(files, At);
        Secret = files.Read(At("secret.bin")) is { Length: 32 } secret ? secret : throw new Http.IssuerStartException("keys/secret.bin is not 32 bytes.");
        _list = signers.ReadList();
        Signers = signers.Load(_list, Root, time.GetUtcNow(), []);
        _ownTrust = Remember(() => TrustStore.Create(Anchors.Select(one => TrustAnchor.ForCertificate(one, TrustPurpose.CredentialIssuer | TrustPurpose.StatusSigner))));
    }

    /// <summary>Where the signers are kept.</summary>
    internal SignerFolder Folder { get; }

    private string TrustPath { get; }

    internal X509Certificate2 Root { get; }

    /// <summary>All signers, past, present and planned, in the order in which they take effect. Another list after each change.</summary>
    internal IReadOnlyList<Signer> Signers { get; private set; }

    /// <summary>Every authority that this issuer's signers stand under; the folder's own first.</summary>
    internal IEnumerable<X509Certificate2> Anchors => Signers.Select(signer => signer.Anchor).Prepend(Root).DistinctBy(one => one.GetCertHashString(HashAlgorithmName.SHA256));

    /// <summary>All keys that credentials were or will be signed with and that were not withdrawn: what others may need to verify them.</summary>
    internal IReadOnlyList<Signer> DocumentSigners =>
        [.. Signers.Where(signer => signer.Purpose == SignerFolder.DocumentSigner && signer.WithdrawnAt is null).TakeLast(ControlledIdentifierDocument.MaxMethods)];

    /// <summary>The signer of credentials now.</summary>
    internal Signer Document => DocumentSigner(_time.GetUtcNow());

    /// <summary>The signer of the credentials that were registered at a time; if its private key is gone, the next that has one.</summary>
    internal Signer DocumentSigner(DateTimeOffset at)
    {
        var held = DocumentSigners.Where(signer => signer.HeldKey is not null).ToList();
        return held.LastOrDefault(signer => signer.From <= at) ?? held.FirstOrDefault() ?? throw NoneLeft(SignerFolder.DocumentSigner);
    }

    /// <summary>
    /// The signer of the credentials that were registered at a time, whether its key is still held or not. Their status list is signed under
    /// the same authority (Token Status List §11.3), so a list holds the credentials of one authority.
    /// </summary>
    internal Signer InEffect(DateTimeOffset at)
    {
        var all = Signers.Where(signer => signer.Purpose == SignerFolder.DocumentSigner).ToList();
        return all.FindLast(signer => signer.From <= at) ?? all[0];
    }

    /// <summary>The signer, now, of a status list that was opened at a time.</summary>
    internal Signer StatusSigner(DateTimeOffset opened)
    {
        var (now, authority) = (_time.GetUtcNow(), InEffect(opened).Anchor);
        return Signers.LastOrDefault(signer => signer.Purpose == SignerFolder.StatusSigner && signer.HeldKey is not null && signer.From <= now && signer.IsUnder(authority))
            ?? throw NoneLeft(SignerFolder.StatusSigner);
    }

    /// <summary>Signs checkpoints of the audit log; the public half is <c>audit.jwk</c>.</summary>
    internal ISigningKey AuditKey => _auditKey;

    /// <summary>The key that presentations are proved with where the VC API is on; made when it is first used.</summary>
    internal ISigningKey HolderKey => _holderKey.Value;

    /// <summary>The key of proofs with EdDSA, for the VC API; made when it is first used. It has no certificate and no successor: with its file, it goes.</summary>
    internal ISigningKey Ed25519Key => _ed25519Key.Value;

    /// <summary>Whether the folder has that key, so that credentials may be out that it signed.</summary>
    internal bool HasEd25519Key { get; }

    /// <summary>32 random bytes.</summary>
    internal byte[] Secret { get; }

    /// <summary>What the issuer's own check of its output trusts: itself.</summary>
    internal TrustStore OwnTrust => _ownTrust();

    internal static IssuerKeys LoadOrCreate(string dataFolder, string name, string country, TimeProvider time, string? passphrase, CertificateContacts? contacts = null)
    {
        var folder = Directory.CreateDirectory(Path.Combine(dataFolder, "keys"));
        if (!OperatingSystem.IsWindows())
            folder.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        var files = new PrivateFiles(passphrase);
        var signers = new SignerFolder(folder.FullName, files);
        // Two replicas may start on a fresh folder at once.
        using var _ = signers.Lock();
        string At(string file) => Path.Combine(folder.FullName, file);
        if (!File.Exists(At("ready")))
        {
            Create(files, At, name, country, time.GetUtcNow(), contacts);
            files.Write(At("ready"), "");
        }

        // Not needed to run, but not to lie open either where the others are closed.
        if (File.Exists(At("root.key.pem")))
            files.Read(At("root.key.pem"));
        return new IssuerKeys(folder.FullName, files, signers, time);
    }

    /// <summary>The keys of a folder that has them, for the operator's commands.</summary>
    /// <exception cref="Http.IssuerStartException">There are none.</exception>
    internal static IssuerKeys Load(string dataFolder, TimeProvider time, string? passphrase) => File.Exists(Path.Combine(dataFolder, "keys", "ready"))
        ? LoadOrCreate(dataFolder, "", "", time, passphrase)
        : throw new Http.IssuerStartException($"There are no keys in {dataFolder}.");

    /// <summary>The passphrase is the first line of a file, as systemd and container platforms hand secrets over; null without one.</summary>
    /// <exception cref="Http.IssuerStartException">The file is missing, or its first line is shorter than 12 characters.</exception>
    internal static string? ReadPassphrase(string? file)
    {
        if (string.IsNullOrEmpty(file))
            return null;
        var line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault() : throw new Http.IssuerStartException("KeyPassphraseFile is not there.");
        return line is { Length: >= 12 } ? line : throw new Http.IssuerStartException("The first line of KeyPassphraseFile must have 12 characters or more.");
    }

    /// <summary>Whether there is a key for either purpose.</summary>
    /// <exception cref="Http.IssuerStartException">There is none, as after a withdrawal that a restore repeated.</exception>
    internal void RequireSigners()
    {
        foreach (var purpose in (string[])[SignerFolder.DocumentSigner, SignerFolder.StatusSigner])
        {
            if (!Signers.Any(signer => signer.Purpose == purpose && signer.HeldKey is not null))
                throw NoneLeft(purpose);
        }
    }

    /// <summary>One word for a signer: <c>planned</c>, <c>active</c>, <c>overlap</c> (followed, and its key still held), <c>retired</c> or <c>withdrawn</c>.</summary>
    internal string StateOf(Signer signer)
    {
        var now = _time.GetUtcNow();
        if (signer.WithdrawnAt is not null)
            return "withdrawn";
        if (signer.HeldKey is null)
            return "retired";
        if (signer.From > now)
            return "planned";
        return Signers.Any(next => next.From <= now && next.Follows(signer)) ? "overlap" : "active";
    }

    /// <summary>Reads the signers again if another process changed them, and lets go of private keys whose time is over. True if something is new.</summary>
    /// <exception cref="Http.IssuerStartException">What is new cannot be read; what was known stays in use.</exception>
    internal bool Refresh()
    {
        lock (Folder)
        {
            var (list, now) = (Folder.ReadList(), _time.GetUtcNow());
            if (Secrets.Same(list, _list) && !Signers.Any(signer => signer.HeldKey is not null && signer.HeldUntil <= now))
                return false;
            Signers = Folder.Load(list, Root, now, Signers);
            _list = list;
            return true;
        }
    }

    /// <summary>A value that is made of the signers, and made again when they change.</summary>
    internal Func<T> Remember<T>(Func<T> make)
    {
        Tuple<IReadOnlyList<Signer>, T>? made = null;
        return () =>
        {
            // Two at once make it twice, which does no harm.
            var (current, last) = (Signers, made);
            if (last is null || !ReferenceEquals(last.Item1, current))
                made = last = Tuple.Create(current, make());
            return last.Item2;
        };
    }

    /// <summary>The folder's own authority, to certify a signer.</summary>
    /// <exception cref="MalformedDataException"><c>issuer.key_authority</c>: its private key is not in the folder.</exception>
    internal CertificateAuthority OpenAuthority() => Folder.HasKey("root")
        ? CertificateAuthority.Load(CertificateReader.FromPem(Root.ExportCertificatePem())[0], Folder.ReadKey("root")) // a copy: the authority ends with its use
        : throw new MalformedDataException(IssuerCodes.KeyAuthority, "The folder's own authority has no private key here: ask another for the certificate.");

    /// <summary>Writes the file that others must trust, and says where: the authorities as PEM, then the issuer's identifier on a line of its own.</summary>
    internal string WriteTrust(string did)
    {
        var temporary = $"{TrustPath}.{Guid.NewGuid():N}";
        File.WriteAllText(temporary, $"{WriteAnchors()}{did}\n");
        File.Move(temporary, TrustPath, overwrite: true);
        return TrustPath;
    }

    internal string WriteAnchors() => string.Concat(Anchors.Select(one => one.ExportCertificatePem() + "\n"));

    private static Http.IssuerStartException NoneLeft(string purpose) => new($"Every {purpose} was withdrawn or its key is gone: `credentials issuer keys rotate --purpose {purpose}` makes another.");

    public void Dispose()
    {
        foreach (var signer in Signers)
            signer.HeldKey?.Dispose();
        _auditKey.Dispose();
        if (_holderKey.IsValueCreated)
            _holderKey.Value.Dispose();
        if (_ed25519Key.IsValueCreated)
            _ed25519Key.Value.Dispose();
    }

    private static SoftwareSigningKey LoadOrCreate(
        PrivateFiles files, SignerFolder folder, string path, SignatureAlgorithm algorithm, Func<SoftwareSigningKey, string> write, Func<string, SoftwareSigningKey> read)
    {
        using var _ = folder.Lock();
        if (!File.Exists(path))
        {
            using var key = SoftwareSigningKey.Generate(algorithm);
            files.Write(path, write(key) + "\n");
        }

        return read(files.ReadText(path));
    }

    private static void Create(PrivateFiles files, Func<string, string> at, string name, string country, DateTimeOffset now, CertificateContacts? contacts)
    {
        using var authority = CertificateAuthority.Create($"{name} Root", country, now, contacts);
        using var signer = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        using var status = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        File.WriteAllText(at("root.pem"), authority.Certificate.ExportCertificatePem() + "\n");
        files.Write(at("root.key.pem"), authority.Key.ExportPkcs8Pem() + "\n");
        File.WriteAllText(at("document-signer.pem"), authority.IssueDocumentSigner($"{name} Document Signer", signer, now).ExportCertificatePem() + "\n");
        files.Write(at("document-signer.key.pem"), signer.ExportPkcs8Pem() + "\n");
        File.WriteAllText(at("status-signer.pem"), authority.IssueStatusSigner($"{name} Status Signer", status, now).ExportCertificatePem() + "\n");
        files.Write(at("status-signer.key.pem"), status.ExportPkcs8Pem() + "\n");
        files.Write(at("secret.bin"), RandomNumberGenerator.GetBytes(32));
    }

    // Made where it is missing: a folder may be older than the checkpoints.
    private static SoftwareSigningKey ReadAuditKey(PrivateFiles files, Func<string, string> at)
    {
        if (!File.Exists(at("audit.key.pem")))
        {
            using var fresh = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
            files.Write(at("audit.key.pem"), fresh.ExportPkcs8Pem() + "\n");
        }

        var key = SoftwareSigningKey.FromPkcs8Pem(files.ReadText(at("audit.key.pem")));
        File.WriteAllText(at("audit.jwk"), StrictJson.ToText(Jwk.Write(key.PublicKey)) + "\n");
        return key;
    }
}
