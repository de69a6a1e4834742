using System.Formats.Cbor;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.Cose;

namespace Credentials.Mdoc;

/// <summary>
/// The data elements and what the issuer signed of them (ISO/IEC 18013-5 §8.3.2.1.2.2): an mdoc as it is issued, kept and,
/// with fewer elements, presented. Unverified as such.
/// </summary>
public sealed class IssuerSigned
{
    private IssuerSigned(IReadOnlyDictionary<string, IReadOnlyList<IssuerSignedItem>> nameSpaces, ReadOnlyMemory<byte> encodedIssuerAuth, CoseSign1 issuerAuth, MobileSecurityObject securityObject)
    {
        NameSpaces = nameSpaces;
        EncodedIssuerAuth = encodedIssuerAuth;
        IssuerAuth = issuerAuth;
        SecurityObject = securityObject;
    }

    /// <summary>The items by namespace, in the order received.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<IssuerSignedItem>> NameSpaces { get; }

    /// <summary>The issuer's signature.</summary>
    public CoseSign1 IssuerAuth { get; }

    /// <summary>What it is over.</summary>
    public MobileSecurityObject SecurityObject { get; }

    /// <summary>How many data elements there are.</summary>
    internal int Count => NameSpaces.Values.Sum(items => items.Count);

    private ReadOnlyMemory<byte> EncodedIssuerAuth { get; }

    /// <summary>Reads the form in which OpenID4VCI hands it out: base64url (OpenID4VCI 1.0 Appendix A.2.4).</summary>
    /// <exception cref="MalformedDataException"><c>mdoc.malformed</c>, <c>mdoc.version</c>, <c>cose.…</c>, <c>base64.malformed</c>.</exception>
    public static IssuerSigned Parse(string base64Url) => Parse(StrictBase64Url.Decode(base64Url, MdocCodes.Malformed));

    /// <summary>Reads the encoded structure.</summary>
    /// <inheritdoc cref="Parse(string)"/>
    public static IssuerSigned Parse(ReadOnlyMemory<byte> bytes) => Parse(CborValue.Decode(bytes, MdocCodes.Malformed));

    /// <summary>Reads either form in which an mdoc comes: alone, or as the one document of a <see cref="DeviceResponse"/>.</summary>
    /// <exception cref="MalformedDataException">As for <see cref="Parse(string)"/>, and <c>mdoc.documents</c>.</exception>
    public static IssuerSigned ParseAny(ReadOnlyMemory<byte> bytes)
    {
        var map = CborValue.Decode(bytes, MdocCodes.Malformed);
        if (map.Find("issuerAuth"u8) is not null) return Parse(map);
        return DeviceResponse.Parse(bytes) is { Documents: [var document] }
            ? document.IssuerSigned
            : throw new MalformedDataException(MdocCodes.Documents, "The response has not exactly one document.");
    }

    internal static IssuerSigned Parse(CborValue map)
    {
        var nameSpaces = new OrderedDictionary<string, IReadOnlyList<IssuerSignedItem>>(StringComparer.Ordinal);
        if (map.Find("nameSpaces"u8) is { } byNamespace)
        {
            foreach (var (name, list) in byNamespace.EnumerateMap())
            {
                var items = new List<IssuerSignedItem>(list.Count);
                foreach (var item in list.EnumerateArray()) items.Add(IssuerSignedItem.Parse(item.GetEncodedCbor()));
                nameSpaces.Add(name.GetText(), items);
            }
        }

        var auth = map.Require("issuerAuth"u8);
        var signature = CoseSign1.Parse(auth);
        // §9.1.2.4: the payload is the mobile security object and never detached.
        var payload = signature.Payload ?? throw auth.Wrong("a signature with its payload");
        return new IssuerSigned(nameSpaces, auth.Encoded, signature, MobileSecurityObject.Parse(payload));
    }

    /// <summary>The same signature with only these data elements; those that are not there are passed over.</summary>
    public IssuerSigned Select(Func<string, string, bool> isShown)
    {
        var shown = new OrderedDictionary<string, IReadOnlyList<IssuerSignedItem>>(StringComparer.Ordinal);
        foreach (var (name, items) in NameSpaces)
        {
            List<IssuerSignedItem> kept = [.. items.Where(item => isShown(name, item.ElementIdentifier))];
            if (kept.Count > 0) shown.Add(name, kept);
        }

        return new IssuerSigned(shown, EncodedIssuerAuth, IssuerAuth, SecurityObject);
    }

    /// <summary>The data elements as JSON: namespace → element → value (RFC 8949 §6.1). Nothing of it is verified.</summary>
    /// <exception cref="MalformedDataException">An element stands twice in a namespace, or cannot be shown as JSON.</exception>
    public JsonElement UnverifiedClaims()
    {
        using var buffer = new PooledBuffer();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, items) in NameSpaces)
            {
                var seen = new HashSet<string>(StringComparer.Ordinal);
                writer.WriteStartObject(name);
                foreach (var item in items)
                {
                    if (!seen.Add(item.ElementIdentifier)) throw new MalformedDataException(MdocCodes.ElementRepeated, "A data element stands twice.");
                    writer.WritePropertyName(item.ElementIdentifier);
                    CborJson.Write(writer, item.ElementValue);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        return StrictJson.ParseOwn(buffer.WrittenSpan);
    }

    /// <summary>The encoded structure, items and signature in the bytes received.</summary>
    public byte[] Encode() => CborWriting.Encode(Write);

    /// <summary>The encoded structure in base64url.</summary>
    public string ToBase64Url() => StrictBase64Url.Encode(Encode());

    internal void Write(CborWriter writer)
    {
        writer.WriteStartMap(NameSpaces.Count > 0 ? 2 : 1);
        if (NameSpaces.Count > 0)
        {
            writer.WriteTextString("nameSpaces");
            writer.WriteStartMap(NameSpaces.Count);
            foreach (var (name, items) in NameSpaces)
            {
                writer.WriteTextString(name);
                writer.WriteStartArray(items.Count);
                foreach (var item in items) writer.WriteEncodedValue(item.Encoded.Bytes.Span);
                writer.WriteEndArray();
            }

            writer.WriteEndMap();
        }

        writer.WriteTextString("issuerAuth");
        writer.WriteEncodedValue(EncodedIssuerAuth.Span);
        writer.WriteEndMap();
    }
}
