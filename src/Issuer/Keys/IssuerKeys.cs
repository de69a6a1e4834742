using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Credentials.Codecs;
using Credentials.Dids;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Pkcs11;
using Credentials.Keys.Software;
using Credentials.Trust;
using Credentials.X509;

namespace Credentials.Issuer.Keys;

/// <summary>
/// Keys and certificates of the data folder: a root, signers of credentials and of status lists, one of audit checkpoints, and the secret that
/// codes, nonces and transaction codes are derived from. A fresh folder gets new ones, in a token where there is one; private files are readable by the owner only, and
/// encrypted where there is a passphrase.
/// Signers change while the service runs (<see cref="SignerChanges"/>): what is made of them is asked for anew each time.
/// </summary>
internal sealed class IssuerKeys : IDisposable
{
    private readonly TimeProvider _time;
    private readonly ISigningKey _auditKey;
    private readonly Lazy<ISigningKey> _holderKey;
    private readonly Lazy<SoftwareSigningKey> _ed25519Key;
    private readonly Func<TrustStore> _ownTrust;
    private byte[] _list;

    private IssuerKeys(string folder, PrivateFiles files, SignerFolder signers, TimeProvider time)
    {
        string At(string file) => Path.Combine(folder, file);
        (Folder, _time) = (signers, time);
        TrustPath = At("trust.pem");
        Root = CertificateReader.FromPem(File.ReadAllText(At("root.pem")))[0];
        // A token that does not make it now is asked again.
        _holderKey = new(() => LoadOrCreateHolderKey(signers), LazyThreadSafetyMode.PublicationOnly);
        var ed25519 = At("ed25519.jwk.json");
        HasEd25519Key = File.Exists(ed25519);
        _ed25519Key = new(() => LoadOrCreateEd25519Key(files, signers, ed25519));
        _auditKey = ReadAuditKey(signers.Keys, At("audit.jwk"));
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

    internal static IssuerKeys LoadOrCreate(string dataFolder, string name, string country, TimeProvider time, string? passphrase, CertificateContacts? contacts = null, Pkcs11Token? token = null)
    {
        var folder = Directory.CreateDirectory(Path.Combine(dataFolder, "keys"));
        if (!OperatingSystem.IsWindows())
            folder.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        var files = new PrivateFiles(passphrase);
        var keys = new PrivateKeys(folder.FullName, files, token);
        var signers = new SignerFolder(folder.FullName, keys);
        // Two replicas may start on a fresh folder at once.
        using var _ = signers.Lock();
        string At(string file) => Path.Combine(folder.FullName, file);
        try
        {
            if (!File.Exists(At("ready")))
            {
                Create(files, keys, At, name, country, time.GetUtcNow(), contacts);
                files.Write(At("ready"), "");
            }

            // Not needed to run, but not to lie open either where the others are closed.
            if (keys.Has("root"))
                PrivateKeys.Release(keys.Read("root"));
            return new IssuerKeys(folder.FullName, files, signers, time);
        }
        catch (KeyUnavailableException e)
        {
            keys.Dispose();
            throw new Http.IssuerStartException($"The token makes no keys ({e.Code}): {e.Message}", e);
        }
        catch
        {
            keys.Dispose();
            throw;
        }
    }

    /// <summary>The keys of a folder that has them, for the operator's commands.</summary>
    /// <exception cref="Http.IssuerStartException">There are none.</exception>
    internal static IssuerKeys Load(string dataFolder, TimeProvider time, string? passphrase, Pkcs11Token? token = null) => File.Exists(Path.Combine(dataFolder, "keys", "ready"))
        ? LoadOrCreate(dataFolder, "", "", time, passphrase, token: token)
        : throw new Http.IssuerStartException($"There are no keys in {dataFolder}.");

    /// <summary>The same with the passphrase and the token that the environment names, as it does for the service.</summary>
    /// <inheritdoc cref="Load"/>
    internal static IssuerKeys LoadFromEnvironment(string dataFolder, TimeProvider time) =>
        Load(dataFolder, time, ReadPassphrase(Environment.GetEnvironmentVariable("Issuer__KeyPassphraseFile")), Pkcs11Settings.FromEnvironment().Open());

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

    /// <summary>Whether the token, if there is one, is there and has the keys that are to sign.</summary>
    /// <exception cref="KeyUnavailableException">A <c>key.token_…</c> code.</exception>
    internal Task CheckTokenAsync(CancellationToken ct) => Folder.Keys.CheckTokenAsync([.. Signers.Select(signer => signer.HeldKey).OfType<ISigningKey>(), _auditKey], ct);

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
    internal CertificateAuthority OpenAuthority() => Folder.Keys.Has("root")
        ? CertificateAuthority.Load(CertificateReader.FromPem(Root.ExportCertificatePem())[0], Folder.Keys.Read("root")) // a copy: the authority ends with its use
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
            PrivateKeys.Release(signer.HeldKey);
        PrivateKeys.Release(_auditKey);
        if (_holderKey.IsValueCreated)
            PrivateKeys.Release(_holderKey.Value);
        if (_ed25519Key.IsValueCreated)
            _ed25519Key.Value.Dispose();
        Folder.Keys.Dispose();
    }

    private static ISigningKey LoadOrCreateHolderKey(SignerFolder folder)
    {
        using var _ = folder.Lock();
        if (!folder.Keys.Has("holder"))
            PrivateKeys.Release(MakeKey(folder.Keys, "holder"));
        return folder.Keys.Read("holder");
    }

    // In a file also where there is a token: those sign on the NIST curves only (spec/decisions/0007).
    private static SoftwareSigningKey LoadOrCreateEd25519Key(PrivateFiles files, SignerFolder folder, string path)
    {
        using var _ = folder.Lock();
        if (!File.Exists(path))
        {
            using var key = SoftwareSigningKey.Generate(SignatureAlgorithm.EdDsa);
            files.Write(path, StrictJson.ToText(key.ExportPrivateJwk()) + "\n");
        }

        return SoftwareSigningKey.FromPrivateJwk(StrictJson.Parse(files.ReadText(path)));
    }

    private static void Create(PrivateFiles files, PrivateKeys keys, Func<string, string> at, string name, string country, DateTimeOffset now, CertificateContacts? contacts)
    {
        using var authority = CertificateAuthority.Create($"{name} Root", country, now, contacts, MakeKey(keys, "root"));
        File.WriteAllText(at("root.pem"), authority.Certificate.ExportCertificatePem() + "\n");
        void Certify(string purpose, Func<ISigningKey, X509Certificate2> issue)
        {
            var key = MakeKey(keys, purpose);
            File.WriteAllText(at(purpose + ".pem"), issue(key).ExportCertificatePem() + "\n");
            PrivateKeys.Release(key);
        }

        Certify(SignerFolder.DocumentSigner, key => authority.IssueDocumentSigner($"{name} Document Signer", key, now));
        Certify(SignerFolder.StatusSigner, key => authority.IssueStatusSigner($"{name} Status Signer", key, now));
        files.Write(at("secret.bin"), RandomNumberGenerator.GetBytes(32));
    }

    // Once in the life of a folder, before anything is served: there is nobody to wait for it but this thread.
    private static ISigningKey MakeKey(PrivateKeys keys, string name)
    {
        var key = keys.MakeAsync(name, CancellationToken.None).GetAwaiter().GetResult();
        keys.Keep(name, key);
        return key;
    }

    // Made where it is missing: a folder may be older than the checkpoints.
    private static ISigningKey ReadAuditKey(PrivateKeys keys, string publicPath)
    {
        if (!keys.Has("audit"))
            PrivateKeys.Release(MakeKey(keys, "audit"));
        var key = keys.Read("audit");
        File.WriteAllText(publicPath, StrictJson.ToText(Jwk.Write(key.PublicKey)) + "\n");
        return key;
    }
}
