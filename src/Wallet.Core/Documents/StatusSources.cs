using Credentials.Http;
using Credentials.StatusLists;
using Credentials.W3c;

namespace Credentials.Wallet.Core.Documents;

/// <summary>The status lists of all formats, with their caches.</summary>
internal sealed class StatusSources(OutboundHttp http)
{
    // Room for the largest list there may be. One that does not stay would be fetched for each copy.
    private const long MaxCacheBytes = 32 * 1024 * 1024;

    public StatusListClient TokenLists { get; } = new(http, MaxCacheBytes);

    public BitstringStatusListClient BitstringLists { get; } = new(http, MaxCacheBytes);
}
