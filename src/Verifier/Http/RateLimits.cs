using System.Threading.RateLimiting;

namespace Credentials.Verifier.Http;

/// <summary>Limits per client address, in this process.</summary>
internal static class RateLimits
{
    public const string PerAddress = "per_address";

    public static void AddVerifierRateLimits(this IServiceCollection services, VerifierHostOptions options)
    {
        services.AddSingleton<WrongSecretLimit>();
        services.AddRateLimiter(limits =>
        {
            limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limits.AddPolicy(PerAddress, http => RateLimitPartition.GetTokenBucketLimiter(Address(http), _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = options.RequestsPerMinute,
                TokensPerPeriod = Math.Max(1, options.RequestsPerMinute / 60),
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                AutoReplenishment = true,
            }));
        });
    }

    /// <summary>The peer's address; an IPv6 host commonly owns a /64 and counts as one.</summary>
    public static string Address(HttpContext http)
    {
        var ip = http.Connection.RemoteIpAddress;
        if (ip is null)
            return "";
        if (ip.IsIPv4MappedToIPv6)
            ip = ip.MapToIPv4();
        var bytes = ip.GetAddressBytes();
        return Convert.ToHexString(bytes.AsSpan(0, Math.Min(8, bytes.Length)));
    }
}
