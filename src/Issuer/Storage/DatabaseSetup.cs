using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Credentials.Issuer.Storage;

/// <summary>Chooses the database and brings it to the current schema.</summary>
internal static class DatabaseSetup
{
    /// <summary>The embedded database, in the data folder.</summary>
    internal const string FileName = "issuer.db";

    /// <summary>For statements over whole tables, which nobody waits for.</summary>
    internal static readonly TimeSpan LongWork = TimeSpan.FromMinutes(1);

    internal static TBuilder UseSqlite<TBuilder>(TBuilder options, string file)
        where TBuilder : DbContextOptionsBuilder
    {
        var connection = new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = 30 }.ConnectionString;
        options.UseSqlite(connection).AddInterceptors(new SqlitePragmas());
        return options;
    }

    internal static void Add(IServiceCollection services, string dataFolder, string? connection)
    {
        if (connection is null)
        {
            services.AddDbContextPool<IssuerDbContext, SqliteIssuerDbContext>(options => UseSqlite(options, Path.Combine(dataFolder, FileName)));
        }
        else
        {
            services.AddDbContextPool<IssuerDbContext, PostgresIssuerDbContext>(options => options.UseNpgsql(Tuned(connection)).AddInterceptors(new LostConnections()));
        }
    }

    /// <summary>What the connection string does not say otherwise: whatever stands in it comes later and counts.</summary>
    private static string Tuned(string connection)
    {
        // Statements come again and again, so the server keeps their plans; no session is left changed, so none is reset before it is used again.
        // A server that does not answer, because packets to it are lost, is given up in time for a wallet to hear of it.
        var settings = new NpgsqlConnectionStringBuilder($"Max Auto Prepare=100;No Reset On Close=true;Timeout=5;Command Timeout=10;{connection}");
        // What a replica held that was cut off, or froze, is let go by the server: rows in a transaction that nobody goes on with; its statements that
        // wait for such rows, or each would get them in its turn and keep them again; and all of it where the machine does not answer any more.
        settings.Options = "-c idle_in_transaction_session_timeout=30000 -c lock_timeout=12000 -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 "
            + settings.Options;
        return settings.ConnectionString;
    }

    internal static async Task MigrateAsync(IssuerDbContext db, CancellationToken ct)
    {
        // Several replicas may start at once: EF Core takes a lock of its own in the database while it migrates.
        db.Database.SetCommandTimeout(LongWork);
        if (db.Database.IsSqlite())
        {
            await db.Database.MigrateAsync(ct);
            await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL;", ct);
            return;
        }

        if (db.Database.GetService<IRelationalDatabaseCreator>() is var creator && !await creator.ExistsAsync(ct))
            await creator.CreateAsync(ct);
        // One connection all the time, which waits for the replica that was first.
        await db.Database.OpenConnectionAsync(ct);
        await db.Database.ExecuteSqlRawAsync("SET lock_timeout = 0", ct);
        await db.Database.MigrateAsync(ct);
        await db.Database.ExecuteSqlRawAsync("RESET lock_timeout", ct);
        await db.Database.CloseConnectionAsync();
    }

    /// <summary>Did a save fail because another one was first (a unique key)?</summary>
    internal static bool IsDuplicate(Exception? e) => e switch
    {
        SqliteException sqlite => sqlite.SqliteExtendedErrorCode is 1555 or 2067, // SQLITE_CONSTRAINT_PRIMARYKEY, _UNIQUE
        PostgresException postgres => postgres.SqlState == PostgresErrorCodes.UniqueViolation,
        DbUpdateException update => IsDuplicate(update.InnerException),
        _ => false,
    };

    /// <summary>Is this the database being away or overloaded, rather than our mistake?</summary>
    internal static bool IsUnavailable(Exception? e) => e switch
    {
        // 57P: being shut down, or the session was; 25P03: it was, after it had left a transaction alone for too long.
        PostgresException postgres => postgres.IsTransient || postgres.SqlState is "25P03"
            || postgres.SqlState.StartsWith("57P", StringComparison.Ordinal),
        NpgsqlException => true,
        SqliteException sqlite => sqlite.SqliteErrorCode is 5 or 6 or 10 or 13 or 14, // BUSY, LOCKED, IOERR, FULL, CANTOPEN
        DbUpdateException update => IsUnavailable(update.InnerException),
        // EF Core wraps what may pass: what a query threw, and what a save threw.
        InvalidOperationException { InnerException: DbException or DbUpdateException } wrapped => IsUnavailable(wrapped.InnerException),
        _ => false,
    };
}
