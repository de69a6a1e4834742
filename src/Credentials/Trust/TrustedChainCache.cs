using System.Buffers.Binary;
using System.Security.Cryptography;
using Credentials.Codecs;
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
        using PooledBuffer chain = new();
        for (int i = 0; i < der.Count; i++)
        {
            // With its length, so that no other split of the same bytes has the same key.
            BinaryPrimitives.WriteInt32BigEndian(chain.GetSpan(sizeof(int)), der[i].Length);
            chain.Advance(sizeof(int));
            chain.Add(der[i].Span);
        }
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(chain.WrittenSpan, hash);
        return new Key(BinaryPrimitives.ReadUInt128BigEndian(hash), BinaryPrimitives.ReadUInt128BigEndian(hash[16..]), purpose, profile);
    }
}
