using System.Security.Cryptography;
using Credentials.Codecs;

namespace Credentials.Mdoc;

/// <summary>A digest algorithm of a mobile security object (ISO/IEC 18013-5 §9.1.2.5).</summary>
public sealed class MdocDigest
{
    private readonly HashAlgorithmName _algorithm;

    private MdocDigest(string name, int length, HashAlgorithmName algorithm)
    {
        Name = name;
        Length = length;
        _algorithm = algorithm;
    }

    /// <summary>SHA-256.</summary>
    public static MdocDigest Sha256 { get; } = new("SHA-256", 32, HashAlgorithmName.SHA256);

    /// <summary>SHA-384.</summary>
    public static MdocDigest Sha384 { get; } = new("SHA-384", 48, HashAlgorithmName.SHA384);

    /// <summary>SHA-512.</summary>
    public static MdocDigest Sha512 { get; } = new("SHA-512", 64, HashAlgorithmName.SHA512);

    /// <summary>The name on the wire.</summary>
    public string Name { get; }

    /// <summary>Bytes of a digest.</summary>
    public int Length { get; }

    /// <summary>The algorithm of a name, exactly as written; null if it is none of these.</summary>
    public static MdocDigest? Find(string name) => name switch { "SHA-256" => Sha256, "SHA-384" => Sha384, "SHA-512" => Sha512, _ => null };

    /// <summary>Writes the digest of the data, <see cref="Length"/> bytes.</summary>
    internal void Hash(ReadOnlySpan<byte> data, Span<byte> digest) => ShortHash.HashData(_algorithm, data, digest);

    /// <summary>True if this is the digest of the data.</summary>
    public bool Matches(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> data)
    {
        Span<byte> computed = stackalloc byte[Length];
        ShortHash.HashData(_algorithm, data, computed);
        return computed.SequenceEqual(digest);
    }
}
