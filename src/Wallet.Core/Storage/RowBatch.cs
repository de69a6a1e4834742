using System.Buffers;
using System.Text.Json;
using SQLitePCL;

namespace Credentials.Wallet.Core.Storage;

/// <summary>
/// Rows on their way from the file into account and index, while a wallet is opened: many at a time, so that all processors have work, and
/// in one place of memory, because those of a full wallet would otherwise be more garbage than everything that stays.
/// </summary>
internal sealed class RowBatch(RecordCipher cipher, StoreAccount account, DocumentIndex index)
{
    private const int MaxRows = 1024;
    private const int UsualLength = 256 * 1024;
    private const int MaxBody = StoreTransaction.MaxRecordBytes + SealedBox.Overhead;

    private readonly List<Row> _rows = new(MaxRows);
    private byte[] _bodies = new byte[UsualLength];
    private int _length;

    /// <summary>Takes the row that the statement stands at, of the columns id, version, body, kind. A changed file can have anything in any column.</summary>
    public void Add(sqlite3_stmt row)
    {
        if (raw.sqlite3_column_type(row, 0) != raw.SQLITE_TEXT || raw.sqlite3_column_type(row, 1) != raw.SQLITE_INTEGER
            || raw.sqlite3_column_type(row, 2) != raw.SQLITE_BLOB || raw.sqlite3_column_type(row, 3) != raw.SQLITE_INTEGER)
            throw StoreErrors.Corrupt();
        var body = raw.sqlite3_column_blob(row, 2);
        if (body.Length > MaxBody) throw StoreErrors.Corrupt();
        if (_rows.Count == MaxRows || body.Length > _bodies.Length - _length) Take();
        if (body.Length > _bodies.Length) _bodies = new byte[MaxBody];
        body.CopyTo(_bodies.AsSpan(_length));
        _rows.Add(new Row((RecordKind)raw.sqlite3_column_int64(row, 3), raw.sqlite3_column_text(row, 0).utf8_to_string(), raw.sqlite3_column_int64(row, 1), new Range(_length, _length + body.Length)));
        _length += body.Length;
    }

    /// <summary>Marks the rows, reads of documents what the index needs, and makes place for others.</summary>
    /// <exception cref="MalformedDataException"><c>wallet.corrupt</c>.</exception>
    public void Take()
    {
        var read = new (byte[] Mark, DocumentIndex.Link Link)[_rows.Count];
        var isCorrupt = false;
        Parallel.For(0, _rows.Count, i =>
        {
            try
            {
                read[i] = Read(_rows[i]);
            }
            catch (Exception error) when (error is CredentialException or JsonException)
            {
                Volatile.Write(ref isCorrupt, true);
            }
        });
        if (isCorrupt) throw StoreErrors.Corrupt();
        foreach (var (row, (mark, link)) in _rows.Zip(read))
        {
            account.Put(row.Kind, row.Id, row.Version, row.Body.End.Value - row.Body.Start.Value, mark);
            if (DocumentIndex.Covers(row.Kind)) index.Put(row.Kind, row.Id, link);
        }

        _rows.Clear();
        _length = 0;
    }

    private (byte[] Mark, DocumentIndex.Link Link) Read(Row row)
    {
        var (kind, id, version, range) = row;
        var body = _bodies.AsSpan(range);
        var mark = cipher.Mark(kind, id, version, body);
        if (!DocumentIndex.Covers(kind)) return (mark, default);
        var plaintext = ArrayPool<byte>.Shared.Rent(body.Length);
        try
        {
            return (mark, DocumentIndex.Read(plaintext.AsSpan(0, cipher.Open(kind, id, version, body, plaintext))));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(plaintext, clearArray: true);
        }
    }

    private readonly record struct Row(RecordKind Kind, string Id, long Version, Range Body);
}
