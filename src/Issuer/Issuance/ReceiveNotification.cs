using System.Text;
using System.Text.Json.Nodes;
using Credentials.Issuer.Agency;
using Credentials.Issuer.Authorization;
using Credentials.Issuer.Http;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Offers;
using Credentials.Issuer.Storage;
using Credentials.OpenId4Vci;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Issuance;

/// <summary><c>POST /notification</c> (OpenID4VCI §11): what became of issued credentials, for the register and the audit log. Repeats change nothing.</summary>
internal static class ReceiveNotification
{
    internal const string Path = "/notification";

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost(Path, HandleAsync).RequireRateLimiting(RateLimits.Public);

    private static async Task HandleAsync(HttpContext http, IssuerDbContext db, DpopGate dpop, IssuerKeys keys, TimeProvider time)
    {
        var ct = http.RequestAborted;
        var (_, access) = await CredentialAccess.FindTokenAsync(http, db, dpop, Path);
        CredentialAccess.RequireUnexpired(access, time.GetUtcNow());
        if (!RequestBody.IsType(http.Request, "application/json"))
            throw new ProtocolException(OpenId4VciCodes.NotificationRequest, OpenId4VciNames.InvalidNotificationRequest, "The request must be application/json.", 400);
        var request = NotificationRequest.Parse(await RequestBody.ReadAsync(http, RequestBody.TokenCap));
        // The handle is one of this token's, or it is none.
        var given = Encoding.UTF8.GetBytes(request.NotificationId);
        var id = OfferView.ReadIds(access.ConfigurationIds).FirstOrDefault(id => Secrets.Same(Encoding.UTF8.GetBytes(NotificationIds.For(keys, access.OfferId, id)), given));
        if (id is null || !await db.Issuances.AnyAsync(i => i.OfferId == access.OfferId && i.ConfigurationId == id && i.AnswerUntil > 0, ct))
            throw new ProtocolException(IssuerCodes.NotificationId, OpenId4VciNames.InvalidNotificationId, "The notification id is unknown.", 400);
        var name = NotificationRequest.NameOf(request.Event);
        await using (var transaction = await db.Database.BeginTransactionAsync(ct))
        {
            var changed = await db.Issuances.Where(i => i.OfferId == access.OfferId && i.ConfigurationId == id && i.Notification != name)
                .ExecuteUpdateAsync(set => set.SetProperty(i => i.Notification, name), ct);
            if (changed == 1)
                await AuditLog.AppendAsync(db, time.GetUtcNow(), "wallet", "credential.notification", access.OfferId, new JsonObject { ["credential_configuration_id"] = id, ["event"] = name }, ct);
            await transaction.CommitAsync(ct);
        }

        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
