namespace Credentials.Issuer.Bulk;

/// <summary>Tells this process's worker that there is something to do, so that it need not wait for its next look.</summary>
internal sealed class BatchSignal : IDisposable
{
    private readonly SemaphoreSlim _there = new(0);

    internal void Wake() => _there.Release();

    internal Task WaitAsync(TimeSpan atMost, CancellationToken ct) => _there.WaitAsync(atMost, ct);

    public void Dispose() => _there.Dispose();
}
