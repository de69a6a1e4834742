using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.OpenId4Vp;
using Credentials.Verifier.Http;
using Credentials.Verifier.Pages;
using Credentials.Verifier.Storage;
using Credentials.Verifier.Transactions;

namespace Credentials.Verifier.RelyingParty;

/// <summary>
/// <c>/verifications/{id}/digital-credentials</c>: the request for <c>navigator.credentials.get</c>, and what came back (OpenID4VP 1.0
/// Appendix A). For this service's page by its cookie, and for a relying party's own page through its server.
/// </summary>
internal static class DigitalCredentials
{
    private const string Code = VerifierCodes.RequestMalformed;
    private const int MaxBody = 1 << 20;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var route = routes.MapGroup("/verifications/{id}/digital-credentials").WithMetadata(RouteAudience.RelyingParty);
        route.MapGet("", GetAsync);
        route.MapPost("", PostAsync);
    }

    private static async Task<IResult> GetAsync(
        string id, HttpContext http, VerifierDbContext db, VerifierHostOptions options, PageCookie cookie, RequestComposer composer, CancellationToken ct)
    {
        var row = await RequirePendingAsync(id, http, db, options, cookie, ct);
        var request = await composer.ComposeForBrowserAsync(row, ct);
        await TransactionChanges.MarkRequestedAsync(db, row.Id, options.Time.GetUtcNow().ToUnixTimeMilliseconds(), ct);
        return Results.Json(request);
    }

    private static async Task<IResult> PostAsync(
        string id, HttpContext http, VerifierDbContext db, VerifierHostOptions options, PageCookie cookie, RequestComposer composer, AnswerIntake intake, CancellationToken ct)
    {
        var row = await RequirePendingAsync(id, http, db, options, cookie, ct);
        var body = await RequestBody.ReadJsonObjectAsync(http.Request, MaxBody, ct);
        var origins = RequestComposer.ExpectedOrigins(row);
        var origin = body.OptionalString("origin", Code) ?? origins[0];
        if (!origins.Contains(origin, StringComparer.Ordinal))
            throw RequestRefusal.Invalid(VerifierCodes.RequestOrigin, "The request was not for this origin.");

        using var key = composer.OpenEncryptionKey(row);
        var expected = new ResponseExpectations(row.ResponseMode, State: null) { DecryptionKey = key, DecryptionKeyId = row.RequestId };
        var received = await ResponseReader.ReadDataAsync(body.RequireObjectMember("data", Code), expected, ct);
        if (!received.Facts.AllAccept || received.Response is null)
            throw RequestRefusal.Invalid(VerifierCodes.ResponseRefused, "The response is not accepted.");
        var result = await intake.TakeAsync(db, row, received, key?.PublicKey, origin, ct) ?? throw RequestRefusal.Ended();
        return Results.Json(new JsonObject { ["state"] = TransactionStates.Shown(result.State) });
    }

    private static async Task<TransactionRow> RequirePendingAsync(
        string id, HttpContext http, VerifierDbContext db, VerifierHostOptions options, PageCookie cookie, CancellationToken ct)
    {
        var row = await TransactionAccess.RequireOwnOrPageAsync(http, db, options.Time, cookie, id, ct);
        if (row.RequestSigning is null)
            throw RequestRefusal.Unknown();
        return TransactionStates.Pending.Contains(row.State) ? row : throw RequestRefusal.Ended();
    }
}
