namespace Credentials.Verifier.Http;

/// <summary>The headers of every answer, errors included.</summary>
internal static class SecurityHeaders
{
    // Portraits in a result are data: images; nothing else may come from anywhere but this service.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void UseSecurityHeaders(this IApplicationBuilder app, ServiceUrl url) => app.Use((http, next) =>
    {
        // Set at the last moment, so that nothing on the way can lose them.
        http.Response.OnStarting(() => Set(http.Response.Headers, url));
        return next(http);
    });

    private static Task Set(IHeaderDictionary headers, ServiceUrl url)
    {
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
        if (headers.CacheControl.Count == 0)
            headers.CacheControl = "no-store";
        if (url.IsHttps)
            headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
        return Task.CompletedTask;
    }
}
