using System.Text.Json.Nodes;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Mdoc.Proximity;

namespace Credentials.Cli.Inspection;

/// <summary>
/// Device engagements, the QR code that a holder shows to a reader nearby (ISO/IEC 18013-5 §8.2), and the reader's own
/// (ISO/IEC TS 18013-7 Annex A).
/// </summary>
internal static class EngagementInspector
{
    internal const string Scheme = "mdoc:";

    private const string ReaderScheme = "mdoc://";

    internal static JsonObject DescribeText(string text) => text.StartsWith(ReaderScheme, StringComparison.OrdinalIgnoreCase)
        ? Describe(ReaderEngagement.ParseText(text))
        : Describe(DeviceEngagement.ParseQrText(text));

    internal static JsonObject Describe(ReadOnlyMemory<byte> bytes) => Describe(DeviceEngagement.Parse(bytes));

    private static JsonObject Describe(DeviceEngagement engagement)
    {
        var description = Inspector.Kind("device engagement");
        description["version"] = engagement.Version;
        description["ephemeral_device_key"] = Describe(engagement.EDeviceKey);
        description["reached_by"] = new JsonArray([.. engagement.RetrievalMethods.Select(Describe)]);
        return description;
    }

    private static JsonObject Describe(ReaderEngagement engagement)
    {
        var description = Inspector.Kind("reader engagement");
        description["version"] = engagement.Version;
        description["ephemeral_reader_key"] = engagement.EReaderKey is { } key ? Describe(key) : null;
        description["reached_by"] = new JsonArray([.. engagement.RetrievalMethods.Select(Describe)]);
        return description;
    }

    private static JsonObject Describe(KeyAgreementPublicKey ephemeral)
    {
        var key = Jwk.Write(ephemeral);
        return new JsonObject { ["crv"] = (string?)key["crv"], ["x"] = (string?)key["x"], ["y"] = (string?)key["y"] };
    }

    private static JsonObject Describe(RetrievalMethod method) => method switch
    {
        BleRetrieval ble => new JsonObject
        {
            ["method"] = "Bluetooth LE",
            ["peripheral_server"] = ble.PeripheralServer,
            ["peripheral_server_uuid"] = ble.PeripheralServerUuid?.ToString(),
            ["central_client"] = ble.CentralClient,
            ["central_client_uuid"] = ble.CentralClientUuid?.ToString(),
            ["device_address"] = ble.DeviceAddress.IsEmpty ? null : Convert.ToHexStringLower(ble.DeviceAddress.Span),
        },
        NfcRetrieval nfc => new JsonObject { ["method"] = "NFC", ["max_command_bytes"] = nfc.MaxCommandLength, ["max_response_bytes"] = nfc.MaxResponseLength },
        WifiAwareRetrieval wifi => new JsonObject { ["method"] = "Wi-Fi Aware", ["operating_class"] = wifi.OperatingClass, ["channel"] = wifi.ChannelNumber },
        LoopbackRetrieval loopback => new JsonObject { ["method"] = "loopback TCP of the same machine (for development)", ["port"] = loopback.Port },
        _ => new JsonObject { ["method"] = $"unknown type {method.Type}, version {method.Version}" },
    };
}
