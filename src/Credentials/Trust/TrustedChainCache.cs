using System.Buffers.Binary;
using System.Security.Cryptography;
using Credentials.X509;

namespace Credentials.Trust;

/// <summary>
/// The chains that a store found valid, by their bytes: building a path costs as much as ten signatures, and a verifier sees the same few
/// signers all day. Refusals are not kept. Bounded; the least recently used go first. Thread-safe.
/// </summary>
internal sealed class TrustedChainCache
{
    /// <summary>How many chains are kept.</summary>
    public const int Capacity = 256;

    private readonly BoundedCache<Key, TrustedChain> _chains = new(Capacity, _ => 1);

    private readonly record struct Key(UInt128 High, UInt128 Low, TrustPurpose Purpose, CertificateProfile Profile);

    /// <summary>How many chains are kept now.</summary>
    public int Count => _chains.Count;

    /// <summary>The known chain of these bytes, if its validity covers the time.</summary>
    public TrustedChain? Find(IReadOnlyList<ReadOnlyMemory<byte>> der, TrustPurpose purpose, CertificateProfile profile, DateTimeOffset at) =>
        _chains.Get(KeyOf(der, purpose, profile)) is { } chain && chain.HoldsAt(at) ? chain : null;

    /// <summary>Keeps a chain that was found valid.</summary>
    public void Add(IReadOnlyList<ReadOnlyMemory<byte>> der, TrustPurpose purpose, CertificateProfile profile, TrustedChain chain) =>
        _chains.Put(KeyOf(der, purpose, profile), chain);

    private static Key KeyOf(IReadOnlyList<ReadOnlyMemory<byte>> der, TrustPurpose purpose, CertificateProfile profile)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> buffer = stackalloc byte[SHA256.HashSizeInBytes];
        foreach (ReadOnlyMemory<byte> certificate in der)
        {
            // With its length, so that no other split of the same bytes has the same key.
            BinaryPrimitives.WriteInt32BigEndian(buffer, certificate.Length);
            hash.AppendData(buffer[..sizeof(int)]);
            hash.AppendData(certificate.Span);
        }
        hash.GetHashAndReset(buffer);
        return new Key(BinaryPrimitives.ReadUInt128BigEndian(buffer), BinaryPrimitives.ReadUInt128BigEndian(buffer[16..]), purpose, profile);
    }
}
