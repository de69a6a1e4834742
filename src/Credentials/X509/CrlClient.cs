using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Credentials.Http;

namespace Credentials.X509;

/// <summary>
/// Looks up whether the certificates of a chain are revoked, fetching and caching their authorities' lists (RFC 5280 §6.3). What cannot be
/// checked is <see cref="CrlOutcome.Unknown"/>, never valid and never revoked. Thread-safe; make one per process.
/// </summary>
/// <param name="http">The way out. Lists are signed and public, and authorities should name them by http (RFC 5280 §8), so plain http is good enough.</param>
/// <param name="maxCacheBytes">Memory for lists, in bytes.</param>
public sealed class CrlClient(OutboundHttp http, long maxCacheBytes = 64 << 20)
{
    private const int MaxUris = 4;

    // Servers label lists in several ways (RFC 2585 has application/pkix-crl); what is fetched is signed.
    private static readonly FetchRule s_rule = new() { MaxBytes = CertificateRevocationList.MaxBytes, Timeout = TimeSpan.FromSeconds(20), AllowsHttp = true };
    // Somebody stands at a counter, and would be let pass without the list as well.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_failureMemory = TimeSpan.FromSeconds(30);

    private static readonly Known s_nothing = new() { FailureCode = CrlCodes.Unreachable };

    private readonly BoundedCache<Key, Known> _cache = new(maxCacheBytes, known => known.Cost);
    private readonly SingleFlight<Key, Known> _refreshes = new();

    private readonly record struct Key(string Uri, string Authority);

    /// <summary>Checks every certificate of a chain, and the anchor against the list that it signs itself. Check the chain first.</summary>
    /// <param name="leafFirst">The chain that was found valid, without the anchor.</param>
    /// <param name="anchor">The anchor it ends at.</param>
    /// <param name="policy">Whether to ask, and how fresh a list must be.</param>
    /// <param name="now">The time of verification; lists are usable and aged by it.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<CrlResult> CheckAsync(
        IReadOnlyList<X509Certificate2> leafFirst, X509Certificate2 anchor, CrlPolicy policy, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        if (policy.Mode == CrlMode.Skip) return new CrlResult(CrlOutcome.Unknown, CrlCodes.NotRequested);
        CrlResult result = new(CrlOutcome.Valid);
        for (int i = 0; i < leafFirst.Count; i++)
        {
            bool isTop = i == leafFirst.Count - 1;
            CrlResult one = await CheckOneAsync(leafFirst[i], isTop ? anchor : leafFirst[i + 1], isTop, policy, now, cancellationToken).ConfigureAwait(false);
            if (one.Outcome == CrlOutcome.Revoked) return one;
            if (one.Outcome == CrlOutcome.Valid && result.Outcome == CrlOutcome.Valid && (result.Age is null || one.Age > result.Age)) result = one;
            // What is unknown weighs more than a list that is not there, and that more than a valid answer.
            bool outweighs = one.Outcome switch
            {
                CrlOutcome.Unknown => result.Outcome != CrlOutcome.Unknown,
                CrlOutcome.NoList => result.Outcome == CrlOutcome.Valid,
                _ => false,
            };
            if (outweighs) result = one;
        }
        return result;
    }

    private async Task<CrlResult> CheckOneAsync(
        X509Certificate2 certificate, X509Certificate2 authority, bool alsoAuthority, CrlPolicy policy, DateTimeOffset now, CancellationToken cancellationToken)
    {
        string code = CrlCodes.NoDistributionPoint;
        if (!CrlDistributionPoints.AreIn(certificate)) return new CrlResult(CrlOutcome.NoList, CrlCodes.NotPublished);
        try
        {
            foreach (string uri in CrlDistributionPoints.Of(certificate).Take(MaxUris))
            {
                Known known = await GetAsync(new Key(uri, authority.GetCertHashString(HashAlgorithmName.SHA256)), authority, policy, now, cancellationToken).ConfigureAwait(false);
                if (known.UsableList(now) is not { } list) code = known.FailureCode ?? CrlCodes.Expired;
                else if (!list.Covers(certificate, uri)) code = CrlCodes.Scope;
                else if (list.Contains(certificate) || (alsoAuthority && list.Contains(authority))) return new CrlResult(CrlOutcome.Revoked, CrlCodes.Revoked);
                else if (known.FailureCode is null) return new CrlResult(CrlOutcome.Valid);
                else return new CrlResult(CrlOutcome.Valid, CrlCodes.CopyUsed, now > known.CheckedAt ? now - known.CheckedAt : TimeSpan.Zero);
            }
        }
        catch (MalformedDataException e)
        {
            code = e.Code;
        }
        return new CrlResult(CrlOutcome.Unknown, code);
    }

    private async Task<Known> GetAsync(Key key, X509Certificate2 authority, CrlPolicy policy, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Known? known = _cache.Get(key);
        if (policy.Mode == CrlMode.Offline) return known ?? s_nothing;
        if (known is not null && known.IsSettled(policy, now)) return known;
        Task<Known> refresh = _refreshes.RunAsync(key, () => RefreshAsync(key, authority, now), cancellationToken);
        if (!policy.FailOpen) return await refresh.ConfigureAwait(false);
        try
        {
            return await refresh.WaitAsync(s_patience, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // It goes on without us, and serves the next one.
            return known ?? s_nothing;
        }
    }

    private async Task<Known> RefreshAsync(Key key, X509Certificate2 authority, DateTimeOffset now)
    {
        Known known = _cache.Get(key) ?? new Known();
        try
        {
            CertificateRevocationList list = await FetchAsync(key.Uri, authority, now).ConfigureAwait(false);
            // A lagging cache may still serve an older list. Ours is newer: what it says must not be undone.
            bool isOlder = known.UsableList(now) is { } ours && list.ThisUpdate < ours.ThisUpdate;
            known = new Known { List = isOlder ? known.List : list, CheckedAt = now };
        }
        catch (CredentialException e)
        {
            // The good list that we may have stays until its end: a failure says nothing about it.
            if (e is FetchException) known = await FindKeptAsync(known, key.Uri, authority, now).ConfigureAwait(false);
            known = known with { FailureCode = CodeOf(e), FailedAt = now };
        }
        _cache.Put(key, known);
        return known;
    }

    private async Task<CertificateRevocationList> FetchAsync(string uri, X509Certificate2 authority, DateTimeOffset now)
    {
        if (!Uri.TryCreate(uri, UriKind.Absolute, out Uri? url)) throw new MalformedDataException(CrlCodes.NoDistributionPoint, "The distribution point is no URL.");
        FetchedDocument answer = await http.GetAsync(url, s_rule).ConfigureAwait(false);
        CertificateRevocationList list = CertificateRevocationList.Parse(answer.Body);
        if (list.FindProblem(authority, now) is { } problem) throw new MalformedDataException(problem, "The revocation list cannot be used.");
        http.Kept?.Keep(url, s_rule, answer, now);
        return list;
    }

    /// <summary>The youngest copy on disk that passes every check now, where it is younger than what is known.</summary>
    private async Task<Known> FindKeptAsync(Known known, string uri, X509Certificate2 authority, DateTimeOffset now)
    {
        if (http.Kept is not { } kept) return known;
        return await kept.FindUsableAsync(uri, s_rule, known.List is null ? null : known.CheckedAt, copy =>
        {
            CertificateRevocationList list = CertificateRevocationList.Parse(copy.Document.Body);
            bool isUsable = list.FindProblem(authority, now) is null && !(known.List?.ThisUpdate > list.ThisUpdate);
            return ValueTask.FromResult(isUsable ? new Known { List = list, CheckedAt = copy.FetchedAt } : null);
        }).ConfigureAwait(false) ?? known;
    }

    private static string CodeOf(CredentialException e) =>
        e is not FetchException ? e.Code : e.Code == HttpCodes.SchemeRefused ? CrlCodes.SchemeRefused : CrlCodes.Unreachable;

    /// <summary>The newest good list, if any, and whether the last attempt to get one failed.</summary>
    private sealed record Known
    {
        public CertificateRevocationList? List { get; init; }

        public DateTimeOffset CheckedAt { get; init; }

        public string? FailureCode { get; init; }

        public DateTimeOffset FailedAt { get; init; }

        public long Cost => 2048 + (20L * (List?.Count ?? 0));

        public CertificateRevocationList? UsableList(DateTimeOffset now) => List?.FindTimeProblem(now) is null ? List : null;

        /// <summary>True when no fetch is needed or sensible now.</summary>
        public bool IsSettled(CrlPolicy policy, DateTimeOffset now) =>
            (FailureCode is not null && (now - FailedAt).Duration() < s_failureMemory)
            || (UsableList(now) is not null && (policy.MaxAge is not { } age || (now - CheckedAt).Duration() < age));
    }
}
