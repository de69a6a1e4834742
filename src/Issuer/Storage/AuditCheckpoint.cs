namespace Credentials.Issuer.Storage;

/// <summary>A signed statement of how far the audit log reached. Rows are only ever added.</summary>
internal sealed class AuditCheckpoint
{
    /// <summary>The last entry that it speaks of.</summary>
    public long EntryId { get; init; }

    /// <summary>A compact JWS: the entry's number and hash, and when.</summary>
    public required string Statement { get; init; }
}
