using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Issuer.Agency;
using Credentials.Issuer.Http;
using Credentials.Issuer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Issuance;

/// <summary><c>GET /agency/v1/deferred</c> and <c>POST /agency/v1/deferred/{id}</c>: staff sees what waits, and approves or denies it, once.</summary>
internal static class DecideDeferred
{
    private const int Most = 200;

    internal static void Map(IEndpointRouteBuilder agency)
    {
        agency.MapGet("/deferred", ListAsync);
        agency.MapPost("/deferred/{id}", DecideAsync);
    }

    private static async Task ListAsync(HttpContext http, IssuerDbContext db, TimeProvider time)
    {
        var at = time.GetUtcNow().ToUnixTimeMilliseconds();
        var rows = await (from d in db.Deferred.AsNoTracking()
                          join o in db.Offers on d.OfferId equals o.Id
                          where d.State == DeferredState.Waiting && d.ExpiresAt > at
                          orderby d.CreatedAt
                          select new { d.Id, d.OfferId, d.ConfigurationId, o.Subject, d.CreatedAt, d.ExpiresAt }).Take(Most).ToListAsync(http.RequestAborted);
        await Answers.JsonAsync(http.Response, new JsonObject
        {
            ["deferred"] = new JsonArray([.. rows.Select(row => (JsonNode)new JsonObject
            {
                ["id"] = row.Id,
                ["offer_id"] = row.OfferId,
                ["credential_configuration_id"] = row.ConfigurationId,
                ["subject"] = row.Subject,
                ["created_at"] = Paging.Time(row.CreatedAt),
                ["expires_at"] = Paging.Time(row.ExpiresAt),
            })]),
        });
    }

    private static async Task DecideAsync(string id, HttpContext http, IssuerDbContext db, TimeProvider time)
    {
        var ct = http.RequestAborted;
        var body = await RequestBody.ReadJsonAsync(http);
        var (state, action) = body.RequireString("decision", IssuerCodes.Request) switch
        {
            "approve" => (DeferredState.Approved, "deferred.approve"),
            "deny" => (DeferredState.Denied, "deferred.deny"),
            _ => throw new MalformedDataException(IssuerCodes.Request, "'decision' must be 'approve' or 'deny'."),
        };
        if (!await db.Deferred.AnyAsync(d => d.Id == id, ct))
            throw new AgencyException(404, IssuerCodes.NotFound, "There is no such request.");
        var now = time.GetUtcNow();
        var at = now.ToUnixTimeMilliseconds();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var changed = await db.Deferred.Where(d => d.Id == id && d.State == DeferredState.Waiting && d.ExpiresAt > at)
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.State, state), ct);
        if (changed != 1)
            throw new AgencyException(409, IssuerCodes.DeferredState, "This request is decided already, or its time is over.");
        await AuditLog.AppendAsync(db, now, ApiKeyGate.Actor(http), action, id, null, ct);
        await transaction.CommitAsync(ct);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
