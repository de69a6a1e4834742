using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Credentials.Issuer.Storage;

/// <summary>Chooses the database and brings it to the current schema.</summary>
internal static class DatabaseSetup
{
    /// <summary>The embedded database, in the data folder.</summary>
    internal const string FileName = "issuer.db";

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
            services.AddDbContextPool<IssuerDbContext, PostgresIssuerDbContext>(options => options.UseNpgsql(Tuned(connection)));
        }
    }

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

    internal static async Task MigrateAsync(IssuerDbContext db, CancellationToken ct)
    {
        // Several replicas may start at once: EF Core takes a lock of its own in the database while it migrates.
        await db.Database.MigrateAsync(ct);
        if (db.Database.IsSqlite())
            await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL;", ct);
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
        PostgresException postgres => postgres.IsTransient || postgres.SqlState.StartsWith("57P", StringComparison.Ordinal),
        NpgsqlException => true,
        SqliteException sqlite => sqlite.SqliteErrorCode is 5 or 6 or 10 or 13 or 14, // BUSY, LOCKED, IOERR, FULL, CANTOPEN
        DbUpdateException update => IsUnavailable(update.InnerException),
        // EF Core wraps what may pass: what a query threw, and what a save threw.
        InvalidOperationException { InnerException: DbException or DbUpdateException } wrapped => IsUnavailable(wrapped.InnerException),
        _ => false,
    };
}
