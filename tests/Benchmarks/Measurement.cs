using System.Diagnostics;

namespace Credentials.Benchmarks;

/// <summary>
/// Times operations against each other. Machines are noisy, so all of them take turns in slices of a few milliseconds: whatever
/// disturbs one disturbs the others, and the ratios of one round hold.
/// </summary>
internal sealed class Measurement(IReadOnlyList<Operation> operations, int rounds, TimeSpan slice, int slices)
{
    private readonly Dictionary<Operation, List<double>> _seconds = operations.ToDictionary(operation => operation, _ => new List<double>());
    private readonly Dictionary<Operation, long> _bytes = [];

    public void Run(Action<int> onRound)
    {
        foreach (var operation in operations) WarmUp(operation);
        foreach (var operation in operations.Where(operation => operation.RunFor is null)) _bytes[operation] = Allocated(operation);
        for (var round = 0; round < rounds; round++)
        {
            onRound(round);
            var spent = operations.ToDictionary(operation => operation, _ => (Seconds: 0.0, Count: 0L));
            for (var i = 0; i < slices; i++)
                foreach (var operation in operations) spent[operation] = Slice(operation, spent[operation]);
            foreach (var (operation, (seconds, count)) in spent) _seconds[operation].Add(seconds / count);
        }
    }

    /// <summary>Operations a second, the median of the rounds.</summary>
    public double Rate(Operation operation) => Median(_seconds[operation].Select(seconds => 1 / seconds));

    /// <summary>How near to its limit an operation comes: 1 would be nothing but the unavoidable. The median of the rounds; null if it has no limit.</summary>
    public double? Share(Operation operation) => operation.Limit.Count == 0
        ? null
        : Median(Enumerable.Range(0, rounds).Select(round => operation.Limit.Sum(limit => _seconds[limit][round]) / _seconds[operation][round]));

    /// <summary>How many times as fast ours is as this one of somebody else. The median of the rounds.</summary>
    public double Advantage(Operation theirs) => Median(Enumerable.Range(0, rounds).Select(round => _seconds[theirs][round] / _seconds[theirs.SameAs!][round]));

    /// <summary>Bytes allocated by one operation; null for one that runs elsewhere.</summary>
    public long? Bytes(Operation operation) => _bytes.TryGetValue(operation, out var bytes) ? bytes : null;

    private (double Seconds, long Count) Slice(Operation operation, (double Seconds, long Count) before)
    {
        if (operation.RunFor is { } runFor)
        {
            var (seconds, times) = runFor(slice);
            return (before.Seconds + seconds, before.Count + times);
        }

        var start = Stopwatch.GetTimestamp();
        TimeSpan elapsed;
        var count = 0;
        do
        {
            operation.Run();
            count += operation.Times;
            elapsed = Stopwatch.GetElapsedTime(start);
        }
        while (elapsed < slice);
        return (before.Seconds + elapsed.TotalSeconds, before.Count + count);
    }

    // Long enough for the compiler's second tier.
    private static void WarmUp(Operation operation)
    {
        var start = Stopwatch.GetTimestamp();
        for (var count = 0; count < 100 && Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(1); count++) operation.Run();
    }

    private static long Allocated(Operation operation)
    {
        const int Times = 20;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Times; i++) operation.Run();
        return (GC.GetAllocatedBytesForCurrentThread() - before) / Times / operation.Times;
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
