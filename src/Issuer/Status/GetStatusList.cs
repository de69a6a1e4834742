using Credentials.Issuer.Http;
using Credentials.StatusLists;
using Microsoft.Net.Http.Headers;

namespace Credentials.Issuer.Status;

/// <summary><c>GET /status/{list}</c> (Token Status List §8.1): a JWT or a CWT by <c>Accept</c>, open to everybody, compressed on the way, revalidated by ETag.</summary>
internal static class GetStatusList
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapMethods("/status/{list}", ["GET", "HEAD"], HandleAsync).RequireRateLimiting(RateLimits.Public);

    private static async Task HandleAsync(string list, HttpContext http, StatusPublisher publisher, IssuerOptions options)
    {
        var response = http.Response;
        SecurityHeaders.AllowEverybody(response);
        response.Headers.Vary = "Accept, Accept-Encoding";
        var (jwt, cwt) = (QualityOf(StatusListNames.JwtMediaType, http.Request), QualityOf(StatusListNames.CwtMediaType, http.Request));
        if (jwt is 0 && cwt is 0)
        {
            response.StatusCode = StatusCodes.Status406NotAcceptable;
            return;
        }

        if (list.Length > 64 || await publisher.GetAsync(list, http.RequestAborted) is not { } published)
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        await ServeAsync(http, jwt >= cwt ? published.Jwt : published.Cwt, options);
    }

    /// <summary>Answers with one form, or that the caller has it already.</summary>
    internal static async Task ServeAsync(HttpContext http, PublishedList.Form form, IssuerOptions options)
    {
        var response = http.Response;
        var gzip = AcceptsGzip(http.Request);
        // A strong ETag names bytes: the compressed ones are others (RFC 9110 §8.8.3.3).
        var etag = $"\"{form.ETag}{(gzip ? "-gzip" : "")}\"";
        response.Headers.ETag = etag;
        response.Headers.CacheControl = $"public, max-age={(long)options.StatusTimeToLive.TotalSeconds}";
        if (IsUnchanged(http.Request, etag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        if (gzip)
            response.Headers.ContentEncoding = "gzip";
        await Answers.BytesAsync(response, gzip ? form.Gzip : form.Token, form.MediaType);
    }

    /// <summary>How much a media type is wanted, 0 to 1, as its most precise range says (RFC 9110 §12.5.1).</summary>
    internal static double QualityOf(string mediaType, HttpRequest request)
    {
        var accept = request.GetTypedHeaders().Accept;
        if (accept.Count == 0)
            return 1;
        var type = new MediaTypeHeaderValue(mediaType);
        return accept.Where(range => type.IsSubsetOf(new MediaTypeHeaderValue(range.MediaType)))
            .OrderBy(range => range.MatchesAllTypes).ThenBy(range => range.MatchesAllSubTypes)
            .Select(range => range.Quality ?? 1).FirstOrDefault();
    }

    private static bool AcceptsGzip(HttpRequest request) =>
        request.GetTypedHeaders().AcceptEncoding.Any(coding => coding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase) && coding.Quality is not 0);

    private static bool IsUnchanged(HttpRequest request, string etag) =>
        request.GetTypedHeaders().IfNoneMatch.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Tag.Equals(etag, StringComparison.Ordinal));
}
