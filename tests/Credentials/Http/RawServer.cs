using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Credentials.Tests.Http;

/// <summary>A socket on loopback that says to each client what the test writes, HTTP or not.</summary>
internal sealed class RawServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private int _connections;

    public RawServer(Func<NetworkStream, CancellationToken, Task> talk)
    {
        _listener.Start();
        _ = AcceptAsync(talk);
    }

    public Uri Url => new($"http://127.0.0.1:{Port}/");

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Connections => Volatile.Read(ref _connections);

    public static ValueTask WriteAsync(NetworkStream stream, string text, CancellationToken stop) =>
        stream.WriteAsync(Encoding.ASCII.GetBytes(text), stop);

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync(Func<NetworkStream, CancellationToken, Task> talk)
    {
        var stop = _stop.Token;
        while (!stop.IsCancellationRequested)
        {
            using var client = await _listener.AcceptTcpClientAsync(stop);
            Interlocked.Increment(ref _connections);
            try
            {
                await talk(client.GetStream(), stop);
            }
            catch (IOException)
            {
                // The client hung up, as it should.
            }
        }
    }
}
