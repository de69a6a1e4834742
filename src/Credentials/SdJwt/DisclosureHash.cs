using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Credentials.Codecs;

namespace Credentials.SdJwt;

/// <summary>A hash algorithm for digests of disclosures, by its exact IANA "Hash Name String" (RFC 9901 §4.1.1).</summary>
public sealed class DisclosureHash
{
    /// <summary>Letters of the longest digest.</summary>
    internal const int MaxDigestLength = 86;

    private readonly HashAlgorithmName _name;

    private DisclosureHash(string name, HashAlgorithmName hash, int length) => (Name, _name, Length) = (name, hash, length);

    /// <summary><c>sha-256</c>, the default.</summary>
    public static DisclosureHash Sha256 { get; } = new("sha-256", HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);

    /// <summary><c>sha-384</c>.</summary>
    public static DisclosureHash Sha384 { get; } = new("sha-384", HashAlgorithmName.SHA384, SHA384.HashSizeInBytes);

    /// <summary><c>sha-512</c>.</summary>
    public static DisclosureHash Sha512 { get; } = new("sha-512", HashAlgorithmName.SHA512, SHA512.HashSizeInBytes);

    /// <summary>The name on the wire.</summary>
    public string Name { get; }

    /// <summary>Octets of a digest.</summary>
    public int Length { get; }

    /// <summary>The algorithm of a name, which is case-sensitive; null for any other.</summary>
    public static DisclosureHash? FromName(string? name) => name switch
    {
        "sha-256" => Sha256,
        "sha-384" => Sha384,
        "sha-512" => Sha512,
        _ => null,
    };

    /// <summary>base64url of the hash over the ASCII octets of <paramref name="text"/> as received (RFC 9901 §4.2.3).</summary>
    public string Digest(ReadOnlySpan<char> text)
    {
        Span<byte> hash = stackalloc byte[SHA512.HashSizeInBytes];
        return StrictBase64Url.Encode(Hash(text, hash));
    }

    /// <summary>Writes the base64url of the hash over a disclosure in ASCII, and returns its length: at most <see cref="MaxDigestLength"/>.</summary>
    internal int Digest(ReadOnlySpan<byte> ascii, Span<byte> text)
    {
        Span<byte> hash = stackalloc byte[SHA512.HashSizeInBytes];
        ShortHash.HashData(_name, ascii, hash);
        return StrictBase64Url.Encode(hash[..Length], text);
    }

    /// <summary>The same for random octets, which nobody can tell from a disclosure's (RFC 9901 §4.2.5).</summary>
    internal int Decoy(Span<byte> text)
    {
        Span<byte> random = stackalloc byte[Length];
        Salts.Fill(random);
        return Digest(random, text);
    }

    /// <summary>Whether a JSON string is the digest of the text.</summary>
    internal bool IsDigest(JsonElement digest, ReadOnlySpan<char> text)
    {
        Span<byte> hash = stackalloc byte[SHA512.HashSizeInBytes], encoded = stackalloc byte[MaxDigestLength];
        return digest.ValueEquals(encoded[..StrictBase64Url.Encode(Hash(text, hash), encoded)]);
    }

    private ReadOnlySpan<byte> Hash(ReadOnlySpan<char> text, Span<byte> hash)
    {
        var octets = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        try
        {
            ShortHash.HashData(_name, octets.AsSpan(0, Encoding.UTF8.GetBytes(text, octets)), hash);
            return hash[..Length];
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(octets);
        }
    }
}
