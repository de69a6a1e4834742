using System.Security.Cryptography;
using Credentials.Codecs;
using Credentials.Keys;

namespace Credentials.Mdoc.Proximity;

/// <summary>
/// How a reader offers itself to the holder's device: in an NFC handover request (ISO/IEC 18013-5 §8.2.2.1), or on its own,
/// with its key (ISO/IEC TS 18013-7 Annex A). Members beyond these are passed over.
/// </summary>
public sealed class ReaderEngagement
{
    private const string Scheme = "mdoc://";

    private ReaderEngagement(ReadOnlyMemory<byte> bytes, string version, (EncodedCbor Bytes, KeyAgreementPublicKey Key)? security, IReadOnlyList<RetrievalMethod> methods)
    {
        Encoded = EncodedCbor.Wrap(bytes);
        Version = version;
        EReaderKeyBytes = security?.Bytes;
        EReaderKey = security?.Key;
        RetrievalMethods = methods;
    }

    /// <summary><c>ReaderEngagementBytes</c>, with the content as received or as made.</summary>
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

    /// <summary>Reads the text of a link or QR code: <c>mdoc://</c> and base64url without padding.</summary>
    /// <exception cref="MalformedDataException">As for <see cref="Parse"/>.</exception>
    /// <exception cref="NotSupportedCredentialException">As for <see cref="Parse"/>.</exception>
    public static ReaderEngagement ParseText(string text) => Parse(EngagementSecurity.FromText(text, Scheme));

    /// <summary>The text for a link or a QR code.</summary>
    public string ToText() => Scheme + StrictBase64Url.Encode(Encoded.Content.Span);

    /// <summary>The engagement of a reader that waits for a device to answer.</summary>
    internal static ReaderEngagement Create(KeyAgreementPublicKey eReaderKey, IReadOnlyList<RetrievalMethod> retrievalMethods) =>
        Parse(CborWriting.Encode(writer =>
        {
            writer.WriteStartMap(retrievalMethods.Count == 0 ? 2 : 3);
            EngagementSecurity.Write(writer, EngagementSecurity.BegunByReader, EngagementSecurity.EncodeKey(eReaderKey));
            if (retrievalMethods.Count > 0)
            {
                writer.WriteInt64(EngagementSecurity.MethodsLabel);
                RetrievalMethod.WriteList(writer, retrievalMethods);
            }

            writer.WriteEndMap();
        }));

    /// <summary>The engagement in a handover request: the version alone, since carriers and key come otherwise.</summary>
    internal static byte[] EncodeForHandover() => CborWriting.Encode(writer =>
    {
        writer.WriteStartMap(1);
        writer.WriteInt64(EngagementSecurity.VersionLabel);
        writer.WriteTextString(EngagementSecurity.FirstEdition);
        writer.WriteEndMap();
    });

    /// <summary>The handover of a session that a reader engagement began: its digest (TS 18013-7 Annex A, <c>ReaderEngagementBytesHash</c>).</summary>
    internal ReadOnlyMemory<byte> ToHandover() => CborWriting.Encode(writer => writer.WriteByteString(SHA256.HashData(Encoded.Bytes.Span)));
}
