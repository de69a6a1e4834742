using Credentials.Verifier.Clerk;
using Credentials.Verifier.Http;
using Credentials.Verifier.Parties;
using Credentials.Verifier.Storage;
using Credentials.Verifier.Transactions;

namespace Credentials.Verifier.Pages;

/// <summary><c>GET /v/{id}</c>: what is asked and why, the QR code and link, and the result as it comes.</summary>
internal static class ShowTransaction
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/v/{id}", HandleAsync).WithMetadata(RouteAudience.Person);

    private static async Task<IResult> HandleAsync(
        string id, HttpContext http, VerifierDbContext db, VerifierHostOptions options, PageCookie cookie, PartyRegistry parties,
        RequestComposer composer, TransactionDocument document, WrongSecretLimit guesses, ClerkSessions clerks, CancellationToken ct)
    {
        // The secret leaves the address bar at once: it is exchanged for the cookie, then the page is read without it.
        if (http.Request.Query["s"] is { Count: 1 } secret)
            return await ExchangeAsync(http, db, options.Time, cookie, parties, guesses, id, secret[0]!, ct);
        var language = Language.Of(http);
        var row = cookie.IsPresent(http, id) ? await TransactionAccess.LoadAsync(db, options.Time, id, ct) : null;
        if (row is null)
            throw RequestRefusal.Unknown();
        var page = TransactionPage.Of(row, composer.Link(row), document.OpenReport(row), language);
        var menu = await clerks.FindAsync(http, db, ct) is null ? Html.None : ClerkPages.Menu(language);
        await Layout.WriteAsync(http, 200, language, parties.Of(row).Name, page.Title, page.Body, live: !TransactionStates.IsFinal(row.State), menu,
            row.RequestSigning is null ? [] : ["/assets/digital-credentials.js"]);
        return Results.Empty;
    }

    private static async Task<IResult> ExchangeAsync(
        HttpContext http, VerifierDbContext db, TimeProvider time, PageCookie cookie, PartyRegistry parties, WrongSecretLimit guesses,
        string id, string secret, CancellationToken ct)
    {
        guesses.RefuseWhenExhausted(http);
        var row = await TransactionAccess.LoadAsync(db, time, id, ct);
        if (row is null || !RandomToken.Matches(secret, row.PageSecretHash))
        {
            guesses.Count(http);
            throw RequestRefusal.Unknown();
        }
        if (!cookie.IsPresent(http, id))
        {
            var first = await TransactionChanges.OpenPageAsync(db, id, time.GetUtcNow().ToUnixTimeMilliseconds(), ct);
            // OpenID4VP 1.0 §14.2: a same-device answer belongs to the one browser session that started it.
            if (row.SameDevice && !first)
                throw RequestRefusal.Unknown();
            cookie.Set(http, id);
        }
        return Results.Redirect(parties.Of(row).Url.Page(id));
    }
}
