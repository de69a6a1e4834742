using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Credentials.Verifier.Storage;

internal sealed class PostgresVerifierDbContext(DbContextOptions<PostgresVerifierDbContext> options) : VerifierDbContext(options)
{
    /// <summary>Lets the migration tool make the context without starting the service.</summary>
    internal sealed class Factory : IDesignTimeDbContextFactory<PostgresVerifierDbContext>
    {
        public PostgresVerifierDbContext CreateDbContext(string[] args) =>
            new(new DbContextOptionsBuilder<PostgresVerifierDbContext>().UseNpgsql("Host=localhost").Options);
    }
}
