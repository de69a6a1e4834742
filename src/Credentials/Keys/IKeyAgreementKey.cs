namespace Credentials.Keys;

/// <summary>A private key for ECDH on P-256.</summary>
public interface IKeyAgreementKey
{
    /// <summary>The public half.</summary>
    KeyAgreementPublicKey PublicKey { get; }

    /// <summary>The raw shared secret: the x-coordinate of the shared point, 32 bytes. The caller clears it.</summary>
    /// <exception cref="KeyUnavailableException">The key cannot be used now.</exception>
    ValueTask<byte[]> DeriveSecretAsync(KeyAgreementPublicKey peer, CancellationToken cancellationToken = default);
}
