using System.Formats.Cbor;
using System.Security.Cryptography;
using Credentials.Codecs;
using Credentials.Cose;
using Credentials.Keys;
using Credentials.Mdoc;
using Credentials.X509;

namespace Credentials.Tests.Mdoc;

/// <summary>Makes mdocs that our issuer never would, signed all the same, so that exactly one thing is wrong.</summary>
internal sealed record MdocForge(MdocAgency Agency)
{
    /// <summary>One item: where it stands, what its digest id is, and its bytes.</summary>
    public sealed record Item(string NameSpace, long DigestId, byte[] Content)
    {
        /// <summary>False: the map stands there without tag 24.</summary>
        public bool IsWrapped { get; init; } = true;
    }

    public string? Version { get; init; } = "1.0";

    public string? DigestAlgorithm { get; init; } = "SHA-256";

    public string DocType { get; init; } = MdocNames.MdlDocType;

    public string? Signed { get; init; }

    public string? ValidFrom { get; init; }

    public string? ValidUntil { get; init; }

    /// <summary>What is disclosed.</summary>
    public IReadOnlyList<Item> Items { get; init; } = [Element(0, "family_name", "Kim"), Element(1, "given_name", "Min")];

    /// <summary>What the issuer signed the digests of, where it is something else.</summary>
    public IReadOnlyList<Item>? SignedItems { get; init; }

    public Func<byte[], byte[]> Digest { get; init; } = SHA256.HashData;

    public Action<CborWriter>? DeviceKeyInfo { get; init; }

    /// <summary>One more member of the MSO: name and value.</summary>
    public (string Name, Action<CborWriter> Value)? More { get; init; }

    /// <summary>False: the payload of the signature is the MSO without tag 24.</summary>
    public bool IsWrapped { get; init; } = true;

    public bool IsDetached { get; init; }

    public Action<List<CoseHeader>>? Headers { get; init; }

    public ISigningKey? Signer { get; init; }

    public static Item Element(long digestId, string name, string value, string nameSpace = MdocNames.MdlNamespace, int? saltLength = 32) =>
        new(nameSpace, digestId, CborWriting.Encode(writer =>
        {
            writer.WriteStartMap(saltLength is null ? 3 : 4);
            writer.WriteTextString("digestID");
            writer.WriteInt64(digestId);
            if (saltLength is { } length)
            {
                writer.WriteTextString("random");
                writer.WriteByteString(RandomNumberGenerator.GetBytes(length));
            }

            writer.WriteTextString("elementIdentifier");
            writer.WriteTextString(name);
            writer.WriteTextString("elementValue");
            writer.WriteTextString(value);
            writer.WriteEndMap();
        }));

    public static byte[] Wrap(byte[] content) => EncodedCbor.Wrap(content).Bytes.ToArray();

    public async Task<byte[]> MakeAsync()
    {
        var content = CborWriting.Encode(WriteSecurityObject);
        List<CoseHeader> headers = [CoseHeader.X5Chain(X5Chain.ForHeader([Agency.Certificate]))];
        Headers?.Invoke(headers);
        var auth = await CoseSign1.SignAsync(
            IsWrapped ? Wrap(content) : content, Signer ?? Agency.Key, unprotectedHeaders: headers, isDetached: IsDetached, ct: TestContext.Current.CancellationToken);
        return CborWriting.Encode(writer =>
        {
            writer.WriteStartMap(2);
            writer.WriteTextString("nameSpaces");
            var spaces = Items.GroupBy(item => item.NameSpace).ToList();
            writer.WriteStartMap(spaces.Count);
            foreach (var space in spaces)
            {
                writer.WriteTextString(space.Key);
                writer.WriteStartArray(space.Count());
                foreach (var item in space) writer.WriteEncodedValue(item.IsWrapped ? Wrap(item.Content) : item.Content);
                writer.WriteEndArray();
            }

            writer.WriteEndMap();
            writer.WriteTextString("issuerAuth");
            writer.WriteEncodedValue(auth);
            writer.WriteEndMap();
        });
    }

    private void WriteSecurityObject(CborWriter writer)
    {
        writer.WriteStartMap(4 + (Version is null ? 0 : 1) + (DigestAlgorithm is null ? 0 : 1) + (More is null ? 0 : 1));
        if (Version is not null) Text("version", Version);
        if (DigestAlgorithm is not null) Text("digestAlgorithm", DigestAlgorithm);
        writer.WriteTextString("valueDigests");
        var spaces = (SignedItems ?? Items).GroupBy(item => item.NameSpace).ToList();
        writer.WriteStartMap(spaces.Count);
        foreach (var space in spaces)
        {
            writer.WriteTextString(space.Key);
            var digests = space.DistinctBy(item => item.DigestId).ToList();
            writer.WriteStartMap(digests.Count);
            foreach (var item in digests)
            {
                writer.WriteInt64(item.DigestId);
                writer.WriteByteString(Digest(Wrap(item.Content)));
            }

            writer.WriteEndMap();
        }

        writer.WriteEndMap();
        writer.WriteTextString("deviceKeyInfo");
        (DeviceKeyInfo ?? WriteDeviceKey)(writer);
        Text("docType", DocType);
        writer.WriteTextString("validityInfo");
        WriteValidity(writer);
        if (More is { } more)
        {
            writer.WriteTextString(more.Name);
            more.Value(writer);
        }

        writer.WriteEndMap();

        void Text(string name, string value)
        {
            writer.WriteTextString(name);
            writer.WriteTextString(value);
        }
    }

    private void WriteDeviceKey(CborWriter writer)
    {
        writer.WriteStartMap(1);
        writer.WriteTextString("deviceKey");
        CoseKey.Write(writer, Agency.Device.PublicKey);
        writer.WriteEndMap();
    }

    private void WriteValidity(CborWriter writer)
    {
        (string Name, string? Text)[] times =
        [
            ("signed", Signed ?? At(0)), ("validFrom", ValidFrom ?? At(0)), ("validUntil", ValidUntil ?? At(30)),
        ];
        times = [.. times.Where(time => time.Text!.Length > 0)];
        writer.WriteStartMap(times.Length);
        foreach (var (name, text) in times)
        {
            writer.WriteTextString(name);
            writer.WriteTag(CborTag.DateTimeString);
            writer.WriteTextString(text!);
        }

        writer.WriteEndMap();
    }

    /// <summary>A tdate some days from the agency's now.</summary>
    public string At(double days) => Agency.Now.AddDays(days).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
