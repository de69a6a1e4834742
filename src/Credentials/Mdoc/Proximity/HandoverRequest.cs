namespace Credentials.Mdoc.Proximity;

/// <summary>What the reader says over NFC in a negotiated handover (ISO/IEC 18013-5 §8.2.2.1), kept as it was sent.</summary>
public sealed class HandoverRequest
{
    private HandoverRequest(ReadOnlyMemory<byte> bytes, ReaderEngagement? engagement, IReadOnlyList<HandoverCarrier> carriers) =>
        (Bytes, Engagement, Carriers) = (bytes, engagement, carriers);

    /// <summary>The NDEF message.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The reader engagement in it, if there is one.</summary>
    public ReaderEngagement? Engagement { get; }

    /// <summary>The ways to go on, from the holder's point of view.</summary>
    public IReadOnlyList<HandoverCarrier> Carriers { get; }

    /// <summary>Makes the message of a reader.</summary>
    /// <param name="carriers">The ways to go on, the preferred one first, from the holder's point of view. A BLE carrier has one UUID for both modes.</param>
    public static HandoverRequest Create(IReadOnlyList<RetrievalMethod> carriers) =>
        Parse(HandoverRecords.WriteRequest(carriers, ReaderEngagement.EncodeForHandover()));

    /// <summary>Reads the message.</summary>
    /// <param name="message">The NDEF message; not copied, and must not change afterwards.</param>
    /// <exception cref="MalformedDataException"><c>proximity.handover_malformed</c>, or as for <see cref="ReaderEngagement.Parse"/>.</exception>
    /// <exception cref="NotSupportedCredentialException">As for <see cref="ReaderEngagement.Parse"/>.</exception>
    public static HandoverRequest Parse(ReadOnlyMemory<byte> message)
    {
        var (records, carriers) = HandoverRecords.Parse(message, HandoverRecords.Request, fromReader: true);
        var engagement = HandoverRecords.Find(records, HandoverRecords.ReaderEngagementType);
        return new HandoverRequest(message, engagement is { } bytes ? ReaderEngagement.Parse(bytes) : null, carriers);
    }
}
