namespace Credentials.Verifier.Storage;

/// <summary>
/// The outbox: one message for one transaction that has ended, written in the same database transaction as its end. It stays, delivered or
/// given up, for as long as a transaction does. Times are Unix milliseconds.
/// </summary>
internal sealed class WebhookMessageRow
{
    /// <summary>The key: a transaction ends once and is told of once.</summary>
    public required string TransactionId { get; init; }

    public required string RelyingParty { get; init; }
    public required string State { get; init; }
    public long FinishedAt { get; init; }

    /// <summary>
    /// When it may be taken up: for a message at rest the time of its next attempt, for one under way the end of the lease. Null when it is
    /// delivered or given up.
    /// </summary>
    public long? DueAt { get; init; }

    /// <summary>A random value of the process that has it under way; what another one has taken up in the meantime is its no more.</summary>
    public string? Claim { get; init; }

    /// <summary>Attempts that failed.</summary>
    public int Attempts { get; init; }

    public long? EndedAt { get; init; }
    public bool GivenUp { get; init; }
}
