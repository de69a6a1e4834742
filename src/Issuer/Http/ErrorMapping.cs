using System.Diagnostics;
using System.Text.Json.Nodes;
using Credentials.Issuer.Pages;
using Credentials.Issuer.Storage;
using Credentials.OpenId4Vci;

namespace Credentials.Issuer.Http;

/// <summary>The one place that turns what went wrong into an answer: OAuth errors for wallets, problem documents for the agency, a page for people.</summary>
internal static class ErrorMapping
{
    private const string LoggerName = "Credentials.Issuer.Errors";

    internal static void Use(IApplicationBuilder app)
    {
        app.Use(async (http, next) =>
        {
            try
            {
                await next(http);
            }
            catch (Exception e) when (!http.Response.HasStarted)
            {
                if (e is OperationCanceledException && http.RequestAborted.IsCancellationRequested)
                    return; // nobody is listening any more
                await AnswerAsync(http, e);
            }
        });
        // Answers that routing gives without a body: unknown address, wrong method.
        app.UseStatusCodePages(context => WriteAsync(context.HttpContext, context.HttpContext.Response.StatusCode, OAuthErrorFor(context.HttpContext.Response.StatusCode), CodeFor(context.HttpContext.Response.StatusCode), null));
    }

    /// <summary>Writes a refusal in the form the caller of this address expects.</summary>
    internal static Task WriteAsync(HttpContext http, int status, string error, string code, string? message)
    {
        http.Response.StatusCode = status;
        var path = http.Request.Path.Value ?? "";
        if (path.Contains("/agency/", StringComparison.Ordinal) || path.Contains("/vc-api/", StringComparison.Ordinal))
        {
            // RFC 9457
            var problem = new JsonObject { ["type"] = "about:blank", ["title"] = message ?? error, ["status"] = status, ["code"] = code };
            return Answers.JsonAsync(http.Response, problem, status, "application/problem+json");
        }

        if (path.Contains("/o/", StringComparison.Ordinal) || path.Contains("/staff", StringComparison.Ordinal)
            || path.EndsWith("/authorize", StringComparison.Ordinal) || path.Contains("/sign-in", StringComparison.Ordinal))
        {
            return ErrorPage.WriteAsync(http, status);
        }

        return Answers.JsonAsync(http.Response, new OAuthErrorResponse(error, message).ToJson(), status);
    }

    private static Task AnswerAsync(HttpContext http, Exception e)
    {
        var logger = http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(LoggerName);
        http.Response.Clear();
        switch (e)
        {
            case ProtocolException protocol:
                var status = protocol.HttpStatus ?? 400;
                logger.LogInformation("Refused with {Code}, HTTP {Status}", protocol.Code, status);
                if (status is 503)
                    http.Response.Headers.RetryAfter = "2";
                if (status is 401 or 403)
                    http.Response.Headers.WWWAuthenticate = Challenge(http, protocol.Error);
                return WriteAsync(http, status, protocol.Error, protocol.Code, protocol.Message);
            case AgencyException agency:
                if (agency.Status == 401)
                    http.Response.Headers.WWWAuthenticate = "Bearer";
                return WriteAsync(http, agency.Status, OAuthErrorFor(agency.Status), agency.Code, agency.Message);
            case MalformedDataException or NotSupportedCredentialException:
                return WriteAsync(http, 400, OpenId4VciNames.InvalidRequest, ((CredentialException)e).Code, e.Message);
            case BadHttpRequestException bad:
                return WriteAsync(http, bad.StatusCode, OAuthErrorFor(bad.StatusCode), CodeFor(bad.StatusCode), null);
            case ClockOffException:
                http.Response.Headers.RetryAfter = "2";
                return WriteAsync(http, 503, "temporarily_unavailable", IssuerCodes.ClockOff, e.Message);
            case var _ when DatabaseSetup.IsUnavailable(e) || e is KeyUnavailableException or TimeoutException:
                logger.LogError("The database or a key cannot be used: {Kind}", e is KeyUnavailableException key ? key.Code : e.GetType().Name);
                http.Response.Headers.RetryAfter = "2";
                return WriteAsync(http, 503, "temporarily_unavailable", IssuerCodes.Unavailable, null);
            default:
                var trace = Activity.Current?.Id ?? http.TraceIdentifier;
                // The type and place, not the message: a message may carry what a person or wallet sent.
                logger.LogError("Unexpected {Kind}, trace {Trace}, at {Place}", e.GetType().FullName, trace, e.StackTrace);
                return WriteAsync(http, 500, "server_error", IssuerCodes.Internal, $"trace {trace}");
        }
    }

    // RFC 6750 §3, RFC 9449 §7.1: the scheme, and the error only where a token was sent.
    private static string Challenge(HttpContext http, string error)
    {
        var sent = http.Request.Headers.Authorization;
        var isDpop = sent.Count > 0
            ? sent[0]?.StartsWith(OpenId4VciNames.DpopTokenType + " ", StringComparison.OrdinalIgnoreCase) == true
            : http.RequestServices.GetRequiredService<IssuerOptions>().RequireDpop;
        var told = sent.Count > 0 ? $" error=\"{error}\"" : "";
        return isDpop
            ? $"DPoP{told}{(told.Length > 0 ? "," : "")} algs=\"{string.Join(' ', Authorization.DpopGate.Algorithms)}\""
            : $"Bearer{told}";
    }

    private static string OAuthErrorFor(int status) => status switch
    {
        404 => "not_found",
        429 or 503 => "temporarily_unavailable",
        401 => OpenId4VciNames.InvalidToken,
        >= 500 => "server_error",
        _ => OpenId4VciNames.InvalidRequest,
    };

    private static string CodeFor(int status) => status switch
    {
        404 => IssuerCodes.NotFound,
        405 => IssuerCodes.Method,
        406 => IssuerCodes.NotAcceptable,
        413 => IssuerCodes.TooLarge,
        429 => IssuerCodes.RateLimited,
        503 => IssuerCodes.Unavailable,
        >= 500 => IssuerCodes.Internal,
        _ => IssuerCodes.Request,
    };
}
