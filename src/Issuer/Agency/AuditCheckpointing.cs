using Credentials.Issuer.Storage;

namespace Credentials.Issuer.Agency;

/// <summary>Gives audit entries their places in the chain every second, writes a checkpoint of the log every minute in which it grew, and a last one when the service stops.</summary>
internal sealed partial class AuditCheckpointing(IServiceScopeFactory scopes, AuditCheckpoints checkpoints, TimeProvider time, ClockGuard clock, ILogger<AuditCheckpointing> logger) : BackgroundService
{
    internal static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan _linkInterval = TimeSpan.FromSeconds(1);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await TryAsync(checkpoints.WriteAsync, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The time to stop is over; the next start goes on from what is there.
            LogFailure(logger, "the service had to end");
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_linkInterval, time);
        long? written = null;
        do
        {
            if (clock.IsOff || (written is { } last && time.GetElapsedTime(last) < Interval))
            {
                await TryAsync(AuditLog.LinkAsync, stoppingToken);
                continue;
            }

            written = time.GetTimestamp();
            await TryAsync(checkpoints.WriteAsync, stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task TryAsync(Func<IssuerDbContext, CancellationToken, Task> write, CancellationToken ct)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await write(scope.ServiceProvider.GetRequiredService<IssuerDbContext>(), ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFailure(logger, e.GetType().Name);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The audit log could not be continued or no checkpoint written, it will be tried again: {Kind}")]
    private static partial void LogFailure(ILogger logger, string kind);
}
