using Credentials.Keys;

namespace Credentials.Wallet.Core.Issuance;

/// <summary>
/// Whoever vouches for this wallet and its keys towards issuers: the backend of the wallet's maker, or
/// <see cref="SoftwareAttestationProvider"/> for development (OpenID4VCI 1.0 Appendices D and E, HAIP 1.0 §4.4). Called from several
/// threads at once.
/// </summary>
public interface IWalletAttestationProvider
{
    /// <summary>The <c>client_id</c> of the wallet: the same for all instances of it.</summary>
    string ClientId { get; }

    /// <summary>An attestation of this instance for one authorization server, and the key that it is about.</summary>
    /// <param name="authorizationServer">The server's issuer identifier. A provider may use a key of its own for each server, so that two cannot compare.</param>
    /// <exception cref="KeyUnavailableException">The instance key cannot be used.</exception>
    /// <exception cref="FetchException">The provider could not be reached.</exception>
    Task<WalletAttestation> AttestInstanceAsync(string authorizationServer, CancellationToken cancellationToken = default);

    /// <summary>A key attestation for fresh keys of the holder (Appendix D.1), as a JWT.</summary>
    /// <param name="keys">The keys, 1 to 20.</param>
    /// <param name="nonce">The credential issuer's nonce, to stand in the attestation; null where it has none.</param>
    /// <param name="demand">What the issuer asks for. A provider asserts what is true and no more.</param>
    /// <exception cref="KeyUnavailableException">The keys cannot be attested.</exception>
    /// <exception cref="FetchException">The provider could not be reached.</exception>
    Task<string> AttestKeysAsync(
        IReadOnlyList<PublicKey> keys, string? nonce, KeyAttestationDemand demand, CancellationToken cancellationToken = default);
}
