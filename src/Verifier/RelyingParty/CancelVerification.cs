using Credentials.Verifier.Http;
using Credentials.Verifier.Storage;
using Credentials.Verifier.Transactions;

namespace Credentials.Verifier.RelyingParty;

/// <summary><c>DELETE /verifications/{id}</c>: ends a transaction that is still open.</summary>
internal static class CancelVerification
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapDelete("/verifications/{id}", HandleAsync).WithMetadata(RouteAudience.RelyingParty);

    private static async Task<IResult> HandleAsync(
        string id, HttpContext http, VerifierDbContext db, VerifierHostOptions options, TransactionDocument document, VerifierMetrics metrics, CancellationToken ct)
    {
        var row = await TransactionAccess.RequireOwnAsync(http, db, options.Time, id, ct);
        if (!await TransactionChanges.CancelAsync(db, row.Id, options.Time.GetUtcNow().ToUnixTimeMilliseconds(), ct))
            throw new ProtocolException(VerifierCodes.VerificationEnded, "invalid_request", "The verification has ended.", StatusCodes.Status409Conflict);
        metrics.Count(TransactionStates.Cancelled);
        var ended = await TransactionAccess.LoadAsync(db, options.Time, id, ct) ?? throw RequestRefusal.Unknown();
        return Results.Json(document.ToJson(ended));
    }
}
