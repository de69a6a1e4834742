using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Credentials.Verifier.Storage;

/// <summary>Chooses the database and brings it to the current schema.</summary>
internal static class DatabaseSetup
{
    /// <summary>The SQLite database in the data folder.</summary>
    public const string FileName = "verifier.db";

    /// <summary>For statements over whole tables, which nobody waits for.</summary>
    public static readonly TimeSpan LongWork = TimeSpan.FromMinutes(1);

    private const string TheRow = "verifier";

    /// <summary>Without a connection string: SQLite in the data folder.</summary>
    public static void AddVerifierDatabase(this IServiceCollection services, VerifierHostOptions options)
    {
        if (options.Connection is { } connection)
        {
            services.AddDbContextPool<VerifierDbContext, PostgresVerifierDbContext>(o => o.UseNpgsql(Tuned(connection)).AddInterceptors(new LostConnections()));
            return;
        }
        services.AddDbContextPool<VerifierDbContext, SqliteVerifierDbContext>(o => o.UseSqlite(SqliteConnection(Path.Combine(options.DataFolder, FileName))));
    }

    public static string SqliteConnection(string file) => new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = 30 }.ToString();

    /// <summary>What the connection string does not say otherwise: whatever stands in it comes later and counts.</summary>
    private static string Tuned(string connection)
    {
        // Statements come again and again, so the server keeps their plans; no session is left changed, so none is reset before it is used again.
        // A server that does not answer, because packets to it are lost, is given up in time for whoever waits to hear of it.
        var settings = new NpgsqlConnectionStringBuilder($"Max Auto Prepare=100;No Reset On Close=true;Timeout=5;Command Timeout=10;{connection}");
        // What a replica held that was cut off, or froze, is let go by the server: rows in a transaction that nobody goes on with; its statements that
        // wait for such rows, or each would get them in its turn and keep them again; and all of it where the machine does not answer any more.
        settings.Options = "-c idle_in_transaction_session_timeout=30000 -c lock_timeout=12000 -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 "
            + settings.Options;
        return settings.ConnectionString;
    }

    /// <summary>
    /// Is this the database being away, full or overloaded, so that the same request may succeed later? What is our own mistake (a statement that it
    /// does not understand, a value that it does not take) is not.
    /// </summary>
    public static bool IsUnavailable(Exception? e) => e switch
    {
        // Classes 53 (no space, no memory, no connection), 57P (being shut down, or the session was), 58 (system error); P0001: a trigger, of which we
        // have none; 25P03: the session was ended after it had left a transaction alone for too long.
        PostgresException postgres => postgres.IsTransient || postgres.SqlState is "P0001" or "25P03" || postgres.SqlState[..2] is "53" or "58"
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
            db.Database.SetCommandTimeout(LongWork);
            if (db.Database.IsSqlite())
            {
                await db.Database.MigrateAsync(ct);
                await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;", ct);
            }
            else
            {
                if (db.Database.GetService<IRelationalDatabaseCreator>() is var creator && !await creator.ExistsAsync(ct))
                    await creator.CreateAsync(ct);
                // One connection all the time, which waits for the replica that was first.
                await db.Database.OpenConnectionAsync(ct);
                await db.Database.ExecuteSqlRawAsync("SET lock_timeout = 0", ct);
                await db.Database.MigrateAsync(ct);
                await db.Database.ExecuteSqlRawAsync("RESET lock_timeout", ct);
                await db.Database.CloseConnectionAsync();
            }
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
