using Credentials.Verifier.Http;
using Credentials.Verifier.Storage;
using Credentials.Verifier.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Verifier.Transactions;

/// <summary>
/// Every state change of a transaction, each one statement whose condition names the expected state. Exactly one caller
/// wins, on both databases and with several replicas; a final state never changes. With a final state goes, in the same
/// database transaction, the message to the relying party's webhook.
/// </summary>
internal static class TransactionChanges
{
    /// <summary>How long a browser may take to come back once the wallet has answered.</summary>
    private static readonly TimeSpan ReturnTime = TimeSpan.FromMinutes(2);

    public static Task MarkRequestedAsync(VerifierDbContext db, string id, long now, CancellationToken ct) =>
        db.Transactions
            .Where(t => t.Id == id && t.State == TransactionStates.Created && t.ExpiresAt > now)
            .ExecuteUpdateAsync(u => u.SetProperty(t => t.State, TransactionStates.Requested), ct);

    /// <summary>Ends a pending transaction with its sealed report. Evidence is given for accepted answers only.</summary>
    public static Task<bool> FinishAsync(
        VerifierDbContext db, string id, string state, byte[]? report, byte[]? evidence, string? walletError, byte[]? responseCodeHash, long now, CancellationToken ct) =>
        db.Database.IsNpgsql() ? db.FinishAtOnceAsync(id, state, report, evidence, walletError, responseCodeHash, now, ct) : EndOneAsync(db, id, () => db.Transactions
            .Where(t => t.Id == id && TransactionStates.Pending.Contains(t.State) && t.ExpiresAt > now)
            .ExecuteUpdateAsync(u => u
                .SetProperty(t => t.State, state)
                .SetProperty(t => t.Report, report)
                .SetProperty(t => t.Evidence, evidence)
                .SetProperty(t => t.WalletError, walletError)
                .SetProperty(t => t.ResponseCodeHash, responseCodeHash)
                .SetProperty(t => t.EncryptionKey, (byte[]?)null)
                .SetProperty(t => t.FinishedAt, now), ct), ct);

    /// <summary>Keeps an accepted same-device answer back until the browser session that asked returns with the code.</summary>
    public static async Task<bool> HoldAsync(
        VerifierDbContext db, string id, byte[] report, byte[]? evidence, byte[] responseCodeHash, long now, CancellationToken ct)
    {
        var until = now + (long)ReturnTime.TotalMilliseconds;
        return await db.Transactions
            .Where(t => t.Id == id && TransactionStates.Pending.Contains(t.State) && t.ExpiresAt > now)
            .ExecuteUpdateAsync(u => u
                .SetProperty(t => t.State, TransactionStates.Answered)
                .SetProperty(t => t.Report, report)
                .SetProperty(t => t.Evidence, evidence)
                .SetProperty(t => t.ResponseCodeHash, responseCodeHash)
                .SetProperty(t => t.EncryptionKey, (byte[]?)null)
                .SetProperty(t => t.ExpiresAt, t => t.ExpiresAt > until ? t.ExpiresAt : until), ct) == 1;
    }

    /// <summary>Uses the response code up and lets the held answer out.</summary>
    public static Task<bool> ReleaseAsync(VerifierDbContext db, string id, string responseCode, long now, CancellationToken ct)
    {
        var hash = RandomToken.Hash(responseCode);
        return EndOneAsync(db, id, () => db.Transactions
            .Where(t => t.Id == id && t.State == TransactionStates.Answered && t.ResponseCodeHash == hash && t.ExpiresAt > now)
            .ExecuteUpdateAsync(u => u
                .SetProperty(t => t.State, TransactionStates.Accepted)
                .SetProperty(t => t.ResponseCodeHash, (byte[]?)null)
                .SetProperty(t => t.FinishedAt, now), ct), ct);
    }

    /// <summary>Refuses a held answer for good: its code came back in another browser session (HAIP §5.1).</summary>
    public static Task<bool> RefuseHeldAsync(VerifierDbContext db, string id, string responseCode, byte[] report, long now, CancellationToken ct)
    {
        var hash = RandomToken.Hash(responseCode);
        return EndOneAsync(db, id, () => db.Transactions
            .Where(t => t.Id == id && t.State == TransactionStates.Answered && t.ResponseCodeHash == hash && t.ExpiresAt > now)
            .ExecuteUpdateAsync(u => u
                .SetProperty(t => t.State, TransactionStates.NotAccepted)
                .SetProperty(t => t.Report, report)
                .SetProperty(t => t.Evidence, (byte[]?)null)
                .SetProperty(t => t.ResponseCodeHash, (byte[]?)null)
                .SetProperty(t => t.FinishedAt, now), ct), ct);
    }

    /// <summary>Uses up the response code of a transaction that ended without an acceptance.</summary>
    public static async Task<bool> SpendCodeAsync(VerifierDbContext db, string id, string responseCode, CancellationToken ct)
    {
        var hash = RandomToken.Hash(responseCode);
        return await db.Transactions
            .Where(t => t.Id == id && t.State != TransactionStates.Answered && t.ResponseCodeHash == hash)
            .ExecuteUpdateAsync(u => u.SetProperty(t => t.ResponseCodeHash, (byte[]?)null), ct) == 1;
    }

    public static Task<bool> CancelAsync(VerifierDbContext db, string id, long now, CancellationToken ct) =>
        EndOneAsync(db, id, () => End(db.Transactions.Where(t => t.Id == id && TransactionStates.Open.Contains(t.State) && t.ExpiresAt > now), TransactionStates.Cancelled, now, ct), ct);

    /// <summary>Marks the page opened; true for the first browser only.</summary>
    public static async Task<bool> OpenPageAsync(VerifierDbContext db, string id, long now, CancellationToken ct) =>
        await db.Transactions
            .Where(t => t.Id == id && t.PageOpenedAt == null)
            .ExecuteUpdateAsync(u => u.SetProperty(t => t.PageOpenedAt, now), ct) == 1;

    /// <summary>Ends what has run out; with it go keys, held reports and evidence.</summary>
    public static async Task<int> ExpireAsync(VerifierDbContext db, long now, CancellationToken ct)
    {
        await using var change = await db.Database.BeginTransactionAsync(ct);
        var expired = await End(db.Transactions.Where(t => TransactionStates.Open.Contains(t.State) && t.ExpiresAt <= now), TransactionStates.Expired, now, ct);
        if (expired > 0)
            await Outbox.AddAllAsync(db, TransactionStates.Expired, now, ct);
        await change.CommitAsync(ct);
        return expired;
    }

    /// <summary>The same for one that somebody asks for before the next sweep.</summary>
    public static Task<bool> ExpireAsync(VerifierDbContext db, string id, long now, CancellationToken ct) =>
        EndOneAsync(db, id, () => End(db.Transactions.Where(t => t.Id == id && TransactionStates.Open.Contains(t.State) && t.ExpiresAt <= now), TransactionStates.Expired, now, ct), ct);

    public static Task<int> PurgeAsync(VerifierDbContext db, long finishedBefore, CancellationToken ct) =>
        db.Transactions.Where(t => t.FinishedAt != null && t.FinishedAt <= finishedBefore).ExecuteDeleteAsync(ct);

    /// <summary>Makes the change that ends one transaction; whoever makes it, and nobody else, writes the message about it.</summary>
    private static async Task<bool> EndOneAsync(VerifierDbContext db, string id, Func<Task<int>> end, CancellationToken ct)
    {
        await using var change = await db.Database.BeginTransactionAsync(ct);
        if (await end() != 1)
            return false;
        await Outbox.AddAsync(db, id, ct);
        await change.CommitAsync(ct);
        return true;
    }

    private static Task<int> End(IQueryable<TransactionRow> rows, string state, long now, CancellationToken ct) =>
        rows.ExecuteUpdateAsync(u => u
            .SetProperty(t => t.State, state)
            .SetProperty(t => t.Report, (byte[]?)null)
            .SetProperty(t => t.Evidence, (byte[]?)null)
            .SetProperty(t => t.ResponseCodeHash, (byte[]?)null)
            .SetProperty(t => t.EncryptionKey, (byte[]?)null)
            .SetProperty(t => t.FinishedAt, now), ct);
}
