using Credentials.Keys;

namespace Credentials.Wallet.Core.Keys;

/// <summary>
/// Where holder keys live: the wallet's own encrypted file (<see cref="SoftwareSecureArea"/>), or what a platform offers (a secure
/// element, a trusted execution environment, a remote signing module). A private key never leaves its area; there is no way to ask for it.
/// An area serves one wallet, and its methods may be called from several threads at once.
/// </summary>
public interface ISecureArea
{
    /// <summary>The algorithms this area makes keys for, the preferred one first.</summary>
    IReadOnlyList<SignatureAlgorithm> Algorithms { get; }

    /// <summary>Makes a key pair that has never been used.</summary>
    /// <exception cref="KeyUnavailableException">The area cannot be used now.</exception>
    Task<SecureAreaKey> CreateKeyAsync(SignatureAlgorithm algorithm, CancellationToken cancellationToken = default);

    /// <summary>
    /// Signs with a key of this area. An ECDSA signature is r and s side by side (RFC 7518 §3.4); the hash is that of the key's algorithm.
    /// </summary>
    /// <exception cref="KeyUnavailableException">
    /// <c>wallet.key_missing</c>, <c>wallet.key_locked</c> (asking again later may help) or <c>wallet.key_invalidated</c> (it never will).
    /// </exception>
    Task<byte[]> SignAsync(string keyId, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default);

    /// <summary>Destroys a key; nothing happens when it is not there.</summary>
    Task DeleteKeyAsync(string keyId, CancellationToken cancellationToken = default);

    /// <summary>
    /// The ids of all keys that the area holds for this wallet. When the wallet is opened it destroys those that no credential of the
    /// wallet uses: they are left over from an issuance that was cut off.
    /// </summary>
    Task<IReadOnlyList<string>> ListKeysAsync(CancellationToken cancellationToken = default);
}
