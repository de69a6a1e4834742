using System.Text.Json.Nodes;
using Credentials.Issuer.Agency;
using Credentials.Issuer.Http;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Credentials.Issuer.Recovery;

/// <summary>
/// Restores a back-up into a fresh data folder and, for PostgreSQL, an empty database. The keys come last: without them no service starts on a
/// database that was not made fit (<see cref="StatusEpoch"/>).
/// </summary>
internal static class IssuerRestore
{
    /// <param name="backup">The back-up's folder.</param>
    /// <param name="data">The data folder to be: not there, or empty.</param>
    /// <param name="connection">An empty PostgreSQL database; null: SQLite in the data folder.</param>
    /// <param name="journal">Files with the audit log of the time after the back-up.</param>
    /// <param name="time">The clock.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>What was restored, and what could not be.</returns>
    /// <exception cref="IssuerStartException">It cannot be restored there.</exception>
    /// <exception cref="MalformedDataException"><c>issuer.backup</c>, <c>issuer.journal</c>.</exception>
    internal static async Task<JsonObject> RunAsync(string backup, string data, string? connection, IReadOnlyList<string> journal, TimeProvider time, CancellationToken ct)
    {
        data = Path.GetFullPath(data);
        if (File.Exists(data) || (Directory.Exists(data) && Directory.EnumerateFileSystemEntries(data).Any()))
            throw new IssuerStartException($"{data} is not empty: a back-up is restored into a fresh folder.");
        var manifest = await BackupManifest.ReadAsync(backup, ct);
        if (connection is null != (manifest.Database == BackupManifest.Sqlite))
            throw new IssuerStartException(connection is null ? "The back-up is of a PostgreSQL database: --connection names the one to restore into." : "The back-up is of an SQLite database, which needs no --connection.");
        var partial = IssuerBackup.PrivateFolder($"{data}.{Guid.NewGuid():N}.partial");
        try
        {
            IssuerBackup.CopyFolder(Path.Combine(backup, "keys"), Path.Combine(partial, "keys"));
            if (Directory.Exists(Path.Combine(backup, IssuerBackup.CatalogFolder)))
                IssuerBackup.CopyFolder(Path.Combine(backup, IssuerBackup.CatalogFolder), Path.Combine(partial, IssuerBackup.CatalogFolder));
            if (File.Exists(Path.Combine(backup, AuditCheckpoints.FileName)))
                File.Copy(Path.Combine(backup, AuditCheckpoints.FileName), Path.Combine(partial, AuditCheckpoints.FileName));
            if (connection is null)
            {
                File.Copy(Path.Combine(backup, DatabaseSetup.FileName), Path.Combine(partial, DatabaseSetup.FileName));
            }
            else
            {
                await RequireEmptyAsync(connection, ct);
                await PostgresTools.RestoreAsync(connection, Path.Combine(backup, IssuerBackup.DatabaseDump), ct);
            }

            var epoch = await MakeFitAsync(partial, connection, manifest, journal, time.GetUtcNow(), ct);
            var withdrawn = SignerFolder.Withdraw(Path.Combine(partial, "keys"), epoch.WithdrawnKeys, time.GetUtcNow());
            if (Directory.Exists(data))
                Directory.Delete(data);
            Directory.Move(partial, data);
            return Describe(manifest, epoch, withdrawn, Directory.Exists(Path.Combine(data, IssuerBackup.CatalogFolder)) ? Path.Combine(data, IssuerBackup.CatalogFolder) : null);
        }
        catch
        {
            Directory.Delete(partial, recursive: true);
            throw;
        }
    }

    private static async Task<StatusEpoch> MakeFitAsync(string folder, string? connection, BackupManifest manifest, IReadOnlyList<string> journal, DateTimeOffset now, CancellationToken ct)
    {
        await using var db = ExistingDatabase.Connect(folder, connection);
        if (!db.Database.GetMigrations().Contains(manifest.Schema))
            throw new IssuerStartException("The back-up was made by a later version of this program.");
        await DatabaseSetup.MigrateAsync(db, ct);
        IssuerBackup.RequireKeysOf(await db.Installations.AsNoTracking().SingleAsync(ct), folder);
        var epoch = new StatusEpoch(db);
        await epoch.OpenAsync(manifest, journal, now, ct);
        // The file is about to be moved.
        if (db.Database.GetDbConnection() is SqliteConnection sqlite)
        {
            await db.Database.CloseConnectionAsync();
            SqliteConnection.ClearPool(sqlite);
        }

        return epoch;
    }

    private static async Task RequireEmptyAsync(string connection, CancellationToken ct)
    {
        try
        {
            await using var database = new NpgsqlConnection(connection);
            await database.OpenAsync(ct);
            await using var command = new NpgsqlCommand("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", database);
            if (await command.ExecuteScalarAsync(ct) is not 0L)
                throw new IssuerStartException("The database is not empty: make a new one to restore into.");
        }
        catch (NpgsqlException e)
        {
            throw new IssuerStartException("The database cannot be reached or opened.", e);
        }
    }

    private static JsonObject Describe(BackupManifest manifest, StatusEpoch epoch, IReadOnlyList<string> withdrawn, string? catalog) => new()
    {
        ["backup"] = BackupManifest.Write(manifest.MadeAt),
        ["public_url"] = manifest.PublicUrl,
        ["catalog"] = catalog,
        ["journal_entries"] = epoch.Entries,
        ["credentials_from_journal"] = epoch.Credentials,
        ["status_changes_from_journal"] = epoch.StatusChanges,
        ["unknown_credentials"] = new JsonArray([.. epoch.Unknown.Select(id => (JsonNode)id)]),
        ["withdrawn_keys"] = new JsonArray([.. withdrawn.Select(id => (JsonNode)id)]),
        ["closed_accounts"] = new JsonArray([.. epoch.ClosedAccounts.Select(id => (JsonNode)id)]),
        ["offers_cancelled"] = epoch.CancelledOffers,
    };
}
