namespace Credentials.Verifier.Http;

/// <summary>The headers of every answer, errors included.</summary>
internal static class SecurityHeaders
{
    // Portraits in a result are data: images; nothing else may come from anywhere but this service.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'{0}; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action {1}; frame-ancestors 'none'";

    private static readonly string Strict = Policy("", "'none'");

    // A form's target is this service alone.
    private static readonly string WithForms = Policy("", "'self'");

    // The reader of QR codes is compiled from WebAssembly; this allows that and no other evaluation.
    private static readonly string WithCamera = Policy(" 'wasm-unsafe-eval'", "'self'");

    public static void UseSecurityHeaders(this IApplicationBuilder app, ServiceUrl url) => app.Use((http, next) =>
    {
        // Set at the last moment, so that nothing on the way can lose them.
        http.Response.OnStarting(() => Set(http.Response.Headers, url, http.GetEndpoint()?.Metadata.GetMetadata<PageNeeds>()));
        return next(http);
    });

    private static Task Set(IHeaderDictionary headers, ServiceUrl url, PageNeeds? needs)
    {
        headers.ContentSecurityPolicy = needs switch
        {
            null => Strict,
            { Camera: true } => WithCamera,
            _ => WithForms,
        };
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = needs is { Camera: true } ? "camera=(self), microphone=(), geolocation=()" : "camera=(), microphone=(), geolocation=()";
        if (headers.CacheControl.Count == 0)
            headers.CacheControl = "no-store";
        if (url.IsHttps)
            headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
        return Task.CompletedTask;
    }

    private static string Policy(string scripts, string forms) => string.Format(System.Globalization.CultureInfo.InvariantCulture, ContentSecurityPolicy, scripts, forms);
}

/// <summary>What a page needs of the browser beyond showing itself; a route without it gets the strictest headers.</summary>
/// <param name="Camera">It reads QR codes with the camera; without it, it only has forms.</param>
internal sealed record PageNeeds(bool Camera = false);
