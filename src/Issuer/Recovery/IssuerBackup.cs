using System.Security.Cryptography;
using Credentials.Codecs;
using Credentials.Issuer.Agency;
using Credentials.Issuer.Http;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Storage;
using Credentials.X509;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Recovery;

/// <summary>
/// Makes a back-up, beside the running service or without it: a folder with the database as of one moment, the key files as they are (closed
/// ones stay closed), the catalogue and a manifest. It appears whole or not at all.
/// </summary>
internal static class IssuerBackup
{
    internal const string DatabaseDump = "database.dump";
    internal const string CatalogFolder = "catalog";

    /// <param name="data">The issuer's data folder.</param>
    /// <param name="connection">PostgreSQL; null: SQLite in the data folder.</param>
    /// <param name="catalog">The folder of the operator's credential types; null: none.</param>
    /// <param name="target">A folder that is not there yet.</param>
    /// <param name="time">The clock.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="IssuerStartException">It cannot be made; the message says why.</exception>
    internal static async Task<BackupManifest> WriteAsync(string data, string? connection, string? catalog, string target, TimeProvider time, CancellationToken ct)
    {
        if (Path.Exists(target))
            throw new IssuerStartException($"{target} exists: a back-up gets a folder of its own.");
        if (catalog is not null && !Directory.Exists(catalog))
            throw new IssuerStartException($"{catalog} is not there.");
        await using var db = await ExistingDatabase.OpenAsync(data, connection, ct);
        var installation = await db.Installations.AsNoTracking().SingleOrDefaultAsync(ct) ?? throw new IssuerStartException("The database is empty: start the service once.");
        RequireKeysOf(installation, data);
        var now = time.GetUtcNow();
        var partial = PrivateFolder($"{target}.{Guid.NewGuid():N}.partial");
        try
        {
            // Before the database: a checkpoint must not know more than the log that is restored with it.
            if (File.Exists(Path.Combine(data, AuditCheckpoints.FileName)))
                File.Copy(Path.Combine(data, AuditCheckpoints.FileName), Path.Combine(partial, AuditCheckpoints.FileName));
            if (connection is null)
                CopySqlite(Path.Combine(data, DatabaseSetup.FileName), Path.Combine(partial, DatabaseSetup.FileName));
            else
                await PostgresTools.DumpAsync(connection, Path.Combine(partial, DatabaseDump), ct);
            CopyKeys(Path.Combine(data, "keys"), Path.Combine(partial, "keys"));
            if (catalog is not null)
                CopyFolder(catalog, Path.Combine(partial, CatalogFolder));
            var files = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var file in Directory.EnumerateFiles(partial, "*", SearchOption.AllDirectories))
                files[Path.GetRelativePath(partial, file).Replace('\\', '/')] = await BackupManifest.HashAsync(file, ct);
            var manifest = new BackupManifest(
                now, installation.PublicUrl, installation.RootFingerprint, connection is null ? BackupManifest.Sqlite : BackupManifest.Postgres,
                (await db.Database.GetAppliedMigrationsAsync(ct)).Last(), files);
            PrivateFiles.WriteWhole(Path.Combine(partial, BackupManifest.FileName), StrictJson.ToUtf8(manifest.ToJson()));
            Directory.Move(partial, target);
            return manifest;
        }
        catch
        {
            Directory.Delete(partial, recursive: true);
            throw;
        }
    }

    /// <summary>A folder that only its owner may look into.</summary>
    internal static string PrivateFolder(string path)
    {
        var folder = Directory.CreateDirectory(path);
        if (!OperatingSystem.IsWindows())
            folder.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        return folder.FullName;
    }

    internal static void CopyFolder(string from, string to)
    {
        PrivateFolder(to);
        foreach (var folder in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories))
            PrivateFolder(Path.Combine(to, Path.GetRelativePath(from, folder)));
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
    }

    /// <summary>Refuses a folder and a database that do not belong together.</summary>
    internal static void RequireKeysOf(Installation installation, string data)
    {
        var root = Path.Combine(data, "keys", "root.pem");
        if (!File.Exists(root) || Convert.ToHexStringLower(SHA256.HashData(CertificateReader.FromPem(File.ReadAllText(root))[0].RawData)) != installation.RootFingerprint)
            throw new IssuerStartException("The database belongs to an issuer with other keys than those of the folder.");
    }

    // SQLite's online back-up: the file as of one moment, however much is written meanwhile (sqlite.org/backup.html).
    private static void CopySqlite(string from, string to)
    {
        using var source = Open(from, SqliteOpenMode.ReadWrite);
        using var target = Open(to, SqliteOpenMode.ReadWriteCreate);
        source.BackupDatabase(target);
        // One file, without the log of a database in use.
        Ask(target, "PRAGMA journal_mode=DELETE");
        if (Ask(target, "PRAGMA integrity_check") != "ok")
            throw new IssuerStartException("The database is damaged: SQLite's integrity check does not pass. Keep the last good back-up.");
    }

    private static SqliteConnection Open(string file, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false, DefaultTimeout = 30 }.ConnectionString);
        connection.Open();
        return connection;
    }

    private static string? Ask(SqliteConnection connection, string pragma)
    {
        using var command = connection.CreateCommand();
        command.CommandText = pragma;
        return command.ExecuteScalar() as string;
    }

    // Held, so that no key is changed between two files.
    private static void CopyKeys(string from, string to)
    {
        using var _ = SignerFolder.Lock(from);
        PrivateFolder(to);
        foreach (var file in Directory.EnumerateFiles(from).Where(file => Path.GetFileName(file) is not ".lock" && Path.GetExtension(file) is not ".new"))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }
}
