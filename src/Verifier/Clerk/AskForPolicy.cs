using Credentials.OpenId4Vp;
using Credentials.Verifier.Http;
using Credentials.Verifier.Pages;
using Credentials.Verifier.Parties;
using Credentials.Verifier.Policies;
using Credentials.Verifier.RelyingParty;
using Credentials.Verifier.Storage;

namespace Credentials.Verifier.Clerk;

/// <summary><c>/ask</c>: the clerk chooses what to check and gets the page with the QR code, the live state and the verdict.</summary>
internal static class AskForPolicy
{
    private const int MaxBody = 4 * 1024;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup(ClerkPages.Ask).WithMetadata(RouteAudience.Person, new PageNeeds());
        pages.MapGet("", ShowAsync);
        pages.MapPost("", HandleAsync);
    }

    private static async Task<IResult> ShowAsync(
        HttpContext http, VerifierDbContext db, ClerkSessions sessions, PartyRegistry parties, CancellationToken ct)
    {
        if (await sessions.FindAsync(http, db, ct) is not { } session)
            return ClerkPages.ToSignIn(http);
        var language = Language.Of(http);
        var title = language.Choose("무엇을 확인할까요?", "What do you want to check?");
        var choices = session.Party.Policies.All.Where(IsForWallets).Select(policy => Html.Of($"""
            <li><button class="choice" type="submit" name="policy" value="{policy.Name}"><strong>{language.Choose(policy.PurposeKo, policy.PurposeEn)}</strong><span class="soft">{policy.Name}</span></button></li>
            """));
        await Layout.WriteAsync(http, 200, language, session.Party.Name, title, Html.Of($"""
            {ClerkPages.ForWhom(session, parties, language, ClerkPages.Ask)}
            <section class="card">
            <h1>{title}</h1>
            <p class="soft">{language.Choose("고르면 상대방이 지갑 앱으로 찍을 QR 코드가 나옵니다.", "Choose one: a QR code appears for the other person's wallet app.")}</p>
            <form method="post" action="{ClerkPages.Ask}">{session.FormField}<ul class="choices">{choices}</ul></form>
            </section>
            <form class="leave" method="post" action="/sign-out">{session.FormField}<button class="plain" type="submit">{language.Choose("로그아웃", "Sign out")}</button></form>
            """), menu: ClerkPages.Menu(language, ClerkPages.Ask));
        return Results.Empty;
    }

    private static async Task<IResult> HandleAsync(
        HttpContext http, VerifierDbContext db, ClerkSessions sessions, NewTransaction transactions, PageCookie cookie, CancellationToken ct)
    {
        ClerkPages.RefuseOtherSites(http);
        if (await sessions.FindAsync(http, db, ct) is not { } session)
            return ClerkPages.ToSignIn(http);
        var form = await FormBody.ReadAsync(http.Request, MaxBody, ct);
        session.RequireForm(form);
        if (session.Party.Policies.Find(form.GetValueOrDefault("policy", "")) is not { } policy || !IsForWallets(policy))
            throw RequestRefusal.Invalid(VerifierCodes.PolicyUnknown, "There is no policy of this name.");
        var opened = await transactions.OpenAsync(db, NewVerification.ForPolicy(policy), session.Party, ct);
        cookie.Set(http, opened.Row.Id);
        return Results.Redirect($"/v/{opened.Row.Id}");
    }

    /// <summary>A policy for paper is for the scanner: no wallet can be asked for it.</summary>
    private static bool IsForWallets(Policy policy) =>
        Dcql.DcqlQuery.Parse(policy.DcqlQuery).Credentials.All(c => VpTokenVerifier.Formats.Contains(c.Format));
}
