using System.Text.Json.Nodes;
using Credentials.Issuer.Http;
using Credentials.Issuer.Status;
using Credentials.Issuer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Agency;

/// <summary><c>GET /agency/v1/credentials</c>: the register, paged, without claim values.</summary>
internal static class ListCredentials
{
    private const int PageSize = 100;

    internal static void Map(IEndpointRouteBuilder agency) => agency.MapGet("/credentials", HandleAsync);

    private static async Task HandleAsync(HttpContext http, IssuerDbContext db)
    {
        var after = Paging.After(http.Request);
        var rows = db.Credentials.AsNoTracking().Where(c => c.Number > after);
        if (Paging.One(http.Request, "subject") is { } subject)
            rows = rows.Where(c => c.Subject == subject);
        if (Paging.One(http.Request, "type") is { } type)
            rows = rows.Where(c => c.ConfigurationId == type || c.Type == type);
        if (Paging.One(http.Request, "state") is { } state)
        {
            var value = StatusNames.Parse(state) ?? throw new MalformedDataException(IssuerCodes.Request, "'state' is valid, suspended or revoked.");
            rows = rows.WithStatus(value);
        }

        if (Paging.One(http.Request, "offer") is { } offer)
            rows = rows.Where(c => c.OfferId == offer);
        var page = await rows.OrderBy(c => c.Number).Take(PageSize).ToListAsync(http.RequestAborted);
        await Answers.JsonAsync(http.Response, new JsonObject
        {
            ["credentials"] = new JsonArray([.. page.Select(Describe)]),
            ["next"] = page.Count == PageSize ? page[^1].Number : null,
        });
    }

    internal static JsonObject Describe(IssuedCredential row) => new()
    {
        ["id"] = row.Id,
        ["offer_id"] = row.OfferId,
        ["credential_configuration_id"] = row.ConfigurationId,
        ["type"] = row.Type,
        ["subject"] = row.Subject,
        ["status"] = StatusNames.Name(row.Status),
        ["reason"] = row.Reason,
        ["status_list"] = row.ListId,
        ["status_index"] = row.ListIndex,
        ["issued_at"] = Paging.Time(row.IssuedAt),
        ["expires_at"] = Paging.Time(row.ExpiresAt),
    };
}
