using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Credentials.Issuer.Storage;

/// <summary>For dotnet-ef, which writes migrations without a running service.</summary>
internal sealed class DesignTimeContexts : IDesignTimeDbContextFactory<SqliteIssuerDbContext>, IDesignTimeDbContextFactory<PostgresIssuerDbContext>
{
    SqliteIssuerDbContext IDesignTimeDbContextFactory<SqliteIssuerDbContext>.CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteIssuerDbContext>().UseSqlite("Data Source=unused.db").Options);

    PostgresIssuerDbContext IDesignTimeDbContextFactory<PostgresIssuerDbContext>.CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgresIssuerDbContext>().UseNpgsql("Host=unused").Options);
}
