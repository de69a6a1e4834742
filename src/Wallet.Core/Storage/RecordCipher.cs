using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Credentials.Wallet.Core.Storage;

/// <summary>
/// Encrypts records and keeps account of them. A record is bound to its table, kind, id and version, so that it opens nowhere else;
/// its mark goes into the seal over the whole set (see <see cref="StoreSeal"/>).
/// </summary>
internal sealed class RecordCipher : IDisposable
{
    public const int MarkLength = 32;

    // Of all records that this library makes.
    private const int ShortAddress = 128;

    private readonly byte[] _recordKey;
    private readonly byte[] _markKey;
    private readonly byte[] _sealKey;

    // To set them up costs more than to use them. There are as many as calls at once: one, and while a wallet is opened one for each processor.
    private readonly ConcurrentBag<(AesGcm Aes, IncrementalHash Hmac)> _idle = [];

    public RecordCipher(ReadOnlySpan<byte> dataKey)
    {
        _recordKey = Subkey(dataKey, "credentials-wallet/records"u8);
        _markKey = Subkey(dataKey, "credentials-wallet/marks"u8);
        _sealKey = Subkey(dataKey, "credentials-wallet/seal"u8);
    }

    public byte[] Seal(RecordKind kind, string id, long version, ReadOnlySpan<byte> plaintext)
    {
        var engines = Borrow();
        var box = SealedBox.Seal(engines.Aes, plaintext, Address(kind, id, version, stackalloc byte[ShortAddress]));
        _idle.Add(engines);
        return box;
    }

    /// <summary>Writes the plaintext to the start of a place that has room for it, and returns its length.</summary>
    /// <exception cref="MalformedDataException"><c>wallet.corrupt</c>.</exception>
    public int Open(RecordKind kind, string id, long version, ReadOnlySpan<byte> body, Span<byte> plaintext)
    {
        var engines = Borrow();
        var isOpen = SealedBox.TryOpen(engines.Aes, body, plaintext, Address(kind, id, version, stackalloc byte[ShortAddress]));
        _idle.Add(engines);
        return isOpen ? body.Length - SealedBox.Overhead : throw StoreErrors.Corrupt();
    }

    /// <summary>A keyed digest of one row as it stands in the file.</summary>
    public byte[] Mark(RecordKind kind, string id, long version, ReadOnlySpan<byte> body)
    {
        var engines = Borrow();
        engines.Hmac.AppendData(Address(kind, id, version, stackalloc byte[ShortAddress]));
        engines.Hmac.AppendData(body);
        var mark = engines.Hmac.GetHashAndReset();
        _idle.Add(engines);
        return mark;
    }

    public byte[] SealSet(ReadOnlySpan<byte> set) => SealedBox.Seal(_sealKey, set, "record set"u8);

    public byte[] OpenSet(ReadOnlySpan<byte> box) => SealedBox.TryOpen(_sealKey, box, "record set"u8) ?? throw StoreErrors.Corrupt();

    public void Dispose()
    {
        while (_idle.TryTake(out var engines))
        {
            engines.Aes.Dispose();
            engines.Hmac.Dispose();
        }
        CryptographicOperations.ZeroMemory(_recordKey);
        CryptographicOperations.ZeroMemory(_markKey);
        CryptographicOperations.ZeroMemory(_sealKey);
    }

    private (AesGcm Aes, IncrementalHash Hmac) Borrow() =>
        _idle.TryTake(out var engines) ? engines : (SealedBox.Cipher(_recordKey), IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _markKey));

    private static byte[] Subkey(ReadOnlySpan<byte> dataKey, ReadOnlySpan<byte> info)
    {
        var key = new byte[StoreKey.KeyLength];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, dataKey, key, salt: [], info);
        return key;
    }

    // Fixed lengths before the one variable part: no two addresses have the same bytes.
    private static ReadOnlySpan<byte> Address(RecordKind kind, string id, long version, Span<byte> place)
    {
        var length = "record"u8.Length + sizeof(int) + sizeof(long) + Encoding.UTF8.GetByteCount(id);
        var address = length <= place.Length ? place[..length] : new byte[length];
        "record"u8.CopyTo(address);
        var rest = address["record"u8.Length..];
        BinaryPrimitives.WriteInt32BigEndian(rest, (int)kind);
        BinaryPrimitives.WriteInt64BigEndian(rest[sizeof(int)..], version);
        Encoding.UTF8.GetBytes(id, rest[(sizeof(int) + sizeof(long))..]);
        return address;
    }
}
