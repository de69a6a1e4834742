namespace Credentials.Mdoc.Proximity;

/// <summary>
/// What the holder's device says over NFC (ISO/IEC 18013-5 §8.2.2.1): the handover select message with its carriers and the
/// device engagement. The message is kept as it was sent: it is part of the session transcript.
/// </summary>
public sealed class HandoverSelect
{
    private HandoverSelect(ReadOnlyMemory<byte> bytes, DeviceEngagement engagement, IReadOnlyList<HandoverCarrier> carriers) =>
        (Bytes, Engagement, Carriers) = (bytes, engagement, carriers);

    /// <summary>The NDEF message.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The engagement in it.</summary>
    public DeviceEngagement Engagement { get; }

    /// <summary>The ways to go on.</summary>
    public IReadOnlyList<HandoverCarrier> Carriers { get; }

    /// <summary>Makes the message for BLE and NFC carriers, one of a kind.</summary>
    /// <param name="engagement">An engagement without retrieval methods.</param>
    /// <param name="carriers">The ways to go on, the preferred one first. A BLE carrier has one UUID for both modes, or none if the reader's request named it.</param>
    public static HandoverSelect Create(DeviceEngagement engagement, IReadOnlyList<RetrievalMethod> carriers) =>
        Parse(HandoverRecords.WriteSelect(carriers, engagement.Encode()));

    /// <summary>Reads the message.</summary>
    /// <param name="message">The NDEF message; not copied, and must not change afterwards.</param>
    /// <exception cref="MalformedDataException"><c>proximity.handover_malformed</c>, or as for <see cref="DeviceEngagement.Parse"/>.</exception>
    /// <exception cref="NotSupportedCredentialException">As for <see cref="DeviceEngagement.Parse"/>.</exception>
    public static HandoverSelect Parse(ReadOnlyMemory<byte> message)
    {
        var (records, carriers) = HandoverRecords.Parse(message, HandoverRecords.Select, fromReader: false);
        var engagement = HandoverRecords.Find(records, HandoverRecords.DeviceEngagementType) ?? throw NdefRecord.Malformed();
        return new HandoverSelect(message, DeviceEngagement.Parse(engagement), carriers);
    }

    /// <summary>The handover of the session transcript.</summary>
    /// <param name="request">The reader's request; null for static handover.</param>
    public ReadOnlyMemory<byte> ToHandover(HandoverRequest? request) => SessionTranscript.NfcHandover(Bytes, request?.Bytes);
}
