using System.Collections.Concurrent;
using Credentials.Verifier.Storage;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Verifier.Transactions;

/// <summary>
/// Tells open pages that their transaction has changed. The database is asked, so that a change made by another replica is seen too: one short
/// question for all pages together.
/// </summary>
internal sealed partial class TransactionWatch(IServiceScopeFactory scopes, VerifierHostOptions options, ILogger<TransactionWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(400);
    private readonly ConcurrentDictionary<Listener, bool> _listeners = new();

    /// <summary>Waits until the transaction is no longer as it was read: in another state, out of time, or gone.</summary>
    /// <param name="row">As it was read.</param>
    /// <param name="within">How long to wait.</param>
    /// <param name="ct">Ends waiting.</param>
    /// <returns>False: nothing has changed in this time.</returns>
    public async Task<bool> ChangesAsync(TransactionRow row, TimeSpan within, CancellationToken ct)
    {
        var listener = new Listener(row.Id, row.State);
        _listeners.TryAdd(listener, true);
        try
        {
            var first = await Task.WhenAny(listener.Changed.Task, Task.Delay(within, ct));
            ct.ThrowIfCancellationRequested();
            return first == listener.Changed.Task;
        }
        finally
        {
            _listeners.TryRemove(listener, out _);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The real clock paces the loop; the service's clock, which a test may hold, decides what has run out.
        using var timer = new PeriodicTimer(Look);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            // A loop that ended would end the service with it.
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogFailure(e.GetType().Name);
            }
        }
    }

    private async Task LookAsync(CancellationToken ct)
    {
        var listeners = _listeners.Keys;
        if (listeners.Count == 0)
            return;
        var ids = listeners.Select(listener => listener.Id).Distinct().ToList();
        await using var scope = scopes.CreateAsyncScope();
        var found = await scope.ServiceProvider.GetRequiredService<VerifierDbContext>().Transactions
            .Where(t => ids.Contains(t.Id))
            .Select(t => new { t.Id, t.State, t.ExpiresAt })
            .ToDictionaryAsync(t => t.Id, ct);
        var now = options.Time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var listener in listeners)
        {
            if (!found.TryGetValue(listener.Id, out var t) || t.State != listener.State || t.ExpiresAt <= now)
                listener.Changed.TrySetResult();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Open pages could not be told of changes and will be: {Kind}")]
    private partial void LogFailure(string kind);

    private sealed class Listener(string id, string state)
    {
        public string Id => id;

        public string State => state;

        public TaskCompletionSource Changed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
