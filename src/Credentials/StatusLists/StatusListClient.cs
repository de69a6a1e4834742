using System.Text;
using Credentials.Http;

namespace Credentials.StatusLists;

/// <summary>
/// Looks statuses up, fetching and caching status lists and identifier lists (Token Status List §8). What cannot be checked is
/// <see cref="StatusOutcome.Unknown"/>, never valid and never revoked. Thread-safe; make one per process. Ask it only about credentials that
/// are valid otherwise (§8.3).
/// </summary>
/// <param name="http">The way out.</param>
/// <param name="maxCacheBytes">Memory for lists, in bytes.</param>
public sealed class StatusListClient(OutboundHttp http, long maxCacheBytes = 64 * 1024 * 1024)
{
    private const int MaxParallelFetches = 4;

    private static readonly FetchRule s_jwt = new(StatusListNames.JwtMediaType) { MaxBytes = StatusToken.MaxBytes };
    private static readonly FetchRule s_either = new(StatusListNames.JwtMediaType, StatusListNames.CwtMediaType) { MaxBytes = StatusToken.MaxBytes };
    private static readonly FetchRule s_identifierList = new(StatusListNames.IdentifierListMediaType) { MaxBytes = StatusToken.MaxBytes };

    private readonly BoundedCache<StatusListKey, CachedStatusList> _cache = new(maxCacheBytes, list => list.Cost);
    private readonly SingleFlight<StatusListKey, CachedStatusList> _refreshes = new();

    /// <summary>Checks one status.</summary>
    /// <param name="reference">Where it stands.</param>
    /// <param name="authority">Whom it must come from.</param>
    /// <param name="policy">How fresh it must be; <see cref="StatusMode.Skip"/> gives <see cref="StatusListCodes.NotRequested"/>.</param>
    /// <param name="now">The time of the verification; lists are usable and aged by it.</param>
    public async Task<StatusResult> CheckAsync(
        CredentialStatus reference, StatusAuthority authority, StatusPolicy policy, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        if (policy.Mode == StatusMode.Skip)
        {
            return new StatusResult(StatusOutcome.Unknown, StatusListCodes.NotRequested);
        }

        try
        {
            authority = authority.For(reference);
        }
        catch (MalformedDataException)
        {
            return new StatusResult(StatusOutcome.Unknown, StatusListCodes.MalformedReference);
        }

        var known = await GetAsync(new StatusListKey(reference.Uri, authority.Anchor.Id, KindOf(reference, policy)), authority, policy, now, cancellationToken)
            .ConfigureAwait(false);
        var age = now > known.FetchedAt ? now - known.FetchedAt : TimeSpan.Zero;
        if (known.UsableToken(now) is not { } token) return policy.WithoutList(known.Token is null ? null : age, known.FailureCode);
        var freshFor = known.FreshFor(policy);
        return policy.RefuseForAge(age, freshFor, known.FailureCode) ?? policy.Mark(Read(token, reference, age), age, freshFor, known.FailureCode);
    }

    /// <summary>
    /// Fetches every status list of an aggregation (§9), so that statuses can be looked up offline for a time. A list that cannot be had does
    /// not keep the others from being fetched. At most <see cref="StatusListAggregation.MaxLists"/> lists, and no more than the memory holds.
    /// </summary>
    /// <param name="aggregationUri">Its URI, from a verified token or from whoever runs the verifier.</param>
    /// <param name="authority">Whom the lists must come from; lists of others are not kept.</param>
    /// <param name="policy">How fresh a copy must be to be left alone; its mode is <see cref="StatusMode.Online"/>.</param>
    /// <param name="now">The time by which lists are usable and aged.</param>
    /// <returns>What came of each list, in the order of the aggregation.</returns>
    /// <exception cref="FetchException">The aggregation itself cannot be had.</exception>
    /// <exception cref="MalformedDataException">With <see cref="StatusListCodes.AggregationMalformed"/>.</exception>
    public async Task<IReadOnlyList<AggregatedList>> FetchAllAsync(
        string aggregationUri, StatusAuthority authority, StatusPolicy policy, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(policy.Mode, StatusMode.Online, nameof(policy));
        var url = Uri.TryCreate(aggregationUri, UriKind.Absolute, out var absolute)
            ? absolute
            : throw new MalformedDataException(StatusListCodes.AggregationMalformed, "The URI of the aggregation is not absolute.");
        var document = await http.GetAsync(url, FetchRule.Json, cancellationToken: cancellationToken).ConfigureAwait(false);
        string[] uris = [.. StatusListAggregation.Parse(document.Body).Uris.Distinct(StringComparer.Ordinal)];

        var kind = policy.TakesCwt ? StatusTokenKind.StatusList : StatusTokenKind.StatusListJwt;
        var lists = new AggregatedList[uris.Length];
        var cost = 0L;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = MaxParallelFetches, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, uris.Length, parallel, async (i, ct) =>
        {
            // What does not fit would only push out what was fetched before it.
            if (Interlocked.Read(ref cost) >= maxCacheBytes)
            {
                lists[i] = new AggregatedList(uris[i], StatusListCodes.CacheFull);
                return;
            }

            var known = await GetAsync(new StatusListKey(uris[i], authority.Anchor.Id, kind), authority, policy, now, ct).ConfigureAwait(false);
            Interlocked.Add(ref cost, known.Cost);
            lists[i] = new AggregatedList(uris[i], known.FailureCode ?? (known.UsableToken(now) is null ? StatusListCodes.TokenExpired : null));
        }).ConfigureAwait(false);
        return lists;
    }

    private static StatusTokenKind KindOf(CredentialStatus reference, StatusPolicy policy) => reference switch
    {
        IdentifierReference => StatusTokenKind.IdentifierList,
        StatusReference => policy.TakesCwt ? StatusTokenKind.StatusList : StatusTokenKind.StatusListJwt,
        _ => throw new ArgumentException("Not a kind of reference that is known here.", nameof(reference)),
    };

    private static StatusResult Read(StatusToken token, CredentialStatus reference, TimeSpan age) => (token, reference) switch
    {
        (StatusListToken list, StatusReference place) => Read(list.UnverifiedList, place.Index, age),
        // ISO/IEC 18013-5 §12.3.6.4: whose identifier is there is revoked, whose is not there is not.
        (IdentifierListToken list, IdentifierReference own) => list.UnverifiedList.Contains(own.Id)
            ? new StatusResult(StatusOutcome.Revoked, StatusListCodes.Revoked, age)
            : new StatusResult(StatusOutcome.Valid, Age: age),
        _ => throw new InvalidOperationException("Lists are kept by their kind."),
    };

    private static StatusResult Read(StatusList list, long index, TimeSpan age)
    {
        // §8.3: outside the list no statement is possible, and the credential must be rejected.
        if (index >= list.Size)
        {
            return new StatusResult(StatusOutcome.Refused, StatusListCodes.IndexOutOfRange, age);
        }

        return list[(int)index] switch
        {
            StatusTypes.Valid => new StatusResult(StatusOutcome.Valid, Age: age),
            StatusTypes.Invalid => new StatusResult(StatusOutcome.Revoked, StatusListCodes.Revoked, age),
            StatusTypes.Suspended => new StatusResult(StatusOutcome.Suspended, StatusListCodes.Suspended, age),
            _ => new StatusResult(StatusOutcome.Refused, StatusListCodes.UnknownValue, age),
        };
    }

    private async Task<CachedStatusList> GetAsync(StatusListKey key, StatusAuthority authority, StatusPolicy policy, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var known = _cache.Get(key) ?? CachedStatusList.Nothing;
        return policy.Mode == StatusMode.Online && !known.IsSettled(policy, now)
            ? await _refreshes.RunAsync(key, () => RefreshAsync(key, authority, now), cancellationToken).ConfigureAwait(false)
            : known;
    }

    private async Task<CachedStatusList> RefreshAsync(StatusListKey key, StatusAuthority authority, DateTimeOffset now)
    {
        var known = _cache.Get(key) ?? CachedStatusList.Nothing;
        CachedStatusList next;
        try
        {
            next = await FetchAsync(known, key, authority, now).ConfigureAwait(false);
        }
        catch (CredentialException e)
        {
            // The good token that we may have stays: a failure says nothing about it.
            var code = e is FetchException ? StatusListCodes.Unreachable : e.Code;
            var atHand = e is FetchException ? await FindKeptAsync(known, key, authority, now).ConfigureAwait(false) : known;
            next = atHand with { FailureCode = code, FailedAt = now };
        }

        _cache.Put(key, next);
        return next;
    }

    private async Task<CachedStatusList> FetchAsync(CachedStatusList known, StatusListKey key, StatusAuthority authority, DateTimeOffset now)
    {
        var etag = known.UsableToken(now) is null ? null : known.ETag;
        var (url, rule) = (new Uri(key.Uri), RuleOf(key));
        var answer = await http.GetAsync(url, rule, etag).ConfigureAwait(false);
        var token = answer.IsNotModified ? known.Token! : Parse(answer);
        if (token.FindProblem(key.Uri, authority, now) is { } problem)
        {
            throw new MalformedDataException(problem, "The status list token cannot be used.");
        }

        // A lagging cache may still serve an older list. Ours is newer: what it says must not be undone.
        if (known.UsableToken(now) is { } ours && token.IssuedAt < ours.IssuedAt)
        {
            return known with { CheckedAt = now, FailureCode = null };
        }

        if (answer.IsNotModified) http.Kept?.Confirm(url, rule, now);
        else http.Kept?.Keep(url, rule, answer, now);
        return new CachedStatusList { Token = token, ETag = answer.ETag ?? etag, FetchedAt = now, CheckedAt = now };
    }

    /// <summary>The youngest copy on disk that passes every check now, where it is younger than what is known.</summary>
    private async Task<CachedStatusList> FindKeptAsync(CachedStatusList known, StatusListKey key, StatusAuthority authority, DateTimeOffset now)
    {
        if (http.Kept is not { } kept) return known;
        return await kept.FindUsableAsync(key.Uri, RuleOf(key), known.Token is null ? null : known.FetchedAt, copy =>
        {
            var token = Parse(copy.Document);
            var isUndone = known.UsableToken(now) is { } ours && token.IssuedAt < ours.IssuedAt;
            // One that has run out is shown as such, and never read.
            return ValueTask.FromResult(!isUndone && token.FindProblem(key.Uri, authority, now) is null or StatusListCodes.TokenExpired
                ? new CachedStatusList { Token = token, ETag = copy.Document.ETag, FetchedAt = copy.FetchedAt, CheckedAt = copy.FetchedAt }
                : null);
        }).ConfigureAwait(false) ?? known;
    }

    private static FetchRule RuleOf(StatusListKey key) => key.Kind switch
    {
        StatusTokenKind.StatusListJwt => s_jwt,
        StatusTokenKind.StatusList => s_either,
        _ => s_identifierList,
    };

    // The rule let only media types through that were asked for.
    private static StatusToken Parse(FetchedDocument answer) => answer.ContentType switch
    {
        StatusListNames.IdentifierListMediaType => IdentifierListToken.Parse(answer.Body),
        StatusListNames.CwtMediaType => StatusListToken.Parse(answer.Body),
        _ => StatusListToken.Parse(Encoding.ASCII.GetString(answer.Body.Span)),
    };
}
