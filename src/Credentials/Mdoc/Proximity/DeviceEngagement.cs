using Credentials.Codecs;
using Credentials.Keys;

namespace Credentials.Mdoc.Proximity;

/// <summary>
/// How the holder's device offers a session (ISO/IEC 18013-5 §8.2.1.1): its ephemeral key and the ways to reach it. The
/// bytes that were shown or read are kept: they are part of the session transcript.
/// </summary>
public sealed class DeviceEngagement
{
    private const string Scheme = "mdoc:";

    private DeviceEngagement(
        ReadOnlyMemory<byte> bytes, string version, EncodedCbor eDeviceKeyBytes, KeyAgreementPublicKey eDeviceKey, IReadOnlyList<RetrievalMethod> methods)
    {
        Encoded = EncodedCbor.Wrap(bytes);
        Version = version;
        EDeviceKeyBytes = eDeviceKeyBytes;
        EDeviceKey = eDeviceKey;
        RetrievalMethods = methods;
    }

    /// <summary><c>DeviceEngagementBytes</c>, with the content as received or as made.</summary>
    public EncodedCbor Encoded { get; }

    /// <summary>The version, <c>1.</c> and a minor number.</summary>
    public string Version { get; }

    /// <summary><c>EDeviceKeyBytes</c>, as received.</summary>
    public EncodedCbor EDeviceKeyBytes { get; }

    /// <summary>The holder's ephemeral public key.</summary>
    public KeyAgreementPublicKey EDeviceKey { get; }

    /// <summary>The ways to reach the device; empty in an NFC handover, whose carriers say it.</summary>
    public IReadOnlyList<RetrievalMethod> RetrievalMethods { get; }

    /// <summary>Makes an engagement of version 1.0.</summary>
    public static DeviceEngagement Create(KeyAgreementPublicKey eDeviceKey, IReadOnlyList<RetrievalMethod> retrievalMethods)
    {
        var key = EngagementSecurity.EncodeKey(eDeviceKey);
        var bytes = CborWriting.Encode(writer =>
        {
            writer.WriteStartMap(retrievalMethods.Count == 0 ? 2 : 3);
            EngagementSecurity.Write(writer, key);
            if (retrievalMethods.Count > 0)
            {
                writer.WriteInt64(EngagementSecurity.MethodsLabel);
                RetrievalMethod.WriteList(writer, retrievalMethods);
            }

            writer.WriteEndMap();
        });
        return new DeviceEngagement(bytes, EngagementSecurity.FirstEdition, key, eDeviceKey, retrievalMethods);
    }

    /// <summary>Reads an engagement. Server retrieval (member 3) and what later editions add are passed over.</summary>
    /// <param name="bytes">The encoded map, not in tag 24; not copied, and must not change afterwards.</param>
    /// <exception cref="MalformedDataException"><c>proximity.engagement_malformed</c>, <c>cbor.too_large</c>, or the key's: <c>cose.key_malformed</c>, <c>cose.key_private</c>, <c>key.invalid</c>.</exception>
    /// <exception cref="NotSupportedCredentialException"><c>proximity.engagement_not_supported</c>, <c>cose.key_not_supported</c>.</exception>
    public static DeviceEngagement Parse(ReadOnlyMemory<byte> bytes)
    {
        var map = CborValue.Decode(bytes, ProximityCodes.EngagementMalformed, ProximityLimits.Engagement);
        var version = EngagementSecurity.ReadVersion(map);
        var (keyBytes, key) = EngagementSecurity.ReadKey(map.Require(EngagementSecurity.SecurityLabel));
        var methods = map.Find(EngagementSecurity.MethodsLabel) is { } list ? RetrievalMethod.ParseList(list) : [];
        return new DeviceEngagement(bytes, version, keyBytes, key, methods);
    }

    /// <summary>Reads the text of a QR code (§8.2.2.3): <c>mdoc:</c> and base64url without padding.</summary>
    /// <exception cref="MalformedDataException">As for <see cref="Parse"/>.</exception>
    /// <exception cref="NotSupportedCredentialException">As for <see cref="Parse"/>.</exception>
    public static DeviceEngagement ParseQrText(string text)
    {
        if (text.Length > ProximityLimits.QrCharacters || !text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            throw new MalformedDataException(ProximityCodes.EngagementMalformed, "Not the text of a device engagement.");
        return Parse(StrictBase64Url.Decode(text.AsSpan(Scheme.Length), ProximityCodes.EngagementMalformed));
    }

    /// <summary>The encoded map, byte for byte as received or made.</summary>
    public ReadOnlyMemory<byte> Encode() => Encoded.Content;

    /// <summary>The text for a QR code.</summary>
    public string ToQrText() => Scheme + StrictBase64Url.Encode(Encoded.Content.Span);
}
