using Credentials.Issuer.Catalog;
using Credentials.Issuer.Http;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Offers;
using Credentials.Issuer.Storage;
using Credentials.OpenId4Vci;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Authorization;

/// <summary><c>POST /par</c> (RFC 9126): what a wallet wants, checked before any person sees it. Authorization requests come this way only.</summary>
internal static class PushRequest
{
    internal const string Path = "/par";
    private const string UriStart = "urn:ietf:params:oauth:request_uri:";

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost(Path, HandleAsync).RequireRateLimiting(RateLimits.Public);

    internal static byte[]? HashOf(string? requestUri) =>
        requestUri is { Length: <= 200 } && requestUri.StartsWith(UriStart, StringComparison.Ordinal) ? Secrets.Hash(requestUri) : null;

    private static async Task HandleAsync(
        HttpContext http, IssuerDbContext db, ClientAuthentication clients, DpopGate dpop, CredentialCatalog catalog, IssuerOptions options, TimeProvider time)
    {
        if (http.Request.QueryString.HasValue || !RequestBody.IsType(http.Request, "application/x-www-form-urlencoded"))
            throw new ProtocolException(OpenId4VciCodes.AuthorizationRequest, OpenId4VciNames.InvalidRequest, "The request must be form-encoded, without a query.", 400);
        var request = IssuanceAuthorizationRequest.Parse(await RequestBody.ReadAsync(http, RequestBody.ParCap));
        var client = await clients.RequireAsync(http, request.ClientId);
        RequireRedirectUri(request, client, options);
        // RFC 9449 §10.1: a proof binds the code as dpop_jkt does; both name the same key.
        var proof = await dpop.ReadAsync(http, Path, thumbprint: request.DpopThumbprint);
        var ids = RequireConfigurations(request, catalog);
        var now = time.GetUtcNow();
        var offer = request.IssuerState is null ? null : await RequireOfferAsync(request.IssuerState, ids, db, now, http.RequestAborted);
        var uri = UriStart + Secrets.NewToken();
        db.Authorizations.Add(new AuthorizationFlow
        {
            Id = Secrets.NewId(),
            RequestHash = Secrets.Hash(uri),
            ClientId = request.ClientId,
            RedirectUri = request.RedirectUri,
            CodeChallenge = request.CodeChallenge,
            ClientState = request.State,
            ConfigurationIds = OfferView.WriteIds(ids),
            UsesIdentifiers = request.ConfigurationIds.Count > 0,
            OfferId = offer?.Id,
            DpopThumbprint = proof?.Thumbprint ?? request.DpopThumbprint,
            InstanceThumbprint = client.InstanceThumbprint,
            ExpiresAt = (now + options.RequestUriLifetime).ToUnixTimeMilliseconds(),
        });
        await db.SaveChangesAsync(http.RequestAborted);
        await Answers.JsonAsync(http.Response, new PushedAuthorizationResponse(uri, options.RequestUriLifetime).ToJson(), StatusCodes.Status201Created);
    }

    // A registered wallet has its addresses on record. One that its provider vouches for names them itself (RFC 9126 §2.4). Nobody else is served.
    private static void RequireRedirectUri(IssuanceAuthorizationRequest request, WalletClient client, IssuerOptions options)
    {
        var registered = options.Clients.Find(c => c.Id == request.ClientId);
        if (registered is null && !client.IsAttested)
            throw new ProtocolException(IssuerCodes.Client, OpenId4VciNames.InvalidClient, "This client is not registered.", 401);
        var known = registered is { RedirectUris.Count: > 0 }
            ? registered.RedirectUris.Exists(uri => RedirectUris.IsRegistered(uri, request.RedirectUri))
            : client.IsAttested && RedirectUris.IsUsable(request.RedirectUri);
        if (!known)
            throw new ProtocolException(IssuerCodes.RedirectUri, OpenId4VciNames.InvalidRequest, "'redirect_uri' is not one of this client's.", 400);
    }

    private static IReadOnlyList<string> RequireConfigurations(IssuanceAuthorizationRequest request, CredentialCatalog catalog)
    {
        if (request.ConfigurationIds.Any(id => catalog.Find(id) is null))
            throw new ProtocolException(IssuerCodes.UnknownConfiguration, OpenId4VciNames.InvalidAuthorizationDetails, "A credential configuration is not known here.", 400);
        // OpenID4VCI §5.1.2: unknown scopes are passed over. The scope of a type is its id.
        IReadOnlyList<string> ids = [.. request.ConfigurationIds.Concat(request.Scopes.Where(scope => catalog.Find(scope) is not null)).Distinct(StringComparer.Ordinal)];
        return ids.Count > 0 ? ids : throw new ProtocolException(IssuerCodes.UnknownConfiguration, OpenId4VciNames.InvalidScope, "No credential is asked for that is known here.", 400);
    }

    // §5.1.3: the value may have been slipped in; it must be one of ours that can still be taken up.
    private static async Task<Offer> RequireOfferAsync(string issuerState, IReadOnlyList<string> ids, IssuerDbContext db, DateTimeOffset now, CancellationToken ct)
    {
        var hash = Secrets.Hash(issuerState);
        var offer = await db.Offers.AsNoTracking().SingleOrDefaultAsync(o => o.CodeHash == hash && o.ByAuthorization, ct);
        if (offer is null || OfferView.StateAt(offer, now) != OfferState.Created)
            throw new ProtocolException(IssuerCodes.IssuerState, OpenId4VciNames.InvalidRequest, "'issuer_state' is unknown, used or expired.", 400);
        return ids.All(OfferView.ReadIds(offer.ConfigurationIds).Contains)
            ? offer
            : throw new ProtocolException(IssuerCodes.NotCovered, OpenId4VciNames.InvalidScope, "The offer does not cover what is asked for.", 400);
    }
}
