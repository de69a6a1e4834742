using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Credentials.Http;

/// <summary>What <see cref="OutboundHttp"/> may reach and how much of it at a time.</summary>
public sealed record OutboundHttpOptions
{
    /// <summary>Allows <c>http</c> and <c>https</c> to <c>localhost</c>, <c>127.0.0.0/8</c> and <c>[::1]</c>: development and demonstrations.</summary>
    public bool AllowLoopbackHttp { get; init; }

    /// <summary>Host names or literal addresses that the operator names and that may have private addresses. Still https only.</summary>
    public IReadOnlyList<string> PrivateHosts { get; init; } = [];

    /// <summary>Roots that TLS servers must chain to; null: the machine's own.</summary>
    public IReadOnlyList<X509Certificate2>? TlsRoots { get; init; }

    /// <summary>Exchanges under way at once.</summary>
    public int MaxConcurrent { get; init; } = 32;

    /// <summary>Exchanges under way at once with one host.</summary>
    public int MaxConcurrentPerHost { get; init; } = 8;

    /// <summary>Exchanges waiting for a place; further ones are refused with <see cref="HttpCodes.Busy"/>.</summary>
    public int MaxQueued { get; init; } = 256;

    /// <summary>Clock of the deadlines.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where clients of this keep copies of what they found good, for when the network is away; null: nowhere.</summary>
    public KeptDocuments? Kept { get; init; }

    /// <summary>Name resolution; a seam for tests of what is refused after it.</summary>
    internal Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;
}
