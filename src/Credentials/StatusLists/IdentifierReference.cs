using System.Formats.Cbor;
using Credentials.Codecs;

namespace Credentials.StatusLists;

/// <summary>An mdoc's own identifier, and the list of those that are revoked (ISO/IEC 18013-5 second edition §12.3.6.2). No two mdocs share one.</summary>
/// <param name="Uri">URI of the identifier list, exactly as in the credential.</param>
/// <param name="Id">The identifier, 1 to 64 bytes; random, so that it tells nothing.</param>
public sealed record IdentifierReference(string Uri, ReadOnlyMemory<byte> Id) : CredentialStatus(Uri)
{
    private const int MaxLength = 64;

    /// <inheritdoc/>
    protected override string Mechanism => StatusListNames.IdentifierList;

    /// <inheritdoc/>
    public bool Equals(IdentifierReference? other) => base.Equals(other) && Id.Span.SequenceEqual(other!.Id.Span);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.Add(base.GetHashCode());
        hash.AddBytes(Id.Span);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    protected override void WriteInfo(CborWriter writer)
    {
        if (!IsIdentifier(Id)) throw new InvalidOperationException("An identifier has 1 to 64 bytes.");
        writer.WriteStartMap(Certificate is null ? 2 : 3);
        writer.WriteTextString(StatusListNames.Id);
        writer.WriteByteString(Id.Span);
        WriteUriAndCertificate(writer);
        writer.WriteEndMap();
    }

    internal static bool IsIdentifier(ReadOnlyMemory<byte> id) => id.Length is > 0 and <= MaxLength;

    // IdentifierListInfo (ISO/IEC 18013-5 §12.3.6.2)
    internal static IdentifierReference FromIdentifierListInfo(CborValue info)
    {
        var uri = ReadUri(info);
        return info.Find("id"u8) is { Kind: CborKind.ByteString } id && IsIdentifier(id.GetBytes())
            ? new IdentifierReference(uri, id.GetBytes()) { Certificate = ReadCertificate(info) }
            : throw Malformed("The status reference has no identifier.");
    }
}
