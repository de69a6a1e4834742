using Credentials.Dids;
using Credentials.Trust;
using Credentials.Wallet.Core.Keys;
using Credentials.Wallet.Core.Storage;
using Credentials.Wallet.Core.Trust;

namespace Credentials.Wallet.Core;

/// <summary>What every part of an open wallet works with.</summary>
internal sealed record WalletContext(WalletOptions Options, EncryptedStore Store, ISecureArea Area)
{
    /// <summary>Finds the keys of verifiers known by a DID.</summary>
    public DidResolver Dids { get; } = new(DidMethods.Key | DidMethods.Jwk | DidMethods.Web, Options.Http);

    public DateTimeOffset Now => Options.Time.GetUtcNow();

    /// <summary>The app's anchors and those kept in the wallet.</summary>
    public async Task<TrustStore> TrustAsync(CancellationToken cancellationToken) =>
        TrustStore.Create(Options.Trust.Anchors.Concat(await Store.ReadAsync(KeptAnchors.List, cancellationToken).ConfigureAwait(false)));
}
