using System.Threading.RateLimiting;

namespace Credentials.Verifier.Http;

/// <summary>Counts wrong keys, page secrets and response codes per address, and stops the guessing. Right ones cost nothing.</summary>
internal sealed class WrongSecretLimit(VerifierHostOptions options) : IDisposable
{
    private readonly PartitionedRateLimiter<HttpContext> _limiter = PartitionedRateLimiter.Create<HttpContext, string>(http =>
        RateLimitPartition.GetFixedWindowLimiter(RateLimits.Address(http), _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = options.WrongSecretsPerMinute,
            Window = TimeSpan.FromMinutes(1),
        }));

    public void RefuseWhenExhausted(HttpContext http)
    {
        using var probe = _limiter.AttemptAcquire(http, permitCount: 0);
        if (!probe.IsAcquired)
            throw new ProtocolException(VerifierCodes.RequestTooMany, "temporarily_unavailable", "Too many wrong attempts; try again later.", StatusCodes.Status429TooManyRequests);
    }

    public void Count(HttpContext http)
    {
        using var spent = _limiter.AttemptAcquire(http);
    }

    public void Dispose() => _limiter.Dispose();
}
