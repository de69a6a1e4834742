using Credentials.Issuer.Authorization;
using Credentials.Issuer.Http;
using Credentials.Issuer.Keys;
using Credentials.OpenId4Vci;

namespace Credentials.Issuer.Issuance;

/// <summary><c>POST /nonce</c> (OpenID4VCI §7): a fresh nonce for key proofs, to anybody. The body is not looked at.</summary>
internal static class IssueNonce
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/nonce", Handle).RequireRateLimiting(RateLimits.Public);

    private static Task Handle(HttpContext http, NonceMint nonces, DpopNonceMint dpop)
    {
        // §7.2, HAIP §4: the endpoint asks for no proof, and gives the nonce for the next one.
        DpopGate.OfferNonce(http, dpop);
        return Answers.JsonAsync(http.Response, new NonceResponse(nonces.Create()).ToJson());
    }
}
