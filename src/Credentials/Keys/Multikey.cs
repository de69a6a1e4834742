using Credentials.Codecs;

namespace Credentials.Keys;

/// <summary>
/// Public keys as Multikeys (W3C Controlled Identifiers 1.0 §2.2.2): a multicodec number, then the key, EC points compressed. P-256,
/// P-384, Ed25519 and, as did:key has it, P-521. The value after <c>did:key:</c> is the same text.
/// </summary>
public static class Multikey
{
    // The numbers as varints. P-521 (0x1202) is in the multicodec table and in did:key, not in the Recommendation.
    private static readonly (byte First, byte Second, SignatureAlgorithm Algorithm)[] s_publicKeys =
    [
        (0x80, 0x24, SignatureAlgorithm.Es256),
        (0x81, 0x24, SignatureAlgorithm.Es384),
        (0x82, 0x24, SignatureAlgorithm.Es512),
        (0xed, 0x01, SignatureAlgorithm.EdDsa),
    ];

    /// <summary>Reads the value of <c>publicKeyMultibase</c>: base58btc, as the standard requires for each of these keys.</summary>
    /// <exception cref="MalformedDataException"><c>multibase.malformed</c>, or <c>key.invalid</c>: wrong length, or not a point of its curve.</exception>
    /// <exception cref="NotSupportedCredentialException"><c>key.not_supported</c>: another multicodec number, also that of a secret key.</exception>
    public static PublicKey Parse(ReadOnlySpan<char> text) => Decode(Multibase.DecodeBase58Btc(text));

    /// <summary>Reads the bytes of a Multikey, where they stand without multibase.</summary>
    /// <inheritdoc cref="Parse(ReadOnlySpan{char})"/>
    public static PublicKey Decode(ReadOnlySpan<byte> bytes)
    {
        foreach (var (first, second, algorithm) in s_publicKeys)
        {
            if (bytes.Length < 2 || bytes[0] != first || bytes[1] != second) continue;
            return algorithm.Curve is null ? PublicKey.FromCoordinates(algorithm, bytes[2..], []) : EcPointCompression.Decompress(algorithm, bytes[2..]);
        }

        throw new NotSupportedCredentialException(KeyCodes.NotSupported, "Not a Multikey of a public key on P-256, P-384, P-521 or Ed25519.");
    }

    /// <summary>The value for <c>publicKeyMultibase</c>.</summary>
    public static string Write(PublicKey key) => Multibase.EncodeBase58Btc(Encode(key));

    /// <summary>The bytes of the Multikey, without multibase.</summary>
    public static byte[] Encode(PublicKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var (first, second, algorithm) = Array.Find(s_publicKeys, entry => entry.Algorithm == key.Algorithm);
        return [first, second, .. algorithm.Curve is null ? key.X : EcPointCompression.Compress(key)];
    }
}
