using Credentials.Issuer.Keys;
using Credentials.Issuer.Offers;
using Credentials.Issuer.Storage;
using Credentials.OpenId4Vci;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Authorization;

/// <summary>The pre-authorized code flow (OpenID4VCI §3.5): a code, with its transaction code, for a token. Once.</summary>
internal sealed class PreAuthorizedCodes(IssuerDbContext db, TokenDesk desk, IssuerKeys keys, IssuerOptions options, TimeProvider time)
{
    internal async Task<TokenResponse> ExchangeAsync(TokenRequest request, TokenCaller caller, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var hash = Secrets.Hash(request.PreAuthorizedCode!);
        var offer = await db.Offers.AsNoTracking().SingleOrDefaultAsync(o => o.CodeHash == hash && !o.ByAuthorization, ct);
        if (offer is null || OfferView.StateAt(offer, now) != OfferState.Created)
            throw CodeUnusable();
        var covered = TokenDesk.Narrow(request, OfferView.ReadIds(offer.ConfigurationIds));
        await CheckTxCodeAsync(request, offer, now, ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var response = await desk.RedeemAsync(new TokenDesk.Order(offer.Id, covered, request.ConfigurationIds is not null, null, caller), ct) ?? throw CodeUnusable();
        await transaction.CommitAsync(ct);
        return response;
    }

    /// <summary>
    /// A guess is paid for before it is looked at: one statement takes it from the offer's budget, so that parallel guesses
    /// on several replicas share one budget. Wrong guesses short of the limit leave the offer to its owner.
    /// </summary>
    private async Task CheckTxCodeAsync(TokenRequest request, Offer offer, DateTimeOffset now, CancellationToken ct)
    {
        if (offer.TxCodeHash is null)
        {
            if (request.TxCode is not null)
                throw new ProtocolException(IssuerCodes.TxCode, OpenId4VciNames.InvalidRequest, "No transaction code is expected.", 400);
            return;
        }

        // §6.3: missing where one is expected.
        if (request.TxCode is null)
            throw new ProtocolException(IssuerCodes.TxCode, OpenId4VciNames.InvalidRequest, "A transaction code is expected.", 400);
        var at = now.ToUnixTimeMilliseconds();
        var paid = await db.Offers
            .Where(o => o.Id == offer.Id && o.State == OfferState.Created && o.ExpiresAt > at && o.TxFailures < options.MaxTxCodeFailures)
            .ExecuteUpdateAsync(set => set.SetProperty(o => o.TxFailures, o => o.TxFailures + 1), ct);
        if (paid != 1)
            throw CodeUnusable();
        if (Secrets.Same(OfferSecrets.HashTxCode(keys, offer.Id, request.TxCode), offer.TxCodeHash))
            return;
        await db.Offers.Where(o => o.Id == offer.Id && o.State == OfferState.Created && o.TxFailures >= options.MaxTxCodeFailures)
            .ExecuteUpdateAsync(set => set.SetProperty(o => o.State, OfferState.Cancelled).SetProperty(o => o.Claims, (string?)null), ct);
        throw new ProtocolException(IssuerCodes.TxCode, OpenId4VciNames.InvalidGrant, "The transaction code is wrong.", 400);
    }

    private static ProtocolException CodeUnusable() =>
        new(IssuerCodes.CodeUnusable, OpenId4VciNames.InvalidGrant, "The code is unknown, used or expired.", 400);
}
