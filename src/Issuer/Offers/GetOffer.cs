using System.Text;
using System.Text.Json.Nodes;
using Credentials.Issuer.Agency;
using Credentials.Issuer.Http;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Storage;
using Credentials.Qr;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Offers;

/// <summary><c>GET /agency/v1/offers/{id}</c> and <c>/qr.svg</c>: state and QR code for staff.</summary>
internal static class GetOffer
{
    internal static void Map(IEndpointRouteBuilder agency)
    {
        agency.MapGet("/offers/{id}", HandleAsync);
        agency.MapGet("/offers/{id}/qr.svg", HandleQrAsync);
    }

    private static async Task HandleAsync(string id, HttpContext http, IssuerDbContext db, TimeProvider time)
    {
        var offer = await LoadAsync(id, http, db);
        var credentials = await db.Credentials.AsNoTracking().Where(c => c.OfferId == id && c.DocumentHash != null)
            .OrderBy(c => c.Number).Select(c => c.Id).ToListAsync(http.RequestAborted);
        await Answers.JsonAsync(http.Response, new JsonObject
        {
            ["offer_id"] = offer.Id,
            ["state"] = OfferView.Name(OfferView.StateAt(offer, time.GetUtcNow())),
            ["credential_configuration_ids"] = new JsonArray([.. OfferView.ReadIds(offer.ConfigurationIds).Select(c => (JsonNode)JsonValue.Create(c))]),
            ["subject"] = offer.Subject,
            ["credentials"] = new JsonArray([.. credentials.Select(c => (JsonNode)JsonValue.Create(c))]),
            ["created_at"] = Paging.Time(offer.CreatedAt),
            ["expires_at"] = Paging.Time(offer.ExpiresAt),
        });
    }

    private static async Task HandleQrAsync(string id, HttpContext http, IssuerDbContext db, IssuerKeys keys, IssuerOptions options, TimeProvider time)
    {
        var offer = await LoadAsync(id, http, db);
        if (OfferView.StateAt(offer, time.GetUtcNow()) != OfferState.Created)
            throw new AgencyException(409, IssuerCodes.OfferState, "The offer cannot be taken up any more.");
        await WriteQrAsync(http.Response, offer, keys, options);
    }

    internal static Task WriteQrAsync(HttpResponse response, Offer offer, IssuerKeys keys, IssuerOptions options) =>
        Answers.BytesAsync(response, Encoding.UTF8.GetBytes(QrCode.Encode(OfferView.Link(offer, keys, options)).ToSvg()), "image/svg+xml");

    private static async Task<Offer> LoadAsync(string id, HttpContext http, IssuerDbContext db) =>
        await db.Offers.AsNoTracking().SingleOrDefaultAsync(o => o.Id == id, http.RequestAborted)
            ?? throw new AgencyException(404, IssuerCodes.NotFound, "There is no such offer.");
}
