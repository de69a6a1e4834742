using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Verifier.Http;
using Credentials.Verifier.Storage;
using Credentials.Verifier.Transactions;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Verifier.Webhooks;

/// <summary><c>/webhook</c>: a relying party says where it wants to hear of the ends of its verifications, sees how that goes, and ends it.</summary>
internal static class WebhookRoutes
{
    private const int MaxBody = 8 * 1024;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var route = routes.MapGroup("/webhook").WithMetadata(RouteAudience.RelyingParty);
        route.MapPut("", PutAsync);
        route.MapGet("", GetAsync);
        route.MapDelete("", DeleteAsync);
    }

    private static async Task<IResult> PutAsync(
        HttpContext http, VerifierDbContext db, VerifierHostOptions options, WebhookHosts hosts, ServiceKey key, CancellationToken ct)
    {
        var party = (await ApiKeys.RequireAsync(http, db, ApiScopes.Webhook, ct)).Id;
        var body = await RequestBody.ReadJsonObjectAsync(http.Request, MaxBody, ct);
        if (body.EnumerateObject().Any(member => member.Name != "url"))
            throw RequestRefusal.Invalid(VerifierCodes.RequestUnknownMember, "The request has a member that is not known here.");
        var url = PartyUrl.Read(body.RequireString("url", VerifierCodes.RequestMalformed), options.AllowLoopbackHttp)
            ?? throw RequestRefusal.Invalid(VerifierCodes.WebhookUrl, "url must be an absolute https address without fragment or user.");
        if (!hosts.Allow(url))
            throw RequestRefusal.Invalid(VerifierCodes.WebhookHost, "The operator of this service does not let webhooks be sent to this host.");
        var secret = RandomNumberGenerator.GetBytes(32);
        var row = new WebhookRow
        {
            RelyingParty = party,
            Version = RandomToken.New(),
            Url = WebhookSender.SealUrl(key, url.AbsoluteUri, party),
            Secret = WebhookSender.SealSecret(key, secret, party),
            CreatedAt = options.Time.GetUtcNow().ToUnixTimeMilliseconds(),
        };
        await SaveAsync(db, row, ct);
        return Results.Json(new JsonObject
        {
            ["url"] = url.AbsoluteUri,
            ["secret"] = $"whsec_{StrictBase64.Encode(secret)}",
            ["created_at"] = TransactionDocument.Time(row.CreatedAt),
        });
    }

    private static async Task<IResult> GetAsync(HttpContext http, VerifierDbContext db, ServiceKey key, CancellationToken ct)
    {
        var party = (await ApiKeys.RequireAsync(http, db, ApiScopes.Webhook, ct)).Id;
        var hook = await db.Webhooks.AsNoTracking().SingleOrDefaultAsync(w => w.RelyingParty == party, ct) ?? throw None();
        return Results.Json(new JsonObject
        {
            ["url"] = WebhookSender.OpenUrl(key, hook),
            ["created_at"] = TransactionDocument.Time(hook.CreatedAt),
            ["waiting"] = await db.WebhookMessages.CountAsync(m => m.RelyingParty == party && m.DueAt != null, ct),
            ["given_up"] = await db.WebhookMessages.CountAsync(m => m.RelyingParty == party && m.GivenUp, ct),
            ["last_error"] = hook.LastError,
        });
    }

    private static async Task<IResult> DeleteAsync(HttpContext http, VerifierDbContext db, CancellationToken ct)
    {
        var party = (await ApiKeys.RequireAsync(http, db, ApiScopes.Webhook, ct)).Id;
        await using var change = await db.Database.BeginTransactionAsync(ct);
        if (await db.Webhooks.Where(w => w.RelyingParty == party).ExecuteDeleteAsync(ct) != 1)
            throw None();
        await WebhookWorker.DropWaitingAsync(db, party, ct);
        await change.CommitAsync(ct);
        return Results.NoContent();
    }

    private static async Task SaveAsync(VerifierDbContext db, WebhookRow row, CancellationToken ct)
    {
        if (await ReplaceAsync(db, row, ct))
            return;
        db.Webhooks.Add(row);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException)
        {
            // Another request of the same party was first; the later one counts.
            if (!await ReplaceAsync(db, row, ct))
                throw;
        }
    }

    private static async Task<bool> ReplaceAsync(VerifierDbContext db, WebhookRow row, CancellationToken ct) =>
        await db.Webhooks.Where(w => w.RelyingParty == row.RelyingParty).ExecuteUpdateAsync(u => u
            .SetProperty(w => w.Version, row.Version)
            .SetProperty(w => w.Url, row.Url)
            .SetProperty(w => w.Secret, row.Secret)
            .SetProperty(w => w.CreatedAt, row.CreatedAt)
            .SetProperty(w => w.LastError, (string?)null), ct) == 1;

    private static ProtocolException None() =>
        new(VerifierCodes.WebhookNone, "not_found", "There is no webhook.", StatusCodes.Status404NotFound);
}
