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

    private readonly Lock _lock = new();
    private readonly Dictionary<Key, LinkedListNode<(Key Key, TrustedChain Chain)>> _nodes = [];
    private readonly LinkedList<(Key Key, TrustedChain Chain)> _byUse = [];

    private readonly record struct Key(UInt128 High, UInt128 Low, TrustPurpose Purpose, CertificateProfile Profile);

    /// <summary>How many chains are kept now.</summary>
    public int Count
    {
        get { lock (_lock) return _nodes.Count; }
    }

    /// <summary>The known chain of these bytes, if its validity covers the time.</summary>
    public TrustedChain? Find(IReadOnlyList<ReadOnlyMemory<byte>> der, TrustPurpose purpose, CertificateProfile profile, DateTimeOffset at)
    {
        Key key = KeyOf(der, purpose, profile);
        lock (_lock)
        {
            if (!_nodes.TryGetValue(key, out var node) || !node.Value.Chain.HoldsAt(at)) return null;
            _byUse.Remove(node);
            _byUse.AddFirst(node);
            return node.Value.Chain;
        }
    }

    /// <summary>Keeps a chain that was found valid.</summary>
    public void Add(IReadOnlyList<ReadOnlyMemory<byte>> der, TrustPurpose purpose, CertificateProfile profile, TrustedChain chain)
    {
        Key key = KeyOf(der, purpose, profile);
        lock (_lock)
        {
            if (_nodes.Remove(key, out var old)) _byUse.Remove(old);
            _nodes[key] = _byUse.AddFirst((key, chain));
            if (_nodes.Count <= Capacity) return;
            _nodes.Remove(_byUse.Last!.Value.Key);
            _byUse.RemoveLast();
        }
    }

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
