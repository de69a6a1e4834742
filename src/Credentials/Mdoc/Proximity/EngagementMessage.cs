using Credentials.Codecs;

namespace Credentials.Mdoc.Proximity;

/// <summary>The first message of a session that a reader began: the device's engagement (ISO/IEC TS 18013-7 Annex A, <c>DeviceEngagementMessage</c>).</summary>
internal static class EngagementMessage
{
    public static DeviceEngagement Parse(ReadOnlyMemory<byte> bytes) => DeviceEngagement.Read(
        CborValue.Decode(bytes, ProximityCodes.MessageMalformed, ProximityLimits.Engagement).Require("deviceEngagementBytes"u8).GetEncodedCbor());

    public static byte[] Encode(DeviceEngagement engagement) => CborWriting.Encode(writer =>
    {
        writer.WriteStartMap(1);
        writer.WriteTextString("deviceEngagementBytes");
        writer.WriteEncoded(engagement.Encoded.Bytes);
        writer.WriteEndMap();
    });
}
