namespace Credentials.Http;

/// <summary>
/// Limits how much is under way at once, in all and per host, and how much may wait. A caller waits for its host first, so that
/// callers of one slow host do not hold the places of all others.
/// </summary>
internal sealed class ConcurrencyGate(int maxConcurrent, int maxPerHost, int maxQueued) : IDisposable
{
    private readonly SemaphoreSlim _all = new(maxConcurrent);
    private readonly Dictionary<string, Host> _hosts = new(StringComparer.OrdinalIgnoreCase);
    private int _present;

    private sealed class Host(int places)
    {
        public readonly SemaphoreSlim Places = new(places);
        public int Users;
    }

    /// <summary>Waits for a place; the result gives it back.</summary>
    /// <exception cref="FetchException">More callers wait than allowed.</exception>
    public async Task<IDisposable> EnterAsync(string hostName, CancellationToken cancellationToken)
    {
        var host = Join(hostName);
        try
        {
            await host.Places.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                await _all.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                host.Places.Release();
                throw;
            }
        }
        catch
        {
            Leave(hostName, host);
            throw;
        }

        return new Place(this, hostName, host);
    }

    public void Dispose() => _all.Dispose();

    private Host Join(string hostName)
    {
        lock (_hosts)
        {
            if (_present >= maxConcurrent + maxQueued)
            {
                throw new FetchException(HttpCodes.Busy, "Too many outgoing requests are under way.");
            }

            if (!_hosts.TryGetValue(hostName, out var host))
            {
                _hosts.Add(hostName, host = new Host(maxPerHost));
            }

            _present++;
            host.Users++;
            return host;
        }
    }

    private void Leave(string hostName, Host host)
    {
        lock (_hosts)
        {
            _present--;
            if (--host.Users == 0)
            {
                _hosts.Remove(hostName);
                host.Places.Dispose();
            }
        }
    }

    private sealed class Place(ConcurrencyGate gate, string hostName, Host host) : IDisposable
    {
        public void Dispose()
        {
            gate._all.Release();
            host.Places.Release();
            gate.Leave(hostName, host);
        }
    }
}
