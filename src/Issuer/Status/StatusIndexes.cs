using System.Security.Cryptography;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Status;

/// <summary>Gives out status indexes inside the caller's transaction and opens new lists as they fill.</summary>
internal static class StatusIndexes
{
    /// <summary>Reserves indexes in one list, chosen at random among those with room.</summary>
    internal static async Task<(string ListId, int[] Indexes)> ReserveAsync(IssuerDbContext db, int count, IssuerKeys keys, IssuerOptions options, DateTimeOffset now, CancellationToken ct)
    {
        string? held = null;
        while (true)
        {
            var open = await db.StatusLists.AsNoTracking().Where(l => l.Next + count <= l.Size).ToListAsync(ct);
            // A list is signed under the authority of its credentials.
            open.RemoveAll(l => !keys.InEffect(DateTimeOffset.FromUnixTimeMilliseconds(l.CreatedAt)).IsUnder(keys.InEffect(now).Anchor));
            if (open.Count < options.OpenStatusLists)
            {
                var list = NewList(options, now);
                db.StatusLists.Add(list);
                await db.SaveChangesAsync(ct);
                db.Entry(list).State = EntityState.Detached;
                open.Add(list);
            }

            // A lost race leaves this transaction holding that row's lock (PostgreSQL): going to another list could deadlock.
            var chosen = open.Find(l => l.Id == held) ?? open[RandomNumberGenerator.GetInt32(open.Count)];
            held = chosen.Id;
            // Somebody else may have taken these numbers since we looked: then look again.
            var taken = await db.StatusLists.Where(l => l.Id == chosen.Id && l.Next == chosen.Next)
                .ExecuteUpdateAsync(set => set.SetProperty(l => l.Next, chosen.Next + count), ct);
            if (taken == 1)
                return (chosen.Id, [.. Enumerable.Range(chosen.Next, count).Select(n => IndexPermutation.Apply(chosen.PermutationKey, n, chosen.Size))]);
        }
    }

    private static StatusListRow NewList(IssuerOptions options, DateTimeOffset now) => new()
    {
        Id = Secrets.NewId(),
        Size = options.StatusListSize,
        PermutationKey = RandomNumberGenerator.GetBytes(32),
        CreatedAt = now.ToUnixTimeMilliseconds(),
    };
}
