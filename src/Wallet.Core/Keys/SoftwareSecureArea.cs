using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.Wallet.Core.Storage;

namespace Credentials.Wallet.Core.Keys;

/// <summary>
/// Keys in the wallet's own file, encrypted like every record of it. It is what <see cref="CredentialWallet"/> uses when the app names
/// no other area. A private key is decrypted for the moment of one signature or key agreement.
/// </summary>
public sealed class SoftwareSecureArea : IKeyAgreementArea
{
    private readonly EncryptedStore _store;

    internal SoftwareSecureArea(EncryptedStore store) => _store = store;

    /// <inheritdoc/>
    public IReadOnlyList<SignatureAlgorithm> Algorithms { get; } =
        [SignatureAlgorithm.Es256, SignatureAlgorithm.Es384, SignatureAlgorithm.Es512, SignatureAlgorithm.EdDsa];

    /// <inheritdoc/>
    public async Task<SecureAreaKey> CreateKeyAsync(SignatureAlgorithm algorithm, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        using var key = SoftwareSigningKey.Generate(algorithm);
        var id = RecordId.New();
        var body = new JsonObject { ["jwk"] = key.ExportPrivateJwk() };
        await _store.WriteAsync(transaction => transaction.Put(RecordKind.Key, id, body), cancellationToken).ConfigureAwait(false);
        return new SecureAreaKey(id, key.PublicKey);
    }

    /// <inheritdoc/>
    public async Task<byte[]> SignAsync(string keyId, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        using var key = SoftwareSigningKey.FromPrivateJwk(await FindAsync(keyId, cancellationToken).ConfigureAwait(false));
        return await key.SignAsync(data, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<byte[]> DeriveSecretAsync(string keyId, KeyAgreementPublicKey peer, CancellationToken cancellationToken = default)
    {
        using var key = SoftwareKeyAgreementKey.FromPrivateJwk(await FindAsync(keyId, cancellationToken).ConfigureAwait(false), isOwn: true);
        return await key.DeriveSecretAsync(peer, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task DeleteKeyAsync(string keyId, CancellationToken cancellationToken = default) =>
        _store.WriteAsync(transaction => transaction.Delete(RecordKind.Key, keyId), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListKeysAsync(CancellationToken cancellationToken = default) =>
        _store.ReadAsync(transaction => transaction.ListIds(RecordKind.Key), cancellationToken);

    private async Task<JsonElement> FindAsync(string keyId, CancellationToken cancellationToken)
    {
        var record = await _store.ReadAsync(transaction => transaction.Find(RecordKind.Key, keyId), cancellationToken).ConfigureAwait(false)
            ?? throw new KeyUnavailableException(WalletCodes.KeyMissing, "The key is not in the wallet.");
        return record.Body.RequireObjectMember("jwk", WalletCodes.StoreCorrupt);
    }
}
