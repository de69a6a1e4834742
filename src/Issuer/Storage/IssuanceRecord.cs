namespace Credentials.Issuer.Storage;

/// <summary>One configuration of one offer being issued: the primary key makes it happen at most once.</summary>
internal sealed class IssuanceRecord
{
    public required string OfferId { get; init; }

    public required string ConfigurationId { get; init; }

    /// <summary>SHA-256 over access token and request body: only the same request gets the same answer.</summary>
    public required byte[] RequestHash { get; init; }

    /// <summary>The answer, encrypted under a key derived from the access token; null after its time.</summary>
    public byte[]? Answer { get; set; }

    /// <summary>Until when the answer is kept.</summary>
    public long AnswerUntil { get; set; }

    /// <summary>What the wallet last reported about the credentials (<c>credential_accepted</c>, …).</summary>
    public string? Notification { get; set; }
}
