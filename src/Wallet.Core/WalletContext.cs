using Credentials.Dids;
using Credentials.Trust;
using Credentials.Wallet.Core.Documents;
using Credentials.Wallet.Core.Keys;
using Credentials.Wallet.Core.Storage;
using Credentials.Wallet.Core.Trust;

namespace Credentials.Wallet.Core;

/// <summary>What every part of an open wallet works with.</summary>
internal sealed record WalletContext(WalletOptions Options, EncryptedStore Store, ISecureArea Area)
{
    /// <summary>Finds the keys of issuers of W3C credentials, whose documents are fetched only where the issuer is trusted by its identifier.</summary>
    public DidResolver Identifiers { get; } = new(DidMethods.Key | DidMethods.Jwk | DidMethods.Web | DidMethods.Https, Options.Http);

    /// <summary>
    /// Status lists, for when the app asks what has become of its documents. No credential's status is looked up when it is received or shown:
    /// that would tell its issuer when.
    /// </summary>
    public StatusSources Lists { get; } = new(Options.Http);

    public DateTimeOffset Now => Options.Time.GetUtcNow();

    /// <summary>The app's anchors and those kept in the wallet.</summary>
    public async Task<TrustStore> TrustAsync(CancellationToken cancellationToken) =>
        TrustStore.Create(Options.Trust.Anchors.Concat(await Store.ReadAsync(KeptAnchors.List, cancellationToken).ConfigureAwait(false)));
}
