using System.Security.Cryptography.X509Certificates;
using Credentials.Keys;
using Credentials.OpenId4Vci;
using PublicKey = Credentials.Keys.PublicKey;

namespace Credentials.Wallet.Core.Issuance;

/// <summary>
/// A wallet provider inside the app, for development and tests: whoever has the app has its key, so that no issuer should trust it beyond
/// that. It asserts no level of key storage or user authentication but those it is told to.
/// </summary>
/// <param name="provider">The provider's key.</param>
/// <param name="chain">Its certificates, the leaf first, without the anchor; null: the key is known otherwise.</param>
/// <param name="issuer">The provider's identifier.</param>
/// <param name="clientId">The wallet's <c>client_id</c>.</param>
/// <param name="instanceKey">The key of this instance.</param>
/// <param name="time">The clock.</param>
public sealed class SoftwareAttestationProvider(
    ISigningKey provider, IReadOnlyList<X509Certificate2>? chain, string issuer, string clientId, ISigningKey instanceKey, TimeProvider time)
    : IWalletAttestationProvider
{
    // Short, so that nothing has to be called back.
    private static readonly TimeSpan s_lifetime = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public string ClientId => clientId;

    /// <summary>What is asserted of the key storage (Appendix D.2); nothing unless said.</summary>
    public IReadOnlyList<string> KeyStorage { get; init; } = [];

    /// <summary>What is asserted of the user authentication; nothing unless said.</summary>
    public IReadOnlyList<string> UserAuthentication { get; init; } = [];

    /// <inheritdoc/>
    public async Task<WalletAttestation> AttestInstanceAsync(string authorizationServer, CancellationToken cancellationToken = default) => new(
        await ClientAttestation.CreateAsync(
            provider, chain, issuer, clientId, instanceKey.PublicKey, time.GetUtcNow(), s_lifetime, ct: cancellationToken).ConfigureAwait(false),
        instanceKey);

    /// <inheritdoc/>
    public async Task<string> AttestKeysAsync(
        IReadOnlyList<PublicKey> keys, string? nonce, KeyAttestationDemand demand, CancellationToken cancellationToken = default) =>
        await KeyAttestation.CreateAsync(
            provider, chain, keys, nonce, KeyStorage, UserAuthentication, time.GetUtcNow(), s_lifetime, ct: cancellationToken).ConfigureAwait(false);
}
