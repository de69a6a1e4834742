using Credentials.Codecs;
using Credentials.Keys;

namespace Credentials.Mdoc.Proximity;

/// <summary>
/// How a reader offers itself to the holder's device: in an NFC handover request, or on its own (reverse engagement, second
/// edition of ISO/IEC 18013-5). Only read here; members beyond these are passed over.
/// </summary>
public sealed class ReaderEngagement
{
    private ReaderEngagement(ReadOnlyMemory<byte> bytes, string version, (EncodedCbor Bytes, KeyAgreementPublicKey Key)? security, IReadOnlyList<RetrievalMethod> methods)
    {
        Encoded = EncodedCbor.Wrap(bytes);
        Version = version;
        EReaderKeyBytes = security?.Bytes;
        EReaderKey = security?.Key;
        RetrievalMethods = methods;
    }

    /// <summary><c>ReaderEngagementBytes</c>, with the content as received.</summary>
    public EncodedCbor Encoded { get; }

    /// <summary>The version, <c>1.</c> and a minor number.</summary>
    public string Version { get; }

    /// <summary><c>EReaderKeyBytes</c>; null in a handover request, whose key comes with the session establishment.</summary>
    public EncodedCbor? EReaderKeyBytes { get; }

    /// <summary>The reader's ephemeral public key, likewise.</summary>
    public KeyAgreementPublicKey? EReaderKey { get; }

    /// <summary>The ways to reach the reader.</summary>
    public IReadOnlyList<RetrievalMethod> RetrievalMethods { get; }

    /// <summary>Reads a reader engagement.</summary>
    /// <exception cref="MalformedDataException">As for <see cref="DeviceEngagement.Parse"/>.</exception>
    /// <exception cref="NotSupportedCredentialException">As for <see cref="DeviceEngagement.Parse"/>.</exception>
    public static ReaderEngagement Parse(ReadOnlyMemory<byte> bytes)
    {
        var map = CborValue.Decode(bytes, ProximityCodes.EngagementMalformed, ProximityLimits.Engagement);
        return new ReaderEngagement(
            bytes,
            EngagementSecurity.ReadVersion(map),
            map.Find(EngagementSecurity.SecurityLabel) is { } security ? EngagementSecurity.ReadKey(security) : null,
            map.Find(EngagementSecurity.MethodsLabel) is { } list ? RetrievalMethod.ParseList(list) : []);
    }
}
