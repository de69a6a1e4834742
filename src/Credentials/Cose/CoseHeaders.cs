using System.Text;
using Credentials.Codecs;

namespace Credentials.Cose;

/// <summary>The two header maps of a received message (RFC 9052 §3), checked.</summary>
public sealed class CoseHeaders
{
    private const int MaxCertificates = 6;

    private static readonly CborValue s_empty = CborValue.Decode(new byte[] { 0xa0 });

    private CoseHeaders(ReadOnlyMemory<byte> protectedBytes, CborValue @protected, CborValue @unprotected, long algorithm)
    {
        ProtectedBytes = protectedBytes;
        Protected = @protected;
        Unprotected = @unprotected;
        Algorithm = algorithm;
    }

    /// <summary>The protected header as received: what the signature covers.</summary>
    public ReadOnlyMemory<byte> ProtectedBytes { get; }

    /// <summary>The protected header.</summary>
    public CborValue Protected { get; }

    /// <summary>The unprotected header.</summary>
    public CborValue Unprotected { get; }

    /// <summary>The algorithm's number.</summary>
    public long Algorithm { get; }

    /// <summary>
    /// The certificate chain as DER, leaf first, from either header; null if there is none. An array of one is read,
    /// though RFC 9360 §2 does not write it.
    /// </summary>
    /// <exception cref="MalformedDataException"><c>cose.x5chain</c>.</exception>
    public IReadOnlyList<ReadOnlyMemory<byte>>? X5Chain()
    {
        if ((Unprotected.Find(CoseNames.X5Chain) ?? Protected.Find(CoseNames.X5Chain)) is not { } chain) return null;
        if (chain.Kind == CborKind.ByteString) return [chain.GetBytes()];
        if (chain.Kind != CborKind.Array || chain.Count is 0 or > MaxCertificates)
            throw new MalformedDataException(CoseCodes.X5Chain, "x5chain is no chain of certificates.");
        var certificates = new List<ReadOnlyMemory<byte>>(chain.Count);
        foreach (var item in chain.EnumerateArray())
        {
            if (item.Kind != CborKind.ByteString) throw new MalformedDataException(CoseCodes.X5Chain, "x5chain holds byte strings.");
            certificates.Add(item.GetBytes());
        }

        return certificates;
    }

    /// <summary>The message's type (RFC 9596), if the protected header says one as text.</summary>
    public string? Type => Protected.Find(CoseNames.Type) is { Kind: CborKind.TextString } type ? type.GetText() : null;

    /// <summary>The key identifier of the protected header, else of the unprotected one; null if there is none.</summary>
    /// <exception cref="MalformedDataException">It is no byte string.</exception>
    public ReadOnlyMemory<byte>? KeyId() => (Protected.Find(CoseNames.KeyId) ?? Unprotected.Find(CoseNames.KeyId))?.GetBytes();

    /// <summary>Requires the type of this kind of message; the comparison is exact. A CoAP content format is not taken for it.</summary>
    /// <exception cref="MalformedDataException"><c>cose.type</c>.</exception>
    public void RequireType(string mediaType)
    {
        if (Type != mediaType) throw new MalformedDataException(CoseCodes.Type, $"typ is not '{mediaType}'.");
    }

    internal static CoseHeaders Read(CborValue @protected, CborValue @unprotected, bool keyIdMayRepeat = false)
    {
        var bytes = @protected.GetBytes();
        // RFC 9052 §3: an empty map may be a zero-length string. What is signed stays as it came.
        var map = bytes.IsEmpty ? s_empty : CborValue.Decode(bytes, CoseCodes.Malformed);
        foreach (var (label, _) in map.EnumerateMap()) CheckLabel(label);
        foreach (var (label, _) in @unprotected.EnumerateMap())
        {
            CheckLabel(label);
            var isInBoth = label.Kind == CborKind.TextString ? map.Find(Encoding.UTF8.GetBytes(label.GetText())) : map.Find(label.GetInt64());
            if (isInBoth is not null && !(keyIdMayRepeat && label.Kind == CborKind.UnsignedInteger && label.GetInt64() == CoseNames.KeyId)) throw label.Wrong("a header in one place only");
        }

        if ((map.Find(CoseNames.Critical) ?? @unprotected.Find(CoseNames.Critical)) is not null)
            throw new MalformedDataException(CoseCodes.Critical, "The headers have crit.");
        if (map.Find(CoseNames.Algorithm) is not { Kind: CborKind.UnsignedInteger or CborKind.NegativeInteger } algorithm
            || @unprotected.Find(CoseNames.Algorithm) is not null)
        {
            throw new MalformedDataException(CoseCodes.Algorithm, "The protected header has no algorithm number.");
        }

        return new CoseHeaders(bytes, map, @unprotected, algorithm.GetInt64());
    }

    private static void CheckLabel(CborValue label)
    {
        if (label.Kind is not (CborKind.UnsignedInteger or CborKind.NegativeInteger or CborKind.TextString)) throw label.Wrong("a header label");
    }
}
