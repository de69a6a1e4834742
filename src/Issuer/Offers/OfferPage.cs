using System.Globalization;
using System.Text;
using Credentials.Issuer.Catalog;
using Credentials.Issuer.Http;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Pages;
using Credentials.Issuer.Storage;
using Credentials.OpenId4Vci;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Offers;

/// <summary>
/// <c>/o/{id}?s=SECRET</c>: the page of one offer. The secret is exchanged for a cookie and leaves the address bar; the cookie
/// opens this offer's page, QR code and events only.
/// </summary>
internal static class OfferPage
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/o/{id}", HandleAsync).RequireRateLimiting(RateLimits.Public);
        routes.MapGet("/o/{id}/qr.svg", HandleQrAsync).RequireRateLimiting(RateLimits.Public);
    }

    private static async Task HandleAsync(string id, HttpContext http, IssuerDbContext db, CredentialCatalog catalog, IssuerKeys keys, IssuerOptions options, TimeProvider time)
    {
        if (http.Request.Query["s"] is [{ } secret])
        {
            if (await FindAsync(id, secret, http, db) is { } opened)
                await EnterAsync(http, opened, secret, options, time.GetUtcNow());
            else
                await ErrorPage.WriteAsync(http, StatusCodes.Status404NotFound);
            return;
        }

        if (await FindByCookieAsync(id, http, db, options) is not { } offer)
        {
            await ErrorPage.WriteAsync(http, StatusCodes.Status404NotFound);
            return;
        }

        var text = PageText.For(http.Request);
        if (http.Request.Query.ContainsKey("lang"))
            http.Response.Cookies.Append("lang", text.Language, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = options.IsHttps, IsEssential = true, MaxAge = TimeSpan.FromDays(30), Path = "/" });
        await WriteAsync(http, offer, text, catalog, keys, options, time.GetUtcNow());
    }

    private static async Task HandleQrAsync(string id, HttpContext http, IssuerDbContext db, IssuerKeys keys, IssuerOptions options, TimeProvider time)
    {
        if (await FindByCookieAsync(id, http, db, options) is { } offer && OfferView.StateAt(offer, time.GetUtcNow()) == OfferState.Created)
            await GetOffer.WriteQrAsync(http.Response, offer, keys, options);
        else
            http.Response.StatusCode = StatusCodes.Status404NotFound;
    }

    internal static async Task<Offer?> FindByCookieAsync(string id, HttpContext http, IssuerDbContext db, IssuerOptions options) =>
        http.Request.Cookies[CookieName(id, options)] is { } secret ? await FindAsync(id, secret, http, db) : null;

    private static async Task<Offer?> FindAsync(string id, string secret, HttpContext http, IssuerDbContext db)
    {
        var offer = await db.Offers.AsNoTracking().SingleOrDefaultAsync(o => o.Id == id, http.RequestAborted);
        return offer is not null && Secrets.Same(Secrets.Hash(secret), offer.PageHash) ? offer : null;
    }

    private static Task EnterAsync(HttpContext http, Offer offer, string secret, IssuerOptions options, DateTimeOffset now)
    {
        http.Response.Cookies.Append(CookieName(offer.Id, options), secret, new CookieOptions
        {
            HttpOnly = true,
            Secure = options.IsHttps,
            // Lax, not Strict: the page is opened from the agency's site or a message, and the redirect below is part of that navigation.
            SameSite = SameSiteMode.Lax,
            IsEssential = true,
            Path = "/",
            MaxAge = DateTimeOffset.FromUnixTimeMilliseconds(offer.ExpiresAt) - now + TimeSpan.FromHours(1),
        });
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = $"{PageFrame.BasePath(options)}/o/{offer.Id}";
        return Task.CompletedTask;
    }

    // The __Host- prefix needs Secure, which plain http on this machine does not have.
    private static string CookieName(string id, IssuerOptions options) => (options.IsHttps ? "__Host-offer-" : "offer-") + id;

    private static Task WriteAsync(HttpContext http, Offer offer, PageText text, CredentialCatalog catalog, IssuerKeys keys, IssuerOptions options, DateTimeOffset now)
    {
        var basePath = PageFrame.BasePath(options);
        var state = OfferView.StateAt(offer, now);
        var live = state is OfferState.Created or OfferState.Redeemed;
        var head = $"""
            <link rel="stylesheet" href="{basePath}/assets/types.css">
            {(live ? $"""<script src="{basePath}/assets/offer.js" defer></script><noscript><meta http-equiv="refresh" content="5"></noscript>""" : "")}
            """;
        var main = new StringBuilder($"""
            <main data-state="{OfferView.Name(state)}" data-events="{basePath}/o/{PageFrame.Escape(offer.Id)}/events">
            <h1>{PageFrame.Escape(text.Title)}</h1>
            <p id="state" class="state state-{OfferView.Name(state)}" role="status"><span class="visually-hidden">{PageFrame.Escape(text.Status)}: </span>{PageFrame.Escape(Sentence(state, text))}</p>
            <div class="columns">
            """);
        WriteCards(main, offer, text, catalog);
        if (state == OfferState.Created)
            WriteWayIn(main, offer, text, basePath, keys, options);
        else
            main.Append($"<p class=\"next\">{PageFrame.Escape(Next(state, text))}</p>");
        main.Append("</div></main>");
        return PageFrame.WriteAsync(http, StatusCodes.Status200OK, text, text.Title, head, main.ToString());
    }

    private static void WriteCards(StringBuilder main, Offer offer, PageText text, CredentialCatalog catalog)
    {
        main.Append($"<section aria-labelledby=\"offered\"><h2 id=\"offered\">{PageFrame.Escape(text.Offered)}</h2><ul class=\"cards\">");
        foreach (var type in OfferView.ReadIds(offer.ConfigurationIds).Select(catalog.Find).OfType<CredentialType>())
        {
            var display = DisplayText.For(type.Display, text.Language)!;
            main.Append($"<li class=\"card {Assets.CardClass(type)}\"><span class=\"card-name\">{PageFrame.Escape(display.Name)}</span><span class=\"card-text\">{PageFrame.Escape(display.Description)}</span></li>");
        }

        main.Append("</ul></section>");
    }

    private static void WriteWayIn(StringBuilder main, Offer offer, PageText text, string basePath, IssuerKeys keys, IssuerOptions options)
    {
        var until = DateTimeOffset.FromUnixTimeMilliseconds(offer.ExpiresAt).UtcDateTime;
        main.Append($"""
            <section class="way-in">
            <p>{PageFrame.Escape(text.Scan)}</p>
            <img class="qr" src="{basePath}/o/{PageFrame.Escape(offer.Id)}/qr.svg" alt="{PageFrame.Escape(text.QrName)}" width="280" height="280">
            <p class="same-device">{PageFrame.Escape(text.SameDevice)}</p>
            <a class="button" href="{PageFrame.Escape(OfferView.Link(offer, keys, options))}">{PageFrame.Escape(text.Open)}</a>
            {(offer.TxCodeHash is null ? "" : $"<p class=\"tx-code\">{PageFrame.Escape(text.TxCode)}</p>")}
            <p class="until">{PageFrame.Escape(text.Until)}: <time datetime="{until.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}">{until.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC</time></p>
            </section>
            """);
    }

    private static string Sentence(OfferState state, PageText text) => state switch
    {
        OfferState.Created => text.Waiting,
        OfferState.Redeemed => text.Redeemed,
        OfferState.Issued => text.Issued,
        OfferState.Cancelled => text.Cancelled,
        _ => text.Expired,
    };

    private static string Next(OfferState state, PageText text) => state switch
    {
        OfferState.Issued => text.IssuedMore,
        OfferState.Redeemed => "",
        _ => text.AskAgain,
    };
}
