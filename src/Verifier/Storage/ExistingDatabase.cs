using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Verifier.Storage;

/// <summary>Opens a verifier's database for the operator's commands, beside the running service or without it.</summary>
internal static class ExistingDatabase
{
    /// <exception cref="VerifierStartException">There is none, it cannot be reached, or it has another version's schema.</exception>
    public static async Task<VerifierDbContext> OpenAsync(string dataFolder, string? connection, CancellationToken ct)
    {
        var file = Path.Combine(dataFolder, DatabaseSetup.FileName);
        if (connection is null && !File.Exists(file))
            throw new VerifierStartException($"there is no {DatabaseSetup.FileName} in {dataFolder}");
        VerifierDbContext? db = null;
        try
        {
            db = Connect(file, connection);
            return (await db.Database.GetPendingMigrationsAsync(ct)).Any()
                ? throw new VerifierStartException("the database is not one of this version: start the service once, which brings it up to date")
                : db;
        }
        catch (Exception e)
        {
            if (db is not null)
                await db.DisposeAsync();
            // A text that is no connection string is an argument's fault.
            throw e is DbException or ArgumentException || DatabaseSetup.IsUnavailable(e)
                ? new VerifierStartException("the database cannot be reached or opened", e)
                : e;
        }
    }

    private static VerifierDbContext Connect(string file, string? connection) => connection is null
        ? new SqliteVerifierDbContext(new DbContextOptionsBuilder<SqliteVerifierDbContext>().UseSqlite(DatabaseSetup.SqliteConnection(file)).Options)
        : new PostgresVerifierDbContext(new DbContextOptionsBuilder<PostgresVerifierDbContext>().UseNpgsql(connection).Options);
}
