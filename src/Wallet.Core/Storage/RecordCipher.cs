using System.Buffers.Binary;
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

    // To set them up costs more than to use them, and a thread has its own.
    private readonly ThreadLocal<(AesGcm Aes, IncrementalHash Hmac)> _engines;

    public RecordCipher(ReadOnlySpan<byte> dataKey)
    {
        _recordKey = Subkey(dataKey, "credentials-wallet/records"u8);
        _markKey = Subkey(dataKey, "credentials-wallet/marks"u8);
        _engines = new(() => (SealedBox.Cipher(_recordKey), IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _markKey)), trackAllValues: true);
        _sealKey = Subkey(dataKey, "credentials-wallet/seal"u8);
    }

    public byte[] Seal(RecordKind kind, string id, long version, ReadOnlySpan<byte> plaintext) =>
        SealedBox.Seal(_engines.Value.Aes, plaintext, Address(kind, id, version));

    public byte[] Open(RecordKind kind, string id, long version, ReadOnlySpan<byte> body) =>
        SealedBox.TryOpen(_engines.Value.Aes, body, Address(kind, id, version)) ?? throw StoreErrors.Corrupt();

    /// <summary>A keyed digest of one row as it stands in the file.</summary>
    public byte[] Mark(RecordKind kind, string id, long version, ReadOnlySpan<byte> body)
    {
        var hmac = _engines.Value.Hmac;
        hmac.AppendData(Address(kind, id, version));
        hmac.AppendData(body);
        return hmac.GetHashAndReset();
    }

    public byte[] SealSet(ReadOnlySpan<byte> set) => SealedBox.Seal(_sealKey, set, "record set"u8);

    public byte[] OpenSet(ReadOnlySpan<byte> box) => SealedBox.TryOpen(_sealKey, box, "record set"u8) ?? throw StoreErrors.Corrupt();

    public void Dispose()
    {
        foreach (var (aes, hmac) in _engines.Values)
        {
            aes.Dispose();
            hmac.Dispose();
        }
        _engines.Dispose();
        CryptographicOperations.ZeroMemory(_recordKey);
        CryptographicOperations.ZeroMemory(_markKey);
        CryptographicOperations.ZeroMemory(_sealKey);
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
