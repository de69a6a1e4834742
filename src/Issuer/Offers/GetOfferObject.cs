using Credentials.Issuer.Http;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Offers;

/// <summary><c>GET /offers/{reference}</c>: the offer by reference (OpenID4VCI §4.1.3), as long as it can be taken up.</summary>
internal static class GetOfferObject
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/offers/{reference}", HandleAsync).RequireRateLimiting(RateLimits.Public);

    private static async Task HandleAsync(string reference, HttpContext http, IssuerDbContext db, IssuerKeys keys, IssuerOptions options, TimeProvider time)
    {
        var hash = Secrets.Hash(reference);
        var offer = await db.Offers.AsNoTracking().SingleOrDefaultAsync(o => o.ReferenceHash == hash, http.RequestAborted);
        if (offer is null || OfferView.StateAt(offer, time.GetUtcNow()) != OfferState.Created)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        await Answers.JsonAsync(http.Response, OfferView.ToWallet(offer, keys, options).ToJson());
    }
}
