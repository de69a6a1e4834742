using Credentials.Issuer.Catalog;
using Credentials.Issuer.Http;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Offers;
using Credentials.Issuer.Pages;
using Credentials.Issuer.Storage;
using Credentials.OpenId4Vci;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Authorization;

/// <summary>
/// <c>/authorize</c>: the person signs in, sees who asks for what, and agrees or not. The request URI is used up by the answer, not by
/// looking at the page (FAPI 2.0 §5.3.2.2). What is wrong with a request is shown here and never redirected.
/// </summary>
internal static class Authorize
{
    private const string Path = "/authorize";

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, ShowAsync).RequireRateLimiting(RateLimits.Public);
        routes.MapPost(Path, DecideAsync).RequireRateLimiting(RateLimits.Public).DisableAntiforgery();
    }

    /// <summary>The path of the page as browsers see it.</summary>
    internal static string PathIn(HttpContext http) => PageFrame.BasePath(http.RequestServices.GetRequiredService<IssuerOptions>()) + Path;

    private static async Task ShowAsync(
        HttpContext http, IssuerDbContext db, CredentialCatalog catalog, IssuerOptions options, SignInKind kind, IAntiforgery antiforgery, TimeProvider time)
    {
        var now = time.GetUtcNow();
        if (await FindAsync(http, http.Request.Query["request_uri"], http.Request.Query["client_id"], db, now) is not { } authorization)
        {
            await ErrorPage.WriteAsync(http, StatusCodes.Status400BadRequest);
            return;
        }

        if (await HolderSignIn.FindSubjectAsync(http) is not { } subject)
        {
            await HolderSignIn.AskAsync(http, kind, PathIn(http) + QueryFor(http.Request.Query["client_id"], http.Request.Query["request_uri"]));
            return;
        }

        var ready = await PreparedOffers.FindAsync(db, authorization, subject, now, http.RequestAborted) is not null;
        var client = options.Clients.Find(c => c.Id == authorization.ClientId)?.Name is { Length: > 0 } name ? name : authorization.ClientId;
        var types = OfferView.ReadIds(authorization.ConfigurationIds).Select(catalog.Find).OfType<CredentialType>();
        await ConsentPage.WriteAsync(http, antiforgery, new ConsentPage.Content(client, authorization.RedirectUri, subject, ready, [.. types], http.Request.Query["request_uri"]!, authorization.ClientId));
    }

    private static async Task DecideAsync(HttpContext http, IssuerDbContext db, IAntiforgery antiforgery, IssuerOptions options, TimeProvider time)
    {
        await HolderSignIn.RequireFormAsync(http, antiforgery);
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var now = time.GetUtcNow();
        if (await FindAsync(http, form["request_uri"], form["client_id"], db, now) is not { } authorization || await HolderSignIn.FindSubjectAsync(http) is not { } subject)
        {
            await ErrorPage.WriteAsync(http, StatusCodes.Status400BadRequest);
            return;
        }

        var offer = form["decision"] == "allow" ? await PreparedOffers.FindAsync(db, authorization, subject, now, http.RequestAborted) : null;
        var code = offer is null ? null : Secrets.NewToken();
        if (!await FinishAsync(db, authorization, offer, code, options, now, http.RequestAborted))
        {
            await ErrorPage.WriteAsync(http, StatusCodes.Status400BadRequest);
            return;
        }

        await HolderSignIn.EndAsync(http);
        var answer = new IssuanceAuthorizationResponse
        {
            Code = code,
            State = authorization.ClientState,
            Issuer = options.PublicUrl,
            Error = code is null ? OpenId4VciNames.AccessDenied : null,
        };
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = answer.ToRedirect(authorization.RedirectUri).OriginalString;
    }

    /// <summary>One statement ends the request, whatever else is sent at the same moment.</summary>
    private static async Task<bool> FinishAsync(
        IssuerDbContext db, AuthorizationFlow authorization, Offer? offer, string? code, IssuerOptions options, DateTimeOffset now, CancellationToken ct)
    {
        var at = now.ToUnixTimeMilliseconds();
        var stage = code is null ? AuthorizationStage.Refused : AuthorizationStage.Agreed;
        var hash = code is null ? null : Secrets.Hash(code);
        var offerId = offer?.Id ?? authorization.OfferId;
        var expires = (now + options.CodeLifetime).ToUnixTimeMilliseconds();
        return await db.Authorizations.Where(a => a.Id == authorization.Id && a.Stage == AuthorizationStage.Pushed && a.ExpiresAt > at)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.Stage, stage).SetProperty(a => a.CodeHash, hash)
                .SetProperty(a => a.OfferId, offerId).SetProperty(a => a.ExpiresAt, expires), ct) == 1;
    }

    // RFC 9126 §4: client_id and request_uri, once each, of the client that pushed.
    private static async Task<AuthorizationFlow?> FindAsync(
        HttpContext http, Microsoft.Extensions.Primitives.StringValues requestUri, Microsoft.Extensions.Primitives.StringValues clientId, IssuerDbContext db, DateTimeOffset now)
    {
        if (requestUri.Count != 1 || clientId.Count != 1 || PushRequest.HashOf(requestUri[0]) is not { } hash)
            return null;
        var at = now.ToUnixTimeMilliseconds();
        var found = await db.Authorizations.AsNoTracking()
            .SingleOrDefaultAsync(a => a.RequestHash == hash && a.Stage == AuthorizationStage.Pushed && a.ExpiresAt > at, http.RequestAborted);
        return found is not null && found.ClientId == clientId[0] ? found : null;
    }

    private static string QueryFor(string? clientId, string? requestUri) =>
        QueryString.Create("client_id", clientId ?? "").Add("request_uri", requestUri ?? "").ToUriComponent();
}
