using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Issuer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Agency;

/// <summary>
/// The hash chain over the audit log: an entry's hash is SHA-256 over the hash before it (32 zero bytes for the first) and the entry as
/// canonical JSON (RFC 8785). So an entry can neither be changed, left out, put in nor moved without changing all that follow.
/// </summary>
internal static class AuditChain
{
    /// <summary>What stands before the first entry.</summary>
    internal static readonly byte[] Start = new byte[SHA256.HashSizeInBytes];

    internal static AuditEntry Link(byte[] previous, long id, DateTimeOffset now, string actor, string action, string subject, string? detail)
    {
        var at = now.ToUnixTimeMilliseconds();
        return new AuditEntry
        {
            Id = id,
            At = at,
            Actor = actor,
            Action = action,
            Subject = subject,
            Detail = detail,
            Hash = Next(previous, id, at, actor, action, subject, detail),
        };
    }

    internal static byte[] Next(byte[] previous, AuditEntry entry) => Next(previous, entry.Id, entry.At, entry.Actor, entry.Action, entry.Subject, entry.Detail);

    /// <summary>Number and hash of the last entry. The caller holds the log, so that nobody adds meanwhile.</summary>
    internal static async Task<(long Id, byte[] Hash)> EndAsync(IssuerDbContext db, CancellationToken ct)
    {
        var last = await db.Audit.AsNoTracking().OrderByDescending(a => a.Id).Select(a => new { a.Id, a.Hash }).FirstOrDefaultAsync(ct);
        if (last is null)
            return (0, Start);
        if (last.Hash is not null)
            return (last.Id, last.Hash);
        // All entries are older than the chain: it begins over them.
        var hash = Start;
        await foreach (var entry in db.Audit.AsNoTracking().OrderBy(a => a.Id).AsAsyncEnumerable().WithCancellation(ct))
            hash = Next(hash, entry);
        return (last.Id, hash);
    }

    private static byte[] Next(byte[] previous, long id, long at, string actor, string action, string subject, string? detail) =>
        SHA256.HashData([.. previous, .. Jcs.Canonicalize(new JsonObject
        {
            ["id"] = id,
            ["at"] = at,
            ["actor"] = actor,
            ["action"] = action,
            ["subject"] = subject,
            ["detail"] = detail,
        })]);
}
