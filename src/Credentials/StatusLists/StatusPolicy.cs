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
}
