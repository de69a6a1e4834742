namespace Credentials.Issuer.Storage;

/// <summary>A nonce that a credential request has used up. Nonces themselves are not stored before use: they carry a MAC.</summary>
internal sealed class UsedNonce
{
    /// <summary>SHA-256 of the nonce.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>When the nonce would have expired anyway and the row can go.</summary>
    public long ExpiresAt { get; init; }
}
