using Credentials.Keys;

namespace Credentials.Wallet.Core.Keys;

/// <summary>A key of a secure area, as the signing code of the core wants it.</summary>
internal sealed class SecureAreaSigningKey(ISecureArea area, SecureAreaKey key) : ISigningKey
{
    public PublicKey PublicKey => key.PublicKey;

    public async ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default) =>
        await area.SignAsync(key.Id, data, cancellationToken).ConfigureAwait(false);
}
