using Credentials.Issuer.Authorization;
using Credentials.Issuer.Catalog;
using Credentials.Issuer.Http;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Offers;
using Credentials.Issuer.Storage;
using Credentials.OpenId4Vci;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Issuance;

/// <summary><c>POST /deferred_credential</c> (OpenID4VCI §9): the credentials if staff approved and their claims are there, once; else "not yet", or never.</summary>
internal static class IssueDeferred
{
    internal const string Path = "/deferred_credential";

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost(Path, HandleAsync).RequireRateLimiting(RateLimits.Public);

    private static async Task HandleAsync(
        HttpContext http, IssuerDbContext db, DpopGate dpop, CredentialCatalog catalog, IssuanceDesk desk, DeferralDesk deferral, SecureMessages messages, TimeProvider time)
    {
        var ct = http.RequestAborted;
        var now = time.GetUtcNow();
        var (token, access) = await CredentialAccess.FindTokenAsync(http, db, dpop, Path);
        var body = await RequestBody.ReadAsync(http, RequestBody.CredentialCap);
        var requestHash = IssueCredential.HashOf(token, body);
        var (offer, kept) = await desk.FindAsync(token, access.OfferId, requestHash, ct);
        if (kept is null)
            CredentialAccess.RequireUnexpired(access, now);
        var (json, wasEncrypted) = await messages.OpenAsync(http, body);
        var request = DeferredCredentialRequest.Parse(json, wasEncrypted);
        messages.RequireEncryption(request.ResponseEncryption);
        if (kept is not null)
        {
            await SecureMessages.WriteAsync(http, kept, request.ResponseEncryption);
            return;
        }

        var deferred = await FindAsync(db, request.TransactionId, access, now, ct);
        if (deferred.State == DeferredState.Denied)
            throw new ProtocolException(IssuerCodes.DeferredState, OpenId4VciNames.CredentialRequestDenied, "The credential will not be issued.", 400);
        var order = new IssuanceOrder(token, offer, catalog.Find(deferred.ConfigurationId) ?? throw Unknown(), requestHash, DeferralDesk.ReadKeys(deferred));
        var later = await deferral.AskAgainAsync(deferred, order, now, ct);
        if (later is not null || (deferred.State == DeferredState.Waiting && offer.NeedsApproval))
        {
            await SecureMessages.WriteAsync(http, deferral.Promise(request.TransactionId, later), request.ResponseEncryption, StatusCodes.Status202Accepted);
            return;
        }

        await SecureMessages.WriteAsync(http, await IssueAsync(desk, order, now, ct), request.ResponseEncryption);
    }

    // §9.1: the transaction is over once the wallet has its credentials; a repeat of that very request was answered above.
    private static async Task<byte[]> IssueAsync(IssuanceDesk desk, IssuanceOrder order, DateTimeOffset now, CancellationToken ct)
    {
        try
        {
            return await desk.IssueAsync(order, [], now, ct);
        }
        catch (ProtocolException e) when (e.Code == IssuerCodes.AlreadyIssued)
        {
            throw Unknown();
        }
    }

    // Another token of the same grant serves, as one that was refreshed meanwhile; another grant's does not.
    private static async Task<DeferredIssuance> FindAsync(IssuerDbContext db, string transactionId, AccessToken access, DateTimeOffset now, CancellationToken ct)
    {
        var hash = Secrets.Hash(transactionId);
        var at = now.ToUnixTimeMilliseconds();
        var found = await db.Deferred.AsNoTracking().SingleOrDefaultAsync(d => d.TransactionHash == hash && d.ExpiresAt > at, ct);
        return found is not null && found.OfferId == access.OfferId && OfferView.ReadIds(access.ConfigurationIds).Contains(found.ConfigurationId) ? found : throw Unknown();
    }

    private static ProtocolException Unknown() =>
        new(IssuerCodes.TransactionId, OpenId4VciNames.InvalidTransactionId, "The transaction id is unknown or used.", 400);
}
