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
/// Registers, signs and keeps the answer, so that one offered credential is given out at most once, whatever is repeated,
/// runs in parallel or breaks off: register first (one transaction), sign then, keep the answer for a retry last.
/// </summary>
internal sealed class IssuanceDesk(IssuerDbContext db, CredentialSigner signer, IssuerKeys keys, IssuerOptions options, TimeProvider time, Metrics metrics)
{
    private static readonly TimeSpan _lease = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    /// <summary>The answer that is kept for a repeated request; null when there is none (any more).</summary>
    internal async Task<byte[]?> FindKeptAsync(string accessToken, string offerId, byte[] requestHash, CancellationToken ct)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var box = await db.Issuances.AsNoTracking().Where(i => i.OfferId == offerId && i.RequestHash == requestHash && i.AnswerUntil > now)
            .Select(i => i.Answer).FirstOrDefaultAsync(ct);
        return box is null ? null : AnswerVault.Open(accessToken, requestHash, box);
    }

    /// <summary>The kept answer to this very request, if there is one; waits while another process is making it.</summary>
    internal async Task<byte[]?> FindAnswerAsync(IssuanceOrder order, CancellationToken ct)
    {
        for (var waited = TimeSpan.Zero; ; waited += _pause)
        {
            var record = await Records(order).AsNoTracking().SingleOrDefaultAsync(ct);
            if (record is null || !Secrets.Same(record.RequestHash, order.RequestHash))
                return null;
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            if (record.Answer is { } answer)
                return record.AnswerUntil > now ? AnswerVault.Open(order.AccessToken, order.RequestHash, answer) : throw AlreadyIssued();
            if (record.AnswerUntil > 0)
                throw AlreadyIssued(); // it was kept once, and its time is over
            // Whoever began has died: finish what is registered.
            if (record.LeaseUntil <= now && await TakeOverAsync(order, record.LeaseUntil, ct) is { } lease)
                return await FinishAsync(order, await RowsAsync(order, ct), lease, ct) ?? throw Busy();
            if (waited > _lease)
                throw Busy();
            await Task.Delay(_pause, ct);
        }
    }

    internal async Task<byte[]> IssueAsync(IssuanceOrder order, IReadOnlyList<(string Nonce, long Expiry)> nonces, DateTimeOffset now, CancellationToken ct)
    {
        var lease = (now + _lease).ToUnixTimeMilliseconds();
        List<IssuedCredential> rows;
        try
        {
            rows = await RegisterAsync(order, nonces, now, lease, ct);
        }
        catch (Exception e) when (DatabaseSetup.IsDuplicate(e))
        {
            // Somebody was first: with the same request, then its answer is ours; or with another.
            db.ChangeTracker.Clear();
            if (await FindAnswerAsync(order, ct) is { } answer)
                return answer;
            var hashes = nonces.Select(nonce => Secrets.Hash(nonce.Nonce)).ToList();
            throw await db.UsedNonces.AnyAsync(used => hashes.Contains(used.Hash), ct) ? IssueCredential.BadNonce() : AlreadyIssued();
        }

        // From here on the caller's patience must not decide: what is registered is finished.
        return await FinishAsync(order, rows, lease, CancellationToken.None)
            ?? await FindAnswerAsync(order, ct)
            ?? throw Busy();
    }

    /// <summary>One transaction: the nonces are used up, the indexes reserved, the register rows written.</summary>
    private async Task<List<IssuedCredential>> RegisterAsync(
        IssuanceOrder order, IReadOnlyList<(string Nonce, long Expiry)> nonces, DateTimeOffset now, long lease, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (options.SingleUseNonces)
            db.UsedNonces.AddRange(nonces.Select(nonce => new UsedNonce { Hash = Secrets.Hash(nonce.Nonce), ExpiresAt = nonce.Expiry }));
        db.Issuances.Add(new IssuanceRecord { OfferId = order.OfferId, ConfigurationId = order.Type.Id, RequestHash = order.RequestHash, LeaseUntil = lease });
        await db.SaveChangesAsync(ct);
        var offer = await db.Offers.AsNoTracking().SingleAsync(o => o.Id == order.OfferId, ct);
        if (offer.State != OfferState.Redeemed || offer.Claims is null)
            throw AlreadyIssued();
        var (list, indexes) = await StatusIndexes.ReserveAsync(db, order.HolderKeys.Count, keys, options, now, ct);
        var expires = ClaimCheck.ExpiresAt(order.Type, OfferView.Claims(offer).GetProperty(order.Type.Id), now, keys.DocumentSigner(now).Certificate.NotAfter.ToUniversalTime());
        var rows = order.HolderKeys.Select((key, i) => new IssuedCredential
        {
            Id = Secrets.NewId(),
            OfferId = order.OfferId,
            ConfigurationId = order.Type.Id,
            Type = order.Type.Type,
            Subject = offer.Subject,
            HolderKey = Jwk.Thumbprint(key),
            ListId = list,
            ListIndex = indexes[i],
            IssuedAt = now.ToUnixTimeMilliseconds(),
            ExpiresAt = expires.ToUnixTimeMilliseconds(),
        }).ToList();
        db.Credentials.AddRange(rows);
        await db.SaveChangesAsync(ct);
        var detail = new JsonObject { ["credential_configuration_id"] = order.Type.Id, ["count"] = rows.Count }.With(rows);
        await AuditLog.AppendAsync(db, now, "wallet", "credential.issue", order.OfferId, detail, ct);
        await transaction.CommitAsync(ct);
        return rows;
    }

    /// <summary>Signs what is registered and keeps the answer. Null when another process has taken over meanwhile.</summary>
    private async Task<byte[]?> FinishAsync(IssuanceOrder order, List<IssuedCredential> rows, long lease, CancellationToken ct)
    {
        var offer = await db.Offers.AsNoTracking().SingleAsync(o => o.Id == order.OfferId, ct);
        if (offer.Claims is null)
            throw AlreadyIssued();
        var claims = OfferView.Claims(offer).GetProperty(order.Type.Id);
        var holders = order.HolderKeys.ToDictionary(Jwk.Thumbprint);
        var credentials = new List<string>(rows.Count);
        foreach (var row in rows)
        {
            var credential = await signer.SignAsync(order.Type, claims, row, holders[row.HolderKey], ct);
            row.DocumentHash = SHA256.HashData(Encoding.UTF8.GetBytes(credential));
            credentials.Add(credential);
        }

        var answer = StrictJson.ToUtf8(new CredentialResponse { Credentials = credentials, NotificationId = NotificationIds.For(keys, order.OfferId, order.Type.Id) }.ToJson());
        if (!await KeepAsync(order, lease, AnswerVault.Seal(order.AccessToken, order.RequestHash, answer), ct))
            return null;
        metrics.Count("issuer_credentials_issued_total", $"type=\"{order.Type.Id}\"", rows.Count);
        return answer;
    }

    private async Task<bool> KeepAsync(IssuanceOrder order, long lease, byte[] box, CancellationToken ct)
    {
        var until = (time.GetUtcNow() + options.AnswerLifetime).ToUnixTimeMilliseconds();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var kept = await Records(order).Where(i => i.Answer == null && i.LeaseUntil == lease)
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.Answer, box).SetProperty(i => i.AnswerUntil, until), ct);
        if (kept != 1)
            return false;
        await db.SaveChangesAsync(ct);
        // The claims have served when everything the offer names is issued.
        var total = OfferView.ReadIds((await db.Offers.AsNoTracking().SingleAsync(o => o.Id == order.OfferId, ct)).ConfigurationIds).Count;
        if (await db.Issuances.CountAsync(i => i.OfferId == order.OfferId && i.AnswerUntil > 0, ct) == total)
        {
            await db.Offers.Where(o => o.Id == order.OfferId && o.State == OfferState.Redeemed)
                .ExecuteUpdateAsync(set => set.SetProperty(o => o.State, OfferState.Issued).SetProperty(o => o.Claims, (string?)null), ct);
        }

        await transaction.CommitAsync(ct);
        return true;
    }

    private async Task<long?> TakeOverAsync(IssuanceOrder order, long oldLease, CancellationToken ct)
    {
        var lease = (time.GetUtcNow() + _lease).ToUnixTimeMilliseconds();
        return await Records(order).Where(i => i.Answer == null && i.LeaseUntil == oldLease)
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.LeaseUntil, lease), ct) == 1 ? lease : null;
    }

    // In the order of the proofs, as the wallet expects them.
    private async Task<List<IssuedCredential>> RowsAsync(IssuanceOrder order, CancellationToken ct) =>
        await db.Credentials.Where(c => c.OfferId == order.OfferId && c.ConfigurationId == order.Type.Id).OrderBy(c => c.Number).ToListAsync(ct);

    private IQueryable<IssuanceRecord> Records(IssuanceOrder order) =>
        db.Issuances.Where(i => i.OfferId == order.OfferId && i.ConfigurationId == order.Type.Id);

    private static ProtocolException AlreadyIssued() =>
        new(IssuerCodes.AlreadyIssued, OpenId4VciNames.CredentialRequestDenied, "This credential has been issued already.", 400);

    private static TimeoutException Busy() => new("Another process is making this answer.");
}
