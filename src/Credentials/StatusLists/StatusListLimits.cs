namespace Credentials.StatusLists;

/// <summary>Bounds on what status list tokens say about time (Token Status List §11.5, §13.7).</summary>
internal static class StatusListLimits
{
    /// <summary>How far in the future an <c>iat</c> may lie.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(60);

    /// <summary>How long after its <c>iat</c> a token without <c>exp</c> may be used.</summary>
    public static readonly TimeSpan LifetimeWithoutExpiry = TimeSpan.FromDays(7);

    /// <summary>How long a failed fetch is remembered.</summary>
    public static readonly TimeSpan FailureMemory = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan MinTimeToLive = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan MaxTimeToLive = TimeSpan.FromHours(24);
    private static readonly TimeSpan DefaultTimeToLive = TimeSpan.FromHours(1);

    /// <summary>The <c>ttl</c> of a token within reasonable bounds.</summary>
    public static TimeSpan TimeToLive(TimeSpan? ttl)
    {
        var value = ttl ?? DefaultTimeToLive;
        return value < MinTimeToLive ? MinTimeToLive : value > MaxTimeToLive ? MaxTimeToLive : value;
    }
}
