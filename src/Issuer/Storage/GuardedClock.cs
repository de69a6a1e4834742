using System.Diagnostics;

namespace Credentials.Issuer.Storage;

/// <summary>
/// This machine's clock, which tells nothing while it is off: each time that something is decided or dated by was held against another clock in the same
/// moment. Between two comparisons that one goes on by a clock that cannot be set.
/// </summary>
internal sealed class GuardedClock : TimeProvider
{
    private Comparison? _last;

    /// <summary>How far this clock is ahead of the other; zero before there was a comparison.</summary>
    internal TimeSpan Offset => OffsetOf(System.GetUtcNow());

    /// <inheritdoc/>
    /// <exception cref="ClockOffException">The clock is off.</exception>
    public override DateTimeOffset GetUtcNow()
    {
        var now = System.GetUtcNow();
        return OffsetOf(now).Duration() > ClockGuard.Limit ? throw new ClockOffException() : now;
    }

    /// <param name="theirs">The time of the other clock.</param>
    /// <param name="at">The timestamp of ours at which it was that time.</param>
    internal void Compare(DateTimeOffset theirs, long at) => Volatile.Write(ref _last, new Comparison(theirs, at));

    private TimeSpan OffsetOf(DateTimeOffset now) => Volatile.Read(ref _last) is { } last ? now - (last.Theirs + Stopwatch.GetElapsedTime(last.At)) : TimeSpan.Zero;

    private sealed record Comparison(DateTimeOffset Theirs, long At);
}
