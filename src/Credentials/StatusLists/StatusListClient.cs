using System.Text;
using Credentials.Http;

namespace Credentials.StatusLists;

/// <summary>
/// Looks statuses up, fetching and caching lists (Token Status List §8). What cannot be checked is <see cref="StatusOutcome.Unknown"/>,
/// never valid and never revoked. Thread-safe; make one per process. Ask it only about credentials that are valid otherwise (§8.3).
/// </summary>
/// <param name="http">The way out.</param>
/// <param name="maxCacheBytes">Memory for lists, in bytes.</param>
public sealed class StatusListClient(OutboundHttp http, long maxCacheBytes = 64 * 1024 * 1024)
{
    private static readonly FetchRule Rule = new(StatusListNames.JwtMediaType) { MaxBytes = StatusListToken.MaxBytes };

    private readonly StatusListCache _cache = new(maxCacheBytes);
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

        var key = new StatusListKey(reference.Uri, authority.Anchor.Id);
        var known = _cache.Get(key);
        if (policy.Mode == StatusMode.Online && !known.IsSettled(policy, now))
        {
            known = await _refreshes.RunAsync(key, () => RefreshAsync(key, authority, now), cancellationToken).ConfigureAwait(false);
        }

        if (known.UsableToken(now) is not { } token)
        {
            return new StatusResult(StatusOutcome.Unknown, known.FailureCode ?? Missing(policy));
        }

        var age = now > known.FetchedAt ? now - known.FetchedAt : TimeSpan.Zero;
        return IsYoungEnough(known, age, policy)
            ? Read(token, reference, age)
            : new StatusResult(StatusOutcome.Unknown, known.FailureCode ?? StatusListCodes.Offline, age);
    }

    private static string Missing(StatusPolicy policy) =>
        policy.Mode == StatusMode.Offline ? StatusListCodes.Offline : StatusListCodes.TokenExpired;

    private static bool IsYoungEnough(CachedStatusList known, TimeSpan age, StatusPolicy policy) => policy.Mode switch
    {
        // Online and not failed: just fetched, confirmed or still fresh.
        StatusMode.Online => known.FailureCode is null || age < known.FreshFor(policy) + policy.MaxStale,
        _ => policy.MaxAge is not { } maxAge || age < maxAge + policy.MaxStale,
    };

    private static StatusResult Read(StatusListToken token, CredentialStatus reference, TimeSpan age) => reference switch
    {
        StatusReference place => Read(token.UnverifiedList, place.Index, age),
        _ => throw new ArgumentException("Not a kind of reference that is known here.", nameof(reference)),
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

    private async Task<CachedStatusList> RefreshAsync(StatusListKey key, StatusAuthority authority, DateTimeOffset now)
    {
        var known = _cache.Get(key);
        CachedStatusList next;
        try
        {
            next = await FetchAsync(known, key.Uri, authority, now).ConfigureAwait(false);
        }
        catch (CredentialException e)
        {
            // The good token that we may have stays: a failure says nothing about it.
            var code = e is FetchException ? StatusListCodes.Unreachable : e.Code;
            next = known with { FailureCode = code, FailedAt = now };
        }

        _cache.Put(key, next);
        return next;
    }

    private async Task<CachedStatusList> FetchAsync(CachedStatusList known, string uri, StatusAuthority authority, DateTimeOffset now)
    {
        var etag = known.UsableToken(now) is null ? null : known.ETag;
        var answer = await http.GetAsync(new Uri(uri), Rule, etag).ConfigureAwait(false);
        var token = answer.IsNotModified ? known.Token! : StatusListToken.Parse(Encoding.ASCII.GetString(answer.Body.Span));
        if (token.FindProblem(uri, authority, now) is { } problem)
        {
            throw new MalformedDataException(problem, "The status list token cannot be used.");
        }

        // A lagging cache may still serve an older list. Ours is newer: what it says must not be undone.
        if (known.UsableToken(now) is { } ours && token.IssuedAt < ours.IssuedAt)
        {
            return known with { CheckedAt = now, FailureCode = null };
        }

        return new CachedStatusList { Token = token, ETag = answer.ETag ?? etag, FetchedAt = now, CheckedAt = now };
    }
}
