namespace Credentials.Issuer.Storage;

/// <summary>An offer to one person. Times are Unix milliseconds; secrets are stored as SHA-256 (or keyed) hashes only.</summary>
internal sealed class Offer
{
    public required string Id { get; init; }

    /// <summary>Whether it is taken up by an authorization code flow; else by its pre-authorized code.</summary>
    public bool ByAuthorization { get; init; }

    /// <summary>Whether staff must approve before the credentials are given out.</summary>
    public bool NeedsApproval { get; init; }

    /// <summary>Hash of the pre-authorized code, or of the <c>issuer_state</c>.</summary>
    public required byte[] CodeHash { get; init; }

    /// <summary>Hash of the last path segment of <c>credential_offer_uri</c>.</summary>
    public required byte[] ReferenceHash { get; init; }

    /// <summary>Hash of the secret that opens the page.</summary>
    public required byte[] PageHash { get; init; }

    /// <summary>Keyed hash of the transaction code; null when none is asked for.</summary>
    public byte[]? TxCodeHash { get; init; }

    /// <summary>Wrong transaction codes so far.</summary>
    public int TxFailures { get; set; }

    public OfferState State { get; set; }

    /// <summary>JSON array of configuration ids.</summary>
    public required string ConfigurationIds { get; init; }

    /// <summary>JSON object: claims by configuration id. Null once issued, expired or cancelled.</summary>
    public string? Claims { get; set; }

    /// <summary>The agency's own reference to the person, if given.</summary>
    public string? Subject { get; init; }

    public long CreatedAt { get; init; }

    public long ExpiresAt { get; set; }
}
