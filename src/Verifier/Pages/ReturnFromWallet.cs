using Credentials.Verifier.Http;
using Credentials.Verifier.Parties;
using Credentials.Verifier.Storage;
using Credentials.Verifier.Transactions;

namespace Credentials.Verifier.Pages;

/// <summary>
/// <c>GET /v/{id}/return?response_code=…</c>: the wallet brings the browser back. The held answer is let out only to the
/// browser session that started; arriving in another one refuses it for good (HAIP §5.1, OpenID4VP 1.0 §14.2).
/// </summary>
internal static class ReturnFromWallet
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/v/{id}/return", HandleAsync).WithMetadata(RouteAudience.Person);

    private static async Task<IResult> HandleAsync(
        string id, HttpContext http, VerifierDbContext db, VerifierHostOptions options, PageCookie cookie, PartyRegistry parties,
        TransactionDocument document, WrongSecretLimit guesses, VerifierMetrics metrics, CancellationToken ct)
    {
        guesses.RefuseWhenExhausted(http);
        var row = await TransactionAccess.LoadAsync(db, options.Time, id, ct);
        if (row is not { SameDevice: true, RedirectUri: null } || http.Request.Query["response_code"] is not { Count: 1 } code
            || row.ResponseCodeHash is null || !RandomToken.Matches(code[0]!, row.ResponseCodeHash))
        {
            guesses.Count(http);
            throw RequestRefusal.Unknown();
        }
        var now = options.Time.GetUtcNow().ToUnixTimeMilliseconds();
        if (row.State != TransactionStates.Answered)
        {
            if (!cookie.IsPresent(http, id) || !await TransactionChanges.SpendCodeAsync(db, id, code[0]!, ct))
                throw RequestRefusal.Unknown();
            return Results.Redirect(parties.Of(row).Url.Page(id));
        }
        if (!cookie.IsPresent(http, id))
        {
            var refused = ReportReader.Refuse(document.OpenHeldReport(row)!.Value, "state", VerifierCodes.SessionMismatch);
            if (await TransactionChanges.RefuseHeldAsync(db, id, code[0]!, document.SealReport(id, refused), now, ct))
                metrics.Count(TransactionStates.NotAccepted);
            throw RequestRefusal.Unknown();
        }
        if (!await TransactionChanges.ReleaseAsync(db, id, code[0]!, now, ct))
            throw RequestRefusal.Unknown();
        metrics.Count(TransactionStates.Accepted);
        return Results.Redirect(parties.Of(row).Url.Page(id));
    }
}
