using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Storage;

/// <summary>Everything the issuer keeps. One subclass per database, so that each keeps its own migrations.</summary>
internal abstract class IssuerDbContext : DbContext
{
    // No transaction goes on after a statement that failed, so a savepoint before each save would be two round trips for nothing.
    protected IssuerDbContext(DbContextOptions options)
        : base(options) => Database.AutoSavepointsEnabled = false;

    public DbSet<Offer> Offers => Set<Offer>();

    public DbSet<AccessToken> AccessTokens => Set<AccessToken>();

    public DbSet<AuthorizationFlow> Authorizations => Set<AuthorizationFlow>();

    public DbSet<RefreshToken> RefreshTokens => Set<RefreshToken>();

    public DbSet<DeferredIssuance> Deferred => Set<DeferredIssuance>();

    public DbSet<UsedNonce> UsedNonces => Set<UsedNonce>();

    public DbSet<IssuanceRecord> Issuances => Set<IssuanceRecord>();

    public DbSet<IssuedCredential> Credentials => Set<IssuedCredential>();

    public DbSet<StatusListRow> StatusLists => Set<StatusListRow>();

    public DbSet<QueuedAuditEntry> AuditQueue => Set<QueuedAuditEntry>();

    public DbSet<PublishedStatus> PublishedStatus => Set<PublishedStatus>();

    public DbSet<AuditEntry> Audit => Set<AuditEntry>();

    public DbSet<AuditCheckpoint> AuditCheckpoints => Set<AuditCheckpoint>();

    public DbSet<Batch> Batches => Set<Batch>();

    public DbSet<BatchRow> BatchRows => Set<BatchRow>();

    public DbSet<StaffAccount> Staff => Set<StaffAccount>();

    public DbSet<StaffSession> StaffSessions => Set<StaffSession>();

    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();

    public DbSet<Installation> Installations => Set<Installation>();

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.Entity<Offer>(offer =>
        {
            offer.HasKey(o => o.Id);
            offer.HasIndex(o => o.CodeHash).IsUnique();
            offer.HasIndex(o => o.ReferenceHash).IsUnique();
            offer.HasIndex(o => new { o.State, o.ExpiresAt });
            offer.HasIndex(o => o.Subject);
        });
        model.Entity<AccessToken>(token =>
        {
            token.HasKey(t => t.Hash);
            token.HasIndex(t => t.ExpiresAt);
            token.HasIndex(t => t.AuthorizationId);
        });
        model.Entity<AuthorizationFlow>(authorization =>
        {
            authorization.HasKey(a => a.Id);
            authorization.HasIndex(a => a.RequestHash).IsUnique();
            authorization.HasIndex(a => a.CodeHash).IsUnique();
            authorization.HasIndex(a => a.ExpiresAt);
        });
        model.Entity<RefreshToken>(token =>
        {
            token.HasKey(t => t.Hash);
            token.HasIndex(t => t.ExpiresAt);
            token.HasIndex(t => t.AuthorizationId);
        });
        model.Entity<DeferredIssuance>(deferred =>
        {
            deferred.HasKey(d => d.Id);
            deferred.HasIndex(d => d.TransactionHash).IsUnique();
            deferred.HasIndex(d => new { d.OfferId, d.ConfigurationId }).IsUnique();
            deferred.HasIndex(d => new { d.State, d.CreatedAt });
            deferred.HasIndex(d => d.ExpiresAt);
        });
        model.Entity<UsedNonce>(nonce =>
        {
            nonce.HasKey(n => n.Hash);
            nonce.HasIndex(n => n.ExpiresAt);
        });
        model.Entity<IssuanceRecord>(issuance =>
        {
            issuance.HasKey(i => new { i.OfferId, i.ConfigurationId });
            issuance.HasIndex(i => i.AnswerUntil);
        });
        model.Entity<IssuedCredential>(credential =>
        {
            credential.HasKey(c => c.Number);
            credential.HasIndex(c => c.Id).IsUnique();
            credential.HasIndex(c => c.OfferId);
            credential.HasIndex(c => c.Subject);
            credential.HasIndex(c => c.IssuedAt);
            // No two credentials share a status: the rule is the database's, not ours to forget.
            credential.HasIndex(c => new { c.ListId, c.ListIndex }).IsUnique();
            // The few that are not valid: who lists them, or signs a list of a million, need not pass by all the others.
            credential.HasIndex(c => c.ListId).HasFilter("\"Status\" <> 0");
            credential.HasIndex(c => new { c.Status, c.Number }).HasFilter("\"Status\" <> 0");
        });
        model.Entity<StatusListRow>().HasKey(l => l.Id);
        model.Entity<QueuedAuditEntry>().HasKey(entry => entry.Number);
        model.Entity<PublishedStatus>().HasKey(p => p.ListId);
        model.Entity<AuditEntry>(entry =>
        {
            entry.HasKey(a => a.Id);
            entry.HasIndex(a => new { a.Action, a.At });
            entry.HasIndex(a => a.Subject);
        });
        model.Entity<AuditCheckpoint>(checkpoint =>
        {
            checkpoint.HasKey(c => c.EntryId);
            checkpoint.Property(c => c.EntryId).ValueGeneratedNever();
        });
        model.Entity<Batch>(batch =>
        {
            batch.HasKey(b => b.Id);
            batch.HasIndex(b => new { b.State, b.LeaseUntil });
        });
        model.Entity<BatchRow>(row =>
        {
            row.HasKey(r => new { r.BatchId, r.Number });
            row.HasIndex(r => new { r.BatchId, r.State, r.Number });
        });
        model.Entity<StaffAccount>(staff =>
        {
            staff.HasKey(s => s.Id);
            staff.HasIndex(s => s.Name).IsUnique();
        });
        model.Entity<StaffSession>(session =>
        {
            session.HasKey(s => s.Hash);
            session.HasIndex(s => s.ExpiresAt);
        });
        model.Entity<ApiKey>(key =>
        {
            key.HasKey(k => k.Id);
            key.HasIndex(k => k.Hash).IsUnique();
        });
        model.Entity<Installation>(installation =>
        {
            installation.HasKey(i => i.Id);
            installation.Property(i => i.Id).ValueGeneratedNever();
        });
    }
}
