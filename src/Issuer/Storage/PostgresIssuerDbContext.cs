using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Storage;

/// <summary>The shared database of several replicas.</summary>
internal sealed class PostgresIssuerDbContext(DbContextOptions<PostgresIssuerDbContext> options) : IssuerDbContext(options);
