namespace Credentials.Issuer.Storage;

/// <summary>Who did what and when. Rows are only ever added: the database refuses to change or delete them.</summary>
internal sealed class AuditEntry
{
    /// <summary>1, 2, 3, … without gaps.</summary>
    public long Id { get; init; }

    public long At { get; init; }

    /// <summary>The API key's id, or "wallet".</summary>
    public required string Actor { get; init; }

    /// <summary>What was done, for instance <c>credential.status</c>.</summary>
    public required string Action { get; init; }

    /// <summary>Id of the offer or credential.</summary>
    public required string Subject { get; init; }

    /// <summary>More, without personal data other than a reason that staff typed.</summary>
    public string? Detail { get; init; }

    /// <summary>The link of the hash chain (<see cref="Agency.AuditChain"/>); null for entries older than the chain.</summary>
    public byte[]? Hash { get; init; }
}
