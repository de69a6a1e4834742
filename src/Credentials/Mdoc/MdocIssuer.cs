using System.Formats.Cbor;
using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;
using Credentials.Codecs;
using Credentials.Cose;
using Credentials.Keys;
using Credentials.StatusLists;
using Credentials.X509;
using PublicKey = Credentials.Keys.PublicKey;

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
    /// <exception cref="ArgumentException">
    /// The content contradicts itself: times in the wrong order or after the end of the signer's certificate, no certificate that is
    /// not self-signed or not this key's, a namespace without data elements, one authorization given twice.
    /// </exception>
    /// <exception cref="KeyUnavailableException">The key cannot sign.</exception>
    public static ValueTask<byte[]> IssueAsync(MdocContent content, ISigningKey key, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(key);
        RequireConsistent(content, key.PublicKey);
        MdocElements.RequireModel(content.DocType, content.NameSpaces);
        return IssueAnythingAsync(content, key, ct);
    }

    /// <summary>The same for data elements of any kind, as test vectors have them.</summary>
    internal static async ValueTask<byte[]> IssueAnythingAsync(MdocContent content, ISigningKey key, CancellationToken ct = default)
    {
        var validity = Validity(content);
        var nameSpaces = new List<NameSpaceItems>(content.NameSpaces.Count);
        foreach (var (name, elements) in content.NameSpaces) nameSpaces.Add(Items(name, elements, content.Digest));
        var payload = CborWriting.EncodeInTag24(
            (content, validity, nameSpaces), static (writer, signed) => WriteSecurityObject(writer, signed.content, signed.validity, signed.nameSpaces));
        var auth = await CoseSign1.SignAsync(payload.Bytes, key, unprotectedHeaders: [CoseHeader.X5Chain(X5Chain.ForHeader(content.Certificates))], ct: ct).ConfigureAwait(false);
        var issued = CborWriting.Encode((nameSpaces, auth), static (writer, parts) =>
        {
            writer.WriteStartMap(2);
            writer.WriteTextString("nameSpaces");
            writer.WriteStartMap(parts.nameSpaces.Count);
            foreach (var (name, items, _) in parts.nameSpaces)
            {
                writer.WriteTextString(name);
                writer.WriteStartArray(items.Length);
                foreach (var item in items) writer.WriteWrapped(item);
                writer.WriteEndArray();
            }

            writer.WriteEndMap();
            writer.WriteTextString("issuerAuth");
            writer.WriteEncodedValue(parts.auth);
            writer.WriteEndMap();
        });
        return issued.Length <= MaxBytes ? issued : throw new MalformedDataException(CodecCodes.CborTooLarge, "The mdoc is too large for its readers.");
    }

    /// <summary>The items of one namespace in the order given, and their digests by digest id.</summary>
    private static NameSpaceItems Items(string nameSpace, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> elements, MdocDigest digest)
    {
        // Digest ids are the places of random numbers in their order.
        Span<ulong> order = elements.Count <= 64 ? stackalloc ulong[elements.Count] : new ulong[elements.Count];
        Span<int> ids = elements.Count <= 64 ? stackalloc int[elements.Count] : new int[elements.Count];
        Salts.Fill(MemoryMarshal.AsBytes(order));
        for (var i = 0; i < ids.Length; i++) ids[i] = i;
        order.Sort(ids);
        var (items, digests, next) = (new EncodedCbor[elements.Count], new byte[digest.Length * elements.Count], 0);
        foreach (var (name, value) in elements)
        {
            items[next] = CborWriting.EncodeInTag24((Id: ids[next], name, value), static (writer, item) => WriteItem(writer, item.Id, item.name, item.value));
            digest.Hash(items[next].Bytes.Span, digests.AsSpan(digest.Length * ids[next], digest.Length));
            next++;
        }

        return new NameSpaceItems(nameSpace, items, digests);
    }

    // §8.3.2.1.2.2
    private static void WriteItem(CborWriter writer, int digestId, string name, ReadOnlyMemory<byte> value)
    {
        Span<byte> salt = stackalloc byte[SaltLength];
        Salts.Fill(salt);
        writer.WriteStartMap(4);
        writer.WriteTextString("digestID");
        writer.WriteInt32(digestId);
        writer.WriteTextString("random");
        writer.WriteByteString(salt);
        writer.WriteTextString("elementIdentifier");
        writer.WriteTextString(name);
        writer.WriteTextString("elementValue");
        writer.WriteEncodedValue(value.Span);
        writer.WriteEndMap();
    }

    // §9.1.2.4
    private static void WriteSecurityObject(
        CborWriter writer, MdocContent content, ValidityInfo validity, IReadOnlyList<NameSpaceItems> nameSpaces)
    {
        writer.WriteStartMap(content.Status.Count == 0 ? 6 : 7);
        writer.WriteTextString("version");
        writer.WriteTextString(MdocNames.Version);
        writer.WriteTextString("digestAlgorithm");
        writer.WriteTextString(content.Digest.Name);
        writer.WriteTextString("valueDigests");
        writer.WriteStartMap(content.NameSpaces.Count);
        foreach (var (name, items, digests) in nameSpaces)
        {
            writer.WriteTextString(name);
            writer.WriteStartMap(items.Length);
            for (var id = 0; id < items.Length; id++)
            {
                writer.WriteInt32(id);
                writer.WriteByteString(digests.AsSpan(id * content.Digest.Length, content.Digest.Length));
            }

            writer.WriteEndMap();
        }

        writer.WriteEndMap();
        WriteDeviceKeyInfo(writer, content);
        writer.WriteTextString("docType");
        writer.WriteTextString(content.DocType);
        writer.WriteTextString("validityInfo");
        validity.Write(writer);
        if (content.Status.Count > 0)
        {
            writer.WriteTextString("status");
            CredentialStatus.Write(writer, content.Status);
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

    private static void RequireConsistent(MdocContent content, PublicKey key)
    {
        if (content.NameSpaces.Count == 0 || content.NameSpaces.Values.Any(elements => elements.Count == 0))
            throw new ArgumentException("A namespace has no data elements.", nameof(content));
        // §9.1.2.4: a namespace is authorized as a whole or by its elements.
        if (content.KeyAuthorizations.DataElements.Keys.Any(content.KeyAuthorizations.NameSpaces.Contains))
            throw new ArgumentException("A namespace is authorized as a whole and by its elements.", nameof(content));
        if (content.Certificates.Count == 0 || !IsKeyOf(content.Certificates[0], key))
            throw new ArgumentException("The first certificate is not the signing key's.", nameof(content));
    }

    // The end of the certificate's public key is the key's last coordinate, for every algorithm here; to read the key would cost more than to sign.
    private static bool IsKeyOf(X509Certificate2 certificate, PublicKey key) =>
        certificate.GetPublicKey().AsSpan().EndsWith(key.Y.IsEmpty ? key.X : key.Y);

    private static ValidityInfo Validity(MdocContent content)
    {
        DateTimeOffset signer = content.Certificates.Count > 0 ? content.Certificates[0].NotBefore : DateTimeOffset.MinValue;
        var signed = Later(Round(content.Signed, content.TimeGranularity, up: false), signer);
        var from = Later(Round(content.ValidFrom ?? content.Signed, content.TimeGranularity, up: false), signed);
        var until = Round(content.ValidUntil, content.TimeGranularity, up: true);
        if (content.Certificates.Count > 0 && signed > content.Certificates[0].NotAfter) throw new ArgumentException("The signer's certificate has ended.", nameof(content));
        return from < until ? new ValidityInfo(signed, from, until) : throw new ArgumentException("It would never be valid.", nameof(content));
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private static DateTimeOffset Round(DateTimeOffset time, TimeSpan granularity, bool up)
    {
        var step = Math.Max(granularity.Ticks, TimeSpan.TicksPerSecond);
        var past = time.UtcTicks % step;
        return past == 0 ? time : time.AddTicks(up ? step - past : -past);
    }

    /// <summary>The items of a namespace in the order given, and their digests one after another by digest id.</summary>
    private sealed record NameSpaceItems(string Name, EncodedCbor[] Items, byte[] Digests);
}
