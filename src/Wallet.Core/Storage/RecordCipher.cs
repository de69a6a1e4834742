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

    public byte[] Seal(RecordKind kind, string id, long version, ReadOnlySpan<byte> plaintext) =>
        WithEngines((kind, id, version), plaintext, static (engines, record, plaintext) => SealedBox.Seal(engines.Aes, plaintext, Address(record.kind, record.id, record.version)));

    public byte[] Open(RecordKind kind, string id, long version, ReadOnlySpan<byte> body) =>
        WithEngines((kind, id, version), body, static (engines, record, body) => SealedBox.TryOpen(engines.Aes, body, Address(record.kind, record.id, record.version)))
        ?? throw StoreErrors.Corrupt();

    /// <summary>A keyed digest of one row as it stands in the file.</summary>
    public byte[] Mark(RecordKind kind, string id, long version, ReadOnlySpan<byte> body) =>
        WithEngines((kind, id, version), body, static (engines, record, body) =>
        {
            engines.Hmac.AppendData(Address(record.kind, record.id, record.version));
            engines.Hmac.AppendData(body);
            return engines.Hmac.GetHashAndReset();
        });

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

    private T WithEngines<T>(
        (RecordKind kind, string id, long version) record, ReadOnlySpan<byte> bytes,
        Func<(AesGcm Aes, IncrementalHash Hmac), (RecordKind kind, string id, long version), ReadOnlySpan<byte>, T> use)
    {
        if (!_idle.TryTake(out var engines)) engines = (SealedBox.Cipher(_recordKey), IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _markKey));
        var result = use(engines, record, bytes);
        _idle.Add(engines);
        return result;
    }

    private static byte[] Subkey(ReadOnlySpan<byte> dataKey, ReadOnlySpan<byte> info)
    {
        var key = new byte[StoreKey.KeyLength];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, dataKey, key, salt: [], info);
        return key;
    }

    // Fixed lengths before the one variable part: no two addresses have the same bytes.
    private static byte[] Address(RecordKind kind, string id, long version)
    {
        var address = new byte["record"u8.Length + sizeof(int) + sizeof(long) + Encoding.UTF8.GetByteCount(id)];
        "record"u8.CopyTo(address);
        var rest = address.AsSpan("record"u8.Length);
        BinaryPrimitives.WriteInt32BigEndian(rest, (int)kind);
        BinaryPrimitives.WriteInt64BigEndian(rest[sizeof(int)..], version);
        Encoding.UTF8.GetBytes(id, rest[(sizeof(int) + sizeof(long))..]);
        return address;
    }
}
