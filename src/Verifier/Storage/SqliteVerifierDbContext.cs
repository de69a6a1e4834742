using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Credentials.Verifier.Storage;

internal sealed class SqliteVerifierDbContext(DbContextOptions<SqliteVerifierDbContext> options) : VerifierDbContext(options)
{
    /// <summary>Lets the migration tool make the context without starting the service.</summary>
    internal sealed class Factory : IDesignTimeDbContextFactory<SqliteVerifierDbContext>
    {
        public SqliteVerifierDbContext CreateDbContext(string[] args) =>
            new(new DbContextOptionsBuilder<SqliteVerifierDbContext>().UseSqlite("Data Source=design.db").Options);
    }
}
