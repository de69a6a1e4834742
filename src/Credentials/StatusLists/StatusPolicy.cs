namespace Credentials.StatusLists;

/// <summary>How a verifier wants the status checked.</summary>
/// <param name="Mode">Where it may come from.</param>
/// <param name="MaxAge">How old a copy may be before it is revalidated; zero: each time. Null: as the list's <c>ttl</c> says,
/// which always applies as well.</param>
public sealed record StatusPolicy(StatusMode Mode, TimeSpan? MaxAge = null)
{
    /// <summary>How much older than that a copy may be when no newer one can be had; the report then carries its age. Zero: not at all.</summary>
    public TimeSpan MaxStale { get; init; } = TimeSpan.Zero;

    /// <summary>
    /// How old a copy may be, counted from its fetch, when no newer one can be had; the report then says so
    /// (<see cref="StatusListCodes.CopyUsed"/>) and carries its age. It may go beyond the list's <c>ttl</c>, after which a newer one SHOULD be
    /// fetched (Token Status List §5.1), and never beyond its <c>exp</c>. Zero: no older than if the network were there.
    /// </summary>
    public TimeSpan MaxOfflineAge { get; init; } = TimeSpan.Zero;

    /// <summary>
    /// Whether a status list may come as a CWT. An mdoc's may come in either form, an SD-JWT VC's as a JWT only (SD-JWT VC §2.2.2.3), which
    /// <see cref="StatusCheck"/> sees to.
    /// </summary>
    public bool TakesCwt { get; init; } = true;

    /// <summary>How old a copy of a list with this time to live may be before it is revalidated.</summary>
    internal TimeSpan FreshFor(TimeSpan? timeToLive)
    {
        var ttl = StatusListLimits.TimeToLive(timeToLive);
        return MaxAge < ttl ? MaxAge.Value : ttl;
    }

    /// <summary>What is said where no list can be used.</summary>
    /// <param name="age">The age of one that has run out; null: there is none.</param>
    /// <param name="failureCode">Why the last attempt to get one failed; null when it did not.</param>
    internal StatusResult WithoutList(TimeSpan? age, string? failureCode) => age is not null && MaxOfflineAge > TimeSpan.Zero
        // Who is prepared to work without the network is told that the copy has run out, which no policy can allow.
        ? new StatusResult(StatusOutcome.Unknown, StatusListCodes.TokenExpired, age)
        : new StatusResult(StatusOutcome.Unknown, failureCode ?? (Mode == StatusMode.Offline ? StatusListCodes.Offline : StatusListCodes.TokenExpired));

    /// <summary>The refusal of a list for its age; null where it may be read.</summary>
    /// <param name="age">The time since it was fetched or confirmed.</param>
    /// <param name="freshFor">Its <see cref="FreshFor"/>.</param>
    /// <param name="failureCode">Why the last attempt to get a newer one failed; null when it did not.</param>
    internal StatusResult? RefuseForAge(TimeSpan age, TimeSpan freshFor, string? failureCode)
    {
        var isYoungEnough = Mode == StatusMode.Online
            // Not failed: just fetched, confirmed or still fresh.
            ? failureCode is null || age < freshFor + MaxStale || age < MaxOfflineAge
            : MaxAge is not { } maxAge || age < maxAge + MaxStale || age < MaxOfflineAge;
        return isYoungEnough
            ? null
            : new StatusResult(StatusOutcome.Unknown, MaxOfflineAge > TimeSpan.Zero ? StatusListCodes.CopyTooOld : failureCode ?? StatusListCodes.Offline, age);
    }

    /// <summary>What was read, marked where the list is used only because the policy allows for a network that is away: with one it would have been fetched anew.</summary>
    /// <inheritdoc cref="RefuseForAge"/>
    internal StatusResult Mark(StatusResult read, TimeSpan age, TimeSpan freshFor, string? failureCode) =>
        read is { Outcome: StatusOutcome.Valid, Code: null } && MaxOfflineAge > TimeSpan.Zero && failureCode is not null && age >= freshFor
            ? read with { Code = StatusListCodes.CopyUsed }
            : read;
}
