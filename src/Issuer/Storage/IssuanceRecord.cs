namespace Credentials.Issuer.Storage;

/// <summary>One configuration of one offer being issued: the primary key makes it happen at most once.</summary>
internal sealed class IssuanceRecord
{
    public required string OfferId { get; init; }

    public required string ConfigurationId { get; init; }

    /// <summary>SHA-256 over access token and request body: only the same request gets the same answer.</summary>
    public required byte[] RequestHash { get; init; }

    /// <summary>Until when the process that began it may finish; later another may take over.</summary>
    public long LeaseUntil { get; set; }

    /// <summary>The answer, encrypted under a key derived from the access token; null before it is made and after its time.</summary>
    public byte[]? Answer { get; set; }

    /// <summary>Until when the answer is kept; 0 before it is made.</summary>
    public long AnswerUntil { get; set; }

    /// <summary>What the wallet last reported about the credentials (<c>credential_accepted</c>, …).</summary>
    public string? Notification { get; set; }
}
