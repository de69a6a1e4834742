using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Issuer.Agency;
using Credentials.Issuer.Http;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Storage;
using Credentials.Jose;
using Credentials.OpenId4Vci;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Issuance;

/// <summary>Credential requests that wait for staff or for claims (OpenID4VCI §9): kept with their keys, and carried out when the wallet asks after the approval.</summary>
internal sealed class DeferralDesk(IssuerDbContext db, IssuerKeys keys, LateClaims lateClaims, IssuerOptions options)
{
    /// <summary>The promise for a request whose offer needs approval or has no claims yet, the same one for a repeat; null: it is issued at once.</summary>
    /// <exception cref="ProtocolException"><c>credential_request_denied</c>: the claims source does not know the person.</exception>
    internal async Task<byte[]?> DeferAsync(IssuanceOrder order, IReadOnlyList<(string Nonce, long Expiry)> nonces, DateTimeOffset now, CancellationToken ct)
    {
        var isLate = LateClaims.AreMissing(order.Offer, order.Type);
        // The source is asked by one transaction only, however often a wallet repeats its request.
        if (isLate && await db.Deferred.AnyAsync(d => d.OfferId == order.Offer.Id && d.ConfigurationId == order.Type.Id, ct))
            return await RepeatAsync(order, nonces, ct);
        var later = isLate ? await AskAsync(order, ct) : null;
        if (!order.Offer.NeedsApproval && later is null)
            return null;
        var id = Secrets.NewId();
        var transactionId = TransactionIdOf(id);
        var until = now + options.DeferredLifetime;
        try
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            if (options.SingleUseNonces)
                db.UsedNonces.AddRange(nonces.Select(nonce => new UsedNonce { Hash = Secrets.Hash(nonce.Nonce), ExpiresAt = nonce.Expiry }));
            db.Deferred.Add(new DeferredIssuance
            {
                Id = id,
                TransactionHash = Secrets.Hash(transactionId),
                OfferId = order.Offer.Id,
                ConfigurationId = order.Type.Id,
                HolderKeys = WriteKeys(order.HolderKeys),
                AskAt = later is { } wait ? (now + wait).ToUnixTimeMilliseconds() : null,
                CreatedAt = now.ToUnixTimeMilliseconds(),
                ExpiresAt = until.ToUnixTimeMilliseconds(),
            });
            await db.SaveChangesAsync(ct);
            var (at, waits) = (now.ToUnixTimeMilliseconds(), until.ToUnixTimeMilliseconds());
            // The offer and its claims wait as long.
            var open = await db.Offers.Where(o => o.Id == order.Offer.Id && o.State == OfferState.Redeemed && o.ExpiresAt > at)
                .ExecuteUpdateAsync(set => set.SetProperty(o => o.ExpiresAt, o => o.ExpiresAt > waits ? o.ExpiresAt : waits), ct);
            if (open != 1)
                throw new ProtocolException(IssuerCodes.AlreadyIssued, OpenId4VciNames.CredentialRequestDenied, "This credential cannot be issued any more.", 400);
            await AuditLog.AppendAsync(db, now, "wallet", "credential.defer", order.Offer.Id, new JsonObject { ["credential_configuration_id"] = order.Type.Id, ["deferred_id"] = id }, ct);
            await transaction.CommitAsync(ct);
            return Promise(transactionId, later);
        }
        catch (DbUpdateException e) when (DatabaseSetup.IsDuplicate(e))
        {
            db.ChangeTracker.Clear();
            return await RepeatAsync(order, nonces, ct);
        }
    }

    /// <summary>The holder keys of a deferred request.</summary>
    internal static IReadOnlyList<Credentials.Keys.PublicKey> ReadKeys(DeferredIssuance deferred) =>
        [.. StrictJson.Parse(deferred.HolderKeys).EnumerateArray().Select(Jwk.ParsePublic)];

    /// <summary>What a wallet is told while staff has not decided or claims are missing.</summary>
    /// <param name="transactionId">The transaction.</param>
    /// <param name="wait">How long it should wait; null: as is usual here.</param>
    internal byte[] Promise(string transactionId, TimeSpan? wait = null) => StrictJson.ToUtf8(
        new CredentialResponse { TransactionId = transactionId, Interval = TimeSpan.FromSeconds(Math.Ceiling((wait > options.DeferredInterval ? wait.Value : options.DeferredInterval).TotalSeconds)) }.ToJson());

    /// <summary>Asks for the claims of a transaction where its time has come. Null: nothing is missing; else how long the wallet should wait.</summary>
    /// <exception cref="ProtocolException"><c>credential_request_denied</c>: the claims source does not know the person.</exception>
    internal async Task<TimeSpan?> AskAgainAsync(DeferredIssuance deferred, IssuanceOrder order, DateTimeOffset now, CancellationToken ct)
    {
        if (deferred.AskAt is not { } at)
            return null;
        if (!await lateClaims.TakeTurnAsync(deferred, now, ct))
            return DateTimeOffset.FromUnixTimeMilliseconds(at) - now;
        try
        {
            var later = await AskAsync(order, ct);
            await lateClaims.SettleAsync(deferred, later, now, ct);
            return later;
        }
        catch (ProtocolException)
        {
            await lateClaims.DenyAsync(deferred, now, ct);
            throw;
        }
    }

    private async Task<TimeSpan?> AskAsync(IssuanceOrder order, CancellationToken ct)
    {
        try
        {
            return await lateClaims.AskAsync(order.Offer, order.Type, ct);
        }
        catch (AgencyException)
        {
            throw new ProtocolException(IssuerCodes.ClaimsMissing, OpenId4VciNames.CredentialRequestDenied, "The credential will not be issued.", 400);
        }
    }

    // A wallet whose answer was lost asks again with another nonce or the same: for the same keys it is the same transaction.
    private async Task<byte[]> RepeatAsync(IssuanceOrder order, IReadOnlyList<(string Nonce, long Expiry)> nonces, CancellationToken ct)
    {
        var earlier = await db.Deferred.AsNoTracking().SingleOrDefaultAsync(d => d.OfferId == order.Offer.Id && d.ConfigurationId == order.Type.Id, ct);
        if (earlier is null)
            throw IssueCredential.BadNonce();
        if (earlier.HolderKeys == WriteKeys(order.HolderKeys))
            return Promise(TransactionIdOf(earlier.Id));
        var hashes = nonces.Select(nonce => Secrets.Hash(nonce.Nonce)).ToList();
        throw await db.UsedNonces.AnyAsync(used => hashes.Contains(used.Hash), ct)
            ? IssueCredential.BadNonce()
            : new ProtocolException(IssuerCodes.AlreadyIssued, OpenId4VciNames.CredentialRequestDenied, "This credential has been asked for already, for other keys.", 400);
    }

    private static string WriteKeys(IEnumerable<Credentials.Keys.PublicKey> keys) => StrictJson.ToText(new JsonArray([.. keys.Select(key => (JsonNode)Jwk.Write(key))]));

    private string TransactionIdOf(string id) => Secrets.Derive(keys.Secret, "transaction_id", id);
}
