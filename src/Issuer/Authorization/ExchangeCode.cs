using Credentials.Issuer.Http;
using Credentials.OpenId4Vci;

namespace Credentials.Issuer.Authorization;

/// <summary><c>POST /token</c> (OpenID4VCI §6): a code of either flow, or a refresh token, for an access token.</summary>
internal static class ExchangeCode
{
    internal const string Path = "/token";

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost(Path, HandleAsync).RequireRateLimiting(RateLimits.Public);

    private static async Task HandleAsync(
        HttpContext http, ClientAuthentication clients, DpopGate dpop, PreAuthorizedCodes preAuthorized, AuthorizationCodes codes, RefreshTokens refresh, IssuerOptions options, Metrics metrics)
    {
        try
        {
            // RFC 6749 §2.3.1, §3.2: parameters come in the body, form-encoded, and nowhere else.
            if (http.Request.QueryString.HasValue || !RequestBody.IsType(http.Request, "application/x-www-form-urlencoded"))
                throw new ProtocolException(OpenId4VciCodes.TokenRequest, OpenId4VciNames.InvalidRequest, "The request must be form-encoded, without a query.", 400);
            var request = TokenRequest.Parse(await RequestBody.ReadAsync(http, RequestBody.TokenCap));
            var client = await clients.RequireAsync(http, request.ClientId);
            var proof = await dpop.ReadAsync(http, Path);
            if (proof is null && options.RequireDpop)
                throw new ProtocolException(IssuerCodes.DpopNeeded, OpenId4VciNames.InvalidDpopProof, "A DPoP proof is needed.", 400);
            var caller = new TokenCaller(client, proof?.Thumbprint);
            var response = await (request switch
            {
                { Code: not null } => codes.ExchangeAsync(request, caller, http.RequestAborted),
                { RefreshToken: not null } => refresh.ExchangeAsync(request, caller, http.RequestAborted),
                _ => preAuthorized.ExchangeAsync(request, caller, http.RequestAborted),
            });
            metrics.Count("issuer_tokens_total", "outcome=\"issued\"");
            await Answers.JsonAsync(http.Response, response.ToJson());
        }
        catch (ProtocolException e)
        {
            metrics.Count("issuer_tokens_total", $"outcome=\"{e.Error}\"");
            throw;
        }
    }
}
