using System.Collections.Concurrent;

namespace Credentials.Verifier.Tests.Faults;

/// <summary>What relying parties and wallets know for certain: the answers that reached them.</summary>
internal sealed class PresentationHistory
{
    private int _broken;
    private long _slowest;

    /// <summary>By transaction, how often a wallet was told that its answer was taken.</summary>
    internal ConcurrentDictionary<string, int> Taken { get; } = new();

    /// <summary>Transactions that a wallet has sent an answer to, whatever came of it.</summary>
    internal ConcurrentDictionary<string, bool> Sent { get; } = new();

    /// <summary>By transaction, the final state that a relying party has read.</summary>
    internal ConcurrentDictionary<string, string> Read { get; } = new();

    /// <summary>Answers that no fault excuses, in words.</summary>
    internal ConcurrentQueue<string> Surprises { get; } = new();

    /// <summary>Requests whose connection broke, or that were answered with 503.</summary>
    internal int Broken => _broken;

    /// <summary>How long a request waited for a 503 at most.</summary>
    internal TimeSpan Slowest => new(Interlocked.Read(ref _slowest));

    internal void CountBroken() => Interlocked.Increment(ref _broken);

    internal void CountUnavailable(TimeSpan took)
    {
        for (var known = Interlocked.Read(ref _slowest); took.Ticks > known; known = Interlocked.Read(ref _slowest))
            Interlocked.CompareExchange(ref _slowest, took.Ticks, known);
    }
}
