namespace Credentials.Issuer.Storage;

/// <summary>An audit entry as it is written with what it tells of, before it has its place in the chain (<see cref="AuditEntry"/>).</summary>
internal sealed class QueuedAuditEntry
{
    /// <summary>Grows; may have gaps.</summary>
    public long Number { get; init; }

    public long At { get; init; }

    public required string Actor { get; init; }

    public required string Action { get; init; }

    public required string Subject { get; init; }

    public string? Detail { get; init; }

    /// <summary>Whether an entry of the log tells of the same.</summary>
    internal bool IsThatOf(AuditEntry entry) => (At, Actor, Action, Subject, Detail) == (entry.At, entry.Actor, entry.Action, entry.Subject, entry.Detail);
}
