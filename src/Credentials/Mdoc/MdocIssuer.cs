using System.Formats.Cbor;
using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;
using System.Text;
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
        using var items = new PooledBuffer(4096);
        var digests = new byte[content.NameSpaces.Count][];
        WriteNameSpaces(items, content, digests);
        var payload = CborWriting.EncodeInTag24(
            (content, validity, digests), static (writer, signed) => WriteSecurityObject(writer, signed.content, signed.validity, signed.digests));
        var auth = await CoseSign1.SignAsync(payload.Bytes, key, unprotectedHeaders: [CoseHeader.X5Chain(X5Chain.ForHeader(content.Certificates))], ct: ct).ConfigureAwait(false);
        CborHead.AddString(items, CborHead.TextString, "issuerAuth"u8);
        items.Add(auth);
        return items.WrittenSpan.Length <= MaxBytes ? items.WrittenSpan.ToArray() : throw new MalformedDataException(CodecCodes.CborTooLarge, "The mdoc is too large for its readers.");
    }

    /// <summary>Begins IssuerSigned with its first member, and gathers the digests of each namespace one behind the other by digest id.</summary>
    private static void WriteNameSpaces(PooledBuffer issued, MdocContent content, byte[][] digests)
    {
        CborHead.Add(issued, CborHead.Map, 2);
        CborHead.AddString(issued, CborHead.TextString, "nameSpaces"u8);
        CborHead.Add(issued, CborHead.Map, content.NameSpaces.Count);
        var next = 0;
        foreach (var (name, elements) in content.NameSpaces)
        {
            CborHead.AddText(issued, name);
            digests[next++] = WriteItems(issued, elements, content.Digest);
        }
    }

    /// <summary>Writes the items of one namespace in the order given; their digests are returned one behind the other by digest id.</summary>
    private static byte[] WriteItems(PooledBuffer issued, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> elements, MdocDigest digest)
    {
        // Digest ids are the places of random numbers in their order.
        Span<ulong> order = elements.Count <= 64 ? stackalloc ulong[elements.Count] : new ulong[elements.Count];
        Span<int> ids = elements.Count <= 64 ? stackalloc int[elements.Count] : new int[elements.Count];
        Salts.Fill(MemoryMarshal.AsBytes(order));
        for (var i = 0; i < ids.Length; i++) ids[i] = i;
        order.Sort(ids);
        CborHead.Add(issued, CborHead.Array, elements.Count);
        var (digests, next) = (new byte[digest.Length * elements.Count], 0);
        foreach (var (name, value) in elements)
        {
            var start = issued.WrittenSpan.Length;
            WriteItem(issued, ids[next], name, value.Span);
            digest.Hash(issued.WrittenSpan[start..], digests.AsSpan(digest.Length * ids[next], digest.Length));
            next++;
        }

        return digests;
    }

    // §8.3.2.1.2.2: IssuerSignedItemBytes
    private static void WriteItem(PooledBuffer issued, int digestId, string name, ReadOnlySpan<byte> value)
    {
        Span<byte> salt = stackalloc byte[SaltLength];
        Salts.Fill(salt);
        const int Tag24 = (int)CborValue.EncodedCborTag;
        // The head of the map, four names, digest id, salt, identifier and value.
        var length = 1 + CborHead.LengthOfString("digestID"u8.Length) + CborHead.Length(digestId)
            + CborHead.LengthOfString("random"u8.Length) + CborHead.LengthOfString(SaltLength)
            + CborHead.LengthOfString("elementIdentifier"u8.Length) + CborHead.LengthOfString(Encoding.UTF8.GetByteCount(name))
            + CborHead.LengthOfString("elementValue"u8.Length) + value.Length;
        CborHead.Add(issued, CborHead.Tag, Tag24);
        CborHead.Add(issued, CborHead.ByteString, length);
        CborHead.Add(issued, CborHead.Map, 4);
        CborHead.AddString(issued, CborHead.TextString, "digestID"u8);
        CborHead.Add(issued, CborHead.UnsignedInteger, digestId);
        CborHead.AddString(issued, CborHead.TextString, "random"u8);
        CborHead.AddString(issued, CborHead.ByteString, salt);
        CborHead.AddString(issued, CborHead.TextString, "elementIdentifier"u8);
        CborHead.AddText(issued, name);
        CborHead.AddString(issued, CborHead.TextString, "elementValue"u8);
        issued.Add(value);
    }

    // §9.1.2.4
    private static void WriteSecurityObject(
        CborWriter writer, MdocContent content, ValidityInfo validity, byte[][] digests)
    {
        writer.WriteStartMap(content.Status.Count == 0 ? 6 : 7);
        writer.WriteTextString("version");
        writer.WriteTextString(MdocNames.Version);
        writer.WriteTextString("digestAlgorithm");
        writer.WriteTextString(content.Digest.Name);
        writer.WriteTextString("valueDigests");
        writer.WriteStartMap(content.NameSpaces.Count);
        var next = 0;
        foreach (var name in content.NameSpaces.Keys) WriteDigests(writer, name, digests[next++], content.Digest.Length);
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

    private static void WriteDigests(CborWriter writer, string nameSpace, ReadOnlySpan<byte> digests, int length)
    {
        writer.WriteTextString(nameSpace);
        writer.WriteStartMap(digests.Length / length);
        for (var id = 0; id < digests.Length / length; id++)
        {
            writer.WriteInt32(id);
            writer.WriteByteString(digests.Slice(id * length, length));
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
}
