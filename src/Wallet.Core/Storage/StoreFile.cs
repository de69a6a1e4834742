using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace Credentials.Wallet.Core.Storage;

/// <summary>Making and opening the SQLite file itself.</summary>
internal static class StoreFile
{
    /// <summary>
    /// Makes an empty wallet beside its place and moves it there when it is whole, so that an interrupted creation leaves no
    /// half-made wallet, and an empty file in its place is damage rather than a new wallet.
    /// </summary>
    public static void Create(string path, StoreKey key)
    {
        var draft = path + ".new";
        File.Delete(draft);
        File.Delete(draft + "-journal");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        new FileStream(draft, options).Dispose();
        using (var connection = Connect(draft))
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            Execute(connection, transaction, StoreSchema.Tables);
            Execute(connection, transaction, $"PRAGMA application_id = {StoreSchema.ApplicationId}");
            Execute(connection, transaction, $"PRAGMA user_version = {StoreSchema.Version}");
            var dataKey = RandomNumberGenerator.GetBytes(StoreKey.KeyLength);
            using var cipher = new RecordCipher(dataKey);
            WriteMeta(connection, transaction, StoreSchema.HeaderRow, StoreHeader.Create(key, dataKey).ToUtf8());
            CryptographicOperations.ZeroMemory(dataKey);
            WriteMeta(connection, transaction, StoreSchema.SealRow, cipher.SealSet(new StoreAccount().EncodeSeal()));
            transaction.Commit();
        }
        File.Move(draft, path, overwrite: false);
    }

    /// <summary>Opens the file without a pool and with the settings of <see cref="StoreSchema"/>; no lock is waited for.</summary>
    public static SqliteConnection Connect(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
            DefaultTimeout = 1,
        }.ToString());
        try
        {
            connection.Open();
            Execute(connection, null, StoreSchema.Settings);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Overwrites and deletes the file and what may stand beside it, unless another process has it open.</summary>
    public static void Destroy(string path)
    {
        if (File.Exists(path)) RequireFree(path);
        foreach (var file in new[] { path, path + "-journal", path + ".new", path + ".new-journal" }.Where(File.Exists))
        {
            using (var stream = new FileStream(file, FileMode.Open, FileAccess.Write))
            {
                var zeros = new byte[64 * 1024];
                for (var left = stream.Length; left > 0; left -= zeros.Length) stream.Write(zeros.AsSpan(0, (int)Math.Min(left, zeros.Length)));
                stream.Flush(flushToDisk: true);
            }
            File.Delete(file);
        }
    }

    // A file that is damaged, or is something else by now, is nobody's wallet.
    private static void RequireFree(string path)
    {
        try
        {
            using var connection = Connect(path);
            using var transaction = connection.BeginTransaction(deferred: false);
        }
        catch (SqliteException error) when (StoreErrors.From(error) is MalformedDataException)
        {
        }
    }

    public static void RequireVersion(SqliteConnection connection, SqliteTransaction transaction)
    {
        if (Pragma(connection, transaction, "application_id") != StoreSchema.ApplicationId) throw StoreErrors.Corrupt();
        var version = Pragma(connection, transaction, "user_version");
        if (version > StoreSchema.Version)
            throw new NotSupportedCredentialException(WalletCodes.StoreTooNew, "The wallet file was written by a newer version.");
        if (version != StoreSchema.Version) throw StoreErrors.Corrupt();
    }

    public static byte[] ReadMeta(SqliteConnection connection, SqliteTransaction transaction, string name)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT value FROM meta WHERE name = $name";
        command.Parameters.AddWithValue("$name", name);
        return command.ExecuteScalar() as byte[] ?? throw StoreErrors.Corrupt();
    }

    /// <summary>Reads every row once: what is damaged is found at opening, not in the middle of a presentation.</summary>
    public static StoreAccount ReadAccount(SqliteConnection connection, SqliteTransaction transaction, RecordCipher cipher, DocumentIndex index)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT count(*) FROM record";
        var account = new StoreAccount((int)Math.Min((long)command.ExecuteScalar()!, StoreAccount.MaxRecords));
        command.CommandText = "SELECT id, version, body, kind FROM record NOT INDEXED";
        using var rows = command.ExecuteReader();
        var some = new RowBatch(cipher, account, index);
        while (rows.Read()) some.Add(rows.Handle!);
        some.Take();
        return account;
    }

    private static long Pragma(SqliteConnection connection, SqliteTransaction transaction, string name)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = $"PRAGMA {name}";
        return (long)command.ExecuteScalar()!;
    }

    private static void WriteMeta(SqliteConnection connection, SqliteTransaction transaction, string name, byte[] value)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "INSERT INTO meta (name, value) VALUES ($name, $value)";
        command.Parameters.AddWithValue("$name", name);
        command.Parameters.AddWithValue("$value", value);
        command.ExecuteNonQuery();
    }

    private static void Execute(SqliteConnection connection, SqliteTransaction? transaction, string sql)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
