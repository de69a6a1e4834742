using System.Formats.Cbor;
using Credentials.Codecs;

namespace Credentials.Mdoc.Proximity;

/// <summary>
/// Data transfer over Bluetooth Low Energy (ISO/IEC 18013-5 §8.2.1.1, <c>BleOptions</c>). The modes are the holder's: in
/// central client mode the reader's device is the GATT server.
/// </summary>
/// <param name="PeripheralServer">The holder's device can be the GATT server.</param>
/// <param name="CentralClient">The holder's device can be the GATT client.</param>
public sealed record BleRetrieval(bool PeripheralServer, bool CentralClient) : RetrievalMethod(TypeNumber, 1)
{
    internal const long TypeNumber = 2;
    internal const int AddressLength = 6;
    private const long SupportsPeripheralServer = 0;
    private const long SupportsCentralClient = 1;
    private const long UuidOfPeripheralServer = 10;
    private const long UuidOfCentralClient = 11;
    private const long AddressOfPeripheralServer = 20;

    /// <summary>The service in peripheral server mode. In an engagement it stands there with the mode, in an NFC handover it may come from the other side.</summary>
    public Guid? PeripheralServerUuid { get; init; }

    /// <summary>The service in central client mode, likewise.</summary>
    public Guid? CentralClientUuid { get; init; }

    /// <summary>The device address in peripheral server mode, six bytes in the order of transmission; empty if it is not told.</summary>
    public ReadOnlyMemory<byte> DeviceAddress { get; init; }

    internal static BleRetrieval Parse(CborValue options)
    {
        var (server, client) = (options.Require(SupportsPeripheralServer).GetBoolean(), options.Require(SupportsCentralClient).GetBoolean());
        var address = options.Find(AddressOfPeripheralServer)?.GetBytes() ?? default;
        if (address.Length is not (0 or AddressLength)) throw options.Wrong("a device address of six bytes");
        return new BleRetrieval(server, client)
        {
            PeripheralServerUuid = server ? Uuid(options.Require(UuidOfPeripheralServer)) : null,
            CentralClientUuid = client ? Uuid(options.Require(UuidOfCentralClient)) : null,
            DeviceAddress = address,
        };
    }

    private protected override void WriteOptions(CborWriter writer)
    {
        writer.WriteStartMap(2 + (PeripheralServer ? 1 : 0) + (CentralClient ? 1 : 0) + (DeviceAddress.IsEmpty ? 0 : 1));
        writer.WriteInt64(SupportsPeripheralServer);
        writer.WriteBoolean(PeripheralServer);
        writer.WriteInt64(SupportsCentralClient);
        writer.WriteBoolean(CentralClient);
        if (PeripheralServer) WriteUuid(writer, UuidOfPeripheralServer, PeripheralServerUuid);
        if (CentralClient) WriteUuid(writer, UuidOfCentralClient, CentralClientUuid);
        if (!DeviceAddress.IsEmpty)
        {
            writer.WriteInt64(AddressOfPeripheralServer);
            writer.WriteByteString(DeviceAddress.Span);
        }

        writer.WriteEndMap();
    }

    private static void WriteUuid(CborWriter writer, long label, Guid? uuid)
    {
        writer.WriteInt64(label);
        writer.WriteByteString((uuid ?? throw new InvalidOperationException("A mode in an engagement needs the UUID of its service.")).ToByteArray(bigEndian: true));
    }

    private static Guid Uuid(CborValue value) =>
        value.GetBytes() is { Length: 16 } bytes ? new Guid(bytes.Span, bigEndian: true) : throw value.Wrong("a UUID");
}
