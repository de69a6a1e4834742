using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.Http;

/// <summary>
/// Copies on disk of status lists, revocation lists, issuers' keys and DID documents, for when the network is away. Who reads a copy checks it as if it had just
/// come from there; the time at which it did is sealed with it, so that a copy cannot be made younger. What cannot be read, or was changed by
/// anybody without the key, is as good as not there. Thread-safe; several processes may share a folder.
/// </summary>
/// <remarks>
/// Of each document there are two copies at most: the last one that was found good, and a younger one that
/// <see cref="RefreshAsync"/> has fetched and nobody has checked yet, which so does not push a good one out.
/// </remarks>
public sealed class KeptDocuments
{
    private const string Good = ".good";
    private const string Younger = ".new";
    private const int MaxFiles = 8192;
    private const int MaxHeader = 64 * 1024;
    private const int MaxParallelFetches = 4;

    /// <summary>How often a copy that has not changed is written again only to note that it was confirmed.</summary>
    private static readonly TimeSpan s_confirmEvery = TimeSpan.FromMinutes(1);

    /// <summary>What nobody has asked for as long is no longer refreshed, and deleted.</summary>
    private static readonly TimeSpan s_forgetAfter = TimeSpan.FromDays(30);

    private static readonly string[] s_keptHeaders = ["ETag", "Cache-Control", "Expires", "Date", "Age"];

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (DateTimeOffset At, string Digest)> _written = new(StringComparer.Ordinal);
    private readonly string _folder;
    private readonly byte[] _key;
    private readonly long _maxBytes;

    /// <summary>Opens a folder, which is made where it is not there.</summary>
    /// <param name="folder">For these copies alone.</param>
    /// <param name="key">32 bytes that whoever can write to the folder alone does not know.</param>
    /// <param name="maxBytes">How much disk they may take; those that were asked for longest ago make room.</param>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    public KeptDocuments(string folder, ReadOnlySpan<byte> key, long maxBytes = 256L << 20)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, 32, nameof(key));
        _folder = Directory.CreateDirectory(folder).FullName;
        _key = key.ToArray();
        _maxBytes = maxBytes;
    }

    /// <summary>Keeps an answer that was checked and found good.</summary>
    internal void Keep(Uri url, FetchRule rule, FetchedDocument document, DateTimeOffset now)
    {
        var name = NameOf(url, rule);
        lock (_lock)
        {
            if (_written.TryGetValue(name, out var last) && (now - last.At).Duration() < s_confirmEvery && last.Digest == DigestOf(document)) return;
            if (Write(name + Good, url, rule, document, now, now)) Delete(name + Younger);
        }
    }

    /// <summary>Notes that the copy that was found good is still what the server has (304).</summary>
    internal void Confirm(Uri url, FetchRule rule, DateTimeOffset now)
    {
        var name = NameOf(url, rule);
        lock (_lock)
        {
            if (_written.TryGetValue(name, out var last) && (now - last.At).Duration() < s_confirmEvery) return;
            if (Read(name + Good) is { } known) Write(name + Good, url, rule, known.Kept.Document, now, now);
        }
    }

    /// <summary>Deletes the copies of what its host says is no more.</summary>
    internal void Forget(Uri url, FetchRule rule)
    {
        var name = NameOf(url, rule);
        lock (_lock)
        {
            Delete(name + Younger);
            Delete(name + Good);
            _written.Remove(name);
        }
    }

    /// <summary>The copies that are at hand, the youngest first. None is known to be good now.</summary>
    internal IReadOnlyList<KeptDocument> Find(Uri url, FetchRule rule)
    {
        var name = NameOf(url, rule);
        lock (_lock)
            return [.. new[] { Read(name + Younger)?.Kept, Read(name + Good)?.Kept }.OfType<KeptDocument>().OrderByDescending(kept => kept.FetchedAt)];
    }

    /// <summary>What the youngest copy that can be used gives; null where there is none.</summary>
    /// <param name="url">Where the document is; what is no absolute URL was never fetched.</param>
    /// <param name="rule">How it was fetched.</param>
    /// <param name="after">Copies that are not younger are passed over; null: none is.</param>
    /// <param name="read">Checks a copy and reads it; null, or a <see cref="CredentialException"/>, where it cannot be used.</param>
    internal async ValueTask<T?> FindUsableAsync<T>(string url, FetchRule rule, DateTimeOffset? after, Func<KeptDocument, ValueTask<T?>> read)
        where T : class
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address)) return null;
        foreach (var copy in Find(address, rule).Where(copy => after is null || copy.FetchedAt > after))
        {
            try
            {
                if (await read(copy).ConfigureAwait(false) is { } usable) return usable;
            }
            catch (CredentialException)
            {
                // The next one.
            }
        }

        return null;
    }

    /// <summary>
    /// Fetches anew what has been asked for within the last 30 days and is older than said; deletes what has not. A document that cannot be had
    /// leaves the copy that there is.
    /// </summary>
    /// <param name="http">The way out.</param>
    /// <param name="olderThan">What is younger is left alone.</param>
    /// <param name="now">The time by which copies are aged.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>How many were fetched or confirmed, and how many could not be had.</returns>
    public async Task<(int Fetched, int Failed)> RefreshAsync(OutboundHttp http, TimeSpan olderThan, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        var (fetched, failed) = (0, 0);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = MaxParallelFetches, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Names(), parallel, async (name, ct) =>
        {
            if (Newest(name, now) is not { } newest || now - newest.Kept.FetchedAt < olderThan) return;
            try
            {
                var answer = await http.GetAsync(newest.Url, newest.Rule, newest.Kept.Document.ETag, ct).ConfigureAwait(false);
                lock (_lock) Replace(name, newest, answer, now);
                Interlocked.Increment(ref fetched);
            }
            catch (FetchException)
            {
                Interlocked.Increment(ref failed);
            }
        }).ConfigureAwait(false);
        return (fetched, failed);
    }

    private void Replace(string name, Entry newest, FetchedDocument answer, DateTimeOffset now)
    {
        var good = Read(name + Good);
        // Unchanged is as good as it was; anything else has to be checked by who uses it.
        var isUnchanged = answer.IsNotModified || (good is not null && answer.Body.Span.SequenceEqual(good.Kept.Document.Body.Span));
        var slot = !isUnchanged ? Younger : good is not null && (!answer.IsNotModified || newest.Slot == Good) ? Good : Younger;
        Write(name + slot, newest.Url, newest.Rule, answer.IsNotModified ? newest.Kept.Document : answer, now, newest.UsedAt);
    }

    private Entry? Newest(string name, DateTimeOffset now)
    {
        lock (_lock)
        {
            var newest = new[] { Read(name + Younger), Read(name + Good) }.OfType<Entry>().MaxBy(entry => entry.Kept.FetchedAt);
            if (newest is null || now - newest.UsedAt < s_forgetAfter) return newest;
            Delete(name + Younger);
            Delete(name + Good);
            return null;
        }
    }

    private sealed record Entry(Uri Url, FetchRule Rule, KeptDocument Kept, DateTimeOffset UsedAt, string Slot);

    private List<string> Names()
    {
        try
        {
            return [.. Directory.EnumerateFiles(_folder).Select(file => Path.GetFileNameWithoutExtension(file)!).Distinct(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string DigestOf(FetchedDocument document) => Convert.ToHexString(SHA256.HashData(document.Body.Span));

    // The same URL may be asked for in several forms.
    private static string NameOf(Uri url, FetchRule rule) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{url.AbsoluteUri}\n{string.Join(',', rule.ContentTypes)}"))[..16]);

    /// <summary>The file: 32 bytes of HMAC-SHA256 over its name and all that follows, the header's length, the header as JSON, the body.</summary>
    private bool Write(string file, Uri url, FetchRule rule, FetchedDocument document, DateTimeOffset fetchedAt, DateTimeOffset usedAt)
    {
        var header = StrictJson.ToUtf8(new JsonObject
        {
            ["url"] = url.AbsoluteUri,
            ["types"] = new JsonArray([.. rule.ContentTypes.Select(type => (JsonNode)type)]),
            ["max_bytes"] = rule.MaxBytes,
            ["http"] = rule.AllowsHttp,
            ["type"] = document.ContentType,
            ["final"] = document.FinalUri.AbsoluteUri,
            ["headers"] = new JsonObject(s_keptHeaders.Where(document.Headers.ContainsKey).Select(name => KeyValuePair.Create(name, (JsonNode?)document.Headers[name]))),
            ["fetched_at"] = fetchedAt.ToUnixTimeMilliseconds(),
            ["used_at"] = usedAt.ToUnixTimeMilliseconds(),
        });
        var size = 36L + header.Length + document.Body.Length;
        if (header.Length > MaxHeader || size > _maxBytes) return false;
        var content = new byte[size];
        BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(32), header.Length);
        header.CopyTo(content.AsSpan(36));
        document.Body.Span.CopyTo(content.AsSpan(36 + header.Length));
        Seal(file, content.AsSpan(32)).CopyTo(content.AsSpan());
        var path = Path.Combine(_folder, file);
        var draft = Path.Combine(_folder, $"{Guid.NewGuid():N}.draft");
        try
        {
            MakeRoom(size, file);
            File.WriteAllBytes(draft, content);
            // Last use decides who makes room, and is read from the file's own time so that no file has to be opened for it.
            File.SetLastWriteTimeUtc(draft, usedAt.UtcDateTime);
            File.Move(draft, path, overwrite: true);
            if (_written.Count > MaxFiles) _written.Clear();
            if (Path.GetExtension(file) == Good) _written[Path.GetFileNameWithoutExtension(file)] = (fetchedAt, DigestOf(document));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full or failing disk takes nothing from what is verified now.
            Delete(Path.GetFileName(draft));
            return false;
        }
    }

    private void MakeRoom(long size, string but)
    {
        List<FileInfo> files = [.. new DirectoryInfo(_folder).EnumerateFiles().OrderBy(file => file.LastWriteTimeUtc)];
        var total = files.Sum(file => file.Length) + size;
        var count = files.Count + 1;
        foreach (var file in files.Where(file => file.Name != but))
        {
            if (total <= _maxBytes && count <= MaxFiles) return;
            total -= file.Length;
            count--;
            Delete(file.Name);
        }
    }

    private Entry? Read(string file)
    {
        byte[] content;
        try
        {
            var info = new FileInfo(Path.Combine(_folder, file));
            if (!info.Exists) return null;
            if (info.Length > _maxBytes) throw new IOException("Too large.");
            content = File.ReadAllBytes(info.FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        if (content.Length >= 36 && CryptographicOperations.FixedTimeEquals(Seal(file, content.AsSpan(32)), content.AsSpan(0, 32))) return Parse(file, content);
        Delete(file);
        return null;
    }

    // What was sealed is our own.
    private static Entry Parse(string file, byte[] content)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(content.AsSpan(32));
        var header = StrictJson.ParseOwn(content.AsSpan(36, length));
        var headers = header.GetProperty("headers").EnumerateObject().ToDictionary(one => one.Name, one => one.Value.GetString()!, StringComparer.OrdinalIgnoreCase);
        var document = new FetchedDocument(
            200, header.GetProperty("type").GetString(), content.AsMemory(36 + length), new Uri(header.GetProperty("final").GetString()!), headers);
        var rule = new FetchRule([.. header.GetProperty("types").EnumerateArray().Select(type => type.GetString()!)])
        {
            MaxBytes = header.GetProperty("max_bytes").GetInt32(),
            AllowsHttp = header.GetProperty("http").GetBoolean(),
            Timeout = TimeSpan.FromSeconds(20),
        };
        return new Entry(
            new Uri(header.GetProperty("url").GetString()!), rule, new KeptDocument(document, Time("fetched_at")), Time("used_at"), Path.GetExtension(file));

        DateTimeOffset Time(string name) => DateTimeOffset.FromUnixTimeMilliseconds(header.GetProperty(name).GetInt64());
    }

    private byte[] Seal(string file, ReadOnlySpan<byte> content)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        mac.AppendData(Encoding.ASCII.GetBytes(file + "\n"));
        mac.AppendData(content);
        return mac.GetHashAndReset();
    }

    private void Delete(string file)
    {
        try
        {
            File.Delete(Path.Combine(_folder, file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is checked again whenever it is read.
        }
    }
}
