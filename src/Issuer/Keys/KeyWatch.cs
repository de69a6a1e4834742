using System.Text.Json.Nodes;
using Credentials.Issuer.Agency;
using Credentials.Issuer.Storage;

namespace Credentials.Issuer.Keys;

/// <summary>Takes up what operators change about the signers while the service runs, and deletes private keys whose overlap is over.</summary>
internal sealed partial class KeyWatch(IServiceScopeFactory scopes, IssuerKeys keys, IssuerIdentity identity, TimeProvider time, ClockGuard clock, ILogger<KeyWatch> logger) : BackgroundService
{
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>What kept the last look from its end, which has been told; null if nothing did.</summary>
    private string? _failure;

    internal async Task LookAsync(CancellationToken ct)
    {
        if (keys.Refresh())
            keys.WriteTrust(identity.Did);
        // What is deleted by a wrong clock cannot be had back.
        if (!clock.IsOff && Overdue().Any())
            await DeleteAsync(ct);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            await TryLookAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Looks, and tells once what keeps it from looking, and once that nothing does any more: a token may be away for days.</summary>
    internal async Task TryLookAsync(CancellationToken ct)
    {
        string? failure = null;
        try
        {
            await LookAsync(ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            failure = (e as CredentialException)?.Code ?? e.GetType().Name;
        }

        var told = Interlocked.Exchange(ref _failure, failure);
        if (failure is not null && failure != told)
            LogFailure(logger, failure);
        else if (failure is null && told is not null)
            LogRecovery(logger, told);
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

    [LoggerMessage(Level = LogLevel.Error, Message = "The signers of the key folder cannot be looked at, or a key that is over cannot be deleted; it is tried again each second: {Kind}")]
    private static partial void LogFailure(ILogger logger, string kind);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The signers of the key folder are looked at again, after: {Kind}")]
    private static partial void LogRecovery(ILogger logger, string kind);
}
