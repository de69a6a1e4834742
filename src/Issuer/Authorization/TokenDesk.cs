using Credentials.Issuer.Keys;
using Credentials.Issuer.Offers;
using Credentials.Issuer.Storage;
using Credentials.OpenId4Vci;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Authorization;

/// <summary>Takes an offer up and writes its tokens. Only hashes of them are kept.</summary>
internal sealed class TokenDesk(IssuerDbContext db, IssuerOptions options, TimeProvider time)
{
    /// <summary>What a token is for.</summary>
    internal sealed record Order(string OfferId, IReadOnlyList<string> ConfigurationIds, bool UsesIdentifiers, string? AuthorizationId, TokenCaller Caller);

    /// <summary>
    /// Inside a transaction of the caller: the offer is taken up by one statement, and there are tokens. Null when the offer cannot be taken
    /// up (any more).
    /// </summary>
    internal async Task<TokenResponse?> RedeemAsync(Order order, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var at = now.ToUnixTimeMilliseconds();
        var refresh = order.Caller is { DpopThumbprint: not null } or { Client.IsAttested: true } && options.RefreshTokenLifetime > TimeSpan.Zero ? Secrets.NewToken() : null;
        // As long as its wallet has a token, and where that can be renewed, as long as an offer waits.
        var lives = refresh is null || options.OfferLifetime < options.AccessTokenLifetime ? options.AccessTokenLifetime : options.OfferLifetime;
        var until = (now + lives).ToUnixTimeMilliseconds();
        var redeemed = await db.Offers.Where(o => o.Id == order.OfferId && o.State == OfferState.Created && o.ExpiresAt > at)
            .ExecuteUpdateAsync(set => set.SetProperty(o => o.State, OfferState.Redeemed).SetProperty(o => o.ExpiresAt, until), ct);
        if (redeemed != 1)
            return null;
        var response = AddAccessToken(order, now);
        if (refresh is not null)
            AddRefreshToken(order, refresh, now);
        await db.SaveChangesAsync(ct);
        return response with { RefreshToken = refresh };
    }

    /// <summary>Adds an access token to what is saved next.</summary>
    internal TokenResponse AddAccessToken(Order order, DateTimeOffset now)
    {
        var token = Secrets.NewToken();
        db.AccessTokens.Add(new AccessToken
        {
            Hash = Secrets.Hash(token),
            OfferId = order.OfferId,
            ClientId = order.Caller.Client.Id,
            ConfigurationIds = OfferView.WriteIds(order.ConfigurationIds),
            UsesIdentifiers = order.UsesIdentifiers,
            AuthorizationId = order.AuthorizationId,
            DpopThumbprint = order.Caller.DpopThumbprint,
            ExpiresAt = (now + options.AccessTokenLifetime).ToUnixTimeMilliseconds(),
        });
        // §6.2: authorization_details are answered with the identifiers to use; one dataset per configuration here.
        IReadOnlyList<AuthorizationDetail> details = order.UsesIdentifiers ? [.. order.ConfigurationIds.Select(id => new AuthorizationDetail(id, [id]))] : [];
        var type = order.Caller.DpopThumbprint is null ? OpenId4VciNames.BearerTokenType : OpenId4VciNames.DpopTokenType;
        return new TokenResponse(token, type, options.AccessTokenLifetime, details);
    }

    private void AddRefreshToken(Order order, string token, DateTimeOffset now) => db.RefreshTokens.Add(new RefreshToken
    {
        Hash = Secrets.Hash(token),
        OfferId = order.OfferId,
        AuthorizationId = order.AuthorizationId,
        ClientId = order.Caller.Client.Id,
        ConfigurationIds = OfferView.WriteIds(order.ConfigurationIds),
        UsesIdentifiers = order.UsesIdentifiers,
        DpopThumbprint = order.Caller.DpopThumbprint,
        InstanceThumbprint = order.Caller.Client.InstanceThumbprint,
        ExpiresAt = (now + options.RefreshTokenLifetime).ToUnixTimeMilliseconds(),
    });

    /// <summary>What the request narrows the grant to (§6.1.1): a part of it, never more.</summary>
    internal static IReadOnlyList<string> Narrow(TokenRequest request, IReadOnlyList<string> granted)
    {
        if (request.ConfigurationIds is { } wanted)
        {
            return wanted.All(granted.Contains)
                ? wanted
                : throw new ProtocolException(IssuerCodes.NotCovered, OpenId4VciNames.InvalidAuthorizationDetails, "What is asked for is more than was granted.", 400);
        }

        // RFC 6749 §6: a scope does not include what was not granted.
        var scoped = granted.Where(request.Scopes.Contains).ToList();
        if (request.Scopes.Count == 0)
            return granted;
        return scoped.Count > 0 ? scoped : throw new ProtocolException(IssuerCodes.NotCovered, OpenId4VciNames.InvalidScope, "The scope asks for nothing that was granted.", 400);
    }
}
