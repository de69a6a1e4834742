namespace Credentials.Tests.Shared;

/// <summary>A clock that moves only when told.</summary>
public sealed class TestClock(DateTimeOffset now) : TimeProvider
{
    private long _utcTicks = now.UtcTicks;

    /// <summary>Starts at 2026-11-02T09:00:00Z.</summary>
    public TestClock()
        : this(new DateTimeOffset(2026, 11, 2, 9, 0, 0, TimeSpan.Zero))
    {
    }

    public DateTimeOffset Now
    {
        get => new(Interlocked.Read(ref _utcTicks), TimeSpan.Zero);
        set => Interlocked.Exchange(ref _utcTicks, value.UtcTicks);
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void Advance(TimeSpan time) => Interlocked.Add(ref _utcTicks, time.Ticks);

    public override DateTimeOffset GetUtcNow() => Now;

    public override long GetTimestamp() => Interlocked.Read(ref _utcTicks);
}
