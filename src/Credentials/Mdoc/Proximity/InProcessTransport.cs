using System.Threading.Channels;

namespace Credentials.Mdoc.Proximity;

/// <summary>Two ends of a connection inside one process, for tests and demonstrations. Messages travel in fragments as over BLE.</summary>
public sealed class InProcessTransport : IProximityTransport
{
    private const int FragmentsUnderWay = 64;

    private readonly ChannelReader<byte[]> _incoming;
    private readonly ChannelWriter<byte[]> _outgoing;
    private readonly int _mtu;
    private readonly FragmentJoiner _joiner;

    private InProcessTransport(ChannelReader<byte[]> incoming, ChannelWriter<byte[]> outgoing, int mtu, int maxMessageBytes)
    {
        (_incoming, _outgoing, _mtu) = (incoming, outgoing, mtu);
        _joiner = new FragmentJoiner(maxMessageBytes);
    }

    /// <summary>Makes both ends.</summary>
    /// <param name="mtu">The ATT_MTU by which messages are cut, 23 or more.</param>
    /// <param name="maxMessageBytes">The longest message to receive.</param>
    public static (InProcessTransport Holder, InProcessTransport Reader) CreatePair(int mtu = 512, int maxMessageBytes = ProximityLimits.MessageBytes)
    {
        MessageFragments.FragmentBytes(mtu);
        var (toHolder, toReader) = (Channel.CreateBounded<byte[]>(FragmentsUnderWay), Channel.CreateBounded<byte[]>(FragmentsUnderWay));
        return (new(toHolder.Reader, toReader.Writer, mtu, maxMessageBytes), new(toReader.Reader, toHolder.Writer, mtu, maxMessageBytes));
    }

    /// <inheritdoc/>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default)
    {
        foreach (var fragment in MessageFragments.Split(message, _mtu)) await SendFragmentAsync(fragment, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        while (await _incoming.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            while (_incoming.TryRead(out var fragment))
                if (_joiner.Add(fragment) is { } message) return message;
        }

        return _joiner.HasPart ? throw new FetchException(ProximityCodes.Disconnected, "The connection broke off in a message.") : null;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _outgoing.TryComplete();
        return ValueTask.CompletedTask;
    }

    /// <summary>Sends one fragment as it is, whatever it is.</summary>
    internal async ValueTask SendFragmentAsync(byte[] fragment, CancellationToken cancellationToken = default)
    {
        try
        {
            await _outgoing.WriteAsync(fragment, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException e)
        {
            throw new FetchException(ProximityCodes.Disconnected, "The connection is closed.", e);
        }
    }
}
