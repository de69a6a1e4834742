using System.Formats.Cbor;
using Credentials.Codecs;
using Credentials.Keys;

namespace Credentials.Cose;

/// <summary>Public keys as COSE_Key (RFC 9052 §7, RFC 9053 §7).</summary>
public static class CoseKey
{
    private const long KeyType = 1;
    private const long KeyAlgorithm = 3;
    private const long KeyOperations = 4;
    private const long Curve = -1;
    private const long X = -2;
    private const long Y = -3;
    private const long PrivateKey = -4;
    private const long Octet = 1;
    private const long EllipticCurve = 2;
    private const long Symmetric = 4;
    private const long Verify = 2;

    private static readonly (long Number, SignatureAlgorithm Algorithm)[] s_curves =
    [
        (1, SignatureAlgorithm.Es256), (2, SignatureAlgorithm.Es384), (3, SignatureAlgorithm.Es512), (6, SignatureAlgorithm.EdDsa),
    ];

    /// <summary>Reads a key that verifies signatures.</summary>
    /// <exception cref="MalformedDataException"><c>cose.key_malformed</c>, <c>cose.key_private</c>, <c>cose.key_use</c>, <c>key.invalid</c>.</exception>
    /// <exception cref="NotSupportedCredentialException"><c>cose.key_not_supported</c>.</exception>
    public static PublicKey Parse(CborValue value)
    {
        var (algorithm, x, y) = Coordinates(value);
        if (value.Find(KeyAlgorithm) is { } stated
            && (stated.Kind != CborKind.NegativeInteger || CoseAlgorithms.Find(stated.GetInt64()) != algorithm))
        {
            throw new MalformedDataException(CoseCodes.KeyUse, "The key is for another algorithm.");
        }

        if (value.Find(KeyOperations) is { } operations && !Allows(operations, Verify))
            throw new MalformedDataException(CoseCodes.KeyUse, "The key is not for verifying signatures.");
        return PublicKey.FromCoordinates(algorithm, x.Span, y.Span);
    }

    /// <summary>Reads a P-256 key for key agreement.</summary>
    /// <exception cref="MalformedDataException"><c>cose.key_malformed</c>, <c>cose.key_private</c>, <c>key.invalid</c>.</exception>
    /// <exception cref="NotSupportedCredentialException"><c>cose.key_not_supported</c>.</exception>
    public static KeyAgreementPublicKey ParseKeyAgreement(CborValue value)
    {
        var (algorithm, x, y) = Coordinates(value);
        return algorithm == SignatureAlgorithm.Es256
            ? KeyAgreementPublicKey.FromCoordinates(x.Span, y.Span)
            : throw new NotSupportedCredentialException(CoseCodes.KeyNotSupported, "Key agreement is on P-256.");
    }

    /// <summary>Writes a key: key type, curve and coordinates.</summary>
    public static void Write(CborWriter writer, PublicKey key) => Write(writer, key.Algorithm, key.X, key.Y);

    /// <summary>Writes a key for key agreement.</summary>
    public static void Write(CborWriter writer, KeyAgreementPublicKey key) => Write(writer, SignatureAlgorithm.Es256, key.X, key.Y);

    private static (SignatureAlgorithm Algorithm, ReadOnlyMemory<byte> X, ReadOnlyMemory<byte> Y) Coordinates(CborValue value)
    {
        if (value.Kind != CborKind.Map) throw Malformed();
        var type = Integer(value, KeyType);
        if (type == Symmetric || value.Find(PrivateKey) is not null)
            throw new MalformedDataException(CoseCodes.KeyPrivate, "The key is not a public one.");
        if (type is not (Octet or EllipticCurve)) throw NotSupported();
        var curve = Integer(value, Curve);
        var algorithm = Array.Find(s_curves, known => known.Number == curve).Algorithm ?? throw NotSupported();
        if (type != (algorithm == SignatureAlgorithm.EdDsa ? Octet : EllipticCurve)) throw Malformed();
        if (type == Octet) return (algorithm, Bytes(value, X), default);
        // RFC 9053 §7.1.1: y may be a sign bit; ISO/IEC 18013-5 §9.1.5.2 does without it.
        if (value.Find(Y) is { Kind: CborKind.Boolean }) throw NotSupported();
        return (algorithm, Bytes(value, X), Bytes(value, Y));
    }

    private static void Write(CborWriter writer, SignatureAlgorithm algorithm, ReadOnlySpan<byte> x, ReadOnlySpan<byte> y)
    {
        writer.WriteStartMap(y.IsEmpty ? 3 : 4);
        writer.WriteInt64(KeyType);
        writer.WriteInt64(y.IsEmpty ? Octet : EllipticCurve);
        writer.WriteInt64(Curve);
        writer.WriteInt64(Array.Find(s_curves, known => known.Algorithm == algorithm).Number);
        writer.WriteInt64(X);
        writer.WriteByteString(x);
        if (!y.IsEmpty)
        {
            writer.WriteInt64(Y);
            writer.WriteByteString(y);
        }

        writer.WriteEndMap();
    }

    private static bool Allows(CborValue operations, long operation)
    {
        if (operations.Kind != CborKind.Array) return false;
        foreach (var item in operations.EnumerateArray())
            if (item.Kind == CborKind.UnsignedInteger && item.GetInt64() == operation) return true;
        return false;
    }

    private static long Integer(CborValue key, long label) =>
        key.Find(label) is { Kind: CborKind.UnsignedInteger or CborKind.NegativeInteger } number ? number.GetInt64() : throw Malformed();

    private static ReadOnlyMemory<byte> Bytes(CborValue key, long label) =>
        key.Find(label) is { Kind: CborKind.ByteString } bytes ? bytes.GetBytes() : throw Malformed();

    private static MalformedDataException Malformed() => new(CoseCodes.KeyMalformed, "Not a COSE_Key.");

    private static NotSupportedCredentialException NotSupported() =>
        new(CoseCodes.KeyNotSupported, "The key type, curve or point form is not supported.");
}
