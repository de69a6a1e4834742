using Credentials.Issuer.Keys;
using Credentials.Issuer.Offers;
using Credentials.Issuer.Storage;
using Credentials.OpenId4Vci;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Authorization;

/// <summary>The authorization code flow's last step (RFC 6749 §4.1.3, RFC 7636 §4.6): the code for tokens, once, to the wallet that began.</summary>
internal sealed class AuthorizationCodes(IssuerDbContext db, TokenDesk desk, TimeProvider time)
{
    internal async Task<TokenResponse> ExchangeAsync(TokenRequest request, TokenCaller caller, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var hash = Secrets.Hash(request.Code!);
        var authorization = await db.Authorizations.AsNoTracking().SingleOrDefaultAsync(a => a.CodeHash == hash, ct) ?? throw CodeUnusable();
        if (authorization.Stage == AuthorizationStage.Redeemed)
        {
            // RFC 6749 §4.1.2: somebody else may have it, so what the first use gave is taken back.
            await RevokeAsync(authorization.Id, ct);
            throw CodeUnusable();
        }

        if (authorization.Stage != AuthorizationStage.Agreed || authorization.ExpiresAt <= now.ToUnixTimeMilliseconds())
            throw CodeUnusable();
        RequireSameWallet(request, caller, authorization);
        var covered = TokenDesk.Narrow(request, OfferView.ReadIds(authorization.ConfigurationIds));
        return await RedeemAsync(authorization, new TokenDesk.Order(
            authorization.OfferId!, covered, authorization.UsesIdentifiers || request.ConfigurationIds is not null, authorization.Id, caller), now, ct);
    }

    private async Task<TokenResponse> RedeemAsync(AuthorizationFlow authorization, TokenDesk.Order order, DateTimeOffset now, CancellationToken ct)
    {
        var at = now.ToUnixTimeMilliseconds();
        // Reuse is noticed for a day.
        var until = now.AddDays(1).ToUnixTimeMilliseconds();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var redeemed = await db.Authorizations.Where(a => a.Id == authorization.Id && a.Stage == AuthorizationStage.Agreed && a.ExpiresAt > at)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.Stage, AuthorizationStage.Redeemed).SetProperty(a => a.ExpiresAt, until), ct);
        if (redeemed != 1)
            throw CodeUnusable();
        var response = await desk.RedeemAsync(order, ct) ?? throw CodeUnusable();
        await transaction.CommitAsync(ct);
        return response;
    }

    private async Task RevokeAsync(string authorizationId, CancellationToken ct)
    {
        await db.AccessTokens.Where(t => t.AuthorizationId == authorizationId).ExecuteDeleteAsync(ct);
        await db.RefreshTokens.Where(t => t.AuthorizationId == authorizationId).ExecuteDeleteAsync(ct);
    }

    // A mistake here does not use the code up: without the verifier nobody can guess on.
    private static void RequireSameWallet(TokenRequest request, TokenCaller caller, AuthorizationFlow authorization)
    {
        if (caller.Client.Id != authorization.ClientId || caller.Client.InstanceThumbprint != authorization.InstanceThumbprint)
            throw new ProtocolException(IssuerCodes.CodeBinding, OpenId4VciNames.InvalidGrant, "The code was given to another wallet.", 400);
        if (!string.Equals(request.RedirectUri, authorization.RedirectUri, StringComparison.Ordinal))
            throw new ProtocolException(IssuerCodes.CodeBinding, OpenId4VciNames.InvalidGrant, "'redirect_uri' is not that of the authorization request.", 400);
        if (request.CodeVerifier is null || !Pkce.Verify(request.CodeVerifier, authorization.CodeChallenge))
            throw new ProtocolException(IssuerCodes.CodeBinding, OpenId4VciNames.InvalidGrant, "'code_verifier' is not that of the authorization request.", 400);
        // RFC 9449 §10
        if (authorization.DpopThumbprint is not null && caller.DpopThumbprint != authorization.DpopThumbprint)
            throw new ProtocolException(IssuerCodes.CodeBinding, OpenId4VciNames.InvalidDpopProof, "The code is bound to another DPoP key.", 400);
    }

    private static ProtocolException CodeUnusable() =>
        new(IssuerCodes.CodeUnusable, OpenId4VciNames.InvalidGrant, "The code is unknown, used or expired.", 400);
}
