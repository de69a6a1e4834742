namespace Credentials.Verifier.Http;

/// <summary>
/// How much of requests' bodies this process holds while the rest of them arrives, of all connections together. The beginning of each is free,
/// so that large ones cannot keep out the small, which most are.
/// </summary>
/// <param name="most">Bytes.</param>
internal sealed class BodyBudget(long most = BodyBudget.Default)
{
    public const long Default = 8 << 20;

    private long _held;

    /// <summary>False: nothing was taken, because it would be too much.</summary>
    public bool TryTake(int bytes)
    {
        if (Interlocked.Add(ref _held, bytes) <= most)
            return true;
        GiveBack(bytes);
        return false;
    }

    public void GiveBack(int bytes) => Interlocked.Add(ref _held, -bytes);
}
