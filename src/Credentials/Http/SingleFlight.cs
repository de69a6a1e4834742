using System.Collections.Concurrent;

namespace Credentials.Http;

/// <summary>Joins equal work that is under way at the same time: whoever comes second waits for the first one's result.</summary>
internal sealed class SingleFlight<TKey, TValue>
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Lazy<Task<TValue>>> _flights = new();

    /// <summary>Runs <paramref name="work"/> or joins the run under way. Giving up (<paramref name="cancellationToken"/>) leaves the run to the others,
    /// so <paramref name="work"/> needs a deadline of its own.</summary>
    public Task<TValue> RunAsync(TKey key, Func<Task<TValue>> work, CancellationToken cancellationToken)
    {
        var flight = _flights.GetOrAdd(key, _ => new Lazy<Task<TValue>>(() => RunAndForgetAsync(key, work)));
        return flight.Value.WaitAsync(cancellationToken);
    }

    private async Task<TValue> RunAndForgetAsync(TKey key, Func<Task<TValue>> work)
    {
        // Leave the caller at once: the entry must be in the dictionary before the work can end and remove it. And leave its thread to it: it may wait there.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            return await work().ConfigureAwait(false);
        }
        finally
        {
            _flights.TryRemove(key, out _);
        }
    }
}
