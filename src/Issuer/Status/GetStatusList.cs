using Credentials.Issuer.Http;
using Credentials.StatusLists;
using Microsoft.Net.Http.Headers;

namespace Credentials.Issuer.Status;

/// <summary><c>GET /status/{list}</c> (Token Status List §8.1): open to everybody, compressed on the way, revalidated by ETag.</summary>
internal static class GetStatusList
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapMethods("/status/{list}", ["GET", "HEAD"], HandleAsync).RequireRateLimiting(RateLimits.Public);

    private static async Task HandleAsync(string list, HttpContext http, StatusPublisher publisher, IssuerOptions options)
    {
        var response = http.Response;
        SecurityHeaders.AllowEverybody(response);
        response.Headers.Vary = "Accept, Accept-Encoding";
        if (!AcceptsJwt(http.Request))
        {
            response.StatusCode = StatusCodes.Status406NotAcceptable;
            return;
        }

        if (list.Length > 64 || await publisher.GetAsync(list, http.RequestAborted) is not { } published)
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var gzip = AcceptsGzip(http.Request);
        // A strong ETag names bytes: the compressed ones are others (RFC 9110 §8.8.3.3).
        var etag = $"\"{published.ETag}{(gzip ? "-gzip" : "")}\"";
        response.Headers.ETag = etag;
        response.Headers.CacheControl = $"public, max-age={(long)options.StatusTimeToLive.TotalSeconds}";
        if (IsUnchanged(http.Request, etag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        if (gzip)
            response.Headers.ContentEncoding = "gzip";
        await Answers.BytesAsync(response, gzip ? published.Gzip : published.Token, StatusListNames.JwtMediaType);
    }

    private static bool AcceptsJwt(HttpRequest request)
    {
        var accept = request.GetTypedHeaders().Accept;
        var jwt = new MediaTypeHeaderValue(StatusListNames.JwtMediaType);
        return accept.Count == 0 || accept.Any(range => jwt.IsSubsetOf(new MediaTypeHeaderValue(range.MediaType)) && range.Quality is not 0);
    }

    private static bool AcceptsGzip(HttpRequest request) =>
        request.GetTypedHeaders().AcceptEncoding.Any(coding => coding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase) && coding.Quality is not 0);

    private static bool IsUnchanged(HttpRequest request, string etag) =>
        request.GetTypedHeaders().IfNoneMatch.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Tag.Equals(etag, StringComparison.Ordinal));
}
