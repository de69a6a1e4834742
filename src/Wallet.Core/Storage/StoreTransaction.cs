using System.Buffers;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Credentials.Wallet.Core.Storage;

/// <summary>One all-or-nothing look at, or change of, the wallet file. Used by one caller at a time, and only inside the store's own call.</summary>
internal sealed class StoreTransaction(SqliteConnection connection, SqliteTransaction transaction, RecordCipher cipher, StoreAccount account, DocumentIndex index) : IDisposable
{
    public const int MaxRecordBytes = 1024 * 1024;

    // A query finds many records, and to prepare the statement takes longer than to run it.
    private SqliteCommand? _find;

    /// <summary>True once something was put or deleted.</summary>
    public bool HasChanges { get; private set; }

    /// <summary>What is known of documents without decrypting them.</summary>
    public DocumentIndex Index => index;

    /// <summary>The record, or null when there is none.</summary>
    public StoredRecord? Find(RecordKind kind, string id)
    {
        _find ??= Command("SELECT id, version, body FROM record WHERE kind = $kind AND id = $id");
        _find.Parameters.Clear();
        _find.Parameters.AddWithValue("$kind", (int)kind);
        _find.Parameters.AddWithValue("$id", id);
        using var rows = _find.ExecuteReader();
        return rows.Read() ? Open(kind, rows, Parse) : null;
    }

    /// <summary>Whether there is a record. It is not decrypted.</summary>
    public bool Contains(RecordKind kind, string id) => account.NextVersion(kind, id) > 1;

    /// <summary>True if the records take more than half of the room that there is.</summary>
    public bool IsHalfFull => account.IsHalfFull;

    /// <summary>An id that follows from a content, and says of it to nobody else more than that it is the same.</summary>
    public string KeyedId(RecordKind kind, ReadOnlySpan<byte> content) =>
        // No row has this address: versions begin with 1.
        Convert.ToHexStringLower(cipher.Mark(kind, "", version: 0, content).AsSpan(0, RecordId.Bytes));

    /// <summary>All records of a kind, in no particular order.</summary>
    public IReadOnlyList<StoredRecord> List(RecordKind kind)
    {
        var records = new List<StoredRecord>();
        ForEach(kind, (id, plaintext) =>
        {
            records.Add(Parse(id, plaintext));
            return true;
        });
        return records;
    }

    /// <summary>The ids of all records of a kind, in no particular order. None is decrypted.</summary>
    public IReadOnlyList<string> ListIds(RecordKind kind) => account.Ids(kind);

    /// <summary>Makes the index anew from the records.</summary>
    public void MakeIndex()
    {
        index.Clear();
        foreach (var kind in Enum.GetValues<RecordKind>().Where(DocumentIndex.Covers))
        {
            ForEach(kind, (id, plaintext) =>
            {
                index.Put(kind, id, DocumentIndex.Read(plaintext));
                return true;
            });
        }
    }

    /// <summary>Writes a record, replacing the one of the same kind and id.</summary>
    /// <exception cref="KeyUnavailableException"><c>wallet.full</c>.</exception>
    public void Put(RecordKind kind, string id, JsonObject body)
    {
        var plaintext = StrictJson.ToUtf8(body);
        if (plaintext.Length > MaxRecordBytes) throw StoreAccount.Full();
        var version = account.NextVersion(kind, id);
        var sealedBody = cipher.Seal(kind, id, version, plaintext);
        account.Put(kind, id, version, sealedBody.Length, cipher.Mark(kind, id, version, sealedBody));
        using var command = Command("INSERT OR REPLACE INTO record (kind, id, version, body) VALUES ($kind, $id, $version, $body)");
        command.Parameters.AddWithValue("$kind", (int)kind);
        command.Parameters.AddWithValue("$id", id);
        command.Parameters.AddWithValue("$version", version);
        command.Parameters.AddWithValue("$body", sealedBody);
        command.ExecuteNonQuery();
        if (DocumentIndex.Covers(kind)) index.Put(kind, id, DocumentIndex.Read(plaintext));
        HasChanges = true;
    }

    /// <summary>Removes a record; nothing happens when there is none.</summary>
    public void Delete(RecordKind kind, string id)
    {
        if (!account.Remove(kind, id)) return;
        using var command = Command("DELETE FROM record WHERE kind = $kind AND id = $id");
        command.Parameters.AddWithValue("$kind", (int)kind);
        command.Parameters.AddWithValue("$id", id);
        command.ExecuteNonQuery();
        if (DocumentIndex.Covers(kind)) index.Remove(kind, id);
        HasChanges = true;
    }

    /// <summary>Writes the seal over the changed set; the last statement of a changing transaction.</summary>
    public void WriteSeal()
    {
        using var command = Command("INSERT OR REPLACE INTO meta (name, value) VALUES ($name, $value)");
        command.Parameters.AddWithValue("$name", StoreSchema.SealRow);
        command.Parameters.AddWithValue("$value", cipher.SealSet(account.EncodeSeal()));
        command.ExecuteNonQuery();
    }

    public void Dispose() => _find?.Dispose();

    private void ForEach(RecordKind kind, Func<string, ReadOnlySpan<byte>, bool> take)
    {
        using var command = Command("SELECT id, version, body FROM record WHERE kind = $kind");
        command.Parameters.AddWithValue("$kind", (int)kind);
        using var rows = command.ExecuteReader();
        while (rows.Read()) Open(kind, rows, take);
    }

    /// <summary>
    /// Checks and decrypts the row that the reader stands at: id, version and body. A changed file can have anything in any column. The body is
    /// read where the database has it, and the plaintext is gone when it has been read.
    /// </summary>
    private T Open<T>(RecordKind kind, SqliteDataReader rows, Func<string, ReadOnlySpan<byte>, T> read)
    {
        var row = rows.Handle!;
        if (raw.sqlite3_column_type(row, 0) != raw.SQLITE_TEXT || raw.sqlite3_column_type(row, 1) != raw.SQLITE_INTEGER || raw.sqlite3_column_type(row, 2) != raw.SQLITE_BLOB)
            throw StoreErrors.Corrupt();
        var (id, version) = (raw.sqlite3_column_text(row, 0).utf8_to_string(), raw.sqlite3_column_int64(row, 1));
        var body = raw.sqlite3_column_blob(row, 2);
        // What was not in the sealed set when the wallet was opened, and was not written since, is somebody else's.
        if (!account.Matches(kind, id, cipher.Mark(kind, id, version, body))) throw StoreErrors.Corrupt();
        var plaintext = ArrayPool<byte>.Shared.Rent(body.Length);
        try
        {
            return read(id, plaintext.AsSpan(0, cipher.Open(kind, id, version, body, plaintext)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(plaintext, clearArray: true);
        }
    }

    private static StoredRecord Parse(string id, ReadOnlySpan<byte> plaintext) =>
        new(id, StrictJson.ParseObject(plaintext, new JsonLimits(MaxBytes: MaxRecordBytes), WalletCodes.StoreCorrupt));

    private SqliteCommand Command(string sql)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        return command;
    }
}
