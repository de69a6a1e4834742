using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Credentials.Http;

/// <summary>Makes the platform's HTTP stack safe for URLs that others chose: what it may connect to and what it must not add.</summary>
internal static class GuardedHandler
{
    public static HttpMessageInvoker Create(OutboundHttpOptions options)
    {
#pragma warning disable RS0030 // This is the one home of the HTTP stack.
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            Credentials = null,
            PreAuthenticate = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            // No trace headers: a request must not tell a stranger which of our requests caused it.
            ActivityHeadersPropagator = null,
            MaxResponseHeadersLength = 32, // KiB
            MaxResponseDrainSize = 0,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            ConnectCallback = (context, cancellationToken) => ConnectAsync(context, options, cancellationToken),
            SslOptions = TlsOptions(options.TlsRoots),
        };
        return new HttpMessageInvoker(handler);
#pragma warning restore RS0030
    }

    private static SslClientAuthenticationOptions TlsOptions(IReadOnlyList<X509Certificate2>? roots)
    {
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        if (roots is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(roots.ToArray());
        }

        return new SslClientAuthenticationOptions
        {
            // BCP 195: TLS 1.2 is the floor.
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateChainPolicy = policy,
        };
    }

    private static async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, OutboundHttpOptions options, CancellationToken cancellationToken)
    {
        var url = context.InitialRequestMessage.RequestUri!;
        var addresses = await ResolveAsync(context.DnsEndPoint.Host, options, cancellationToken).ConfigureAwait(false);
        // Checked here, on the very addresses that are connected to, so that no second look-up can give another answer.
        var allowed = Array.FindAll(addresses, address => IsAllowed(address, url, options));
        if (allowed.Length == 0)
        {
            throw new FetchException(HttpCodes.AddressRefused, "The host has no address that may be connected to.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<IPAddress[]> ResolveAsync(string host, OutboundHttpOptions options, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out var literal))
        {
            return [literal];
        }

        var addresses = await options.Resolve(host, cancellationToken).ConfigureAwait(false);
        return addresses.Length > 0
            ? addresses
            : throw new FetchException(HttpCodes.Unreachable, "The host name has no address.");
    }

    private static bool IsAllowed(IPAddress address, Uri url, OutboundHttpOptions options)
    {
        // Loopback only under its own names: a public name that resolves to loopback is an attack.
        if (AddressRules.IsLoopbackHost(url))
        {
            return options.AllowLoopbackHttp && AddressRules.IsLoopback(address);
        }

        return AddressRules.IsPublic(address) || options.PrivateHosts.Contains(url.IdnHost, StringComparer.OrdinalIgnoreCase);
    }
}
