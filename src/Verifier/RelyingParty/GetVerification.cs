using Credentials.Verifier.Http;
using Credentials.Verifier.Storage;
using Credentials.Verifier.Transactions;

namespace Credentials.Verifier.RelyingParty;

/// <summary>
/// <c>GET /verifications/{id}</c>: the state and, once there is one, the report. A same-device answer is let out only for the
/// <c>response_code</c> that the holder's browser brought back (OpenID4VP 1.0 §13.3 step 8, §14.2).
/// </summary>
internal static class GetVerification
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/verifications/{id}", HandleAsync).WithMetadata(RouteAudience.RelyingParty);

    private static async Task<IResult> HandleAsync(
        string id, HttpContext http, VerifierDbContext db, VerifierHostOptions options, TransactionDocument document,
        WrongSecretLimit guesses, VerifierMetrics metrics, CancellationToken ct)
    {
        var row = await TransactionAccess.RequireOwnAsync(http, db, options.Time, id, ct);
        var code = http.Request.Query["response_code"];
        if (code.Count > 0)
            row = await ReleaseAsync(http, db, options.Time, row, code.Count == 1 ? code[0]! : "", guesses, metrics, ct);
        else if (row.State == TransactionStates.Answered)
            throw RequestRefusal.Invalid(VerifierCodes.ResponseCodeMissing, "The answer is given for the response_code that the browser brought back.");
        return Results.Json(document.ToJson(row));
    }

    private static async Task<TransactionRow> ReleaseAsync(
        HttpContext http, VerifierDbContext db, TimeProvider time, TransactionRow row, string code, WrongSecretLimit guesses,
        VerifierMetrics metrics, CancellationToken ct)
    {
        guesses.RefuseWhenExhausted(http);
        // The service's own page redeems its codes itself, in the browser session that started.
        var redeemable = row is { SameDevice: true, RedirectUri: not null };
        if (redeemable && await TransactionChanges.ReleaseAsync(db, row.Id, code, time.GetUtcNow().ToUnixTimeMilliseconds(), ct))
            metrics.Count(TransactionStates.Accepted);
        else if (!redeemable || !await TransactionChanges.SpendCodeAsync(db, row.Id, code, ct))
        {
            guesses.Count(http);
            throw new ProtocolException(VerifierCodes.ResponseCodeUnknown, "not_found", "The response code is wrong, used or expired.", StatusCodes.Status404NotFound);
        }
        return await TransactionAccess.LoadAsync(db, time, row.Id, ct) ?? throw RequestRefusal.Unknown();
    }
}
