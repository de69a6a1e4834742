using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Credentials.Wallet.Core.Storage;

/// <summary>
/// What stands in the file, as a set: the XOR of the secret marks of all rows, their number, and a counter of changes. It is
/// written, encrypted, in the transaction of every change. A row that was removed, added, or put back to an older version no longer
/// fits it. An older copy of the whole file does fit: no file can tell that of itself.
/// </summary>
internal sealed class StoreSeal
{
    private const int EncodedLength = RecordCipher.MarkLength + sizeof(long) + sizeof(long);

    private readonly byte[] _marks;
    private long _count;
    private long _changes;

    public StoreSeal() => _marks = new byte[RecordCipher.MarkLength];

    private StoreSeal(StoreSeal other)
    {
        _marks = [.. other._marks];
        _count = other._count;
        _changes = other._changes;
    }

    public StoreSeal Copy() => new(this);

    public void Add(ReadOnlySpan<byte> mark)
    {
        Flip(mark);
        _count++;
    }

    public void Remove(ReadOnlySpan<byte> mark)
    {
        Flip(mark);
        _count--;
    }

    public void CountChange() => _changes++;

    public byte[] Encode()
    {
        var bytes = new byte[EncodedLength];
        _marks.CopyTo(bytes, 0);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(RecordCipher.MarkLength), _count);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(RecordCipher.MarkLength + sizeof(long)), _changes);
        return bytes;
    }

    /// <summary>Takes over the change counter of a stored seal when it covers the same rows as this one.</summary>
    /// <exception cref="MalformedDataException"><c>wallet.corrupt</c>: it covers others.</exception>
    public void Confirm(ReadOnlySpan<byte> stored)
    {
        if (stored.Length != EncodedLength) throw StoreErrors.Corrupt();
        _changes = BinaryPrimitives.ReadInt64BigEndian(stored[(RecordCipher.MarkLength + sizeof(long))..]);
        if (!CryptographicOperations.FixedTimeEquals(stored, Encode())) throw StoreErrors.Corrupt();
    }

    private void Flip(ReadOnlySpan<byte> mark)
    {
        for (var i = 0; i < _marks.Length; i++) _marks[i] ^= mark[i];
    }
}
