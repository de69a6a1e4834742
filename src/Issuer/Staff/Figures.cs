using Credentials.Issuer.Agency;
using Credentials.Issuer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Staff;

/// <summary>Numbers for the overview: what happened on each of the last days (UTC), and how full the status lists are.</summary>
internal sealed record Figures(IReadOnlyList<DateOnly> Days, IReadOnlyList<int> Offered, IReadOnlyList<int> Redeemed, IReadOnlyList<int> Issued, IReadOnlyList<int> Revoked, IReadOnlyList<(string Id, int Used, int Size)> Lists)
{
    internal const int DayCount = 30;
    private const long Day = 86_400_000;

    internal static async Task<Figures> ReadAsync(IssuerDbContext db, DateTimeOffset now, CancellationToken ct)
    {
        var last = now.ToUnixTimeMilliseconds() / Day;
        var from = (last - DayCount + 1) * Day;
        async Task<IReadOnlyList<int>> CountAsync(IQueryable<long> times)
        {
            var counts = await times.Where(time => time >= from).GroupBy(time => time / Day).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);
            return [.. Enumerable.Range(0, DayCount).Select(i => counts.GetValueOrDefault(last - DayCount + 1 + i))];
        }

        var offered = await CountAsync(db.Offers.Select(o => o.CreatedAt));
        // A wallet took up what was offered: the log tells it once for each configuration.
        var log = await AuditLog.ReadAsync(db, ct);
        var redeemed = await CountAsync(log.Where(a => a.Action == "credential.issue").Select(a => a.At));
        var issued = await CountAsync(db.Credentials.Select(c => c.IssuedAt));
        var revoked = await CountAsync(log.Where(a => a.Action == "credential.status" && a.Detail!.Contains("\"status\":\"revoked\"")).Select(a => a.At));
        var lists = await db.StatusLists.AsNoTracking().OrderBy(l => l.CreatedAt).Take(64).Select(l => new { l.Id, l.Next, l.Size }).ToListAsync(ct);
        return new Figures(
            [.. Enumerable.Range(0, DayCount).Select(i => DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds((last - DayCount + 1 + i) * Day).UtcDateTime))],
            offered, redeemed, issued, revoked, [.. lists.Select(l => (l.Id, l.Next, l.Size))]);
    }
}
