namespace Credentials.Issuer.Storage;

/// <summary>A row of the register: what was issued and where its status is. No claim values.</summary>
internal sealed class IssuedCredential
{
    /// <summary>Grows with each row; order of the listing.</summary>
    public long Number { get; init; }

    public required string Id { get; init; }

    public required string OfferId { get; init; }

    public required string ConfigurationId { get; init; }

    /// <summary><c>vct</c> or document type.</summary>
    public required string Type { get; init; }

    public string? Subject { get; init; }

    /// <summary>RFC 7638 thumbprint of the holder's key.</summary>
    public required string HolderKey { get; init; }

    public required string ListId { get; init; }

    public int ListIndex { get; init; }

    /// <summary>Token Status List value: 0 valid, 1 revoked, 2 suspended.</summary>
    public int Status { get; set; }

    /// <summary>Why the status was last changed.</summary>
    public string? Reason { get; set; }

    public long IssuedAt { get; init; }

    public long ExpiresAt { get; init; }

    /// <summary>SHA-256 of the credential as delivered; null while it is being signed.</summary>
    public byte[]? DocumentHash { get; set; }
}
