using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Microsoft.Data.Sqlite;

namespace Credentials.Wallet.Core.Storage;

/// <summary>One all-or-nothing look at, or change of, the wallet file. Used by one caller at a time, and only inside the store's own call.</summary>
internal sealed class StoreTransaction(SqliteConnection connection, SqliteTransaction transaction, RecordCipher cipher, StoreAccount account, DocumentIndex index)
{
    public const int MaxRecordBytes = 1024 * 1024;

    /// <summary>True once something was put or deleted.</summary>
    public bool HasChanges { get; private set; }

    /// <summary>What is known of documents without decrypting them.</summary>
    public DocumentIndex Index => index;

    /// <summary>The record, or null when there is none.</summary>
    public StoredRecord? Find(RecordKind kind, string id)
    {
        using var command = Command("SELECT id, version, body FROM record WHERE kind = $kind AND id = $id");
        command.Parameters.AddWithValue("$kind", (int)kind);
        command.Parameters.AddWithValue("$id", id);
        using var rows = command.ExecuteReader();
        if (!rows.Read()) return null;
        var (found, plaintext) = Open(kind, rows);
        return new StoredRecord(found, Parse(plaintext));
    }

    /// <summary>All records of a kind, in no particular order.</summary>
    public IReadOnlyList<StoredRecord> List(RecordKind kind)
    {
        var records = new List<StoredRecord>();
        ForEach(kind, (id, plaintext) => records.Add(new StoredRecord(id, Parse(plaintext))));
        return records;
    }

    /// <summary>The ids of all records of a kind, in no particular order. None is decrypted.</summary>
    public IReadOnlyList<string> ListIds(RecordKind kind) => account.Ids(kind);

    /// <summary>Makes the index anew from the records.</summary>
    public void MakeIndex()
    {
        index.Clear();
        foreach (var kind in Enum.GetValues<RecordKind>().Where(DocumentIndex.Covers))
            ForEach(kind, (id, plaintext) => index.Put(kind, id, DocumentIndex.Read(plaintext)));
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

    private void ForEach(RecordKind kind, Action<string, byte[]> take)
    {
        using var command = Command("SELECT id, version, body FROM record WHERE kind = $kind");
        command.Parameters.AddWithValue("$kind", (int)kind);
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            var (id, plaintext) = Open(kind, rows);
            take(id, plaintext);
        }
    }

    private (string Id, byte[] Plaintext) Open(RecordKind kind, SqliteDataReader row)
    {
        var (id, version, body) = ReadRow(row);
        // What was not in the sealed set when the wallet was opened, and was not written since, is somebody else's.
        if (!account.Matches(kind, id, cipher.Mark(kind, id, version, body))) throw StoreErrors.Corrupt();
        return (id, cipher.Open(kind, id, version, body));
    }

    /// <summary>Reads id, version and body, the first three columns. A changed file can have anything in any column.</summary>
    private static (string Id, long Version, byte[] Body) ReadRow(SqliteDataReader row) =>
        row.GetValue(0) is string id && row.GetValue(1) is long version && row.GetValue(2) is byte[] body
            ? (id, version, body)
            : throw StoreErrors.Corrupt();

    private static JsonElement Parse(byte[] plaintext) =>
        StrictJson.ParseObject(plaintext, new JsonLimits(MaxBytes: MaxRecordBytes), WalletCodes.StoreCorrupt);

    private SqliteCommand Command(string sql)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        return command;
    }
}
