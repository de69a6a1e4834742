using System.Formats.Cbor;
using Credentials.Codecs;

namespace Credentials.Mdoc.Proximity;

/// <summary>
/// A port of this machine on which the holder's program waits, for development and demonstrations: no method of ISO/IEC 18013-5, and
/// of no use to a reader elsewhere. Only the port is told, so that an engagement cannot send a reader to another machine;
/// <see cref="TcpLoopbackTransport"/> carries the messages.
/// </summary>
public sealed record LoopbackRetrieval : RetrievalMethod
{
    /// <summary>"loop" in ASCII: far from the numbers that the standard gives out, so that readers of others pass it over.</summary>
    internal const long TypeNumber = 0x6c6f6f70;

    private const long PortLabel = 0;

    /// <summary>Creates the method.</summary>
    /// <param name="port">The TCP port, 1 024 to 65 535: an engagement sends nobody to the services of the system.</param>
    public LoopbackRetrieval(int port) : base(TypeNumber, 1)
    {
        if (!IsPort(port)) throw new ArgumentOutOfRangeException(nameof(port));
        Port = port;
    }

    /// <summary>The TCP port on the loopback address.</summary>
    public int Port { get; }

    internal static LoopbackRetrieval Parse(CborValue options) =>
        options.Require(PortLabel).GetInt64() is var port && IsPort(port) ? new((int)port) : throw options.Wrong("a port from 1024 on");

    private protected override void WriteOptions(CborWriter writer)
    {
        writer.WriteStartMap(1);
        writer.WriteInt64(PortLabel);
        writer.WriteInt32(Port);
        writer.WriteEndMap();
    }

    private static bool IsPort(long port) => port is >= 1024 and <= 65_535;
}
