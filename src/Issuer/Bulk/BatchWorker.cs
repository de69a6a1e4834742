using Credentials.Issuer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Bulk;

/// <summary>Works through batches, one at a time in each process. A lease in the database says whose a batch is; when that process dies, another goes on.</summary>
internal sealed partial class BatchWorker(IServiceScopeFactory scopes, BatchSignal signal, IssuerOptions options, TimeProvider time, ClockGuard clock, ILogger<BatchWorker> logger) : BackgroundService
{
    private static readonly TimeSpan _look = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(20);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                while (!clock.IsOff && await WorkAsync(stoppingToken))
                {
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogFailure(logger, e.GetType().Name);
            }

            await signal.WaitAsync(_look, stoppingToken);
        }
    }

    /// <summary>Works on one batch until it ends or another process has it; false when there is none to work on.</summary>
    private async Task<bool> WorkAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IssuerDbContext>();
        db.Database.SetCommandTimeout(DatabaseSetup.LongWork);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        await ForgetAsync(db, now, ct);
        var batch = await db.Batches.AsNoTracking().Where(b => b.State == BatchState.Running && b.LeaseUntil <= now).OrderBy(b => b.CreatedAt).FirstOrDefaultAsync(ct);
        if (batch is null)
            return false;
        var lease = now + (long)options.BatchLease.TotalMilliseconds;
        if (await db.Batches.Where(b => b.Id == batch.Id && b.State == BatchState.Running && b.LeaseUntil == batch.LeaseUntil)
            .ExecuteUpdateAsync(set => set.SetProperty(b => b.LeaseUntil, lease), ct) != 1)
            return true;
        batch.LeaseUntil = lease;
        try
        {
            // SQLite has one writer at a time and no queue for it: without a pause between chunks, others would hardly get their turn.
            while (!clock.IsOff && await ChunkAsync(batch, ct))
                await Task.Delay(db.Database.IsSqlite() ? _pause : TimeSpan.Zero, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Stopped in order: the next one need not wait for the lease to end.
            await db.Batches.Where(b => b.Id == batch.Id && b.LeaseUntil == batch.LeaseUntil)
                .ExecuteUpdateAsync(set => set.SetProperty(b => b.LeaseUntil, 0), CancellationToken.None);
            throw;
        }

        return true;
    }

    // A scope per chunk: nothing read for one row stays in memory for the next ones.
    private async Task<bool> ChunkAsync(Batch batch, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<BatchChunk>().RunAsync(batch, ct);
    }

    private async Task ForgetAsync(IssuerDbContext db, long now, CancellationToken ct)
    {
        var old = now - (long)options.BatchResultLifetime.TotalMilliseconds;
        var ended = await db.Batches.AsNoTracking().Where(b => b.ForKeys && b.EndedAt <= old && b.LeaseUntil >= 0).Select(b => b.Id).ToListAsync(ct);
        foreach (var id in ended)
        {
            await db.BatchRows.Where(r => r.BatchId == id && r.Result != null).ExecuteUpdateAsync(set => set.SetProperty(r => r.Result, (byte[]?)null), ct);
            await db.Batches.Where(b => b.Id == id).ExecuteUpdateAsync(set => set.SetProperty(b => b.LeaseUntil, -1), ct);
        }

        // An upload that broke off with its process left rows that nobody will ever work on.
        var begun = now - (long)TimeSpan.FromHours(6).TotalMilliseconds;
        foreach (var id in await db.Batches.AsNoTracking().Where(b => b.State == BatchState.Uploading && b.CreatedAt <= begun).Select(b => b.Id).ToListAsync(ct))
        {
            if (await db.Batches.Where(b => b.Id == id && b.State == BatchState.Uploading).ExecuteDeleteAsync(ct) == 1)
                await db.BatchRows.Where(r => r.BatchId == id).ExecuteDeleteAsync(ct);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A batch was interrupted and will be gone on with: {Kind}")]
    private static partial void LogFailure(ILogger logger, string kind);
}
