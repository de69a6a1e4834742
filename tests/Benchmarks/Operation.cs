namespace Credentials.Benchmarks;

/// <summary>Something that is done over and over.</summary>
/// <param name="Name">What it is called in the table.</param>
/// <param name="Run">Does it, as often as <see cref="Times"/> says, on the calling thread.</param>
internal sealed record Operation(string Name, Action Run)
{
    /// <summary>How often it is done at once: more than once where to look at the clock would take longer.</summary>
    public int Times { get; init; } = 1;

    /// <summary>The operations that nobody can do without, which set the limit; none for the limits themselves.</summary>
    public IReadOnlyList<Operation> Limit { get; init; } = [];

    /// <summary>The share of the limit that <c>spec/performance.md</c> promises, of others' how many times as fast ours is to be; null if nothing is promised.</summary>
    public double? Goal { get; init; }

    /// <summary>The operation of ours that does the same; null for our own.</summary>
    public Operation? SameAs { get; init; }

    /// <summary>Does it over and over for a time, where it runs in another process: seconds taken and times done; null: on the calling thread.</summary>
    public Func<TimeSpan, (double Seconds, long Count)>? RunFor { get; init; }
}
