using System.Text.Json.Nodes;
using Credentials.Issuer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Agency;

/// <summary>
/// The audit log. An entry is queued in the transaction of what it tells of, so that neither is ever without the other, and gets its place in
/// the hash chain after that: continuing the chain needs a lock, and a lock that is held to the commit would make all transactions wait for
/// each other's disk writes. Nothing is lost by it: what is later than the last signed checkpoint can be cut off in either case.
/// </summary>
internal static class AuditLog
{
    private const int LinkedAtOnce = 1000;

    // Any number, the same in every replica.
    private const long Lock = 0x6175646974;

    /// <summary>Queues an entry and saves it with all else that <paramref name="db"/> has to save; the caller commits where it has begun a transaction.</summary>
    internal static Task AppendAsync(IssuerDbContext db, DateTimeOffset now, string actor, string action, string subject, JsonObject? detail, CancellationToken ct)
    {
        Add(db, now, actor, action, subject, detail);
        return db.SaveChangesAsync(ct);
    }

    /// <summary>Queues an entry, which the caller saves with others.</summary>
    internal static void Add(IssuerDbContext db, DateTimeOffset now, string actor, string action, string subject, JsonObject? detail) => db.AuditQueue.Add(new QueuedAuditEntry
    {
        At = now.ToUnixTimeMilliseconds(),
        Actor = actor,
        Action = action,
        Subject = subject,
        Detail = detail is null ? null : Codecs.StrictJson.ToText(detail),
    });

    /// <summary>All that was committed before, in order.</summary>
    internal static async Task<IQueryable<AuditEntry>> ReadAsync(IssuerDbContext db, CancellationToken ct)
    {
        await LinkAsync(db, ct);
        return db.Audit.AsNoTracking();
    }

    /// <summary>
    /// Gives the queued entries their places. One that was committed before another began comes before it; those of the same time come in any
    /// order. Not inside a transaction.
    /// </summary>
    internal static async Task LinkAsync(IssuerDbContext db, CancellationToken ct)
    {
        while (await db.AuditQueue.AnyAsync(ct))
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            if (db.Database.IsNpgsql())
                await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({Lock})", ct);
            var queued = await db.AuditQueue.AsNoTracking().OrderBy(entry => entry.Number).Take(LinkedAtOnce).ToListAsync(ct);
            var (last, hash) = await AuditChain.EndAsync(db, ct);
            var linked = new List<AuditEntry>(queued.Count);
            foreach (var entry in queued)
            {
                linked.Add(AuditChain.Link(hash, ++last, DateTimeOffset.FromUnixTimeMilliseconds(entry.At), entry.Actor, entry.Action, entry.Subject, entry.Detail));
                hash = linked[^1].Hash!;
            }

            db.Audit.AddRange(linked);
            await db.SaveChangesAsync(ct);
            // By number, not up to a number: a lower one may be committed just now, unseen.
            var numbers = queued.ConvertAll(entry => entry.Number);
            await db.AuditQueue.Where(entry => numbers.Contains(entry.Number)).ExecuteDeleteAsync(ct);
            await transaction.CommitAsync(ct);
            linked.ForEach(entry => db.Entry(entry).State = EntityState.Detached);
        }
    }
}
