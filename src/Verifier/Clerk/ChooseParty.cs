using Credentials.Verifier.Http;
using Credentials.Verifier.Storage;

namespace Credentials.Verifier.Clerk;

/// <summary><c>POST /party</c>: a clerk who is signed in for several relying parties goes on for another one of them.</summary>
internal static class ChooseParty
{
    private const int MaxBody = 4 * 1024;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost(ClerkPages.ChooseParty, HandleAsync).WithMetadata(RouteAudience.Person, new PageNeeds());

    private static async Task<IResult> HandleAsync(HttpContext http, VerifierDbContext db, ClerkSessions sessions, CancellationToken ct)
    {
        ClerkPages.RefuseOtherSites(http);
        if (await sessions.FindAsync(http, db, ct) is not { } session)
            return ClerkPages.ToSignIn(http);
        var form = await FormBody.ReadAsync(http.Request, MaxBody, ct);
        session.RequireForm(form);
        if (!await sessions.ChooseAsync(http, db, form.GetValueOrDefault("party", ""), ct))
            throw RequestRefusal.Invalid(VerifierCodes.RequestValue, "This session is not for that relying party.");
        return Results.Redirect(ClerkPages.Next(form.GetValueOrDefault("next")));
    }
}
