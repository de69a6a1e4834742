using Credentials.Issuer.Agency;
using Credentials.Issuer.Http;
using Credentials.Issuer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Offers;

/// <summary><c>DELETE /agency/v1/offers/{id}</c>: withdraws an offer nobody has taken up; its claims are deleted.</summary>
internal static class CancelOffer
{
    internal static void Map(IEndpointRouteBuilder agency) => agency.MapDelete("/offers/{id}", HandleAsync);

    private static async Task HandleAsync(string id, HttpContext http, IssuerDbContext db, TimeProvider time)
    {
        var ct = http.RequestAborted;
        if (!await db.Offers.AnyAsync(o => o.Id == id, ct))
            throw new AgencyException(404, IssuerCodes.NotFound, "There is no such offer.");
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var changed = await db.Offers.Where(o => o.Id == id && o.State == OfferState.Created)
            .ExecuteUpdateAsync(set => set.SetProperty(o => o.State, OfferState.Cancelled).SetProperty(o => o.Claims, (string?)null), ct);
        if (changed != 1)
            throw new AgencyException(409, IssuerCodes.OfferState, "Only an offer that nobody has taken up can be cancelled.");
        await AuditLog.AppendAsync(db, time.GetUtcNow(), ApiKeyGate.Actor(http), "offer.cancel", id, null, ct);
        await transaction.CommitAsync(ct);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
