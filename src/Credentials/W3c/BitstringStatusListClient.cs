using Credentials.Http;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.Trust;

namespace Credentials.W3c;

/// <summary>
/// Looks statuses up in bitstring status lists, fetching, verifying and caching the list credentials (Bitstring Status List §3.2). What
/// cannot be checked is <see cref="StatusOutcome.Unknown"/>, never valid and never revoked. Thread-safe; make one per process. Ask it only
/// about credentials that are valid otherwise.
/// </summary>
/// <param name="http">The way out.</param>
/// <param name="maxCacheBytes">Memory for lists, in bytes.</param>
public sealed class BitstringStatusListClient(OutboundHttp http, long maxCacheBytes = 64 * 1024 * 1024)
{
    /// <summary>Longest list credential as it is fetched, in bytes.</summary>
    private const int MaxLength = 4 * 1024 * 1024;

    private static readonly FetchRule s_lists = new(
        "application/vc", "application/vc+jwt", "application/vc+sd-jwt", "application/vc+cose", "application/vc+ld+json", "application/jwt",
        "application/ld+json", "application/json")
    {
        MaxBytes = MaxLength,
    };

    private readonly BoundedCache<Key, Known> _cache = new(maxCacheBytes, known => 2048 + (known.List?.Bytes.Length ?? 0));
    private readonly SingleFlight<Key, Known> _refreshes = new();

    /// <summary>A list as one authority vouches for it to one issuer's credentials of one type.</summary>
    private readonly record struct Key(string Url, string Issuer, string AnchorId, string? Type, bool AcceptsV1);

    private sealed record Known(BitstringListDocument? List)
    {
        public string? ETag { get; init; }

        public DateTimeOffset FetchedAt { get; init; }

        public string? FailureCode { get; init; }

        public DateTimeOffset FailedAt { get; init; }

        public BitstringListDocument? UsableAt(DateTimeOffset now) => List?.IsOver(now) == false ? List : null;

        public TimeSpan FreshFor(StatusPolicy policy) => policy.FreshFor(List?.TimeToLive);

        // Also not settled when the clock was set back by more than the span: then nothing is known about the age.
        public bool IsSettled(StatusPolicy policy, DateTimeOffset now) =>
            (FailureCode is not null && (now - FailedAt).Duration() < StatusListLimits.FailureMemory)
            || (UsableAt(now) is not null && (now - FetchedAt).Duration() < FreshFor(policy));
    }

    /// <summary>Checks one status. The list is its issuer's own, or that of a status signer under the same authority.</summary>
    /// <param name="entry">Where the status stands.</param>
    /// <param name="issuer">The credential's issuer.</param>
    /// <param name="anchor">Under which the issuer was accepted.</param>
    /// <param name="type">The type for which it was.</param>
    /// <param name="expected">Trust, keys, contexts, time and policy of the verification.</param>
    internal async Task<StatusResult> CheckAsync(
        BitstringStatusListEntry entry, string issuer, TrustAnchor anchor, string? type, W3cExpectations expected, CancellationToken ct)
    {
        var (policy, now) = (expected.Status, expected.Now);
        var key = new Key(entry.StatusListCredential, issuer, anchor.Id, type, expected.AcceptsDataModelV1);
        var known = _cache.Get(key) ?? new Known((BitstringListDocument?)null);
        if (policy.Mode == StatusMode.Online && !known.IsSettled(policy, now))
            known = await _refreshes.RunAsync(key, () => RefreshAsync(key, anchor, expected), ct).ConfigureAwait(false);
        var age = now > known.FetchedAt ? now - known.FetchedAt : TimeSpan.Zero;
        if (known.UsableAt(now) is not { } list) return policy.WithoutList(known.List is null ? null : age, known.FailureCode);
        var freshFor = known.FreshFor(policy);
        return policy.RefuseForAge(age, freshFor, known.FailureCode) ?? policy.Mark(list.Read(entry, age), age, freshFor, known.FailureCode);
    }

    private async Task<Known> RefreshAsync(Key key, TrustAnchor anchor, W3cExpectations expected)
    {
        var known = _cache.Get(key) ?? new Known((BitstringListDocument?)null);
        Known next;
        try
        {
            next = await FetchAsync(known, key, anchor, expected).ConfigureAwait(false);
        }
        catch (CredentialException e)
        {
            // A good list that is at hand stays: a failure says nothing about it.
            var atHand = e is FetchException ? await FindKeptAsync(known, key, anchor, expected).ConfigureAwait(false) : known;
            next = atHand with { FailureCode = e is FetchException ? StatusListCodes.Unreachable : e.Code, FailedAt = expected.Now };
        }

        _cache.Put(key, next);
        return next;
    }

    private async Task<Known> FetchAsync(Known known, Key key, TrustAnchor anchor, W3cExpectations expected)
    {
        var url = Uri.TryCreate(key.Url, UriKind.Absolute, out var absolute)
            ? absolute
            : throw new MalformedDataException(StatusListCodes.MalformedReference, "The status list has no URL that can be fetched.");
        var answer = await http.GetAsync(url, s_lists, known.UsableAt(expected.Now) is null ? null : known.ETag).ConfigureAwait(false);
        if (answer.IsNotModified)
        {
            http.Kept?.Confirm(url, s_lists, expected.Now);
            return known with { FetchedAt = expected.Now, FailureCode = null };
        }

        var list = await VerifyAsync(answer.Body, key, anchor, expected).ConfigureAwait(false);
        // A lagging cache may still serve an older list. Ours is newer: what it says must not be undone.
        if (known.List is { } ours && ours.ValidFrom > list.ValidFrom && !ours.IsOver(expected.Now)) return known with { FetchedAt = expected.Now, FailureCode = null };
        http.Kept?.Keep(url, s_lists, answer, expected.Now);
        return new Known(list) { ETag = answer.ETag, FetchedAt = expected.Now };
    }

    /// <summary>The youngest copy on disk that passes every check now, where it is younger than what is known.</summary>
    private async Task<Known> FindKeptAsync(Known known, Key key, TrustAnchor anchor, W3cExpectations expected)
    {
        if (http.Kept is not { } kept) return known;
        return await kept.FindUsableAsync(key.Url, s_lists, known.List is null ? null : known.FetchedAt, async copy =>
        {
            var list = await VerifyAsync(copy.Document.Body, key, anchor, expected).ConfigureAwait(false);
            return known.List is not { } ours || ours.ValidFrom <= list.ValidFrom ? new Known(list) { ETag = copy.Document.ETag, FetchedAt = copy.FetchedAt } : null;
        }).ConfigureAwait(false) ?? known;
    }

    private static async Task<BitstringListDocument> VerifyAsync(ReadOnlyMemory<byte> body, Key key, TrustAnchor anchor, W3cExpectations expected)
    {
        var secured = SecuredDocument.Parse(body, null, new SecuredReading(IsPresentation: false, key.AcceptsV1, MaxLength));
        var unverified = W3cCredential.Parse(secured.UnverifiedDocument, key.AcceptsV1);
        // An issuer may speak about its own credentials; about another's, who was named for that.
        var isOwn = unverified.Issuer == key.Issuer;
        var verification = new CredentialVerification(
            new W3cExpectations
            {
                Trust = expected.Trust,
                Now = expected.Now,
                Binding = KeyBindingExpectation.NotRequested,
                // A list about lists would have no end.
                Status = new StatusPolicy(StatusMode.Skip) { MaxOfflineAge = expected.Status.MaxOfflineAge },
                Identifiers = expected.Identifiers,
                IssuerMetadata = expected.IssuerMetadata,
                AcceptsDataModelV1 = key.AcceptsV1,
                Types = [W3cNames.StatusListCredentialType],
                Contexts = expected.Contexts is { } known ? [.. known, W3cNames.StatusListContext] : null,
                JsonLdContexts = expected.JsonLdContexts,
                ClockSkew = expected.ClockSkew,
                Limits = expected.Limits,
            },
            presenter: null, isOwn ? TrustPurpose.CredentialIssuer : TrustPurpose.StatusSigner)
        {
            TrustedAs = key.Type,
        };
        var report = await verification.RunAsync(() => secured, CancellationToken.None).ConfigureAwait(false);
        if (!report.TryGetVerified(out var verified)) throw Refused(report);
        if (!isOwn && verified.Anchor?.Id != anchor.Id) throw new MalformedDataException(StatusListCodes.SignerNotTrusted, "The list is another authority's.");
        return BitstringListDocument.Read(W3cCredential.Parse(verified.Claims, key.AcceptsV1), key.Url);
    }

    private static CredentialException Refused(VerificationReport report)
    {
        var fault = report.Checks.First(check => check.Outcome is not (CheckOutcome.Passed or CheckOutcome.NotApplicable));
        var code = fault.Id switch
        {
            W3cChecks.IssuerKey => StatusListCodes.SignerNotTrusted,
            W3cChecks.IssuerSignature => StatusListCodes.SignatureInvalid,
            W3cChecks.Validity => fault.Code is W3cCodes.NotYetValid or W3cCodes.SignedInFuture ? StatusListCodes.TokenNotYetValid : StatusListCodes.TokenExpired,
            _ => StatusListCodes.TokenMalformed,
        };
        return fault.Outcome == CheckOutcome.Indeterminate
            ? new FetchException(fault.Code!, "The keys of the list's issuer could not be had.")
            : new MalformedDataException(code, "The status list credential cannot be used.");
    }
}
