using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Credentials.Dids;
using Credentials.Issuer.Agency;
using Credentials.Issuer.Storage;
using Credentials.Keys;
using Credentials.X509;
using PublicKey = Credentials.Keys.PublicKey;

namespace Credentials.Issuer.Keys;

/// <summary>
/// What an operator does to the signers of the key folder, beside the running service: a new one under the folder's own authority, or the
/// request for a certificate and the answer to it. Replicas take it up within <see cref="KeyWatch.Interval"/>. Told in the audit log before it is done.
/// </summary>
internal sealed class SignerChanges(IssuerDbContext db, IssuerKeys keys, TimeProvider time)
{
    /// <summary>How long before it takes effect a signer is there at least, so that every replica knows it by then.</summary>
    internal static readonly TimeSpan Lead = TimeSpan.FromMinutes(1);

    /// <summary>After how long every replica has taken up a withdrawal, and the second it is written down to is over.</summary>
    private static readonly TimeSpan Notice = TimeSpan.FromSeconds(1) + KeyWatch.Interval * 2;

    /// <summary>A PKCS#10 request (RFC 2986) as PEM, for a new key. While one waits for its answer, the same key's again.</summary>
    internal async Task<string> RequestAsync(string purpose, CancellationToken ct)
    {
        using var _ = await BeginAsync(purpose, ct);
        var entries = Entries();
        var name = entries.FirstOrDefault(entry => entry.Purpose == purpose && entry.From is null)?.Name;
        if (name is null)
        {
            name = NewName(purpose, entries);
            var fresh = await keys.Folder.Keys.MakeAsync(name, ct);
            keys.Folder.Keys.Keep(name, fresh);
            await SaveAsync("keys.request", fresh.PublicKey, [.. entries, new(purpose, name, null, 0)], new JsonObject { ["purpose"] = purpose }, ct);
            PrivateKeys.Release(fresh);
        }

        var key = keys.Folder.Keys.Read(name);
        var request = WriteRequest(purpose, key);
        PrivateKeys.Release(key);
        return request;
    }

    /// <summary>A new signer under the folder's own authority.</summary>
    /// <param name="from">When it takes effect, to the second.</param>
    /// <param name="overlapHours">How long the key that it follows is still held.</param>
    /// <exception cref="MalformedDataException"><c>issuer.key_time</c>, <c>issuer.key_authority</c>, <c>issuer.key_is_identifier</c>, <c>issuer.key_status_signer</c>, or an <c>x509</c> code.</exception>
    internal async Task<Signer> RotateAsync(string purpose, DateTimeOffset from, int overlapHours, CancellationToken ct)
    {
        using var _ = await BeginAsync(purpose, ct);
        RequireTime(purpose, from);
        if (from >= keys.Root.NotAfter)
            throw new MalformedDataException(X509Codes.Validity, "The folder's own authority ends before that.");
        var entry = new SignerFolder.Entry(purpose, NewName(purpose, Entries()), from, overlapHours);
        var (certificate, anchor) = await CertifyNewKeyAsync(entry, ct);
        return await PutInUseAsync("keys.rotate", entry, [certificate], anchor, ct);
    }

    /// <summary>Takes the answer to a request: the certificate, others that stand above it, and last the authority's own where the issuer does not have it yet.</summary>
    /// <inheritdoc cref="RotateAsync"/>
    /// <exception cref="MalformedDataException"><c>issuer.key_answer</c>: for no key that was requested; or as <see cref="RotateAsync"/>.</exception>
    internal async Task<Signer> ImportAsync(string pem, DateTimeOffset from, int overlapHours, CancellationToken ct)
    {
        var (chain, own) = SignerFolder.SplitAnchor(CertificateReader.FromPem(pem));
        var answered = PublicKey.FromCertificate(chain[0]);
        using var _ = await BeginAsync(null, ct);
        var pending = Entries().FirstOrDefault(entry => entry.From is null && IsKeyOf(entry, answered))
            ?? throw new MalformedDataException(IssuerCodes.KeyAnswer, "The certificate is for no key that was requested here.");
        RequireTime(pending.Purpose, from);
        var entry = pending with { From = from, OverlapHours = overlapHours };
        var anchor = RequireFitting(entry, chain, own is null ? [.. keys.Anchors] : [own]);
        return await PutInUseAsync("keys.import", entry, chain, anchor, ct);
    }

    /// <summary>
    /// Withdraws a key that somebody else may have: its private key is deleted, it is not published any more, and where no other key of its
    /// purpose is in use a new one is at once, under the folder's own authority. Replicas stop to sign with it within <see cref="KeyWatch.Interval"/>.
    /// </summary>
    /// <param name="keyId">The RFC 7638 thumbprint.</param>
    /// <param name="reason">Why, for the audit log.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>The key withdrawn, now or before, and the time until which replicas may have signed with it.</returns>
    /// <exception cref="MalformedDataException"><c>issuer.key_unknown</c>: there is none; <c>issuer.key_authority</c>, <c>issuer.key_status_signer</c>: another key must be there first; <c>issuer.key_is_identifier</c>.</exception>
    internal async Task<(Signer Withdrawn, DateTimeOffset Until)> WithdrawAsync(string keyId, string reason, CancellationToken ct)
    {
        var purpose = keys.Signers.FirstOrDefault(signer => signer.KeyId == keyId)?.Purpose;
        using var _ = await BeginAsync(purpose, ct);
        var old = keys.Signers.FirstOrDefault(signer => signer.KeyId == keyId) ?? throw new MalformedDataException(IssuerCodes.KeyUnknown, "There is no such key here.");
        if (old.WithdrawnAt is { } earlier)
            return (old, earlier + Notice);
        // To the second, as the list is written.
        var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds() / 1000 * 1000);
        var entries = Entries().Select(entry => entry.Name == old.Name ? entry with { WithdrawnAt = now } : entry).ToList();
        if (!keys.Signers.Any(signer => signer != old && signer.Purpose == old.Purpose && signer.HeldKey is not null && signer.From <= now && (old.Purpose == SignerFolder.DocumentSigner || signer.IsUnder(old.Anchor))))
            entries.Add(await MakeSuccessorAsync(old, now, ct));
        await SaveAsync("keys.withdraw", old.PublicKey, entries, new JsonObject { ["purpose"] = old.Purpose, ["reason"] = reason }, ct);
        try
        {
            await keys.Folder.Keys.DeleteAsync(old.Name, null, ct);
        }
        catch (KeyUnavailableException)
        {
            // Nobody signs with it any more. The service destroys it when the token can be reached.
        }

        keys.Refresh();
        return (keys.Signers.Single(signer => signer.Name == old.Name), now + Notice);
    }

    private async Task<SignerFolder.Entry> MakeSuccessorAsync(Signer old, DateTimeOffset now, CancellationToken ct)
    {
        // Lists of another authority cannot be signed under ours.
        if (old.Purpose == SignerFolder.StatusSigner && !old.IsUnder(keys.Root))
            throw new MalformedDataException(IssuerCodes.KeyStatusSigner, "The status lists of this key's authority would have no signer: import another's certificate first.");
        var entry = new SignerFolder.Entry(old.Purpose, NewName(old.Purpose, Entries()), now, 0);
        var (certificate, anchor) = await CertifyNewKeyAsync(entry, ct);
        keys.Folder.WriteCertificates(entry.Name, [certificate, anchor]);
        return entry;
    }

    /// <summary>Makes a key and its certificate under the folder's own authority, and keeps the key if the certificate can be used.</summary>
    private async Task<(X509Certificate2 Certificate, X509Certificate2 Anchor)> CertifyNewKeyAsync(SignerFolder.Entry entry, CancellationToken ct)
    {
        using var authority = keys.OpenAuthority();
        var key = await keys.Folder.Keys.MakeAsync(entry.Name, ct);
        try
        {
            var certificate = Certify(authority, entry.Purpose, key, entry.From!.Value);
            var anchor = RequireFitting(entry, [certificate], [keys.Root]);
            keys.Folder.Keys.Keep(entry.Name, key);
            PrivateKeys.Release(key);
            return (certificate, anchor);
        }
        catch
        {
            await keys.Folder.Keys.DiscardAsync(key);
            throw;
        }
    }

    private X509Certificate2 Certify(CertificateAuthority authority, string purpose, ISigningKey key, DateTimeOffset from)
    {
        // The name stays, whatever became of the key that had it last.
        var name = keys.Signers.Last(signer => signer.Purpose == purpose).Certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        return purpose == SignerFolder.DocumentSigner ? authority.IssueDocumentSigner(name, key, from) : authority.IssueStatusSigner(name, key, from);
    }

    private async Task<FileStream> BeginAsync(string? purpose, CancellationToken ct)
    {
        var installation = await FirstStart.RequireAsync(db, keys, ct);
        // What is signed by a did:key names that very key as the issuer.
        if (purpose == SignerFolder.DocumentSigner && DidWeb.Find(new Uri(installation.PublicUrl)) is null)
            throw new MalformedDataException(IssuerCodes.KeyIsIdentifier, "The issuer is known by an address, not a host name: its identifier is made of its key, which cannot change.");
        var held = keys.Folder.Lock();
        keys.Refresh();
        return held;
    }

    private void RequireTime(string purpose, DateTimeOffset from)
    {
        // Where no key is left, none has to be waited for.
        var isOut = !keys.Signers.Any(signer => signer.Purpose == purpose && signer.HeldKey is not null);
        if ((from < time.GetUtcNow() + Lead && !isOut) || Entries().Any(other => other.Purpose == purpose && other.From is { } taken && (from - taken).Duration() < TimeSpan.FromSeconds(1)))
            throw new MalformedDataException(IssuerCodes.KeyTime, "A key takes effect a minute from now at the earliest, and not at the same time as another.");
    }

    /// <summary>Holds the certificate against what verifiers ask for, and returns its anchor.</summary>
    private X509Certificate2 RequireFitting(SignerFolder.Entry entry, IReadOnlyList<X509Certificate2> chain, IReadOnlyList<X509Certificate2> anchors)
    {
        var from = entry.From!.Value;
        // One document signer signs every format, a driving licence too.
        var profile = entry.Purpose == SignerFolder.DocumentSigner ? CertificateProfile.MdocDocumentSigner : CertificateProfile.StatusSigner;
        var path = CertificatePath.Validate(chain, anchors, profile, from);
        if (path.Anchor is not { } anchor)
            throw new MalformedDataException(path.Code!, $"The certificate cannot be used: it must be that of a {profile.Name}, valid from the moment it takes effect, with its chain.");
        // Status lists stand under the authority of their credentials.
        if (entry.Purpose == SignerFolder.DocumentSigner && !keys.Signers.Any(one => one.Purpose == SignerFolder.StatusSigner && one.From <= from && one.IsUnder(anchor) && one.Certificate.NotAfter > from))
            throw new MalformedDataException(IssuerCodes.KeyStatusSigner, "There is no status signer under the same authority by then: its certificate comes first.");
        return anchor;
    }

    private async Task<Signer> PutInUseAsync(string action, SignerFolder.Entry entry, IReadOnlyList<X509Certificate2> chain, X509Certificate2 anchor, CancellationToken ct)
    {
        keys.Folder.WriteCertificates(entry.Name, [.. chain, anchor]);
        var detail = new JsonObject
        {
            ["purpose"] = entry.Purpose,
            ["from"] = entry.From!.Value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
            ["certificate"] = chain[0].GetCertHashString(HashAlgorithmName.SHA256),
        };
        await SaveAsync(action, PublicKey.FromCertificate(chain[0]), [.. Entries().Where(other => other.Name != entry.Name), entry], detail, ct);
        keys.Refresh();
        return keys.Signers.Single(signer => signer.Name == entry.Name);
    }

    private async Task SaveAsync(string action, PublicKey key, IEnumerable<SignerFolder.Entry> entries, JsonObject detail, CancellationToken ct)
    {
        await AuditLog.AppendAsync(db, time.GetUtcNow(), "operator", action, Jose.Jwk.Thumbprint(key), detail, ct);
        keys.Folder.Save(entries);
    }

    private IReadOnlyList<SignerFolder.Entry> Entries() => SignerFolder.Parse(keys.Folder.ReadList());

    private Signer Current(string purpose) => purpose == SignerFolder.DocumentSigner ? keys.Document : keys.StatusSigner(time.GetUtcNow());

    private bool IsKeyOf(SignerFolder.Entry entry, PublicKey key)
    {
        var own = keys.Folder.Keys.Read(entry.Name);
        PrivateKeys.Release(own);
        return own.PublicKey.Equals(key);
    }

    private static string NewName(string purpose, IReadOnlyList<SignerFolder.Entry> entries) => $"{purpose}-{entries.Count(entry => entry.Purpose == purpose) + 1}";

    private string WriteRequest(string purpose, ISigningKey key)
    {
        X509Extension usage = new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true);
        X509Extension[] extensions = purpose == SignerFolder.DocumentSigner
            ? [usage, new X509EnhancedKeyUsageExtension([new Oid(CertificateProfile.DocumentSignerUsage)], critical: true)]
            : [usage];
        return CertificationRequest.CreatePem(Current(purpose).Certificate.SubjectName, key, extensions);
    }
}
