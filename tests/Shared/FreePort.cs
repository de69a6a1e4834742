using System.Net;
using System.Net.Sockets;

namespace Credentials.Tests.Shared;

/// <summary>TCP ports on loopback that no other process of the tests is given.</summary>
/// <remarks>
/// They lie below those that Linux gives to connections and to listeners that ask for any (32768 and up): one of these could take the port
/// of a service between two of its lives. Each process has a block of them for itself and holds the block's first port as long as it lives.
/// </remarks>
public static class FreePort
{
    private const int First = 10_000;
    private const int BlockSize = 500;
    private const int Blocks = 45;

    private static readonly TcpListener _claim = ClaimBlock();
    private static int _given;

    public static int Next()
    {
        for (var tries = 0; tries < BlockSize; tries++)
        {
            var port = ((IPEndPoint)_claim.LocalEndpoint).Port + 1 + (Interlocked.Increment(ref _given) % (BlockSize - 1));
            if (TryListen(port) is not { } listener)
                continue;
            listener.Dispose();
            return port;
        }
        throw new InvalidOperationException("every port of this process is in use");
    }

    private static TcpListener ClaimBlock()
    {
        var start = Random.Shared.Next(Blocks);
        return Enumerable.Range(0, Blocks).Select(i => TryListen(First + ((start + i) % Blocks * BlockSize))).FirstOrDefault(l => l is not null)
            ?? throw new InvalidOperationException("every block of ports is in use");
    }

    private static TcpListener? TryListen(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return listener;
        }
        catch (SocketException)
        {
            listener.Dispose();
            return null;
        }
    }
}
