using System.Text.Json.Nodes;
using Credentials.Issuer.Agency;
using Credentials.Issuer.Storage;

namespace Credentials.Issuer.Keys;

/// <summary>Takes up what operators change about the signers while the service runs, and deletes private keys whose overlap is over.</summary>
internal sealed partial class KeyWatch(IServiceScopeFactory scopes, IssuerKeys keys, IssuerIdentity identity, TimeProvider time, ILogger<KeyWatch> logger) : BackgroundService
{
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    internal async Task LookAsync(CancellationToken ct)
    {
        if (keys.Refresh())
            keys.WriteTrust(identity.Did);
        if (Overdue().Any())
            await DeleteAsync(ct);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogFailure(logger, e.GetType().Name);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private IEnumerable<Signer> Overdue() => keys.Signers.Where(signer => signer.HeldKey is null && keys.Folder.Keys.Has(signer.Name));

    private async Task DeleteAsync(CancellationToken ct)
    {
        // Another replica may have been first.
        using var _ = keys.Folder.Lock();
        foreach (var signer in Overdue().ToList())
        {
            await keys.Folder.Keys.DeleteAsync(signer.Name, () => TellAsync(signer, ct), ct);
        }
    }

    private async Task TellAsync(Signer signer, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IssuerDbContext>();
        await AuditLog.AppendAsync(db, time.GetUtcNow(), "service", "keys.delete", signer.KeyId, new JsonObject { ["purpose"] = signer.Purpose }, ct);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The signers of the key folder could not be looked at, which will be tried again: {Kind}")]
    private static partial void LogFailure(ILogger logger, string kind);
}
