using Credentials.Codecs;

namespace Credentials.Mdoc;

/// <summary>What a device answers a reader (ISO/IEC 18013-5 §8.3.2.1.2.2). Unverified as such.</summary>
public sealed record DeviceResponse
{
    /// <summary>The documents returned.</summary>
    public required IReadOnlyList<MdocDocument> Documents { get; init; }

    /// <summary>Why document types were not returned: type → error code.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> DocumentErrors { get; init; } = [];

    /// <summary>0: OK; 10: general error; 11: CBOR decoding error; 12: CBOR validation error.</summary>
    public long Status { get; init; }

    /// <summary>Reads the encoded structure.</summary>
    /// <exception cref="MalformedDataException"><c>mdoc.malformed</c>, <c>mdoc.version</c>, <c>cose.…</c>.</exception>
    public static DeviceResponse Parse(ReadOnlyMemory<byte> bytes) => Parse(CborValue.Decode(bytes, MdocCodes.Malformed));

    internal static DeviceResponse Parse(CborValue map)
    {
        MdocNames.RequireVersion(map);
        var documents = new List<MdocDocument>();
        if (map.Find("documents"u8) is { } list)
            foreach (var document in list.EnumerateArray()) documents.Add(MdocDocument.Parse(document));
        var errors = new List<KeyValuePair<string, long>>();
        if (map.Find("documentErrors"u8) is { } failed)
            foreach (var one in failed.EnumerateArray())
                foreach (var (docType, code) in one.EnumerateMap()) errors.Add(new(docType.GetText(), code.GetInt64()));
        return new DeviceResponse { Documents = documents, DocumentErrors = errors, Status = map.Require("status"u8).GetInt64() };
    }

    /// <summary>The encoded structure; what was signed stays in the bytes received.</summary>
    public byte[] Encode() => CborWriting.Encode(writer =>
    {
        writer.WriteStartMap(2 + (Documents.Count > 0 ? 1 : 0) + (DocumentErrors.Count > 0 ? 1 : 0));
        writer.WriteTextString("version");
        writer.WriteTextString(MdocNames.Version);
        if (Documents.Count > 0)
        {
            writer.WriteTextString("documents");
            writer.WriteStartArray(Documents.Count);
            foreach (var document in Documents) document.Write(writer);
            writer.WriteEndArray();
        }

        if (DocumentErrors.Count > 0)
        {
            writer.WriteTextString("documentErrors");
            writer.WriteStartArray(DocumentErrors.Count);
            foreach (var (docType, code) in DocumentErrors)
            {
                writer.WriteStartMap(1);
                writer.WriteTextString(docType);
                writer.WriteInt64(code);
                writer.WriteEndMap();
            }

            writer.WriteEndArray();
        }

        writer.WriteTextString("status");
        writer.WriteInt64(Status);
        writer.WriteEndMap();
    });
}
