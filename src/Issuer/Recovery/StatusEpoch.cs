using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Issuer.Agency;
using Credentials.Issuer.Status;
using Credentials.Issuer.Storage;
using Credentials.StatusLists;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Recovery;

/// <summary>
/// Makes a restored database fit to go on, in one transaction. What may have happened since the back-up must not happen again: every status
/// list is closed, so that no index is given out twice (new credentials get new lists), and whatever was open once – offers, tokens, codes,
/// sign-ins, batches – is ended. What is known of that time, from the journal, is replayed: credentials come back into the register, changes of
/// their status are made again, and accounts that were closed or got another password are closed.
/// </summary>
internal sealed class StatusEpoch(IssuerDbContext db)
{
    // Larger than the list was, if anything: places beyond its end are never referred to.
    private const int ListSize = 1 << 20;

    private const int Flush = 500;

    private readonly HashSet<string> _lists = new(StringComparer.Ordinal);

    /// <summary>How many entries of the journal were replayed.</summary>
    internal long Entries { get; private set; }

    /// <summary>Credentials that only the journal knew.</summary>
    internal int Credentials { get; private set; }

    /// <summary>Changes of status that the journal knew.</summary>
    internal int StatusChanges { get; private set; }

    /// <summary>Credentials whose status changed and that neither the back-up nor the journal knows: they cannot be revoked here.</summary>
    internal List<string> Unknown { get; } = [];

    /// <summary>Staff accounts whose password was changed since: they are closed until it is reset.</summary>
    internal HashSet<string> ClosedAccounts { get; } = new(StringComparer.Ordinal);

    /// <summary>Thumbprints of the signing keys that were withdrawn since.</summary>
    internal HashSet<string> WithdrawnKeys { get; } = new(StringComparer.Ordinal);

    /// <summary>Offers that were open at the time of the back-up.</summary>
    internal int CancelledOffers { get; private set; }

    internal async Task OpenAsync(BackupManifest manifest, IEnumerable<string> journal, DateTimeOffset now, CancellationToken ct)
    {
        // Over whole tables, with a journal read in between: whoever restores waits for the end.
        db.Database.SetCommandTimeout(TimeSpan.FromHours(1));
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (db.Database.IsNpgsql())
            await db.Database.ExecuteSqlRawAsync("SET LOCAL idle_in_transaction_session_timeout = 0", ct);
        _lists.UnionWith(await db.StatusLists.Select(l => l.Id).ToListAsync(ct));
        // What the back-up had queued for its log stands in the journal with its place; what it tells of is in the back-up.
        var queued = await db.AuditQueue.AsNoTracking().ToListAsync(ct);
        var placed = new List<long>();
        await foreach (var entry in AuditJournal.ReadAsync(journal, await AuditChain.EndAsync(db, ct), ct))
        {
            Entries++;
            db.Audit.Add(entry);
            if (queued.Find(one => one.IsThatOf(entry)) is { } found && queued.Remove(found))
                placed.Add(found.Number);
            else
                await ReplayAsync(entry, ct);
            if (Entries % Flush == 0)
                await FlushAsync(ct);
        }

        await FlushAsync(ct);
        await db.AuditQueue.Where(entry => placed.Contains(entry.Number)).ExecuteDeleteAsync(ct);
        await db.StatusLists.ExecuteUpdateAsync(set => set.SetProperty(l => l.Next, l => l.Size).SetProperty(l => l.Version, l => l.Version + 1), ct);
        await db.PublishedStatus.ExecuteDeleteAsync(ct);
        await EndWhatWasOpenAsync(now.ToUnixTimeMilliseconds(), ct);
        var detail = new JsonObject
        {
            ["backup"] = BackupManifest.Write(manifest.MadeAt),
            ["entries"] = Entries,
            ["credentials"] = Credentials,
            ["status_changes"] = StatusChanges,
            ["unknown"] = Unknown.Count,
            ["offers_cancelled"] = CancelledOffers,
        };
        await AuditLog.AppendAsync(db, now, "operator", "restore", manifest.Root, detail, ct);
        await transaction.CommitAsync(ct);
    }

    private async Task FlushAsync(CancellationToken ct)
    {
        await db.SaveChangesAsync(ct);
        db.ChangeTracker.Clear();
    }

    private async Task ReplayAsync(AuditEntry entry, CancellationToken ct)
    {
        var detail = entry.Detail is null ? (System.Text.Json.JsonElement?)null : StrictJson.Parse(entry.Detail);
        if (entry.Action is "credential.issue" or "batch.issue" && detail is { } told)
            AddRows(RegisterJournal.Read(told, entry.Subject, entry.At));
        else if (entry.Action == "credential.status" && detail is { } change)
            await ChangeStatusAsync(entry.Subject, StatusNames.Parse(change.RequireString("status", IssuerCodes.Journal)), change.OptionalString("reason", IssuerCodes.Journal), ct);
        else if (entry.Action == "keys.withdraw")
            WithdrawnKeys.Add(entry.Subject);
        else if (entry.Action is "staff.disable" or "staff.enable" or "staff.reset" or "staff.password")
            await CloseAccountAsync(entry, ct);
    }

    private void AddRows(IReadOnlyList<IssuedCredential> rows)
    {
        if (rows.Count == 0)
            return;
        var list = rows[0].ListId;
        if (_lists.Add(list))
            db.StatusLists.Add(new StatusListRow { Id = list, Size = ListSize, PermutationKey = new byte[32], CreatedAt = rows[0].IssuedAt });
        db.Credentials.AddRange(rows);
        Credentials += rows.Count;
    }

    private async Task ChangeStatusAsync(string id, int? status, string? reason, CancellationToken ct)
    {
        if (status is not { } value)
            throw new MalformedDataException(IssuerCodes.Journal, "The journal cannot be used: it has a status that this version does not know.");
        await FlushAsync(ct);
        var known = await db.Credentials.Where(c => c.Id == id && (c.Status != StatusTypes.Invalid || value == StatusTypes.Invalid))
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.Status, value).SetProperty(c => c.Reason, reason), ct);
        if (known == 1)
            StatusChanges++;
        else
            Unknown.Add(id);
    }

    // The password of the back-up is the one that somebody had a reason to change: it must not open the account again.
    private async Task CloseAccountAsync(AuditEntry entry, CancellationToken ct)
    {
        await FlushAsync(ct);
        if (entry.Action is "staff.reset" or "staff.password")
            ClosedAccounts.Add(entry.Subject);
        long? at = entry.Action == "staff.enable" && !ClosedAccounts.Contains(entry.Subject) ? null : entry.At;
        await db.Staff.Where(s => s.Id == entry.Subject).ExecuteUpdateAsync(set => set.SetProperty(s => s.DisabledAt, at), ct);
    }

    private async Task EndWhatWasOpenAsync(long at, CancellationToken ct)
    {
        CancelledOffers = await db.Offers.Where(o => o.State == OfferState.Created || o.State == OfferState.Redeemed)
            .ExecuteUpdateAsync(set => set.SetProperty(o => o.State, OfferState.Cancelled).SetProperty(o => o.Claims, (string?)null), ct);
        await db.AccessTokens.ExecuteDeleteAsync(ct);
        await db.RefreshTokens.ExecuteDeleteAsync(ct);
        await db.Authorizations.ExecuteDeleteAsync(ct);
        await db.Deferred.ExecuteDeleteAsync(ct);
        await db.StaffSessions.ExecuteDeleteAsync(ct);
        await db.Issuances.ExecuteUpdateAsync(set => set.SetProperty(i => i.Answer, (byte[]?)null), ct);
        await db.Batches.Where(b => b.State == BatchState.Uploading || b.State == BatchState.Running)
            .ExecuteUpdateAsync(set => set.SetProperty(b => b.State, BatchState.Cancelled).SetProperty(b => b.EndedAt, at).SetProperty(b => b.LeaseUntil, 0), ct);
        await db.BatchRows.Where(r => r.State == BatchRowState.Pending)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.State, BatchRowState.Cancelled).SetProperty(r => r.Cells, (string?)null), ct);
    }
}
