using Credentials.Keys;

namespace Credentials.Wallet.Core.Keys;

/// <summary>A key of a secure area, as the key agreement of the core wants it.</summary>
internal sealed class SecureAreaAgreementKey(IKeyAgreementArea area, SecureAreaKey key) : IKeyAgreementKey
{
    public KeyAgreementPublicKey PublicKey => KeyAgreementPublicKey.FromCoordinates(key.PublicKey.X, key.PublicKey.Y);

    public async ValueTask<byte[]> DeriveSecretAsync(KeyAgreementPublicKey peer, CancellationToken cancellationToken = default) =>
        await area.DeriveSecretAsync(key.Id, peer, cancellationToken).ConfigureAwait(false);
}
