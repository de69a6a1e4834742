using Credentials.Issuer.Http;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Storage;

/// <summary>Opens an issuer's database for the operator's commands, beside the running service or without it.</summary>
internal static class ExistingDatabase
{
    /// <exception cref="IssuerStartException">There is none, it cannot be reached, or it has another version's schema.</exception>
    internal static async Task<IssuerDbContext> OpenAsync(string dataFolder, string? connection, CancellationToken ct)
    {
        var file = Path.Combine(dataFolder, DatabaseSetup.FileName);
        if (connection is null && !File.Exists(file))
            throw new IssuerStartException($"There is no {DatabaseSetup.FileName} in {dataFolder}.");
        var db = Connect(dataFolder, connection);
        try
        {
            return (await db.Database.GetPendingMigrationsAsync(ct)).Any()
                ? throw new IssuerStartException("The database is not one of this version: start the service once, which brings it up to date.")
                : db;
        }
        catch (Exception e)
        {
            await db.DisposeAsync();
            throw DatabaseSetup.IsUnavailable(e) ? new IssuerStartException("The database cannot be reached or opened.", e) : e;
        }
    }

    /// <summary>The database, whatever is in it.</summary>
    internal static IssuerDbContext Connect(string dataFolder, string? connection) => connection is null
        ? new SqliteIssuerDbContext(DatabaseSetup.UseSqlite(new DbContextOptionsBuilder<SqliteIssuerDbContext>(), Path.Combine(dataFolder, DatabaseSetup.FileName)).Options)
        : new PostgresIssuerDbContext(new DbContextOptionsBuilder<PostgresIssuerDbContext>().UseNpgsql(connection).Options);
}
