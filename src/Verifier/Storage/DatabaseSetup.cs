using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Credentials.Verifier.Storage;

/// <summary>Chooses the database and brings it to the current schema.</summary>
internal static class DatabaseSetup
{
    /// <summary>The SQLite database in the data folder.</summary>
    public const string FileName = "verifier.db";

    private const string TheRow = "verifier";

    /// <summary>Without a connection string: SQLite in the data folder.</summary>
    public static void AddVerifierDatabase(this IServiceCollection services, VerifierHostOptions options)
    {
        if (options.Connection is { } connection)
        {
            services.AddDbContextPool<VerifierDbContext, PostgresVerifierDbContext>(o => o.UseNpgsql(Tuned(connection)));
            return;
        }
        services.AddDbContextPool<VerifierDbContext, SqliteVerifierDbContext>(o => o.UseSqlite(SqliteConnection(Path.Combine(options.DataFolder, FileName))));
    }

    public static string SqliteConnection(string file) => new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = 30 }.ToString();

    /// <summary>
    /// Statements come again and again, so the server keeps their plans (unless the connection string says how many, or 0 for none); and no
    /// session is left changed, so none is reset before it is used again.
    /// </summary>
    private static string Tuned(string connection)
    {
        var settings = new NpgsqlConnectionStringBuilder(connection) { NoResetOnClose = true };
        var given = new DbConnectionStringBuilder { ConnectionString = connection };
        if (!given.ContainsKey("Max Auto Prepare") && !given.ContainsKey("MaxAutoPrepare"))
            settings.MaxAutoPrepare = 100;
        return settings.ConnectionString;
    }

    /// <summary>
    /// Is this the database being away, full or overloaded, so that the same request may succeed later? What is our own mistake (a statement that it
    /// does not understand, a value that it does not take) is not.
    /// </summary>
    public static bool IsUnavailable(Exception? e) => e switch
    {
        // Classes 53 (no space, no memory, no connection), 57P (being shut down), 58 (system error); P0001: a trigger, of which we have none.
        PostgresException postgres => postgres.IsTransient || postgres.SqlState is "P0001" || postgres.SqlState[..2] is "53" or "58"
            || postgres.SqlState.StartsWith("57P", StringComparison.Ordinal),
        NpgsqlException => true,
        // BUSY, LOCKED, NOMEM, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, PROTOCOL, NOTADB; CONSTRAINT_TRIGGER as above.
        SqliteException sqlite => sqlite.SqliteErrorCode is 5 or 6 or 7 or 8 or 10 or 11 or 13 or 14 or 15 or 26 || sqlite.SqliteExtendedErrorCode == 1811,
        TimeoutException => true,
        // EF Core wraps what may pass: what a query threw, and what a save threw.
        DbUpdateException or InvalidOperationException => IsUnavailable(e.InnerException),
        _ => false,
    };

    public static async Task MigrateAsync(VerifierDbContext db, ServiceKey key, CancellationToken ct)
    {
        try
        {
            await db.Database.MigrateAsync(ct);
            if (db.Database.IsSqlite())
                await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;", ct);
        }
        catch (Exception e) when (e is DbException || IsUnavailable(e))
        {
            throw new VerifierStartException("the database cannot be opened or brought up to date", e);
        }
        await ClaimAsync(db, key, ct);
    }

    private static async Task ClaimAsync(VerifierDbContext db, ServiceKey key, CancellationToken ct)
    {
        var owner = await db.Installations.AsNoTracking().SingleOrDefaultAsync(r => r.Id == TheRow, ct);
        if (owner is null)
        {
            try
            {
                db.Installations.Add(new InstallationRow { Id = TheRow, ServiceKeyId = key.Id });
                await db.SaveChangesAsync(ct);
                return;
            }
            catch (DbUpdateException)
            {
                // Another replica was first; its row decides.
                db.ChangeTracker.Clear();
                owner = await db.Installations.AsNoTracking().SingleAsync(r => r.Id == TheRow, ct);
            }
        }
        if (owner.ServiceKeyId != key.Id)
            throw new VerifierStartException("the database belongs to another key folder: replicas share the files under keys/ of the first one");
    }
}
