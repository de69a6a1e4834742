using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace Credentials.Verifier.Http;

/// <summary>The load balancers in front, whose word on a client's address counts: without them, every client would share the limits of one address.</summary>
internal static class TrustedProxies
{
    /// <summary>Reads an address or a network (<c>10.0.0.5</c>, <c>10.0.0.0/24</c>).</summary>
    internal static bool TryRead(string text, out IPNetwork network) =>
        IPNetwork.TryParse(text.Contains('/', StringComparison.Ordinal) || !IPAddress.TryParse(text, out var one) ? text : $"{one}/{one.GetAddressBytes().Length * 8}", out network);

    /// <summary>Takes a client's address from <c>X-Forwarded-For</c>, as far as trusted proxies wrote it; host and scheme are never taken from a request.</summary>
    internal static void Use(WebApplication app, IReadOnlyList<string> proxies)
    {
        if (proxies.Count == 0)
            return;
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var text in proxies)
        {
            if (TryRead(text, out var network))
                options.KnownIPNetworks.Add(network);
        }

        app.UseForwardedHeaders(options);
    }
}
