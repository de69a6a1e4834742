using Credentials.Issuer.Http;

namespace Credentials.Issuer.Status;

/// <summary>
/// <c>GET /status/{list}/{purpose}</c> (Bitstring Status List 1.0 §3): the status list credential of one purpose, as a JWT or with a Data
/// Integrity proof by <c>Accept</c>, for everybody.
/// </summary>
internal static class GetBitstringList
{
    internal const string JwtMediaType = "application/vc+jwt";
    internal const string ProvedMediaType = "application/vc";

    // Data Model 2.0 §C.1: a credential is JSON-LD, and that is JSON.
    private static readonly string[] s_proved = [ProvedMediaType, "application/json", "application/ld+json"];

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapMethods("/status/{list}/{purpose}", ["GET", "HEAD"], HandleAsync).RequireRateLimiting(RateLimits.Public);

    private static async Task HandleAsync(string list, string purpose, HttpContext http, StatusPublisher publisher, IssuerOptions options)
    {
        var response = http.Response;
        SecurityHeaders.AllowEverybody(response);
        response.Headers.Vary = "Accept, Accept-Encoding";
        var jwt = GetStatusList.QualityOf(JwtMediaType, http.Request);
        // What several name wins, the first of these before the others; JSON without a word about securing is the form that is JSON, and is called what the caller reads.
        var (mediaType, proved) = s_proved.Select(type => (Type: type, Quality: GetStatusList.QualityOf(type, http.Request))).MaxBy(form => form.Quality);
        if (jwt is 0 && proved is 0)
        {
            response.StatusCode = StatusCodes.Status406NotAcceptable;
            return;
        }

        if (list.Length > 64 || !StatusUrls.BitstringPurposes.Contains(purpose) || await publisher.GetAsync(list, http.RequestAborted) is not { } published)
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var forms = published.Bitstrings[purpose];
        await GetStatusList.ServeAsync(http, jwt > proved ? forms.Jwt : forms.Proved with { MediaType = mediaType }, options);
    }
}
