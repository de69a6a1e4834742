using System.Text.Json.Nodes;
using Credentials.Issuer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Agency;

/// <summary>Adds to the audit log inside the transaction of what it tells of.</summary>
internal static class AuditLog
{
    // Any number, the same in every replica: held from the number's assignment to the commit.
    private const long Lock = 0x6175646974;

    /// <summary>Call it last before the commit: on PostgreSQL the log is locked until then, so that entries become visible in the order of their numbers and each is chained to the one before.</summary>
    internal static async Task AppendAsync(IssuerDbContext db, DateTimeOffset now, string actor, string action, string subject, JsonObject? detail, CancellationToken ct)
    {
        if (db.Database.IsNpgsql())
            await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({Lock})", ct);
        var (last, hash) = await AuditChain.EndAsync(db, ct);
        db.Audit.Add(AuditChain.Link(hash, last + 1, now, actor, action, subject, detail is null ? null : Codecs.StrictJson.ToText(detail)));
        await db.SaveChangesAsync(ct);
    }
}
