using Credentials.Codecs;

namespace Credentials.Mdoc.Proximity;

/// <summary>What a stranger's device may make us read.</summary>
public static class ProximityLimits
{
    /// <summary>Characters of an engagement in a QR code, <c>mdoc:</c> included.</summary>
    public const int QrCharacters = 4096;

    /// <summary>Bytes of a device or reader engagement.</summary>
    public const int EngagementBytes = 4096;

    /// <summary>Bytes of an NFC handover message.</summary>
    public const int HandoverBytes = 8192;

    /// <summary>Records of an NFC handover message.</summary>
    public const int HandoverRecords = 32;

    /// <summary>Bytes of one session message, unless the caller asks for less.</summary>
    public const int MessageBytes = 1 << 20;

    internal static CborLimits Engagement { get; } = new(EngagementBytes, MaxDepth: 8, MaxMembers: 64, MaxItems: 512);
}
