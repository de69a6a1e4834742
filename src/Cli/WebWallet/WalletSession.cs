using System.Collections.Concurrent;
using Credentials.Verifier.Http;
using Credentials.Wallet.Core;
using Credentials.Wallet.Core.Issuance;
using Credentials.Wallet.Core.Presentation;
using Microsoft.AspNetCore.Http;

namespace Credentials.Cli.WebWallet;

/// <summary>
/// The one browser that may use the wallet: whoever opens the one-time link that the terminal shows. What it looks at and has not decided
/// on yet is kept here; what it decided is in the wallet.
/// </summary>
internal sealed class WalletSession(CredentialWallet wallet, ServiceUrl url)
{
    private const string Cookie = "wallet";
    private const int MostPending = 50;

    private readonly string _link = RandomToken.NewLong();
    private readonly string _cookie = RandomToken.NewLong();
    private readonly ConcurrentDictionary<string, PendingOffer> _offers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, PendingRequest> _requests = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, IReadOnlyList<IssuanceOutcome>> _outcomes = new(StringComparer.Ordinal);
    private int _isLinkUsed;

    /// <param name="Id">Its place in the addresses of the pages.</param>
    /// <param name="Offer">What there is to have.</param>
    /// <param name="IsAskedFor">The holder turned to the issuer; nobody had offered anything.</param>
    internal sealed record PendingOffer(string Id, ResolvedOffer Offer, bool IsAskedFor)
    {
        private int _isBegun;

        public IReadOnlyList<IssuanceOutcome>? Outcomes { get; set; }

        public bool IsDeclined { get; set; }

        /// <summary>Where the holder has to sign in and agree, once that was prepared.</summary>
        public Uri? AuthorizeAt { get; set; }

        public bool IsOver => Outcomes is not null || IsDeclined;

        /// <summary>One of two clicks carries it out.</summary>
        public bool TryBegin() => !IsOver && Interlocked.Exchange(ref _isBegun, 1) == 0;

        public void AllowAgain() => Interlocked.Exchange(ref _isBegun, 0);
    }

    internal sealed record PendingRequest(string Id, ResolvedRequest Request)
    {
        public PresentationOutcome? Outcome { get; set; }

        public bool IsDeclined { get; set; }
    }

    internal CredentialWallet Wallet => wallet;

    internal string BaseUrl => url.Base;

    /// <summary>Goes with every form: another site can make a browser post, and cannot know this.</summary>
    internal string FormToken { get; } = RandomToken.NewLong();

    internal string OpenUrl => $"{BaseUrl}/open?t={_link}";

    /// <summary>Exchanges the one-time link for the session's cookie; false when it is wrong or was used.</summary>
    internal bool TryOpen(HttpContext http)
    {
        if (!RandomToken.Same(http.Request.Query["t"].ToString(), _link) || Interlocked.Exchange(ref _isLinkUsed, 1) != 0) return false;
        http.Response.Cookies.Append(Cookie, _cookie, new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Path = "/",
        });
        return true;
    }

    internal bool IsOpenFor(HttpContext http) => http.Request.Cookies[Cookie] is { } value && RandomToken.Same(value, _cookie);

    internal PendingOffer Keep(ResolvedOffer offer, bool isAskedFor = false)
    {
        var pending = new PendingOffer(RandomToken.New(), offer, isAskedFor);
        if (_offers.Count >= MostPending) _offers.Clear();
        return _offers[pending.Id] = pending;
    }

    internal PendingRequest Keep(ResolvedRequest request)
    {
        var pending = new PendingRequest(RandomToken.New(), request);
        if (_requests.Count >= MostPending) _requests.Clear();
        return _requests[pending.Id] = pending;
    }

    /// <summary>Keeps what an authorization brought, to be shown; returns its id.</summary>
    internal string Keep(IReadOnlyList<IssuanceOutcome> outcomes)
    {
        var id = RandomToken.New();
        if (_outcomes.Count >= MostPending) _outcomes.Clear();
        _outcomes[id] = outcomes;
        return id;
    }

    internal IReadOnlyList<IssuanceOutcome>? FindOutcomes(HttpContext http) => _outcomes.GetValueOrDefault(Id(http));

    internal PendingOffer? FindOffer(HttpContext http) => _offers.GetValueOrDefault(Id(http));

    internal PendingRequest? FindRequest(HttpContext http) => _requests.GetValueOrDefault(Id(http));

    /// <summary>The request that waits for the holder: there is one at a time.</summary>
    internal PendingRequest? OpenRequest => _requests.Values.FirstOrDefault(request => request is { Outcome: null, IsDeclined: false });

    internal static string Id(HttpContext http) => http.Request.RouteValues["id"]?.ToString() ?? "";
}
