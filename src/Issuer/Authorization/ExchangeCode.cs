using Credentials.Issuer.Http;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Offers;
using Credentials.Issuer.Storage;
using Credentials.OpenId4Vci;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Authorization;

/// <summary><c>POST /token</c> (OpenID4VCI §6): a pre-authorized code, with its transaction code, for an access token. Once.</summary>
internal static class ExchangeCode
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/token", HandleAsync).RequireRateLimiting(RateLimits.Public);

    private static async Task HandleAsync(HttpContext http, IssuerDbContext db, IssuerKeys keys, IssuerOptions options, TimeProvider time, Metrics metrics)
    {
        try
        {
            // RFC 6749 §2.3.1, §3.2: parameters come in the body, form-encoded, and nowhere else.
            if (http.Request.QueryString.HasValue || !RequestBody.IsType(http.Request, "application/x-www-form-urlencoded"))
                throw new ProtocolException(OpenId4VciCodes.TokenRequest, OpenId4VciNames.InvalidRequest, "The request must be form-encoded, without a query.", 400);
            var request = TokenRequest.Parse(await RequestBody.ReadAsync(http, RequestBody.TokenCap));
            var response = await ExchangeAsync(request, db, keys, options, time.GetUtcNow(), http.RequestAborted);
            metrics.Count("issuer_tokens_total", "outcome=\"issued\"");
            await Answers.JsonAsync(http.Response, response.ToJson());
        }
        catch (ProtocolException e)
        {
            metrics.Count("issuer_tokens_total", $"outcome=\"{e.Error}\"");
            throw;
        }
    }

    private static async Task<TokenResponse> ExchangeAsync(
        TokenRequest request, IssuerDbContext db, IssuerKeys keys, IssuerOptions options, DateTimeOffset now, CancellationToken ct)
    {
        if (options.AllowedClients.Count > 0 && (request.ClientId is null || !options.AllowedClients.Contains(request.ClientId)))
            throw new ProtocolException(IssuerCodes.Client, OpenId4VciNames.InvalidClient, "This client is not served.", 401);
        if (request.ClientId is { Length: > 256 } || request.ClientId?.Any(char.IsControl) == true)
            throw new ProtocolException(IssuerCodes.Client, OpenId4VciNames.InvalidRequest, "'client_id' is not usable.", 400);

        var hash = Secrets.Hash(request.PreAuthorizedCode
            ?? throw new ProtocolException(OpenId4VciCodes.GrantType, OpenId4VciNames.UnsupportedGrantType, "This grant type is not served.", 400));
        var offer = await db.Offers.AsNoTracking().SingleOrDefaultAsync(o => o.CodeHash == hash, ct);
        if (offer is null || OfferView.StateAt(offer, now) != OfferState.Created)
            throw CodeUnusable();
        var offered = OfferView.ReadIds(offer.ConfigurationIds);
        if (request.ConfigurationIds is { } wanted && wanted.Any(id => !offered.Contains(id)))
            throw new ProtocolException(IssuerCodes.NotCovered, OpenId4VciNames.InvalidAuthorizationDetails, "The offer does not cover what is asked for.", 400);
        await CheckTxCodeAsync(request, offer, db, keys, options, now, ct);
        return await RedeemAsync(request, offer, offered, db, options, now, ct);
    }

    /// <summary>
    /// A guess is paid for before it is looked at: one statement takes it from the offer's budget, so that parallel guesses
    /// on several replicas share one budget. Wrong guesses short of the limit leave the offer to its owner.
    /// </summary>
    private static async Task CheckTxCodeAsync(
        TokenRequest request, Offer offer, IssuerDbContext db, IssuerKeys keys, IssuerOptions options, DateTimeOffset now, CancellationToken ct)
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

    private static async Task<TokenResponse> RedeemAsync(
        TokenRequest request, Offer offer, IReadOnlyList<string> offered, IssuerDbContext db, IssuerOptions options, DateTimeOffset now, CancellationToken ct)
    {
        var at = now.ToUnixTimeMilliseconds();
        var expires = (now + options.AccessTokenLifetime).ToUnixTimeMilliseconds();
        var covered = request.ConfigurationIds ?? offered;
        var token = Secrets.NewToken();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var redeemed = await db.Offers.Where(o => o.Id == offer.Id && o.State == OfferState.Created && o.ExpiresAt > at)
            .ExecuteUpdateAsync(set => set.SetProperty(o => o.State, OfferState.Redeemed).SetProperty(o => o.ExpiresAt, expires), ct);
        if (redeemed != 1)
            throw CodeUnusable();
        db.AccessTokens.Add(new AccessToken
        {
            Hash = Secrets.Hash(token),
            OfferId = offer.Id,
            ClientId = request.ClientId,
            ConfigurationIds = OfferView.WriteIds(covered),
            UsesIdentifiers = request.ConfigurationIds is not null,
            ExpiresAt = expires,
        });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        // §6.2: authorization_details are answered with the identifiers to use; one dataset per configuration here.
        IReadOnlyList<AuthorizationDetail> details = request.ConfigurationIds is null ? [] : [.. covered.Select(id => new AuthorizationDetail(id, [id]))];
        return new TokenResponse(token, "Bearer", options.AccessTokenLifetime, details);
    }

    private static ProtocolException CodeUnusable() =>
        new(IssuerCodes.CodeUnusable, OpenId4VciNames.InvalidGrant, "The code is unknown, used or expired.", 400);
}
