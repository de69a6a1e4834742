using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Issuer.Http;
using Credentials.Keys;
using Credentials.X509;

namespace Credentials.Issuer.Keys;

/// <summary>
/// The signers of the key folder. <c>signers.json</c> lists them in any order: purpose, name, from when each is in effect (not yet: its
/// certificate is asked for), how long the key that it follows is still held, and when it was withdrawn, if it was. NAME.pem has the certificates,
/// leaf first, with the anchor last; <see cref="PrivateKeys"/> the private key. A folder without the list has the two signers that it began with. Written under <see cref="Lock()"/> only.
/// </summary>
internal sealed class SignerFolder(string folder, PrivateKeys keys)
{
    internal const string DocumentSigner = "document-signer";
    internal const string StatusSigner = "status-signer";

    private const string ListName = "signers.json";
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    private static readonly Entry[] _first = [new(DocumentSigner, DocumentSigner, DateTimeOffset.UnixEpoch, 0), new(StatusSigner, StatusSigner, DateTimeOffset.UnixEpoch, 0)];

    /// <param name="From">Null while its certificate is asked for.</param>
    /// <param name="OverlapHours">How long its predecessor's private key is held on.</param>
    /// <param name="WithdrawnAt">Null: it was not withdrawn.</param>
    internal sealed record Entry(string Purpose, string Name, DateTimeOffset? From, int OverlapHours, DateTimeOffset? WithdrawnAt = null);

    /// <summary>Of several replicas and operators, one changes the folder at a time.</summary>
    internal FileStream Lock() => Lock(folder);

    /// <inheritdoc cref="Lock()"/>
    internal static FileStream Lock(string folder)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return new FileStream(Path.Combine(folder, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (attempt < 100)
            {
                Thread.Sleep(100);
            }
        }
    }

    internal byte[] ReadList() => File.Exists(At(ListName)) ? File.ReadAllBytes(At(ListName)) : Write(_first);

    internal static IReadOnlyList<Entry> Parse(byte[] list)
    {
        try
        {
            return [.. StrictJson.ParseObject(list).RequireArray("signers").EnumerateArray().Select(Read)];
        }
        catch (Exception e) when (e is CredentialException or FormatException)
        {
            throw new IssuerStartException("keys/signers.json is damaged.", e);
        }
    }

    internal void Save(IEnumerable<Entry> entries) => PrivateFiles.WriteWhole(At(ListName), Write(entries));

    /// <summary>All signers that have a certificate, in the order in which they take effect.</summary>
    /// <param name="known">Those read before, whose keys need not be opened again.</param>
    internal IReadOnlyList<Signer> Load(byte[] list, X509Certificate2 root, DateTimeOffset now, IReadOnlyList<Signer> known)
    {
        var entries = Parse(list);
        // A key that waits for its certificate shall not lie open either where the others are closed.
        foreach (var entry in entries.Where(entry => entry.From is null))
            PrivateKeys.Release(keys.Read(entry.Name));
        var signers = entries.Where(entry => entry.From is not null).OrderBy(entry => entry.From).Select(entry => ReadSigner(entry, root)).ToList();
        return [.. signers.Select(signer =>
        {
            var end = signers.Where(next => next.Follows(signer)).Select(next => next.From.AddHours(entries.Single(entry => entry.Name == next.Name).OverlapHours))
                .DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
            return signer with { HeldUntil = end, HeldKey = now < end && signer.WithdrawnAt is null ? known.FirstOrDefault(old => old.Name == signer.Name)?.HeldKey ?? ReadKey(signer) : null };
        })];
    }

    /// <summary>
    /// Withdraws keys of a folder that is not in use, without opening any. Returns the thumbprints of those that it had. Those in a token are
    /// destroyed by the service when it starts.
    /// </summary>
    internal static IReadOnlyList<string> Withdraw(string folder, IReadOnlySet<string> keyIds, DateTimeOffset now)
    {
        if (keyIds.Count == 0)
            return [];
        using var keys = new PrivateKeys(folder, new PrivateFiles(null), null);
        var signers = new SignerFolder(folder, keys);
        var (entries, withdrawn) = (Parse(signers.ReadList()).ToList(), new List<string>());
        foreach (var entry in entries.Where(entry => entry is { From: not null, WithdrawnAt: null }).ToList())
        {
            var id = Jose.Jwk.Thumbprint(Credentials.Keys.PublicKey.FromCertificate(CertificateReader.FromPem(File.ReadAllText(signers.At(entry.Name + ".pem")))[0]));
            if (!keyIds.Contains(id))
                continue;
            entries[entries.IndexOf(entry)] = entry with { WithdrawnAt = now };
            keys.DeleteFile(entry.Name);
            withdrawn.Add(id);
        }

        signers.Save(entries);
        return withdrawn;
    }

    /// <summary>The private keys.</summary>
    internal PrivateKeys Keys => keys;

    internal void WriteCertificates(string name, IEnumerable<X509Certificate2> certificates) =>
        PrivateFiles.WriteWhole(At(name + ".pem"), Encoding.ASCII.GetBytes(string.Concat(certificates.Select(one => one.ExportCertificatePem() + "\n"))));

    private ISigningKey ReadKey(Signer signer)
    {
        var key = keys.Read(signer.Name);
        return signer.PublicKey.Equals(key.PublicKey) ? key : throw new IssuerStartException($"keys/{signer.Name}.pem and the private key of that name do not belong together.");
    }

    private Signer ReadSigner(Entry entry, X509Certificate2 root)
    {
        try
        {
            var (chain, anchor) = SplitAnchor(CertificateReader.FromPem(File.ReadAllText(At(entry.Name + ".pem"))));
            return new Signer(entry.Purpose, entry.Name, entry.From!.Value, DateTimeOffset.MaxValue, chain, anchor ?? root, null, entry.WithdrawnAt);
        }
        catch (Exception e) when (e is CredentialException or FileNotFoundException)
        {
            throw new IssuerStartException($"keys/{entry.Name}.pem is missing or damaged.", e);
        }
    }

    /// <summary>The chain, and the self-signed certificate that may stand at its end.</summary>
    internal static (IReadOnlyList<X509Certificate2> Chain, X509Certificate2? Anchor) SplitAnchor(IReadOnlyList<X509Certificate2> certificates)
    {
        var last = certificates[^1];
        var hasAnchor = certificates.Count > 1 && Secrets.Same(last.SubjectName.RawData, last.IssuerName.RawData);
        return hasAnchor ? ([.. certificates.SkipLast(1)], last) : (certificates, null);
    }

    internal string At(string file) => Path.Combine(folder, file);

    private static byte[] Write(IEnumerable<Entry> entries) => StrictJson.ToUtf8(new JsonObject { ["signers"] = new JsonArray([.. entries.Select(Write)]) });

    private static JsonNode Write(Entry entry)
    {
        var json = new JsonObject { ["purpose"] = entry.Purpose, ["name"] = entry.Name };
        if (entry.From is { } from)
        {
            json["from"] = from.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);
            json["overlap_hours"] = entry.OverlapHours;
            if (entry.WithdrawnAt is { } withdrawn)
                json["withdrawn"] = withdrawn.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);
        }

        return json;
    }

    private static Entry Read(JsonElement json) => new(
        json.RequireString("purpose"),
        json.RequireString("name"),
        Time(json, "from"),
        (int)(json.OptionalIndex("overlap_hours") ?? 0),
        Time(json, "withdrawn"));

    private static DateTimeOffset? Time(JsonElement json, string name) => json.OptionalString(name) is { } text
        ? DateTimeOffset.ParseExact(text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
        : null;
}
