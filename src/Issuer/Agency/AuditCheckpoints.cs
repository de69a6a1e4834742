using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Storage;
using Credentials.Jose;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Agency;

/// <summary>
/// Signs how far the audit log has come, so that cutting its end off, or writing it anew, shows. A checkpoint is kept in the database and in
/// a file of the data folder; an auditor who fetches one keeps a third that nobody here can reach.
/// </summary>
internal sealed class AuditCheckpoints(string folder, IssuerKeys keys, IssuerOptions options, TimeProvider time)
{
    internal const string Type = "audit-checkpoint+jwt";

    /// <summary>One compact JWS a line.</summary>
    internal const string FileName = "audit-checkpoints.txt";

    /// <summary>Signs a checkpoint where the log has grown since the last one, and returns the last; null while the log is empty.</summary>
    internal async Task<AuditCheckpoint?> WriteAsync(IssuerDbContext db, CancellationToken ct)
    {
        var kept = await db.AuditCheckpoints.AsNoTracking().OrderByDescending(c => c.EntryId).FirstOrDefaultAsync(ct);
        var last = await (await AuditLog.ReadAsync(db, ct)).OrderByDescending(a => a.Id).Select(a => new { a.Id, a.Hash }).FirstOrDefaultAsync(ct);
        if (last?.Hash is null || last.Id <= kept?.EntryId)
            return kept;
        var payload = new JsonObject
        {
            ["iss"] = options.PublicUrl,
            ["iat"] = time.GetUtcNow().ToUnixTimeSeconds(),
            ["entry"] = last.Id,
            ["hash"] = StrictBase64Url.Encode(last.Hash),
        };
        var header = new JsonObject { ["typ"] = Type, ["kid"] = Jwk.Thumbprint(keys.AuditKey.PublicKey) };
        var checkpoint = new AuditCheckpoint { EntryId = last.Id, Statement = await Jws.SignAsync(header, payload, keys.AuditKey, ct) };
        try
        {
            db.AuditCheckpoints.Add(checkpoint);
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (DatabaseSetup.IsDuplicate(e))
        {
            db.ChangeTracker.Clear(); // another replica was a moment earlier; a second file with the same statement does no harm
        }

        await File.AppendAllTextAsync(Path.Combine(folder, FileName), checkpoint.Statement + "\n", ct);
        return checkpoint;
    }
}
