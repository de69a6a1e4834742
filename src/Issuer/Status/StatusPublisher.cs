using System.Collections.Concurrent;
using System.Diagnostics;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Status;

/// <summary>
/// Serves status list tokens from memory. The elected replica (<see cref="PublisherElection"/>) signs new ones when a list has changed, and
/// puts them into the database, from where all replicas serve the same bytes. Each replica looks at most every <see cref="CheckInterval"/>, so
/// changes are gathered and none waits much longer than that. An older list never follows a newer one: what is published is replaced by
/// compare-and-set, whoever believes to be elected.
/// </summary>
internal sealed class StatusPublisher(IServiceScopeFactory scopes, IssuerKeys keys, IssuerOptions options, StatusListSigning signing, PublisherElection election, TimeProvider time)
{
    /// <summary>How old what this process knows of the database may be.</summary>
    internal static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>How long another replica may take to publish, before the caller is told to come again: a dead one is followed up sooner.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    /// <summary>How far two replicas may be apart, each a little off in its own direction.</summary>
    private static readonly TimeSpan Ahead = 2 * ClockGuard.Limit;

    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>The token to serve; null for an unknown list.</summary>
    /// <exception cref="TimeoutException">The list was never published, and nobody does it.</exception>
    internal async Task<PublishedList?> GetAsync(string listId, CancellationToken ct)
    {
        if (_entries.TryGetValue(listId, out var entry) && entry.Current is { } current && Stopwatch.GetElapsedTime(entry.CheckedAt) < CheckInterval)
            return current;
        return await RefreshAsync(listId, null, ct);
    }

    /// <summary>Returns when every replica serves what is in the database now.</summary>
    /// <exception cref="TimeoutException">Nobody publishes it.</exception>
    internal async Task WaitUntilPublishedAsync(string listId, CancellationToken ct)
    {
        await using (var scope = scopes.CreateAsyncScope())
        {
            var version = await scope.ServiceProvider.GetRequiredService<IssuerDbContext>().StatusLists.Where(l => l.Id == listId).Select(l => l.Version).SingleAsync(ct);
            await RefreshAsync(listId, version, ct);
        }

        // Other replicas look again within the interval.
        await Task.Delay(CheckInterval, ct);
    }

    /// <summary>What the elected replica does again and again: signs each published list that has changed, whose token grows old, or whose signer was followed.</summary>
    internal async Task PublishChangesAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IssuerDbContext>();
        var published = await (from p in db.PublishedStatus.AsNoTracking()
                               join l in db.StatusLists on p.ListId equals l.Id
                               select new { l.Id, l.Version, l.CreatedAt, Served = new Served(p.Version, p.SignedAt, p.StatusKey, p.DocumentKey) }).ToListAsync(ct);
        foreach (var list in published.Where(list => IsOutdated(list.Served, list.Version, SignersOf(list.CreatedAt), time.GetUtcNow())))
            await RefreshAsync(list.Id, null, ct);
    }

    private async Task<PublishedList?> RefreshAsync(string listId, long? version, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IssuerDbContext>();
        // Unknown ids leave no trace in memory.
        if (!_entries.TryGetValue(listId, out var entry))
        {
            if (!await db.StatusLists.AnyAsync(l => l.Id == listId, ct))
                return null;
            entry = _entries.GetOrAdd(listId, _ => new Entry());
        }

        var began = Stopwatch.GetTimestamp();
        for (var asked = began; ; asked = Math.Max(asked, entry.CheckedAt))
        {
            await entry.Signing.WaitAsync(ct);
            try
            {
                // Whoever held the lock may have looked after we asked.
                if (entry.Current is null || entry.CheckedAt <= asked)
                    await LookAsync(db, listId, entry, ct);
                if (entry.Current is { } current && (version is null || current.Version >= version))
                    return current;
            }
            finally
            {
                entry.Signing.Release();
            }

            if (Stopwatch.GetElapsedTime(began) > Patience)
                throw new TimeoutException("No replica publishes this status list.");
            await Task.Delay(CheckInterval, ct);
        }
    }

    /// <summary>Takes up what is published; signs it anew where it is old and this replica is elected.</summary>
    private async Task LookAsync(IssuerDbContext db, string listId, Entry entry, CancellationToken ct)
    {
        var looked = Stopwatch.GetTimestamp();
        // The published one first: one that is published in between makes the compare-and-set fail.
        var served = await db.PublishedStatus.AsNoTracking().Where(p => p.ListId == listId).Select(p => new Served(p.Version, p.SignedAt, p.StatusKey, p.DocumentKey)).SingleOrDefaultAsync(ct);
        var row = await db.StatusLists.AsNoTracking().SingleAsync(l => l.Id == listId, ct);
        var (now, signers) = (time.GetUtcNow(), SignersOf(row.CreatedAt));
        if (election.IsElected && IsOutdated(served, row.Version, (signers.Status, signers.Document), now))
        {
            // Of two lists, verifiers take the one with the later time: what follows a list of a replica whose clock is a little ahead is no older than it.
            var signedAt = served is not null && now < At(served) && At(served) < now + Ahead ? At(served) : now;
            var signed = await signing.SignAsync(db, row, signers.Status, signers.Document, signedAt, ct);
            if (await ReplaceAsync(db, listId, served, signed, ct))
                entry.Current = signed;
            else
                await LoadAsync(db, listId, entry, ct);
        }
        else if (served is null)
        {
            await AskForAsync(db, listId, ct);
        }
        else if (served.Version != PublishedStatus.Wanted && (entry.Current is not { } current || (current.Version, current.SignedAt.ToUnixTimeMilliseconds()) != (served.Version, served.SignedAt)))
        {
            await LoadAsync(db, listId, entry, ct);
        }

        entry.CheckedAt = looked;
    }

    private (Signer Status, Signer Document) SignersOf(long createdAt) => (keys.StatusSigner(DateTimeOffset.FromUnixTimeMilliseconds(createdAt)), keys.Document);

    private bool IsOutdated(Served? served, long version, (Signer Status, Signer Document) signers, DateTimeOffset now) =>
        served is null || served.Version < version || (served.StatusKey, served.DocumentKey) != (signers.Status.KeyId, signers.Document.KeyId)
        || now - At(served) > options.StatusTokenLifetime / 2
        // Signed while a clock was wrong: until its time has come, verifiers refuse it.
        || At(served) > now + Ahead;

    private static DateTimeOffset At(Served served) => DateTimeOffset.FromUnixTimeMilliseconds(served.SignedAt);

    // One that is only asked for has no tokens: there may be such a one since we looked.
    private static async Task LoadAsync(IssuerDbContext db, string listId, Entry entry, CancellationToken ct)
    {
        if (await db.PublishedStatus.AsNoTracking().SingleOrDefaultAsync(p => p.ListId == listId && p.Version != PublishedStatus.Wanted, ct) is { } published)
            entry.Current = PublishedList.Of(published);
    }

    /// <summary>Replaces exactly what was read. False: another replica was first.</summary>
    internal static async Task<bool> ReplaceAsync(IssuerDbContext db, string listId, Served? old, PublishedList signed, CancellationToken ct)
    {
        var row = signed.ToRow(listId);
        if (old is null)
            return await AddAsync(db, row, ct);
        return await db.PublishedStatus.Where(p => p.ListId == listId && p.Version == old.Version && p.SignedAt == old.SignedAt).ExecuteUpdateAsync(
            set => set.SetProperty(p => p.Version, row.Version).SetProperty(p => p.SignedAt, row.SignedAt)
                .SetProperty(p => p.StatusKey, row.StatusKey).SetProperty(p => p.DocumentKey, row.DocumentKey)
                .SetProperty(p => p.Jwt, row.Jwt).SetProperty(p => p.Cwt, row.Cwt)
                .SetProperty(p => p.RevocationJwt, row.RevocationJwt).SetProperty(p => p.RevocationProved, row.RevocationProved)
                .SetProperty(p => p.SuspensionJwt, row.SuspensionJwt).SetProperty(p => p.SuspensionProved, row.SuspensionProved), ct) == 1;
    }

    /// <summary>Tells the elected replica of a list that somebody asked for and that was never signed.</summary>
    private static Task AskForAsync(IssuerDbContext db, string listId, CancellationToken ct) =>
        AddAsync(db, new PublishedStatus { ListId = listId, Version = PublishedStatus.Wanted }, ct);

    private static async Task<bool> AddAsync(IssuerDbContext db, PublishedStatus row, CancellationToken ct)
    {
        try
        {
            db.PublishedStatus.Add(row);
            await db.SaveChangesAsync(ct);
            return true;
        }
        catch (DbUpdateException e) when (DatabaseSetup.IsDuplicate(e))
        {
            return false;
        }
        finally
        {
            db.ChangeTracker.Clear();
        }
    }

    /// <summary>What is published of a list, without its tokens.</summary>
    internal sealed record Served(long Version, long SignedAt, string StatusKey, string DocumentKey);

    private sealed class Entry
    {
        internal SemaphoreSlim Signing { get; } = new(1, 1);

        internal PublishedList? Current { get; set; }

        internal long CheckedAt { get; set; }
    }
}
