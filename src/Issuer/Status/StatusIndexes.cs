using System.Security.Cryptography;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Status;

/// <summary>Gives out status indexes inside the caller's transaction and opens new lists as they fill.</summary>
internal sealed class StatusIndexes(IssuerKeys keys, IssuerOptions options)
{
    // What was open when this process last looked. Whether a list still has room is the database's to say.
    private volatile IReadOnlyList<StatusListRow> _open = [];

    /// <summary>Reserves indexes in one list, chosen at random among those with room.</summary>
    internal async Task<(string ListId, int[] Indexes)> ReserveAsync(IssuerDbContext db, int count, DateTimeOffset now, CancellationToken ct)
    {
        while (true)
        {
            var open = OfOurAuthority(_open, now);
            if (open.Count < options.OpenStatusLists)
                open = await LookAsync(db, count, now, ct);
            var chosen = open[RandomNumberGenerator.GetInt32(open.Count)];
            // One statement, after which the row is ours to the commit.
            var next = await db.Database.SqlQuery<int>(
                $"""UPDATE "StatusLists" SET "Next" = "Next" + {count} WHERE "Id" = {chosen.Id} AND "Next" + {count} <= "Size" RETURNING "Next" """).ToListAsync(ct);
            if (next is [var end])
                return (chosen.Id, [.. Enumerable.Range(end - count, count).Select(n => IndexPermutation.Apply(chosen.PermutationKey, n, chosen.Size))]);
            // It is full, or was opened in a transaction that came to nothing.
            _open = [.. _open.Where(list => list.Id != chosen.Id)];
        }
    }

    /// <summary>The open lists as the database has them, and a new one where they are too few.</summary>
    private async Task<List<StatusListRow>> LookAsync(IssuerDbContext db, int count, DateTimeOffset now, CancellationToken ct)
    {
        var room = Math.Max(count, options.BatchSize);
        var open = OfOurAuthority(await db.StatusLists.AsNoTracking().Where(l => l.Next + room <= l.Size).ToListAsync(ct), now);
        if (open.Count < options.OpenStatusLists)
        {
            var list = NewList(options, now);
            db.StatusLists.Add(list);
            await db.SaveChangesAsync(ct);
            db.Entry(list).State = EntityState.Detached;
            open.Add(list);
        }

        _open = open;
        return open;
    }

    /// <summary>A list is signed under the authority of its credentials.</summary>
    private List<StatusListRow> OfOurAuthority(IEnumerable<StatusListRow> lists, DateTimeOffset now)
    {
        var anchor = keys.InEffect(now).Anchor;
        return [.. lists.Where(list => keys.InEffect(DateTimeOffset.FromUnixTimeMilliseconds(list.CreatedAt)).IsUnder(anchor))];
    }

    private static StatusListRow NewList(IssuerOptions options, DateTimeOffset now) => new()
    {
        Id = Secrets.NewId(),
        Size = options.StatusListSize,
        PermutationKey = RandomNumberGenerator.GetBytes(32),
        CreatedAt = now.ToUnixTimeMilliseconds(),
    };
}
