namespace Credentials.Keys;

/// <summary>A private signing key, wherever it lives: in memory, in a token, in a phone's secure area. It carries its algorithm.</summary>
public interface ISigningKey
{
    /// <summary>The public half.</summary>
    PublicKey PublicKey { get; }

    /// <summary>Signs the data (not its hash). ECDSA signatures are in IEEE P1363 form.</summary>
    /// <exception cref="KeyUnavailableException">The key cannot be used now.</exception>
    ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default);
}
