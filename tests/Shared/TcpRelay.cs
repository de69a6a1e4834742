using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Credentials.Tests.Shared;

/// <summary>
/// A way to a server on loopback that can be cut as a network is: what is sent arrives nowhere and nobody is told, neither by an answer nor by a
/// reset. Bytes that were under way when it was cut arrive when it is healed, or never.
/// </summary>
public sealed class TcpRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentBag<Socket> _sockets = [];
    private readonly int _to;
    private readonly Task _accepting;
    private volatile Way _way = new();

    /// <param name="to">The server's port on loopback.</param>
    public TcpRelay(int to)
    {
        _to = to;
        _way.Open();
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>From now on nothing comes through, in neither direction. New connections are taken and hear nothing.</summary>
    public void Cut() => _way.Close();

    /// <summary>
    /// Ends the cut. Connections from before go on with what was held back, as after a few lost packets; or, when <paramref name="forget"/> is set,
    /// stay silent for ever, as behind a firewall that has forgotten them, and only new ones come through.
    /// </summary>
    public void Heal(bool forget)
    {
        if (forget)
            _way = new Way();
        _way.Open();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        foreach (var socket in _sockets)
            socket.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await _listener.AcceptSocketAsync(_end.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }

            _sockets.Add(client);
            _ = ConnectAsync(client, _way);
        }
    }

    private async Task ConnectAsync(Socket client, Way way)
    {
        var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        _sockets.Add(server);
        try
        {
            await way.PassAsync(_end.Token);
            await server.ConnectAsync(IPAddress.Loopback, _to, _end.Token);
            await Task.WhenAll(PumpAsync(client, server, way), PumpAsync(server, client, way));
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side is gone, and the other learns it.
        }

        client.Dispose();
        server.Dispose();
    }

    private async Task PumpAsync(Socket from, Socket to, Way way)
    {
        var buffer = new byte[16 * 1024];
        while (true)
        {
            int count;
            try
            {
                count = await from.ReceiveAsync(buffer, _end.Token);
            }
            catch (SocketException)
            {
                count = 0;
            }

            // The end of a connection is a packet like any other.
            await way.PassAsync(_end.Token);
            if (count == 0)
            {
                to.Shutdown(SocketShutdown.Both);
                return;
            }

            for (var sent = 0; sent < count;)
                sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), _end.Token);
        }
    }

    /// <summary>What connections made at one time pass through.</summary>
    private sealed class Way
    {
        private volatile TaskCompletionSource _open = New();

        internal Task PassAsync(CancellationToken ct) => _open.Task.WaitAsync(ct);

        internal void Open() => _open.TrySetResult();

        internal void Close()
        {
            if (_open.Task.IsCompleted)
                _open = New();
        }

        private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
