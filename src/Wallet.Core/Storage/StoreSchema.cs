namespace Credentials.Wallet.Core.Storage;

/// <summary>The tables and settings of a wallet file. <c>spec/storage.md</c> describes them.</summary>
internal static class StoreSchema
{
    public const long ApplicationId = 0x43574C54; // "CWLT"
    public const int Version = 1;

    public const string HeaderRow = "header";
    public const string SealRow = "seal";

    /// <summary>
    /// A rollback journal and no write-ahead log: between two changes the wallet is one file. Deleted content is overwritten,
    /// every commit reaches the disk, and the exclusive lock is kept until the wallet is closed.
    /// </summary>
    public const string Settings = """
        PRAGMA locking_mode = EXCLUSIVE;
        PRAGMA journal_mode = DELETE;
        PRAGMA secure_delete = ON;
        PRAGMA synchronous = EXTRA;
        PRAGMA temp_store = MEMORY;
        PRAGMA trusted_schema = OFF;
        PRAGMA cell_size_check = ON;
        """;

    public const string Tables = """
        CREATE TABLE meta (name TEXT NOT NULL PRIMARY KEY, value BLOB NOT NULL);
        CREATE TABLE record (
            kind INTEGER NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, body BLOB NOT NULL,
            PRIMARY KEY (kind, id));
        """;
}
