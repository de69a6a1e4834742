using System.Formats.Cbor;
using System.Security.Cryptography;
using Credentials.Codecs;
using Credentials.Cose;
using Credentials.Keys;
using Credentials.X509;

namespace Credentials.Mdoc;

/// <summary>Issues mdocs (ISO/IEC 18013-5 §9.1.2).</summary>
public static class MdocIssuer
{
    // Half of what is read here at most: a presentation adds the device's part, and other documents.
    private const int MaxBytes = 1 << 19;
    private const int SaltLength = 32; // §9.1.2.5 asks for 16 at least

    /// <summary>
    /// Signs one mdoc and returns IssuerSigned with all its data elements, for its holder alone. Salts are fresh, and digest
    /// ids say nothing about which element they belong to.
    /// </summary>
    /// <exception cref="MalformedDataException"><c>mdoc.element_type</c>, <c>mdoc.element_unknown</c>, <c>mdoc.ages_contradict</c>: the data elements contradict the data model of their document type. <c>cbor.too_large</c>: no reader need take an mdoc of this size.</exception>
    /// <exception cref="ArgumentException">The content contradicts itself: times in the wrong order, no certificate that is not self-signed.</exception>
    /// <exception cref="KeyUnavailableException">The key cannot sign.</exception>
    public static ValueTask<byte[]> IssueAsync(MdocContent content, ISigningKey key, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(key);
        MdocElements.RequireModel(content.DocType, content.NameSpaces);
        return IssueAnythingAsync(content, key, ct);
    }

    /// <summary>The same for data elements of any kind, as test vectors have them.</summary>
    internal static async ValueTask<byte[]> IssueAnythingAsync(MdocContent content, ISigningKey key, CancellationToken ct = default)
    {
        var validity = Validity(content);
        var items = new List<(string Name, List<ReadOnlyMemory<byte>> Items, ReadOnlyMemory<byte>[] Digests)>(content.NameSpaces.Count);
        foreach (var (name, elements) in content.NameSpaces)
        {
            var (list, digests) = Items(elements, content.Digest);
            items.Add((name, list, digests));
        }

        var payload = EncodedCbor.Wrap(CborWriting.Encode(writer => WriteSecurityObject(writer, content, validity, items.Select(n => (n.Name, n.Digests)))));
        var auth = await CoseSign1.SignAsync(payload.Bytes, key, unprotectedHeaders: [CoseHeader.X5Chain(X5Chain.ForHeader(content.Certificates))], ct: ct).ConfigureAwait(false);
        var issued = CborWriting.Encode(writer =>
        {
            writer.WriteStartMap(2);
            writer.WriteTextString("nameSpaces");
            writer.WriteStartMap(items.Count);
            foreach (var (name, list, _) in items)
            {
                writer.WriteTextString(name);
                writer.WriteStartArray(list.Count);
                foreach (var item in list) writer.WriteEncodedValue(item.Span);
                writer.WriteEndArray();
            }

            writer.WriteEndMap();
            writer.WriteTextString("issuerAuth");
            writer.WriteEncodedValue(auth);
            writer.WriteEndMap();
        });
        return issued.Length <= MaxBytes ? issued : throw new MalformedDataException(CodecCodes.CborTooLarge, "The mdoc is too large for its readers.");
    }

    /// <summary>The items of one namespace in the order given, and their digests by digest id.</summary>
    private static (List<ReadOnlyMemory<byte>> Items, ReadOnlyMemory<byte>[] Digests) Items(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> elements, MdocDigest digest)
    {
        var ids = Enumerable.Range(0, elements.Count).ToArray();
        RandomNumberGenerator.Shuffle(ids.AsSpan());
        var salts = RandomNumberGenerator.GetBytes(SaltLength * elements.Count);
        var (items, digests, next) = (new List<ReadOnlyMemory<byte>>(elements.Count), new ReadOnlyMemory<byte>[elements.Count], 0);
        foreach (var (name, value) in elements)
        {
            var (id, salt) = (ids[next], salts.AsMemory(SaltLength * next, SaltLength));
            var item = EncodedCbor.Wrap(CborWriting.Encode(writer => WriteItem(writer, id, salt, name, value))).Bytes;
            items.Add(item);
            digests[id] = digest.Hash(item.Span);
            next++;
        }

        return (items, digests);
    }

    // §8.3.2.1.2.2
    private static void WriteItem(CborWriter writer, int digestId, ReadOnlyMemory<byte> salt, string name, ReadOnlyMemory<byte> value)
    {
        writer.WriteStartMap(4);
        writer.WriteTextString("digestID");
        writer.WriteInt32(digestId);
        writer.WriteTextString("random");
        writer.WriteByteString(salt.Span);
        writer.WriteTextString("elementIdentifier");
        writer.WriteTextString(name);
        writer.WriteTextString("elementValue");
        writer.WriteEncodedValue(value.Span);
        writer.WriteEndMap();
    }

    // §9.1.2.4
    private static void WriteSecurityObject(
        CborWriter writer, MdocContent content, ValidityInfo validity, IEnumerable<(string Name, ReadOnlyMemory<byte>[] Digests)> nameSpaces)
    {
        writer.WriteStartMap(content.Status is null ? 6 : 7);
        writer.WriteTextString("version");
        writer.WriteTextString(MdocNames.Version);
        writer.WriteTextString("digestAlgorithm");
        writer.WriteTextString(content.Digest.Name);
        writer.WriteTextString("valueDigests");
        writer.WriteStartMap(content.NameSpaces.Count);
        foreach (var (name, digests) in nameSpaces)
        {
            writer.WriteTextString(name);
            writer.WriteStartMap(digests.Length);
            for (var id = 0; id < digests.Length; id++)
            {
                writer.WriteInt32(id);
                writer.WriteByteString(digests[id].Span);
            }

            writer.WriteEndMap();
        }

        writer.WriteEndMap();
        WriteDeviceKeyInfo(writer, content);
        writer.WriteTextString("docType");
        writer.WriteTextString(content.DocType);
        writer.WriteTextString("validityInfo");
        validity.Write(writer);
        if (content.Status is { } status)
        {
            writer.WriteTextString("status");
            status.WriteTo(writer);
        }

        writer.WriteEndMap();
    }

    private static void WriteDeviceKeyInfo(CborWriter writer, MdocContent content)
    {
        writer.WriteTextString("deviceKeyInfo");
        writer.WriteStartMap(content.KeyAuthorizations.IsEmpty ? 1 : 2);
        writer.WriteTextString("deviceKey");
        CoseKey.Write(writer, content.DeviceKey);
        if (!content.KeyAuthorizations.IsEmpty)
        {
            writer.WriteTextString("keyAuthorizations");
            content.KeyAuthorizations.Write(writer);
        }

        writer.WriteEndMap();
    }

    private static ValidityInfo Validity(MdocContent content)
    {
        DateTimeOffset signer = content.Certificates.Count > 0 ? content.Certificates[0].NotBefore : DateTimeOffset.MinValue;
        var signed = Later(Round(content.Signed, content.TimeGranularity, up: false), signer);
        var from = Later(Round(content.ValidFrom ?? content.Signed, content.TimeGranularity, up: false), signed);
        var until = Round(content.ValidUntil, content.TimeGranularity, up: true);
        return from < until ? new ValidityInfo(signed, from, until) : throw new ArgumentException("It would never be valid.", nameof(content));
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private static DateTimeOffset Round(DateTimeOffset time, TimeSpan granularity, bool up)
    {
        var step = Math.Max(granularity.Ticks, TimeSpan.TicksPerSecond);
        var past = time.UtcTicks % step;
        return past == 0 ? time : time.AddTicks(up ? step - past : -past);
    }
}
