using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Storage;

/// <summary>The embedded database.</summary>
internal sealed class SqliteIssuerDbContext(DbContextOptions<SqliteIssuerDbContext> options) : IssuerDbContext(options);
