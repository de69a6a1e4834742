using Microsoft.EntityFrameworkCore;

namespace Credentials.Verifier.Storage;

/// <summary>The verifier's tables. One thin subclass per database, so that each keeps its own migrations.</summary>
internal abstract class VerifierDbContext : DbContext
{
    // No transaction goes on after a statement that failed, so a savepoint before each save would be two round trips for nothing.
    protected VerifierDbContext(DbContextOptions options)
        : base(options) => Database.AutoSavepointsEnabled = false;

    public DbSet<TransactionRow> Transactions => Set<TransactionRow>();
    public DbSet<ApiKeyRow> ApiKeys => Set<ApiKeyRow>();
    public DbSet<WebhookRow> Webhooks => Set<WebhookRow>();
    public DbSet<WebhookMessageRow> WebhookMessages => Set<WebhookMessageRow>();
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
            row.Property(r => r.Name).HasMaxLength(ApiKeyRow.MaxName);
        });
        model.Entity<WebhookRow>(row =>
        {
            row.ToTable("webhooks");
            row.HasKey(r => r.RelyingParty);
            row.Property(r => r.RelyingParty).HasMaxLength(128);
            row.Property(r => r.Version).HasMaxLength(64);
            row.Property(r => r.LastError).HasMaxLength(64);
        });
        model.Entity<WebhookMessageRow>(row =>
        {
            row.ToTable("webhook_messages");
            row.HasKey(r => r.TransactionId);
            row.HasIndex(r => r.DueAt);
            row.HasIndex(r => new { r.RelyingParty, r.DueAt });
            row.HasIndex(r => r.EndedAt);
            row.Property(r => r.TransactionId).HasMaxLength(64);
            row.Property(r => r.RelyingParty).HasMaxLength(128);
            row.Property(r => r.State).HasMaxLength(32);
            row.Property(r => r.Claim).HasMaxLength(64);
        });
        model.Entity<InstallationRow>(row =>
        {
            row.ToTable("installation");
            row.HasKey(r => r.Id);
        });
    }
}
