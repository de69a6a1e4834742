using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Credentials.Verifier.Pages;
using Credentials.Verifier.Storage;

namespace Credentials.Verifier.Http;

/// <summary>Turns what went wrong into the answer its reader understands. Unknown faults say a trace id and nothing else.</summary>
internal static partial class ErrorMapping
{
    private sealed record Answer(int Status, string Code, string OAuthError, string Title);

    public static void UseErrorMapping(this WebApplication app)
    {
        var logger = app.Services.GetRequiredService<ILogger<VerifierHost>>();
        app.Use(async (http, next) =>
        {
            try
            {
                await next(http);
            }
            catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
            {
                // Nobody is left to answer.
            }
            catch (Exception e) when (!http.Response.HasStarted)
            {
                http.Response.Clear();
                var answer = For(e);
                // What is refused on purpose, too many at once, is no fault and would fill the log.
                if (answer.Status >= 500 && e is not (ProtocolException or ClockOffException))
                    LogFault(logger, e.GetType().Name, e.TargetSite?.DeclaringType?.Name, TraceId());
                await WriteAsync(http, answer);
            }
        });
        app.UseStatusCodePages(c => WriteAsync(c.HttpContext, ForStatus(c.HttpContext.Response.StatusCode)));
    }

    private static Answer For(Exception exception) => exception switch
    {
        ProtocolException e => new(e.HttpStatus ?? 400, e.Code, e.Error, e.Message),
        MalformedDataException e => new(400, e.Code, "invalid_request", e.Message),
        NotSupportedCredentialException e => new(400, e.Code, "invalid_request", e.Message),
        BadHttpRequestException e => new(e.StatusCode, VerifierCodes.RequestMalformed, "invalid_request", "The request cannot be read."),
        CredentialException e => new(503, e.Code, "temporarily_unavailable", "A key or a service this needs cannot be reached."),
        ClockOffException e => new(503, VerifierCodes.ClockOff, "temporarily_unavailable", e.Message),
        _ when DatabaseSetup.IsUnavailable(exception) || exception is IOException =>
            new(503, VerifierCodes.StorageUnavailable, "temporarily_unavailable", "The database cannot be reached."),
        CryptographicException => new(503, VerifierCodes.KeyUnavailable, "temporarily_unavailable", "A stored value cannot be read."),
        _ => new(500, VerifierCodes.Fault, "server_error", "The service failed."),
    };

    private static Answer ForStatus(int status) => status switch
    {
        404 => new(404, VerifierCodes.RequestNoSuchRoute, "not_found", "There is nothing here."),
        405 => new(405, VerifierCodes.RequestMethod, "invalid_request", "This method is not allowed here."),
        413 => new(413, VerifierCodes.RequestTooLarge, "invalid_request", "The request is too large."),
        415 => new(415, VerifierCodes.RequestContentType, "invalid_request", "This content type is not accepted here."),
        429 => new(429, VerifierCodes.RequestTooMany, "temporarily_unavailable", "Too many requests; try again later."),
        _ => new(status, VerifierCodes.RequestRefused, "invalid_request", "The request is refused."),
    };

    private static async Task WriteAsync(HttpContext http, Answer answer)
    {
        http.Response.StatusCode = answer.Status;
        if (answer.Status is 503 or 429 && !http.Response.Headers.ContainsKey("Retry-After"))
            http.Response.Headers.RetryAfter = "5";
        if (answer.Status == 401)
            http.Response.Headers.WWWAuthenticate = "Bearer";
        var audience = http.GetEndpoint()?.Metadata.OfType<RouteAudience>().Cast<RouteAudience?>().LastOrDefault() ?? GuessAudience(http);
        if (audience == RouteAudience.Person)
        {
            await ErrorPage.WriteAsync(http, answer.Status);
            return;
        }
        var body = audience == RouteAudience.Wallet
            ? new JsonObject { ["error"] = answer.OAuthError }
            : new JsonObject { ["title"] = answer.Title, ["status"] = answer.Status, ["code"] = answer.Code };
        if (answer.Status >= 500)
            body["trace_id"] = TraceId();
        http.Response.ContentType = audience == RouteAudience.Wallet ? "application/json" : "application/problem+json";
        await http.Response.WriteAsync(body.ToJsonString());
    }

    private static RouteAudience GuessAudience(HttpContext http)
    {
        if (http.Request.Path.StartsWithSegments("/wallet"))
            return RouteAudience.Wallet;
        return http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase) ? RouteAudience.Person : RouteAudience.RelyingParty;
    }

    private static string TraceId() => Activity.Current?.TraceId.ToString() ?? "none";

    // The exception's text stays out of the log: it may quote what somebody sent.
    [LoggerMessage(Level = LogLevel.Error, Message = "A request failed: {Kind} in {Place}, trace {TraceId}")]
    private static partial void LogFault(ILogger logger, string kind, string? place, string traceId);
}
