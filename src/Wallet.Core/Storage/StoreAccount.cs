using System.Security.Cryptography;

namespace Credentials.Wallet.Core.Storage;

/// <summary>Version, size and mark of one row.</summary>
internal sealed record RecordMark(long Version, int Length, byte[] Mark);

/// <summary>
/// The rows of the file as they must be: what every read is compared with, and what the seal is made from. A transaction works on a
/// copy, which replaces the original when the transaction is committed.
/// </summary>
internal sealed class StoreAccount
{
    public const int MaxRecords = 20_000;
    public const long MaxBytes = 128L * 1024 * 1024;

    private readonly Dictionary<(RecordKind Kind, string Id), RecordMark> _rows;
    private readonly StoreSeal _seal;
    private long _bytes;

    public StoreAccount()
    {
        _rows = [];
        _seal = new StoreSeal();
    }

    private StoreAccount(StoreAccount other)
    {
        _rows = new(other._rows);
        _seal = other._seal.Copy();
        _bytes = other._bytes;
    }

    public StoreAccount Copy() => new(this);

    public static KeyUnavailableException Full() => new(WalletCodes.StoreFull, "The wallet is full.");

    public long NextVersion(RecordKind kind, string id) => _rows.TryGetValue((kind, id), out var row) ? row.Version + 1 : 1;

    public bool Matches(RecordKind kind, string id, ReadOnlySpan<byte> mark) =>
        _rows.TryGetValue((kind, id), out var row) && CryptographicOperations.FixedTimeEquals(row.Mark, mark);

    public void Put(RecordKind kind, string id, RecordMark row)
    {
        Remove(kind, id);
        if (_rows.Count >= MaxRecords || _bytes + row.Length > MaxBytes) throw Full();
        _rows.Add((kind, id), row);
        _seal.Add(row.Mark);
        _bytes += row.Length;
    }

    public bool Remove(RecordKind kind, string id)
    {
        if (!_rows.Remove((kind, id), out var row)) return false;
        _seal.Remove(row.Mark);
        _bytes -= row.Length;
        return true;
    }

    public byte[] EncodeSeal()
    {
        _seal.CountChange();
        return _seal.Encode();
    }

    public void Confirm(ReadOnlySpan<byte> storedSeal) => _seal.Confirm(storedSeal);
}
