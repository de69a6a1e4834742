namespace Credentials.Issuer.Storage;

/// <summary>A credential request that waits for staff, or for the claims.</summary>
internal sealed class DeferredIssuance
{
    public required string Id { get; init; }

    /// <summary>Hash of the <c>transaction_id</c>.</summary>
    public required byte[] TransactionHash { get; init; }

    public required string OfferId { get; init; }

    public required string ConfigurationId { get; init; }

    /// <summary>JSON array of the holder keys as JWKs, in the order of the proofs.</summary>
    public required string HolderKeys { get; init; }

    public DeferredState State { get; set; }

    /// <summary>When the claims source may be asked again; null: the claims are there.</summary>
    public long? AskAt { get; set; }

    public long CreatedAt { get; init; }

    /// <summary>Until when the wallet may ask.</summary>
    public long ExpiresAt { get; init; }
}
