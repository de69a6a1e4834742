namespace Credentials.Mdoc.Proximity;

/// <summary>
/// The BLE carrier of an NFC handover (ISO/IEC 18013-5 §8.2.2.1): fields of length, type and data as in Bluetooth
/// advertising (Core Specification Supplement, part A).
/// </summary>
internal static class BleOutOfBand
{
    private const byte ServiceUuids = 0x07;
    private const byte DeviceAddress = 0x1b;
    private const byte Role = 0x1c;
    private const byte OnlyPeripheral = 0;
    private const byte OnlyCentral = 1;
    private const byte BothPeripheralPreferred = 2;
    private const byte BothCentralPreferred = 3;
    private const int UuidLength = 16;

    /// <summary>Reads the carrier. The role is the sender's: a reader that is the peripheral means a holder that is the central.</summary>
    public static BleRetrieval Parse(ReadOnlySpan<byte> payload, bool fromReader)
    {
        byte? role = null;
        Guid? uuid = null;
        ReadOnlyMemory<byte> address = default;
        while (!payload.IsEmpty)
        {
            var length = payload[0];
            if (length == 0 || payload.Length <= length) throw NdefRecord.Malformed();
            var type = payload[1];
            var data = payload[2..(length + 1)];
            if (type == Role && data.Length == 1 && role is null) role = data[0];
            else if (type == Role) throw NdefRecord.Malformed();
            else if (type == ServiceUuids && data.Length == UuidLength && uuid is null) uuid = LittleEndian(data);
            else if (type == ServiceUuids) throw NdefRecord.Malformed();
            else if (type == DeviceAddress && data.Length >= BleRetrieval.AddressLength) address = data[..BleRetrieval.AddressLength].ToArray();
            payload = payload[(length + 1)..];
        }

        if (role is null or > BothCentralPreferred) throw NdefRecord.Malformed();
        var (senderIsServer, senderIsClient) = (role != OnlyCentral, role != OnlyPeripheral);
        var (server, client) = fromReader ? (senderIsClient, senderIsServer) : (senderIsServer, senderIsClient);
        return new BleRetrieval(server, client)
        {
            PeripheralServerUuid = server ? uuid : null,
            CentralClientUuid = client ? uuid : null,
            DeviceAddress = address,
        };
    }

    /// <summary>The sender's carrier. Both modes share one UUID; a holder writes none when the reader's request has named it.</summary>
    public static byte[] Write(BleRetrieval ble, bool fromReader)
    {
        var uuid = ble.PeripheralServerUuid ?? ble.CentralClientUuid;
        if (ble.PeripheralServer && ble.CentralClient && ble.PeripheralServerUuid != ble.CentralClientUuid)
            throw new ArgumentException("In an NFC handover both modes have the same UUID.", nameof(ble));
        var senderIsServer = fromReader ? ble.CentralClient : ble.PeripheralServer;
        byte[] role = [2, Role, ble.PeripheralServer && ble.CentralClient ? BothPeripheralPreferred : senderIsServer ? OnlyPeripheral : OnlyCentral];
        return uuid is null ? role : [.. role, UuidLength + 1, ServiceUuids, .. Reversed(uuid.Value)];
    }

    private static byte[] Reversed(Guid uuid)
    {
        var bytes = uuid.ToByteArray(bigEndian: true);
        Array.Reverse(bytes);
        return bytes;
    }

    private static Guid LittleEndian(ReadOnlySpan<byte> data)
    {
        var bytes = data.ToArray();
        Array.Reverse(bytes);
        return new Guid(bytes, bigEndian: true);
    }
}
