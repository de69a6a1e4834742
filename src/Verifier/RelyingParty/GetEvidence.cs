using Credentials.Codecs;
using Credentials.Verifier.Http;
using Credentials.Verifier.Storage;
using Credentials.Verifier.Transactions;

namespace Credentials.Verifier.RelyingParty;

/// <summary><c>GET /verifications/{id}/evidence</c>: the presentation of an accepted answer as the wallet signed it, with what it was bound to.</summary>
internal static class GetEvidence
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/verifications/{id}/evidence", HandleAsync).WithMetadata(RouteAudience.RelyingParty);

    private static async Task<IResult> HandleAsync(
        string id, HttpContext http, VerifierDbContext db, VerifierHostOptions options, TransactionDocument document, CancellationToken ct)
    {
        var row = await TransactionAccess.RequireOwnAsync(http, db, options.Time, id, ct, ApiScopes.Evidence);
        if (row.State != TransactionStates.Accepted || document.OpenEvidence(row) is not { } evidence)
            throw new ProtocolException(VerifierCodes.EvidenceNone, "not_found", "There is no evidence for this verification.", StatusCodes.Status404NotFound);
        return Results.Json(StrictJson.ToNode(evidence));
    }
}
