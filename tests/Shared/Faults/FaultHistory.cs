using System.Collections.Concurrent;

namespace Credentials.Tests.Shared;

/// <summary>What all clients of a service that things happen to have noticed.</summary>
public class FaultHistory
{
    private int _broken;
    private long _slowest;

    /// <summary>Answers that no fault excuses, in words.</summary>
    public ConcurrentQueue<string> Surprises { get; } = new();

    /// <summary>Requests whose connection broke, or that were answered with 503.</summary>
    public int Broken => _broken;

    /// <summary>How long a request waited for a 503 at most.</summary>
    public TimeSpan Slowest => new(Interlocked.Read(ref _slowest));

    public void CountBroken() => Interlocked.Increment(ref _broken);

    public void CountUnavailable(TimeSpan took)
    {
        for (var known = Interlocked.Read(ref _slowest); took.Ticks > known; known = Interlocked.Read(ref _slowest))
            Interlocked.CompareExchange(ref _slowest, took.Ticks, known);
    }

    public void Surprise(string what, FaultAnswer answer) => Surprises.Enqueue($"{what}: {answer}");
}
