using System.Text.Json.Nodes;
using Credentials.Issuer.Agency;
using Credentials.Issuer.Status;
using Credentials.Issuer.Storage;
using Credentials.StatusLists;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Keys;

/// <summary>
/// The credentials that a key signed, by the time at which they were registered: from the moment it took effect to the one at which another did,
/// or at which the last replica had taken up its withdrawal. Rather one too many than one too few.
/// </summary>
internal sealed class SignedCredentials(IssuerDbContext db, Signer signer, DateTimeOffset until)
{
    private const int Chunk = 200;

    /// <summary>Their ids, in the order of the register, with whether each is revoked.</summary>
    internal IAsyncEnumerable<(string Id, bool IsRevoked)> ListAsync() =>
        Rows().AsNoTracking().OrderBy(c => c.Number).Select(c => new ValueTuple<string, bool>(c.Id, c.Status == StatusTypes.Invalid)).AsAsyncEnumerable();

    /// <summary>Revokes those that are not yet, each told in the audit log, some in one transaction; what was done stays done if it breaks off.</summary>
    /// <returns>How many.</returns>
    internal async Task<int> RevokeAsync(string reason, TimeProvider time, CancellationToken ct)
    {
        var count = 0;
        while (true)
        {
            var rows = await Rows().AsNoTracking().Where(c => c.Status != StatusTypes.Invalid).OrderBy(c => c.Number).Take(Chunk).Select(c => new { c.Id, c.ListId }).ToListAsync(ct);
            if (rows.Count == 0)
                return count;
            var (ids, lists) = (rows.Select(row => row.Id).ToList(), rows.Select(row => row.ListId).Distinct().ToList());
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            await db.Credentials.Where(c => ids.Contains(c.Id)).ExecuteUpdateAsync(set => set.SetProperty(c => c.Status, StatusTypes.Invalid).SetProperty(c => c.Reason, reason), ct);
            await db.StatusLists.Where(l => lists.Contains(l.Id)).ExecuteUpdateAsync(set => set.SetProperty(l => l.Version, l => l.Version + 1), ct);
            foreach (var id in ids)
                AuditLog.Add(db, time.GetUtcNow(), "operator", "credential.status", id, new JsonObject { ["status"] = StatusNames.Name(StatusTypes.Invalid), ["reason"] = reason });
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            db.ChangeTracker.Clear();
            count += rows.Count;
        }
    }

    private IQueryable<IssuedCredential> Rows()
    {
        var (from, to) = (signer.From.ToUnixTimeMilliseconds(), until.ToUnixTimeMilliseconds());
        return db.Credentials.Where(c => c.IssuedAt >= from && c.IssuedAt < to);
    }
}
