namespace Credentials.StatusLists;

/// <summary>What is known about one list: the newest good token, if any, and whether the last attempt to get one failed.</summary>
internal sealed record CachedStatusList
{
    public static readonly CachedStatusList Nothing = new();

    /// <summary>The newest token that passed every check.</summary>
    public StatusToken? Token { get; init; }

    /// <summary>Its entity tag.</summary>
    public string? ETag { get; init; }

    /// <summary>When the token was fetched, or confirmed by its entity tag.</summary>
    public DateTimeOffset FetchedAt { get; init; }

    /// <summary>When a fetch last succeeded, also one that brought an older token than ours.</summary>
    public DateTimeOffset CheckedAt { get; init; }

    /// <summary>Why the last attempt failed; null when it did not.</summary>
    public string? FailureCode { get; init; }

    /// <summary>When it failed.</summary>
    public DateTimeOffset FailedAt { get; init; }

    /// <summary>Bytes of memory it is counted with.</summary>
    public long Cost => 2048 + (Token?.Cost ?? 0);

    /// <summary>The token, if it may be used at <paramref name="now"/>.</summary>
    public StatusToken? UsableToken(DateTimeOffset now) => Token?.FindTimeProblem(now) is null ? Token : null;

    /// <summary>How old a copy may be before it is revalidated.</summary>
    public TimeSpan FreshFor(StatusPolicy policy) => policy.FreshFor(Token?.TimeToLive);

    /// <summary>True when no fetch is needed or sensible now.</summary>
    public bool IsSettled(StatusPolicy policy, DateTimeOffset now) =>
        (FailureCode is not null && IsWithin(FailedAt, now, StatusListLimits.FailureMemory))
        || (UsableToken(now) is not null && IsWithin(CheckedAt, now, FreshFor(policy)));

    // Also false when the clock was set back by more than the span: then nothing is known about the age.
    private static bool IsWithin(DateTimeOffset since, DateTimeOffset now, TimeSpan span) => (now - since).Duration() < span;
}
