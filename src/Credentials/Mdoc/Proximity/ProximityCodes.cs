namespace Credentials.Mdoc.Proximity;

/// <summary>Error codes of sessions between two devices (ISO/IEC 18013-5 §8.2, §8.3, §9.1.1).</summary>
public static class ProximityCodes
{
    /// <summary>Not a device or reader engagement: members, types, lengths, the text of a QR code.</summary>
    public const string EngagementMalformed = "proximity.engagement_malformed";

    /// <summary>An engagement of another major version or cipher suite.</summary>
    public const string EngagementNotSupported = "proximity.engagement_not_supported";

    /// <summary>Not an NFC handover message: NDEF records, carriers without their record, no engagement in it.</summary>
    public const string HandoverMalformed = "proximity.handover_malformed";

    /// <summary>Not a session establishment or session data message, or a status that is not in Table 20.</summary>
    public const string MessageMalformed = "proximity.message_malformed";

    /// <summary>A message or a sum of fragments over the cap.</summary>
    public const string MessageTooLarge = "proximity.message_too_large";

    /// <summary>A message that this point of the session does not allow.</summary>
    public const string MessageOrder = "proximity.message_order";

    /// <summary>A message that the session keys and the counter do not open: changed, replayed, out of order, or of another session.</summary>
    public const string Decryption = "proximity.decryption";

    /// <summary>One side uses the other's ephemeral key as its own.</summary>
    public const string KeyReused = "proximity.key_reused";

    /// <summary>The device took a reader's engagement from another web site than the reader's, or does not say from where.</summary>
    public const string Origin = "proximity.origin";

    /// <summary>The response reports that the request could not be read or answered (ISO/IEC 18013-5 Table 8).</summary>
    public const string ResponseStatus = "proximity.response_status";

    /// <summary>The other side reports that it could not read our message (status 10 or 11).</summary>
    public const string PeerFailed = "proximity.peer_failed";

    /// <summary>The session is over; nothing more is sent or read in it.</summary>
    public const string SessionEnded = "proximity.session_ended";

    /// <summary>A fragment that breaks §8.3.3.1.1.6: no content, a wrong first byte, longer than a characteristic.</summary>
    public const string FragmentMalformed = "proximity.fragment_malformed";

    /// <summary>The connection to the other device broke off or was never there.</summary>
    public const string Disconnected = "proximity.disconnected";
}
