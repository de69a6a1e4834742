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

    /// <summary>A credential request that staff has not decided.</summary>
    internal sealed record WaitingRequest(string Id, string OfferId, string ConfigurationId, string? Subject, long OfferedAt, long CreatedAt, long ExpiresAt);

    internal static void Map(IEndpointRouteBuilder agency)
    {
        agency.MapGet("/deferred", ListAsync);
        agency.MapPost("/deferred/{id}", DecideAsync);
    }

    /// <summary>What waits, the oldest first.</summary>
    internal static Task<List<WaitingRequest>> WaitingAsync(IssuerDbContext db, DateTimeOffset now, CancellationToken ct)
    {
        var at = now.ToUnixTimeMilliseconds();
        return (from d in db.Deferred.AsNoTracking()
                join o in db.Offers on d.OfferId equals o.Id
                where d.State == DeferredState.Waiting && d.ExpiresAt > at && o.NeedsApproval
                orderby d.CreatedAt
                select new WaitingRequest(d.Id, d.OfferId, d.ConfigurationId, o.Subject, o.CreatedAt, d.CreatedAt, d.ExpiresAt)).Take(Most).ToListAsync(ct);
    }

    /// <summary>Approves or denies, and writes down who did. One decision wins, whoever else decides at the same moment.</summary>
    /// <exception cref="AgencyException">404: there is no such request; 409: it is decided already, or its time is over.</exception>
    internal static async Task ApplyAsync(IssuerDbContext db, string id, bool approve, string actor, DateTimeOffset now, CancellationToken ct)
    {
        if (!await db.Deferred.AnyAsync(d => d.Id == id, ct))
            throw new AgencyException(404, IssuerCodes.NotFound, "There is no such request.");
        var at = now.ToUnixTimeMilliseconds();
        var state = approve ? DeferredState.Approved : DeferredState.Denied;
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var changed = await db.Deferred.Where(d => d.Id == id && d.State == DeferredState.Waiting && d.ExpiresAt > at)
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.State, state), ct);
        if (changed != 1)
            throw new AgencyException(409, IssuerCodes.DeferredState, "This request is decided already, or its time is over.");
        await AuditLog.AppendAsync(db, now, actor, approve ? "deferred.approve" : "deferred.deny", id, null, ct);
        await transaction.CommitAsync(ct);
    }

    private static async Task ListAsync(HttpContext http, IssuerDbContext db, TimeProvider time)
    {
        var rows = await WaitingAsync(db, time.GetUtcNow(), http.RequestAborted);
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
        var body = await RequestBody.ReadJsonAsync(http);
        var approve = body.RequireString("decision", IssuerCodes.Request) switch
        {
            "approve" => true,
            "deny" => false,
            _ => throw new MalformedDataException(IssuerCodes.Request, "'decision' must be 'approve' or 'deny'."),
        };
        await ApplyAsync(db, id, approve, ApiKeyGate.Actor(http), time.GetUtcNow(), http.RequestAborted);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
