using System.Net;
using System.Net.Sockets;

namespace Credentials.Http;

/// <summary>Which addresses a URL of unknown origin may lead to (RFC 6890 and the IANA special-purpose registries).</summary>
internal static class AddressRules
{
    private static readonly IPNetwork[] SpecialIPv4 =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
            "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
            "224.0.0.0/4", "240.0.0.0/4",
        }.Select(IPNetwork.Parse),
    ];

    // Only 2000::/3 is global unicast; that leaves out ::1, fe80::/10, fc00::/7, ff00::/8 and NAT64 (64:ff9b::/96, 64:ff9b:1::/48).
    private static readonly IPNetwork GlobalIPv6 = IPNetwork.Parse("2000::/3");

    // Teredo and other protocol assignments, documentation, 6to4.
    private static readonly IPNetwork[] SpecialIPv6 =
        [.. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20" }.Select(IPNetwork.Parse)];

    /// <summary>True when the address is an ordinary public one. An IPv4-mapped IPv6 address counts as what it maps to.</summary>
    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return address.AddressFamily == AddressFamily.InterNetwork
            ? !Contains(SpecialIPv4, address)
            : GlobalIPv6.Contains(address) && !Contains(SpecialIPv6, address);
    }

    /// <summary>True for the host names that may be reached over plain http in development.</summary>
    public static bool IsLoopbackHost(Uri url) =>
        url.IdnHost.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(url.IdnHost, out var address) && IsLoopback(address));

    /// <summary>True for 127.0.0.0/8 and ::1, the IPv4-mapped form included.</summary>
    public static bool IsLoopback(IPAddress address) => IPAddress.IsLoopback(address);

    private static bool Contains(IPNetwork[] networks, IPAddress address) => Array.Exists(networks, network => network.Contains(address));
}
