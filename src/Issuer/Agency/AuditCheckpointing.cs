using Credentials.Issuer.Storage;

namespace Credentials.Issuer.Agency;

/// <summary>Writes a checkpoint of the audit log every minute in which it grew, and a last one when the service stops.</summary>
internal sealed partial class AuditCheckpointing(IServiceScopeFactory scopes, AuditCheckpoints checkpoints, TimeProvider time, ILogger<AuditCheckpointing> logger) : BackgroundService
{
    internal static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WriteAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
            await WriteAsync(stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task WriteAsync(CancellationToken ct)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await checkpoints.WriteAsync(scope.ServiceProvider.GetRequiredService<IssuerDbContext>(), ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFailure(logger, e.GetType().Name);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "No checkpoint of the audit log could be written, it will be tried again: {Kind}")]
    private static partial void LogFailure(ILogger logger, string kind);
}
