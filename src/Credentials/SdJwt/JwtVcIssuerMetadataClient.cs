using System.Text.Json;
using Credentials.Codecs;
using Credentials.Http;
using Credentials.Jose;
using Credentials.Keys;

namespace Credentials.SdJwt;

/// <summary>
/// Fetches the keys of issuers that are trusted by their URL (SD-JWT VC §3, §4). Ask it about no others: whoever is asked
/// learns that a credential is being checked (§8.3). Thread-safe; make one per process.
/// </summary>
/// <param name="http">The way out.</param>
/// <param name="maxIssuers">How many issuers' keys are kept.</param>
public sealed class JwtVcIssuerMetadataClient(OutboundHttp http, int maxIssuers = 256)
{
    private static readonly FetchRule s_jwkSet = new("application/jwk-set+json", "application/json");

    private static readonly TimeSpan s_unstated = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_atMost = TimeSpan.FromHours(24);

    /// <summary>How long a failed fetch is remembered, and how soon a key that is not there may be looked for again.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly DocumentCache<Known> _cache = new(maxIssuers);
    private readonly SingleFlight<string, Known> _fetches = new();

    private sealed record Known(IReadOnlyList<(string? Id, PublicKey Key)> Keys, DateTimeOffset FetchedAt, CredentialException? Failure = null)
    {
        public IReadOnlyList<PublicKey> Named(string? keyId) => [.. Keys.Where(key => keyId is null || key.Id == keyId).Select(key => key.Key)];
    }

    /// <summary>The keys that may have signed for an issuer.</summary>
    /// <param name="issuer">The <c>iss</c> of the credential: an issuer trusted by its URL.</param>
    /// <param name="keyId">The <c>kid</c> of its header, which must be that of a key; null: any key of the issuer.</param>
    /// <param name="now">The time of the verification.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>Empty where no usable key has the id.</returns>
    /// <exception cref="FetchException">The metadata or the keys could not be had.</exception>
    /// <exception cref="MalformedDataException">The metadata is not that of the issuer, or breaks SD-JWT VC §4.</exception>
    public async Task<IReadOnlyList<PublicKey>> FetchKeysAsync(string issuer, string? keyId, DateTimeOffset now, CancellationToken ct = default) =>
        (await FindKeysAsync(issuer, keyId, TimeSpan.Zero, now, ct).ConfigureAwait(false)).Keys;

    /// <summary>The same, from a copy on disk where the network is away and the copy younger than said; then its age is told.</summary>
    internal async Task<(IReadOnlyList<PublicKey> Keys, TimeSpan? Age)> FindKeysAsync(
        string issuer, string? keyId, TimeSpan maxOfflineAge, DateTimeOffset now, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(issuer);
        var known = _cache.Get(issuer, now) ?? await RefreshAsync().ConfigureAwait(false);

        // The issuer may have a new key since.
        if (known.Failure is null && known.Named(keyId).Count == 0 && now - known.FetchedAt > s_patience) known = await RefreshAsync().ConfigureAwait(false);
        if (known.Failure is null) return (known.Named(keyId), null);

        var age = now > known.FetchedAt ? now - known.FetchedAt : TimeSpan.Zero;
        var kept = age < maxOfflineAge ? known.Named(keyId) : [];
        // A key that the copy does not have may be a new one: nobody can say.
        return kept.Count > 0 ? (kept, age) : throw known.Failure;

        Task<Known> RefreshAsync() => _fetches.RunAsync(issuer, () => FetchAsync(issuer, now), ct);
    }

    private async Task<Known> FetchAsync(string issuer, DateTimeOffset now)
    {
        try
        {
            var location = JwtVcIssuerMetadata.LocationOf(issuer);
            var answer = await http.GetAsync(location, FetchRule.Json).ConfigureAwait(false);
            var metadata = JwtVcIssuerMetadata.Parse(answer.ReadJsonObject(SdJwtCodes.IssuerMetadataMalformed), issuer, http.AllowsLoopbackHttp);
            var fresh = answer.FreshFor(s_unstated, s_atMost);
            if (metadata.Jwks is not { } jwks)
            {
                var set = await http.GetAsync(new Uri(metadata.JwksUri!), s_jwkSet).ConfigureAwait(false);
                jwks = set.ReadJsonObject(SdJwtCodes.IssuerMetadataMalformed);
                var setFresh = set.FreshFor(s_unstated, s_atMost);
                if (setFresh < fresh) fresh = setFresh;
                _ = Jwk.ParseSet(jwks);
                http.Kept?.Keep(new Uri(metadata.JwksUri!), s_jwkSet, set, now);
            }

            var known = new Known(ReadSet(jwks), now);
            http.Kept?.Keep(location, FetchRule.Json, answer, now);
            _cache.Put(issuer, known, now + fresh);
            return known;
        }
        catch (CredentialException e)
        {
            var failed = e is FetchException ? await FindKeptAsync(issuer, now, e).ConfigureAwait(false) : new Known([], now, e);
            _cache.Put(issuer, failed, now + s_patience);
            return failed;
        }
    }

    /// <summary>The youngest copies on disk that can be read, with the failure for those who take none.</summary>
    private async Task<Known> FindKeptAsync(string issuer, DateTimeOffset now, CredentialException failure)
    {
        var none = new Known([], now, failure);
        if (http.Kept is not { } kept) return none;
        return await kept.FindUsableAsync(JwtVcIssuerMetadata.LocationOf(issuer).AbsoluteUri, FetchRule.Json, null, copy =>
        {
            var metadata = JwtVcIssuerMetadata.Parse(copy.Document.ReadJsonObject(SdJwtCodes.IssuerMetadataMalformed), issuer, http.AllowsLoopbackHttp);
            if (metadata.Jwks is { } own) return ValueTask.FromResult<Known?>(new Known(ReadSet(own), copy.FetchedAt, failure));
            if (kept.Find(new Uri(metadata.JwksUri!), s_jwkSet) is not [var set, ..]) return ValueTask.FromResult<Known?>(null);
            var fetchedAt = set.FetchedAt < copy.FetchedAt ? set.FetchedAt : copy.FetchedAt;
            return ValueTask.FromResult<Known?>(new Known(ReadSet(set.Document.ReadJsonObject(SdJwtCodes.IssuerMetadataMalformed)), fetchedAt, failure));
        }).ConfigureAwait(false) ?? none;
    }

    private static IReadOnlyList<(string? Id, PublicKey Key)> ReadSet(JsonElement jwks) =>
        [.. Jwk.ParseSet(jwks).Select(Read).Where(key => key.Key is not null)!];

    /// <summary>A key of another kind or for another use does not spoil the others.</summary>
    private static (string? Id, PublicKey Key) Read(JsonElement jwk)
    {
        try
        {
            return (jwk.OptionalString("kid", JoseCodes.JwkMalformed), Jwk.ParsePublic(jwk));
        }
        catch (CredentialException)
        {
            return (null, null!);
        }
    }
}
