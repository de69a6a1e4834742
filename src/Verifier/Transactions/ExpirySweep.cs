using Credentials.Verifier.Http;
using Credentials.Verifier.Storage;
using Credentials.Verifier.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Verifier.Transactions;

/// <summary>Ends what has run out and deletes what has been kept long enough, every few seconds.</summary>
internal sealed partial class ExpirySweep(IServiceScopeFactory scopes, VerifierHostOptions options, VerifierMetrics metrics, ClockGuard clock, ILogger<ExpirySweep> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The real clock paces the loop; the service's clock, which a test may hold, decides what has run out.
        using var timer = new PeriodicTimer(Interval);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (!clock.IsOff)
                    await RunAsync(stoppingToken);
            }
            // A loop that ended would end the service with it.
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogFailure(e.GetType().Name);
            }
        }
    }

    public async Task RunAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<VerifierDbContext>();
        db.Database.SetCommandTimeout(DatabaseSetup.LongWork);
        var now = options.Time.GetUtcNow();
        metrics.Count(TransactionStates.Expired, await TransactionChanges.ExpireAsync(db, now.ToUnixTimeMilliseconds(), ct));
        await TransactionChanges.PurgeAsync(db, (now - options.Retention).ToUnixTimeMilliseconds(), ct);
        await Outbox.PurgeAsync(db, (now - options.Retention).ToUnixTimeMilliseconds(), ct);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Expired transactions could not be swept: {Kind}")]
    private partial void LogFailure(string kind);
}
