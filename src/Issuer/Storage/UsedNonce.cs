namespace Credentials.Issuer.Storage;

/// <summary>A nonce, challenge or proof that was used. Nonces themselves are not stored before use: they carry a MAC.</summary>
internal sealed class UsedNonce
{
    /// <summary>SHA-256 of the nonce, or what names the proof.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>When it would have expired anyway and the row can go.</summary>
    public long ExpiresAt { get; init; }
}
