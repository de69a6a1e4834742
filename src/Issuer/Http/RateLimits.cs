using System.Globalization;
using System.Threading.RateLimiting;

namespace Credentials.Issuer.Http;

/// <summary>How often one address may call the routes that are open to everybody. Guessing of transaction codes is limited per code, in the database.</summary>
internal static class RateLimits
{
    internal const string Public = "public";

    /// <summary>Passwords are expensive to check, on purpose.</summary>
    internal const string SignIn = "sign-in";

    internal static void Add(IServiceCollection services) => services.AddRateLimiter(limiter =>
    {
        limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limiter.AddPolicy(Public, http => RateLimitPartition.GetSlidingWindowLimiter(
            http.Connection.RemoteIpAddress?.ToString() ?? "",
            _ => new SlidingWindowRateLimiterOptions
            {
                PermitLimit = http.RequestServices.GetRequiredService<IssuerOptions>().PublicRequestsPerMinute,
                Window = TimeSpan.FromMinutes(1),
                SegmentsPerWindow = 6,
                QueueLimit = 0,
            }));
        limiter.AddPolicy(SignIn, http => RateLimitPartition.GetSlidingWindowLimiter(
            http.Connection.RemoteIpAddress?.ToString() ?? "",
            _ => new SlidingWindowRateLimiterOptions
            {
                PermitLimit = http.RequestServices.GetRequiredService<IssuerOptions>().SignInsPerMinute,
                Window = TimeSpan.FromMinutes(1),
                SegmentsPerWindow = 6,
                QueueLimit = 0,
            }));
        limiter.OnRejected = async (context, _) =>
        {
            var wait = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(10);
            context.HttpContext.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            await ErrorMapping.WriteAsync(context.HttpContext, 429, "temporarily_unavailable", IssuerCodes.RateLimited, "Too many requests; try again later.");
        };
    });
}
