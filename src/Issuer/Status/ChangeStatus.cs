using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Issuer.Agency;
using Credentials.Issuer.Http;
using Credentials.Issuer.Storage;
using Credentials.StatusLists;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Status;

/// <summary><c>POST /agency/v1/credentials/{id}/status</c>: revoke, suspend, resume. Answers once durable; with <c>?wait=published</c> once served.</summary>
internal static class ChangeStatus
{
    internal static void Map(IEndpointRouteBuilder agency) => agency.MapPost("/credentials/{id}/status", HandleAsync);

    private static async Task HandleAsync(string id, HttpContext http, IssuerDbContext db, StatusPublisher publisher, TimeProvider time, Metrics metrics)
    {
        var wait = Paging.One(http.Request, "wait") switch
        {
            null => false,
            "published" => true,
            _ => throw new MalformedDataException(IssuerCodes.Request, "'wait' can only be 'published'."),
        };
        var body = await RequestBody.ReadJsonAsync(http);
        var status = StatusNames.Parse(body.RequireString("status", IssuerCodes.Request))
            ?? throw new MalformedDataException(IssuerCodes.Request, "'status' is valid, suspended or revoked.");
        var reason = body.OptionalString("reason", IssuerCodes.Request);
        if (reason is { Length: > 500 } || reason?.Contains('\0') == true)
            throw new MalformedDataException(IssuerCodes.Request, "'reason' is longer than 500 characters or contains NUL.");

        var ct = http.RequestAborted;
        var listId = await ApplyAsync(db, id, status, reason, ApiKeyGate.Actor(http), time.GetUtcNow(), metrics, ct);
        if (wait)
            await publisher.WaitUntilPublishedAsync(listId, ct);
        var row = await db.Credentials.AsNoTracking().SingleAsync(c => c.Id == id, ct);
        await Answers.JsonAsync(http.Response, ListCredentials.Describe(row));
    }

    /// <summary>Changes a status and says who did it and why, in one transaction; returns the list that has changed.</summary>
    /// <exception cref="AgencyException">404: no such credential. 409: it is revoked, which is final.</exception>
    internal static async Task<string> ApplyAsync(
        IssuerDbContext db, string id, int status, string? reason, string actor, DateTimeOffset now, Metrics metrics, CancellationToken ct)
    {
        var row = await db.Credentials.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, ct)
            ?? throw new AgencyException(404, IssuerCodes.NotFound, "There is no such credential.");
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // Revoked is final: whatever comes at the same time, the condition is checked where the row is written.
        var changed = await db.Credentials
            .Where(c => c.Id == id && (c.Status != StatusTypes.Invalid || status == StatusTypes.Invalid))
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.Status, status).SetProperty(c => c.Reason, reason), ct);
        if (changed != 1)
            throw new AgencyException(409, IssuerCodes.RevokedIsFinal, "The credential is revoked; that is final.");
        await db.StatusLists.Where(l => l.Id == row.ListId).ExecuteUpdateAsync(set => set.SetProperty(l => l.Version, l => l.Version + 1), ct);
        var detail = new JsonObject { ["status"] = StatusNames.Name(status), ["reason"] = reason };
        await AuditLog.AppendAsync(db, now, actor, "credential.status", id, detail, ct);
        await transaction.CommitAsync(ct);
        metrics.Count("issuer_status_changes_total", $"status=\"{StatusNames.Name(status)}\"");
        return row.ListId;
    }
}
