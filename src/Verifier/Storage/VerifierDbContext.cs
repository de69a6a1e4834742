using Microsoft.EntityFrameworkCore;

namespace Credentials.Verifier.Storage;

/// <summary>The verifier's tables. One thin subclass per database, so that each keeps its own migrations.</summary>
internal abstract class VerifierDbContext(DbContextOptions options) : DbContext(options)
{
    public DbSet<TransactionRow> Transactions => Set<TransactionRow>();
    public DbSet<ApiKeyRow> ApiKeys => Set<ApiKeyRow>();
    public DbSet<InstallationRow> Installations => Set<InstallationRow>();

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.Entity<TransactionRow>(row =>
        {
            row.ToTable("transactions");
            row.HasKey(r => r.Id);
            row.HasIndex(r => r.RequestId).IsUnique();
            row.HasIndex(r => new { r.State, r.ExpiresAt });
            row.HasIndex(r => r.FinishedAt);
            row.Property(r => r.Id).HasMaxLength(64);
            row.Property(r => r.RequestId).HasMaxLength(64);
            row.Property(r => r.State).HasMaxLength(32);
            row.Property(r => r.RelyingParty).HasMaxLength(128);
        });
        model.Entity<ApiKeyRow>(row =>
        {
            row.ToTable("api_keys");
            row.HasKey(r => r.Id);
            row.HasIndex(r => r.Hash).IsUnique();
            row.Property(r => r.RelyingParty).HasMaxLength(128);
        });
        model.Entity<InstallationRow>(row =>
        {
            row.ToTable("installation");
            row.HasKey(r => r.Id);
        });
    }
}
