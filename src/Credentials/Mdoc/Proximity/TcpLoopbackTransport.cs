using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Credentials.Mdoc.Proximity;

/// <summary>
/// A connection between two processes of one machine, for tests and demonstrations; loopback only. Each message has its
/// length in four bytes, most significant first, in front.
/// </summary>
public sealed class TcpLoopbackTransport : IProximityTransport
{
    private const int HeaderBytes = 4;

    private readonly TcpClient _client;
    private readonly int _maxMessageBytes;

    private TcpLoopbackTransport(TcpClient client, int maxMessageBytes) => (_client, _maxMessageBytes) = (client, maxMessageBytes);

    /// <summary>Opens a port and waits for the other side to come.</summary>
    /// <param name="onListening">Is told the port.</param>
    /// <param name="maxMessageBytes">The longest message to receive.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="FetchException"><c>proximity.disconnected</c>: no port, or nobody came.</exception>
    public static async Task<TcpLoopbackTransport> AcceptAsync(
        Action<int> onListening, int maxMessageBytes = ProximityLimits.MessageBytes, CancellationToken cancellationToken = default)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        try
        {
            listener.Start(backlog: 1);
            onListening(((IPEndPoint)listener.LocalEndpoint).Port);
            return new(await listener.AcceptTcpClientAsync(cancellationToken).ConfigureAwait(false), maxMessageBytes);
        }
        catch (SocketException e)
        {
            throw Disconnected(e);
        }
    }

    /// <summary>Connects to the port that the other side opened.</summary>
    /// <exception cref="FetchException"><c>proximity.disconnected</c>: nobody listens there.</exception>
    public static async Task<TcpLoopbackTransport> ConnectAsync(
        int port, int maxMessageBytes = ProximityLimits.MessageBytes, CancellationToken cancellationToken = default)
    {
        var client = new TcpClient(AddressFamily.InterNetwork);
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken).ConfigureAwait(false);
            return new(client, maxMessageBytes);
        }
        catch (SocketException e)
        {
            client.Dispose();
            throw Disconnected(e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default)
    {
        if (message.IsEmpty) throw new ArgumentException("An empty message is not sent.", nameof(message));
        var framed = new byte[HeaderBytes + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(framed, message.Length);
        message.CopyTo(framed.AsMemory(HeaderBytes));
        try
        {
            await _client.GetStream().WriteAsync(framed, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            throw Disconnected(e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            var stream = _client.GetStream();
            var header = new byte[HeaderBytes];
            var read = await stream.ReadAtLeastAsync(header, HeaderBytes, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            if (read == 0) return null;
            if (read < HeaderBytes) throw Disconnected(null);
            var length = BinaryPrimitives.ReadUInt32BigEndian(header);
            if (length == 0) throw new MalformedDataException(ProximityCodes.FragmentMalformed, "A message without content.");
            if (length > _maxMessageBytes) throw new MalformedDataException(ProximityCodes.MessageTooLarge, "The message is too long.");
            var message = new byte[length];
            await stream.ReadExactlyAsync(message, cancellationToken).ConfigureAwait(false);
            return message;
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            throw Disconnected(e);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private static FetchException Disconnected(Exception? inner) => new(ProximityCodes.Disconnected, "The connection to the other device is not there.", inner);
}
