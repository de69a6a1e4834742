using System.Security.Cryptography.X509Certificates;
using Credentials.Codecs;
using Credentials.Cose;
using Credentials.Keys;
using Credentials.X509;

namespace Credentials.Mdoc;

/// <summary>What a reader asks a device (ISO/IEC 18013-5 §8.3.2.1.2.1). Who asks is for <see cref="ReaderAuthentication"/> to find out.</summary>
public sealed class DeviceRequest
{
    private const string VersionWithReaderAuthAll = "1.1";

    private DeviceRequest(string version, IReadOnlyList<DocRequest> docRequests)
    {
        Version = version;
        DocRequests = docRequests;
    }

    /// <summary>The version that it says.</summary>
    public string Version { get; }

    /// <summary>The documents asked for.</summary>
    public IReadOnlyList<DocRequest> DocRequests { get; }

    /// <summary>Signatures over all document requests (second edition).</summary>
    public IReadOnlyList<CoseSign1> ReaderAuthAll { get; private init; } = [];

    /// <summary>More about the request (second edition); null if there is none. It is covered by <see cref="ReaderAuthAll"/> and otherwise passed over.</summary>
    public EncodedCbor? DeviceRequestInfo { get; private init; }

    private IReadOnlyList<ReadOnlyMemory<byte>> EncodedReaderAuthAll { get; init; } = [];

    /// <summary>Reads the encoded structure.</summary>
    /// <exception cref="MalformedDataException"><c>mdoc.malformed</c>, <c>mdoc.version</c>, <c>cose.…</c>.</exception>
    public static DeviceRequest Parse(ReadOnlyMemory<byte> bytes)
    {
        var map = CborValue.Decode(bytes, MdocCodes.Malformed);
        MdocNames.RequireVersion(map);
        var requests = new List<DocRequest>();
        foreach (var request in map.Require("docRequests"u8).EnumerateArray())
        {
            var items = ItemsRequest.Parse(request.Require("itemsRequest"u8).GetEncodedCbor());
            requests.Add(request.Find("readerAuth"u8) is { } auth ? new DocRequest(items, CoseSign1.Parse(auth), auth.Encoded) : new DocRequest(items));
        }

        if (requests.Count == 0) throw map.Wrong("a request for a document");
        var (all, encoded) = (new List<CoseSign1>(), new List<ReadOnlyMemory<byte>>());
        if (map.Find("readerAuthAll"u8) is { } signatures)
        {
            foreach (var signature in signatures.EnumerateArray())
            {
                all.Add(CoseSign1.Parse(signature));
                encoded.Add(signature.Encoded);
            }
        }

        return new DeviceRequest(map.Require("version"u8).GetText(), requests)
        {
            ReaderAuthAll = all,
            EncodedReaderAuthAll = encoded,
            DeviceRequestInfo = map.Find("deviceRequestInfo"u8)?.GetEncodedCbor(),
        };
    }

    /// <summary>A request that says nothing about who asks.</summary>
    public static DeviceRequest Create(params IReadOnlyList<ItemsRequest> items) =>
        new(MdocNames.Version, [.. items.Select(one => new DocRequest(one))]);

    /// <summary>A request whose document requests are each signed by the reader.</summary>
    /// <param name="key">The reader's key.</param>
    /// <param name="certificates">Its certificates, leaf first; self-signed ones are left out.</param>
    /// <exception cref="KeyUnavailableException">The key cannot sign.</exception>
    public static async ValueTask<DeviceRequest> SignAsync(
        IReadOnlyList<ItemsRequest> items, SessionTranscript transcript, ISigningKey key, IReadOnlyList<X509Certificate2> certificates, CancellationToken ct = default)
    {
        var requests = new List<DocRequest>(items.Count);
        foreach (var one in items)
        {
            var auth = await MakeSignatureAsync(ReaderAuthentication.Bytes(transcript, one), key, certificates, ct).ConfigureAwait(false);
            requests.Add(new DocRequest(one, CoseSign1.Parse(CborValue.Decode(auth)), auth));
        }

        return new DeviceRequest(MdocNames.Version, requests);
    }

    /// <summary>A request that the reader signs once as a whole (second edition).</summary>
    /// <inheritdoc cref="SignAsync"/>
    public static async ValueTask<DeviceRequest> SignAllAsync(
        IReadOnlyList<ItemsRequest> items, SessionTranscript transcript, ISigningKey key, IReadOnlyList<X509Certificate2> certificates, CancellationToken ct = default)
    {
        var auth = await MakeSignatureAsync(ReaderAuthentication.BytesOfAll(transcript, items, null), key, certificates, ct).ConfigureAwait(false);
        return new DeviceRequest(VersionWithReaderAuthAll, [.. items.Select(one => new DocRequest(one))])
        {
            ReaderAuthAll = [CoseSign1.Parse(CborValue.Decode(auth))],
            EncodedReaderAuthAll = [auth],
        };
    }

    /// <summary>The encoded structure; what was signed stays in the bytes received.</summary>
    public byte[] Encode() => CborWriting.Encode(writer =>
    {
        writer.WriteStartMap(2 + (DeviceRequestInfo is null ? 0 : 1) + (ReaderAuthAll.Count > 0 ? 1 : 0));
        writer.WriteTextString("version");
        writer.WriteTextString(Version);
        writer.WriteTextString("docRequests");
        writer.WriteStartArray(DocRequests.Count);
        foreach (var request in DocRequests)
        {
            writer.WriteStartMap(request.ReaderAuth is null ? 1 : 2);
            writer.WriteTextString("itemsRequest");
            writer.WriteEncoded(request.ItemsRequest.Encoded.Bytes);
            if (request.ReaderAuth is not null)
            {
                writer.WriteTextString("readerAuth");
                writer.WriteEncoded(request.EncodedReaderAuth);
            }

            writer.WriteEndMap();
        }

        writer.WriteEndArray();
        if (DeviceRequestInfo is { } info)
        {
            writer.WriteTextString("deviceRequestInfo");
            writer.WriteEncoded(info.Bytes);
        }

        if (ReaderAuthAll.Count > 0)
        {
            writer.WriteTextString("readerAuthAll");
            writer.WriteStartArray(ReaderAuthAll.Count);
            foreach (var auth in EncodedReaderAuthAll) writer.WriteEncoded(auth);
            writer.WriteEndArray();
        }

        writer.WriteEndMap();
    });

    private static ValueTask<byte[]> MakeSignatureAsync(ReadOnlyMemory<byte> payload, ISigningKey key, IReadOnlyList<X509Certificate2> certificates, CancellationToken ct) =>
        CoseSign1.SignAsync(payload, key, unprotectedHeaders: [CoseHeader.X5Chain(X5Chain.ForHeader(certificates))], isDetached: true, ct: ct);
}
