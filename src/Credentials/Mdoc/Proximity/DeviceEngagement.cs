using System.Formats.Cbor;
using Credentials.Codecs;
using Credentials.Keys;

namespace Credentials.Mdoc.Proximity;

/// <summary>
/// How the holder's device offers a session (ISO/IEC 18013-5 §8.2.1.1), or answers a reader's offer (ISO/IEC TS 18013-7
/// Annex A): its ephemeral key and the ways to reach it. The bytes that were shown, read or sent are kept: they are part of
/// the session transcript.
/// </summary>
public sealed class DeviceEngagement
{
    private const string Scheme = "mdoc:";

    // TS 18013-7 Annex A, OriginInfo: category 1, type 1 is a web site.
    private const long OriginCategory = 1;
    private const long DomainOrigin = 1;

    private DeviceEngagement(
        EncodedCbor encoded, string version, EncodedCbor eDeviceKeyBytes, KeyAgreementPublicKey eDeviceKey, IReadOnlyList<RetrievalMethod> methods)
    {
        Encoded = encoded;
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

    /// <summary>The ways to reach the device; empty in an NFC handover, whose carriers say it, and in the answer to a reader.</summary>
    public IReadOnlyList<RetrievalMethod> RetrievalMethods { get; }

    /// <summary>The domains of the web sites from which the device took a reader's offer, as the device says.</summary>
    public IReadOnlyList<string> OriginDomains { get; private init; } = [];

    /// <summary>Makes an engagement of version 1.0.</summary>
    public static DeviceEngagement Create(KeyAgreementPublicKey eDeviceKey, IReadOnlyList<RetrievalMethod> retrievalMethods)
    {
        var key = EngagementSecurity.EncodeKey(eDeviceKey);
        var bytes = CborWriting.Encode(writer =>
        {
            writer.WriteStartMap(retrievalMethods.Count == 0 ? 2 : 3);
            EngagementSecurity.Write(writer, EngagementSecurity.FirstEdition, key);
            if (retrievalMethods.Count > 0)
            {
                writer.WriteInt64(EngagementSecurity.MethodsLabel);
                RetrievalMethod.WriteList(writer, retrievalMethods);
            }

            writer.WriteEndMap();
        });
        return new DeviceEngagement(EncodedCbor.Wrap(bytes), EngagementSecurity.FirstEdition, key, eDeviceKey, retrievalMethods);
    }

    /// <summary>Makes the engagement that answers a reader's.</summary>
    internal static DeviceEngagement CreateAnswer(KeyAgreementPublicKey eDeviceKey, IReadOnlyList<string> originDomains)
    {
        var key = EngagementSecurity.EncodeKey(eDeviceKey);
        var bytes = CborWriting.Encode(writer =>
        {
            writer.WriteStartMap(3);
            EngagementSecurity.Write(writer, EngagementSecurity.BegunByReader, key);
            writer.WriteInt64(EngagementSecurity.OriginsLabel);
            writer.WriteStartArray(originDomains.Count);
            foreach (var domain in originDomains) WriteOrigin(writer, domain);
            writer.WriteEndArray();
            writer.WriteEndMap();
        });
        return new DeviceEngagement(EncodedCbor.Wrap(bytes), EngagementSecurity.BegunByReader, key, eDeviceKey, []) { OriginDomains = originDomains };
    }

    /// <summary>Reads an engagement. Server retrieval (member 3) and what later editions add are passed over.</summary>
    /// <param name="bytes">The encoded map, not in tag 24; not copied, and must not change afterwards.</param>
    /// <exception cref="MalformedDataException"><c>proximity.engagement_malformed</c>, <c>cbor.too_large</c>, or the key's: <c>cose.key_malformed</c>, <c>cose.key_private</c>, <c>key.invalid</c>.</exception>
    /// <exception cref="NotSupportedCredentialException"><c>proximity.engagement_not_supported</c>, <c>cose.key_not_supported</c>.</exception>
    public static DeviceEngagement Parse(ReadOnlyMemory<byte> bytes) => Read(EncodedCbor.Wrap(bytes));

    /// <summary>Reads the text of a QR code (§8.2.2.3): <c>mdoc:</c> and base64url without padding.</summary>
    /// <exception cref="MalformedDataException">As for <see cref="Parse"/>.</exception>
    /// <exception cref="NotSupportedCredentialException">As for <see cref="Parse"/>.</exception>
    public static DeviceEngagement ParseQrText(string text) => Parse(EngagementSecurity.FromText(text, Scheme));

    /// <summary>The encoded map, byte for byte as received or made.</summary>
    public ReadOnlyMemory<byte> Encode() => Encoded.Content;

    /// <summary>The text for a QR code.</summary>
    public string ToQrText() => Scheme + StrictBase64Url.Encode(Encoded.Content.Span);

    internal static DeviceEngagement Read(EncodedCbor encoded)
    {
        var map = encoded.Decode(ProximityCodes.EngagementMalformed, ProximityLimits.Engagement);
        var version = EngagementSecurity.ReadVersion(map);
        var (keyBytes, key) = EngagementSecurity.ReadKey(map.Require(EngagementSecurity.SecurityLabel));
        var methods = map.Find(EngagementSecurity.MethodsLabel) is { } list ? RetrievalMethod.ParseList(list) : [];
        return new DeviceEngagement(encoded, version, keyBytes, key, methods)
        {
            OriginDomains = map.Find(EngagementSecurity.OriginsLabel) is { } origins ? ReadOrigins(origins) : [],
        };
    }

    private static List<string> ReadOrigins(CborValue origins)
    {
        var domains = new List<string>(origins.Count);
        foreach (var origin in origins.EnumerateArray())
        {
            var (category, type) = (origin.Require("cat"u8).GetInt64(), origin.Require("type"u8).GetInt64());
            if (category == OriginCategory && type == DomainOrigin) domains.Add(origin.Require("details"u8).Require("domain"u8).GetText());
        }

        return domains;
    }

    private static void WriteOrigin(CborWriter writer, string domain)
    {
        writer.WriteStartMap(3);
        writer.WriteTextString("cat");
        writer.WriteInt64(OriginCategory);
        writer.WriteTextString("type");
        writer.WriteInt64(DomainOrigin);
        writer.WriteTextString("details");
        writer.WriteStartMap(1);
        writer.WriteTextString("domain");
        writer.WriteTextString(domain);
        writer.WriteEndMap();
        writer.WriteEndMap();
    }
}
