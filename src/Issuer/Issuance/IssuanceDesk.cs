using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Issuer.Agency;
using Credentials.Issuer.Catalog;
using Credentials.Issuer.Http;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Offers;
using Credentials.Issuer.Recovery;
using Credentials.Issuer.Status;
using Credentials.Issuer.Storage;
using Credentials.Jose;
using Credentials.OpenId4Vci;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Issuance;

/// <summary>
/// Gives one offered credential out at most once, whatever is repeated, runs in parallel or breaks off: one transaction uses up the nonces,
/// reserves the status indexes, writes the register and keeps the answer, which leaves only after the commit.
/// </summary>
internal sealed class IssuanceDesk(IssuerDbContext db, StatusIndexes statuses, CredentialSigner signer, IssuerKeys keys, IssuerOptions options, TimeProvider time, Metrics metrics)
{
    /// <summary>The offer, and the answer that is kept for a repeated request; null when there is none (any more).</summary>
    internal async Task<(Offer Offer, byte[]? Kept)> FindAsync(string accessToken, string offerId, byte[] requestHash, CancellationToken ct)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var found = await db.Offers.AsNoTracking().Where(o => o.Id == offerId).Select(o => new
        {
            Offer = o,
            Answer = db.Issuances.Where(i => i.OfferId == offerId && i.RequestHash == requestHash && i.AnswerUntil > now).Select(i => i.Answer).FirstOrDefault(),
        }).SingleAsync(ct);
        return (found.Offer, found.Answer is null ? null : AnswerVault.Open(accessToken, requestHash, found.Answer));
    }

    /// <exception cref="ProtocolException">The credential has been issued, or cannot be any more; or <c>invalid_nonce</c>.</exception>
    internal async Task<byte[]> IssueAsync(IssuanceOrder order, IReadOnlyList<(string Nonce, long Expiry)> nonces, DateTimeOffset now, CancellationToken ct)
    {
        if (order.Offer.State != OfferState.Redeemed || order.Offer.Claims is null)
            throw await RefuseAsync(nonces, ct);
        try
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var answer = await SignAsync(order, now, ct);
            if (options.SingleUseNonces)
                db.UsedNonces.AddRange(nonces.Select(nonce => new UsedNonce { Hash = Secrets.Hash(nonce.Nonce), ExpiresAt = nonce.Expiry }));
            db.Issuances.Add(new IssuanceRecord
            {
                OfferId = order.Offer.Id,
                ConfigurationId = order.Type.Id,
                RequestHash = order.RequestHash,
                Answer = AnswerVault.Seal(order.AccessToken, order.RequestHash, answer),
                AnswerUntil = (now + options.AnswerLifetime).ToUnixTimeMilliseconds(),
            });
            var detail = new JsonObject { ["credential_configuration_id"] = order.Type.Id, ["count"] = order.HolderKeys.Count }.With([.. db.Credentials.Local]);
            await AuditLog.AppendAsync(db, now, "wallet", "credential.issue", order.Offer.Id, detail, ct);
            await EndOfferAsync(order.Offer, ct);
            await transaction.CommitAsync(ct);
            metrics.Count("issuer_credentials_issued_total", $"type=\"{order.Type.Id}\"", order.HolderKeys.Count);
            return answer;
        }
        catch (Exception e) when (DatabaseSetup.IsDuplicate(e))
        {
            // Somebody was first: with the same request, then its answer is ours; or with another.
            db.ChangeTracker.Clear();
            return (await FindAsync(order.AccessToken, order.Offer.Id, order.RequestHash, ct)).Kept ?? throw await RefuseAsync(nonces, ct);
        }
    }

    private async Task<ProtocolException> RefuseAsync(IReadOnlyList<(string Nonce, long Expiry)> nonces, CancellationToken ct)
    {
        var hashes = nonces.Select(nonce => Secrets.Hash(nonce.Nonce)).ToList();
        return await db.UsedNonces.AnyAsync(used => hashes.Contains(used.Hash), ct) ? IssueCredential.BadNonce() : AlreadyIssued();
    }

    private async Task<byte[]> SignAsync(IssuanceOrder order, DateTimeOffset now, CancellationToken ct)
    {
        var (list, indexes) = await statuses.ReserveAsync(db, order.HolderKeys.Count, now, ct);
        var claims = OfferView.Claims(order.Offer).GetProperty(order.Type.Id);
        var expires = ClaimCheck.ExpiresAt(order.Type, claims, now, keys.DocumentSigner(now).Certificate.NotAfter.ToUniversalTime());
        var credentials = new List<string>(order.HolderKeys.Count);
        foreach (var (key, index) in order.HolderKeys.Zip(indexes))
        {
            var row = new IssuedCredential
            {
                Id = Secrets.NewId(),
                OfferId = order.Offer.Id,
                ConfigurationId = order.Type.Id,
                Type = order.Type.Type,
                Subject = order.Offer.Subject,
                HolderKey = Jwk.Thumbprint(key),
                ListId = list,
                ListIndex = index,
                IssuedAt = now.ToUnixTimeMilliseconds(),
                ExpiresAt = expires.ToUnixTimeMilliseconds(),
            };
            var credential = await signer.SignAsync(order.Type, claims, row, key, ct);
            row.DocumentHash = SHA256.HashData(Encoding.UTF8.GetBytes(credential));
            db.Credentials.Add(row);
            credentials.Add(credential);
        }

        return StrictJson.ToUtf8(new CredentialResponse { Credentials = credentials, NotificationId = NotificationIds.For(keys, order.Offer.Id, order.Type.Id) }.ToJson());
    }

    /// <summary>The claims have served when everything the offer names is issued.</summary>
    private async Task EndOfferAsync(Offer offer, CancellationToken ct)
    {
        var redeemed = db.Offers.Where(o => o.Id == offer.Id && o.State == OfferState.Redeemed);
        var total = OfferView.ReadIds(offer.ConfigurationIds).Count;
        if (total > 1)
        {
            // Holds the row to the commit, so that of two that end at the same time one sees the other.
            if (await redeemed.ExecuteUpdateAsync(set => set.SetProperty(o => o.State, OfferState.Redeemed), ct) != 1)
                throw AlreadyIssued();
            if (await db.Issuances.CountAsync(i => i.OfferId == offer.Id, ct) < total)
                return;
        }

        if (await redeemed.ExecuteUpdateAsync(set => set.SetProperty(o => o.State, OfferState.Issued).SetProperty(o => o.Claims, (string?)null), ct) != 1)
            throw AlreadyIssued();
    }

    private static ProtocolException AlreadyIssued() =>
        new(IssuerCodes.AlreadyIssued, OpenId4VciNames.CredentialRequestDenied, "This credential has been issued already.", 400);
}
