using Credentials.Http;

namespace Credentials.Verifier.Trust;

/// <summary>Fetches the kept copies anew while there is a network, so that they are young when there is none.</summary>
internal sealed partial class OfflineRefresh(OfflineStore store, OutboundHttp http, VerifierHostOptions options, ILogger<OfflineRefresh> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (store.Kept is null)
            return;
        using var timer = new PeriodicTimer(Interval);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
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
        var (_, failed) = await store.Kept!.RefreshAsync(http, options.OfflineRefresh, options.Time.GetUtcNow(), ct);
        if (failed > 0)
            LogFailures(failed);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Kept lists and keys could not be looked at: {Kind}")]
    private partial void LogFailure(string kind);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} kept lists or keys could not be fetched anew; what is kept stays")]
    private partial void LogFailures(int count);
}
