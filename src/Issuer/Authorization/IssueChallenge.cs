using Credentials.Issuer.Http;
using Credentials.Issuer.Keys;
using Credentials.OpenId4Vci;

namespace Credentials.Issuer.Authorization;

/// <summary><c>POST /challenge</c> (attestation-based client authentication -07 §8): a challenge for the next proof of possession, to anybody.</summary>
internal static class IssueChallenge
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/challenge", Handle).RequireRateLimiting(RateLimits.Public);

    private static Task Handle(HttpContext http, ChallengeMint challenges) => Answers.JsonAsync(http.Response, new ChallengeResponse(challenges.Create()).ToJson());
}
