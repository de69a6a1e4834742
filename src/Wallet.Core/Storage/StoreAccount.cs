using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Credentials.Wallet.Core.Storage;

/// <summary>
/// The rows of the file as they must be: what every read is compared with, and what the seal is made from. A transaction works on an
/// account of its own (<see cref="Begin"/>), which has only what differs, and becomes part of this one when the transaction is committed.
/// </summary>
internal sealed class StoreAccount
{
    public const int MaxRecords = 100_000;
    public const long MaxBytes = 128L * 1024 * 1024;

    private readonly Dictionary<(RecordKind Kind, string Id), Row> _rows;
    private readonly StoreAccount? _base;
    private StoreSeal _seal;
    private int _count;
    private long _bytes;

    public StoreAccount(int capacity = 0) => (_rows, _seal) = (new(capacity), new StoreSeal());

    private StoreAccount(StoreAccount whole) => (_rows, _base, _seal, _count, _bytes) = ([], whole, whole._seal.Copy(), whole._count, whole._bytes);

    public StoreAccount Begin() => new(this);

    /// <summary>What was changed since <see cref="Begin"/> becomes part of the account that it was called on.</summary>
    public void Commit()
    {
        foreach (var (place, row) in _rows)
        {
            if (row.IsRemoved) _base!._rows.Remove(place);
            else _base!._rows[place] = row;
        }
        (_base!._seal, _base._count, _base._bytes) = (_seal, _count, _bytes);
    }

    public static KeyUnavailableException Full() => new(WalletCodes.StoreFull, "The wallet is full.");

    public bool IsHalfFull => _bytes > MaxBytes / 2 || _count > MaxRecords / 2;

    public long NextVersion(RecordKind kind, string id) => Find(kind, id) is { } row ? row.Version + 1 : 1;

    public bool Matches(RecordKind kind, string id, ReadOnlySpan<byte> mark) =>
        Find(kind, id) is { } row && CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes((ReadOnlySpan<ulong>)row.Mark), mark);

    /// <summary>The ids of all rows of a kind.</summary>
    public IReadOnlyList<string> Ids(RecordKind kind)
    {
        var ids = _base is null ? [] : _base.Ids(kind).Where(id => !_rows.ContainsKey((kind, id)));
        return [.. ids, .. _rows.Where(row => row.Key.Kind == kind && !row.Value.IsRemoved).Select(row => row.Key.Id)];
    }

    /// <summary>Takes a row into account: its version, how long its body is, and its mark.</summary>
    public void Put(RecordKind kind, string id, long version, int length, ReadOnlySpan<byte> mark)
    {
        Remove(kind, id);
        if (_count >= MaxRecords || _bytes + length > MaxBytes) throw Full();
        var row = new Row { Version = version, Length = length };
        mark.CopyTo(MemoryMarshal.AsBytes((Span<ulong>)row.Mark));
        _rows[(kind, id)] = row;
        _seal.Add(mark);
        _count++;
        _bytes += length;
    }

    public bool Remove(RecordKind kind, string id)
    {
        if (Find(kind, id) is not { } row) return false;
        if (_base is null) _rows.Remove((kind, id));
        else _rows[(kind, id)] = new Row { Length = -1 };
        _seal.Remove(MemoryMarshal.AsBytes((ReadOnlySpan<ulong>)row.Mark));
        _count--;
        _bytes -= row.Length;
        return true;
    }

    public byte[] EncodeSeal()
    {
        _seal.CountChange();
        return _seal.Encode();
    }

    public void Confirm(ReadOnlySpan<byte> storedSeal) => _seal.Confirm(storedSeal);

    private Row? Find(RecordKind kind, string id) =>
        !_rows.TryGetValue((kind, id), out var row) ? _base?.Find(kind, id) : row.IsRemoved ? null : row;

    // In the table itself: objects for ten thousand documents would be most of what a wallet takes of memory.
    private struct Row
    {
        public long Version;
        public int Length;
        public MarkWords Mark;

        // Only an account that has a base has such entries.
        public readonly bool IsRemoved => Length < 0;
    }

    [InlineArray(RecordCipher.MarkLength / sizeof(ulong))]
    private struct MarkWords
    {
        private ulong _first;
    }
}
