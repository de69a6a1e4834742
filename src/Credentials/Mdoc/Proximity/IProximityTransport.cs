namespace Credentials.Mdoc.Proximity;

/// <summary>
/// A connection to the other device (ISO/IEC 18013-5 §8.3) that carries whole messages, in order. How it is opened belongs to
/// its technology; one with small packets, as BLE, cuts and joins with <see cref="MessageFragments"/> and
/// <see cref="FragmentJoiner"/>. Disposing of it disconnects.
/// </summary>
public interface IProximityTransport : IAsyncDisposable
{
    /// <summary>Sends a message.</summary>
    /// <exception cref="FetchException"><c>proximity.disconnected</c>.</exception>
    ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default);

    /// <summary>Waits for the next message; null when the other side has disconnected.</summary>
    /// <exception cref="MalformedDataException"><c>proximity.message_too_large</c>, <c>proximity.fragment_malformed</c>.</exception>
    /// <exception cref="FetchException"><c>proximity.disconnected</c>: in the middle of a message.</exception>
    ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellationToken = default);
}
