using System.Diagnostics;
using Credentials.Verifier.Storage;

namespace Credentials.Verifier.Tests;

/// <summary>A clock that is held against another whenever it is read.</summary>
public class GuardedClockTests
{
    [Theory]
    [Trait("Row", "REL-14")]
    [InlineData(0, true)]
    [InlineData(59, true)]
    [InlineData(-59, true)]
    [InlineData(61, false)]
    [InlineData(-61, false)]
    [InlineData(3_600_000, false)]
    public void A_clock_that_is_over_a_minute_off_tells_no_time(int seconds, bool tells)
    {
        GuardedClock clock = new();
        Assert.Equal(TimeSpan.Zero, clock.Offset);
        var before = clock.GetUtcNow();

        clock.Compare(DateTimeOffset.UtcNow.AddSeconds(-seconds), Stopwatch.GetTimestamp());
        Assert.InRange(clock.Offset.TotalSeconds, seconds - 0.5, seconds + 0.5);
        if (tells)
            Assert.True(clock.GetUtcNow() >= before);
        else
            Assert.Throws<ClockOffException>(() => clock.GetUtcNow());

        // Once they agree, it is of use again.
        clock.Compare(DateTimeOffset.UtcNow, Stopwatch.GetTimestamp());
        Assert.True(clock.GetUtcNow() >= before);
    }
}
