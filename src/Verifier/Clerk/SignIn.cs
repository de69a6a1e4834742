using Credentials.Verifier.Http;
using Credentials.Verifier.Pages;
using Credentials.Verifier.Storage;

namespace Credentials.Verifier.Clerk;

/// <summary><c>/sign-in</c>, <c>/sign-out</c>: a clerk gives the relying party's key once and works with a session from then on.</summary>
internal static class SignIn
{
    private const int MaxBody = 4 * 1024;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("").WithMetadata(RouteAudience.Person, new PageNeeds());
        pages.MapGet(ClerkPages.SignIn, (HttpContext http, VerifierHostOptions options) => WriteAsync(http, options, ClerkPages.Next(http.Request.Query["next"]), wrong: false));
        pages.MapPost(ClerkPages.SignIn, HandleAsync);
        pages.MapPost("/sign-out", SignOutAsync);
    }

    private static async Task<IResult> HandleAsync(HttpContext http, VerifierDbContext db, VerifierHostOptions options, ClerkSessions sessions, CancellationToken ct)
    {
        ClerkPages.RefuseOtherSites(http);
        var form = await FormBody.ReadAsync(http.Request, MaxBody, ct);
        var next = ClerkPages.Next(form.GetValueOrDefault("next"));
        if (await ApiKeys.FindAsync(http, db, form.GetValueOrDefault("api_key", "").Trim(), ct) is not { } key || !ApiKeys.Allows(key, ApiScopes.Counter))
            return await WriteAsync(http, options, next, wrong: true);
        await sessions.StartAsync(http, db, key, ct);
        return Results.Redirect(next);
    }

    private static async Task<IResult> SignOutAsync(HttpContext http, VerifierDbContext db, ClerkSessions sessions, CancellationToken ct)
    {
        ClerkPages.RefuseOtherSites(http);
        if (await sessions.FindAsync(http, db, ct) is { } session)
            session.RequireForm(await FormBody.ReadAsync(http.Request, MaxBody, ct));
        sessions.End(http);
        return Results.Redirect(ClerkPages.SignIn);
    }

    private static async Task<IResult> WriteAsync(HttpContext http, VerifierHostOptions options, string next, bool wrong)
    {
        var language = Language.Of(http);
        var title = language.Choose("창구 로그인", "Sign in at the counter");
        var fault = wrong
            ? Html.Of($"<p class=\"fault\" id=\"fault\" role=\"alert\">{language.Choose("이 열쇠는 맞지 않거나 더는 쓸 수 없습니다.", "This key is wrong or no longer valid.")}</p>")
            : Html.None;
        await Layout.WriteAsync(http, wrong ? 401 : 200, language, options.Name, title, Html.Of($"""
            <section class="card">
            <h1>{title}</h1>
            <p>{language.Choose("확인 서비스를 설치할 때 받은 API 열쇠를 넣으세요. 이 브라우저에서 12시간 동안 유효합니다.", "Enter the API key that the service gave when it was set up. This browser stays signed in for 12 hours.")}</p>
            <form method="post" action="{ClerkPages.SignIn}">
            <input type="hidden" name="next" value="{next.TrimStart('/')}">
            <label for="api_key">{language.Choose("API 열쇠", "API key")}</label>
            <input id="api_key" name="api_key" type="password" autocomplete="current-password" required maxlength="200"{(wrong ? Html.Of($" aria-invalid=\"true\" aria-describedby=\"fault\"") : Html.None)}>
            {fault}
            <button class="button" type="submit">{language.Choose("로그인", "Sign in")}</button>
            </form>
            </section>
            """));
        return Results.Empty;
    }
}
