using Credentials.Issuer.Keys;
using Credentials.Issuer.Offers;
using Credentials.Issuer.Storage;
using Credentials.OpenId4Vci;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Authorization;

/// <summary>
/// Refresh (RFC 6749 §6): another access token while what was granted can still be issued; afterwards, for what the agency has made
/// ready for the same person since (OpenID4VCI §13.5). The token is bound to a key and stays (FAPI 2.0 §5.3.2.1).
/// </summary>
internal sealed class RefreshTokens(IssuerDbContext db, TokenDesk desk, IssuerOptions options, TimeProvider time)
{
    internal async Task<TokenResponse> ExchangeAsync(TokenRequest request, TokenCaller caller, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var at = now.ToUnixTimeMilliseconds();
        var hash = Secrets.Hash(request.RefreshToken!);
        var row = await db.RefreshTokens.AsNoTracking().SingleOrDefaultAsync(t => t.Hash == hash && t.ExpiresAt > at, ct) ?? throw Unusable();
        // -07 §10.3: the instance, not only the client; and the DPoP key that it was given to.
        if (caller.Client.Id != row.ClientId || caller.Client.InstanceThumbprint != row.InstanceThumbprint || caller.DpopThumbprint != row.DpopThumbprint)
            throw Unusable();
        var covered = TokenDesk.Narrow(request, OfferView.ReadIds(row.ConfigurationIds));
        var offer = await db.Offers.AsNoTracking().SingleOrDefaultAsync(o => o.Id == row.OfferId, ct) ?? throw Unusable();
        var order = new TokenDesk.Order(offer.Id, covered, row.UsesIdentifiers || request.ConfigurationIds is not null, row.AuthorizationId, caller);
        return OfferView.StateAt(offer, now) == OfferState.Redeemed ? await ContinueAsync(order, now, ct) : await RenewAsync(order, offer, hash, now, ct);
    }

    private async Task<TokenResponse> ContinueAsync(TokenDesk.Order order, DateTimeOffset now, CancellationToken ct)
    {
        var (at, until) = (now.ToUnixTimeMilliseconds(), (now + options.AccessTokenLifetime).ToUnixTimeMilliseconds());
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var open = await db.Offers.Where(o => o.Id == order.OfferId && o.State == OfferState.Redeemed && o.ExpiresAt > at)
            .ExecuteUpdateAsync(set => set.SetProperty(o => o.ExpiresAt, o => o.ExpiresAt > until ? o.ExpiresAt : until), ct);
        if (open != 1)
            throw Unusable();
        var response = desk.AddAccessToken(order, now);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return response;
    }

    private async Task<TokenResponse> RenewAsync(TokenDesk.Order order, Offer old, byte[] hash, DateTimeOffset now, CancellationToken ct)
    {
        var next = old is { Subject: { } subject, State: OfferState.Issued } ? await PreparedOffers.FindAsync(db, subject, order.ConfigurationIds, now, ct) : null;
        if (next is null)
            throw Unusable();
        var (at, until) = (now.ToUnixTimeMilliseconds(), (now + options.AccessTokenLifetime).ToUnixTimeMilliseconds());
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var taken = await db.Offers.Where(o => o.Id == next.Id && o.State == OfferState.Created && o.ExpiresAt > at)
            .ExecuteUpdateAsync(set => set.SetProperty(o => o.State, OfferState.Redeemed).SetProperty(o => o.ExpiresAt, until), ct);
        // The same token goes on with the new offer; of two requests at once, one does.
        var moved = await db.RefreshTokens.Where(t => t.Hash == hash && t.OfferId == old.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(t => t.OfferId, next.Id), ct);
        if (taken != 1 || moved != 1)
            throw Unusable();
        var response = desk.AddAccessToken(order with { OfferId = next.Id }, now);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return response;
    }

    private static ProtocolException Unusable() =>
        new(IssuerCodes.RefreshToken, OpenId4VciNames.InvalidGrant, "The refresh token is unknown, expired or not this wallet's, or there is nothing to issue.", 400);
}
