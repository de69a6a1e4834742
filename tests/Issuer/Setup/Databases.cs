using Credentials.Tests.Shared;

namespace Credentials.Issuer.Tests.Setup;

/// <summary>The two databases every rule about storage is tested on.</summary>
internal static class Databases
{
    internal const string Sqlite = "SQLite";
    internal const string Postgres = "PostgreSQL";

    internal static async Task<string?> ConnectionAsync(string database, PostgresServer postgres) =>
        database == Postgres ? await postgres.CreateDatabaseAsync(RunningIssuer.Ct) : null;
}
