using Credentials.Codecs;
using Credentials.Verifier.Documents;
using Credentials.Verifier.Http;
using Credentials.Verifier.Pages;
using Credentials.Verifier.Storage;

namespace Credentials.Verifier.Clerk;

/// <summary>
/// <c>/scan</c>: a code that somebody shows, on paper or a screen, read by the camera or from a picture in the browser. The text comes here
/// as a form, through the same verification as <c>POST /documents/verify</c>; nothing of it is stored.
/// </summary>
internal static class ScanDocument
{
    // Three times what a QR code holds, since a form escapes.
    private const int MaxBody = 32 * 1024;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup(ClerkPages.Scan).WithMetadata(RouteAudience.Person, new PageNeeds(Camera: true));
        pages.MapGet("", async (HttpContext http, VerifierDbContext db, ClerkSessions sessions, ScanPage page, CancellationToken ct) =>
            await sessions.FindAsync(http, db, ct) is { } session ? await page.WriteAsync(http, session, null, Html.None) : ClerkPages.ToSignIn(http));
        pages.MapPost("", HandleAsync);
    }

    private static async Task<IResult> HandleAsync(
        HttpContext http, VerifierDbContext db, ClerkSessions sessions, DocumentVerification verification, ScanPage page, CancellationToken ct)
    {
        ClerkPages.RefuseOtherSites(http);
        if (await sessions.FindAsync(http, db, ct) is not { } session)
            return ClerkPages.ToSignIn(http);
        var form = await FormBody.ReadAsync(http.Request, MaxBody, ct);
        session.RequireForm(form);
        var name = form.GetValueOrDefault("policy", "");
        var policy = name == "" ? null : session.Party.Policies.Find(name) ?? throw RequestRefusal.Invalid(VerifierCodes.PolicyUnknown, "There is no policy of this name.");
        var text = form.GetValueOrDefault("document", "").Trim();
        var language = Language.Of(http);
        var code = ScannedCode.Of(text);
        if (!code.IsDocument)
            return await page.WriteAsync(http, session, policy, Html.Of($"""
                <section class="card grey" data-verdict="no_document"><h2 tabindex="-1">{code.Title!.In(language)}</h2><p>{code.Advice!.In(language)}</p></section>
                """));
        var report = StrictJson.ToElement((await verification.VerifyAsync(text, policy, ct)).ToJson());
        return await page.WriteAsync(http, session, policy, ScanPage.Verdict(report, language));
    }
}
