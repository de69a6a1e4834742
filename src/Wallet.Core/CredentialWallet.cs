using Credentials.Trust;
using Credentials.Wallet.Core.Documents;
using Credentials.Wallet.Core.History;
using Credentials.Wallet.Core.Keys;
using Credentials.Wallet.Core.Storage;
using Credentials.Wallet.Core.Trust;

namespace Credentials.Wallet.Core;

/// <summary>
/// A holder's wallet: it receives documents, keeps them and their keys encrypted, shows them, and presents what the holder chose to
/// show, to whom the holder chose. All methods may be called from any thread, also at the same time; changes of the file happen one
/// after the other, each of them whole or not at all. A wallet file is open in one process at a time.
/// </summary>
/// <remarks>
/// Errors: <see cref="ArgumentException"/> and <see cref="InvalidOperationException"/> for wrong use; <see cref="CredentialException"/>,
/// each with a stable code, for everything that other parties, the network, the disk or a secure area can cause.
/// </remarks>
public sealed class CredentialWallet : IAsyncDisposable
{
    private readonly WalletOptions _options;
    private readonly EncryptedStore _store;
    private readonly ISecureArea _area;

    private CredentialWallet(WalletOptions options, EncryptedStore store)
    {
        _options = options;
        _store = store;
        _area = options.SecureArea ?? new SoftwareSecureArea(store);
    }

    /// <summary>Opens a wallet, and makes its file first when there is none.</summary>
    /// <exception cref="ArgumentException">Not exactly one of passphrase and key, an empty passphrase, or a key that is not 32 bytes long.</exception>
    /// <exception cref="KeyUnavailableException">
    /// <c>wallet.wrong_key</c>; <c>wallet.in_use</c>: it is open elsewhere; <c>wallet.unusable</c>: the disk refuses.
    /// </exception>
    /// <exception cref="MalformedDataException"><c>wallet.corrupt</c>: the file was damaged or changed. Nothing of it is returned.</exception>
    /// <exception cref="NotSupportedCredentialException"><c>wallet.too_new</c>.</exception>
    public static async Task<CredentialWallet> OpenAsync(WalletOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var store = await EncryptedStore.OpenAsync(options.Path, KeyOf(options), cancellationToken).ConfigureAwait(false);
        var wallet = new CredentialWallet(options, store);
        try
        {
            await wallet.DeleteUnusedKeysAsync(cancellationToken).ConfigureAwait(false);
            return wallet;
        }
        catch
        {
            await wallet.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>All documents, the newest first.</summary>
    public Task<IReadOnlyList<Document>> ListDocumentsAsync(CancellationToken cancellationToken = default) =>
        _store.ReadAsync(DocumentShelf.List, cancellationToken);

    /// <summary>One document; null when the wallet has none with this id.</summary>
    public Task<Document?> FindDocumentAsync(string documentId, CancellationToken cancellationToken = default) =>
        _store.ReadAsync(transaction => DocumentShelf.Find(transaction, documentId), cancellationToken);

    /// <summary>
    /// Deletes a document with all its copies and keys. Their bytes in the file are overwritten; the history keeps that it was there.
    /// </summary>
    /// <returns>False when the wallet has no document with this id.</returns>
    public async Task<bool> DeleteDocumentAsync(string documentId, CancellationToken cancellationToken = default)
    {
        var deleted = await _store.WriteAsync(
            transaction =>
            {
                if (DocumentShelf.Find(transaction, documentId) is not { } document) return null;
                DocumentShelf.Delete(transaction, document);
                HistoryEntry.Put(transaction, HistoryEntry.New(HistoryKind.Deleted, _options.Time) with
                {
                    Claims = [new HistoryClaims(document.Id, document.Type, [])],
                });
                return document;
            },
            cancellationToken).ConfigureAwait(false);
        if (deleted is null) return false;
        // The document is gone from here on: its keys go too, whatever the caller's patience. What fails here is made up for at the next opening.
        foreach (var copy in deleted.Credentials) await _area.DeleteKeyAsync(copy.Key.Id, CancellationToken.None).ConfigureAwait(false);
        return true;
    }

    /// <summary>The history, the newest entry first.</summary>
    public Task<IReadOnlyList<HistoryEntry>> GetHistoryAsync(HistoryQuery? query = null, CancellationToken cancellationToken = default)
    {
        var wanted = query ?? new HistoryQuery();
        ArgumentOutOfRangeException.ThrowIfNegative(wanted.Limit, nameof(query));
        return _store.ReadAsync<IReadOnlyList<HistoryEntry>>(
            transaction => [.. transaction.List(RecordKind.History)
                .Select(HistoryEntry.FromStored).Where(wanted.Accepts)
                .OrderByDescending(entry => entry.At).ThenBy(entry => entry.Id, StringComparer.Ordinal).Take(wanted.Limit)],
            cancellationToken);
    }

    /// <summary>Trusts a certificate or key from now on, for the anchor's purposes only. It is kept in the wallet.</summary>
    public Task AddTrustAnchorAsync(TrustAnchor anchor, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(anchor);
        return _store.WriteAsync(transaction => KeptAnchors.Put(transaction, anchor), cancellationToken);
    }

    /// <summary>The anchors kept in the wallet; those of <see cref="WalletOptions.Trust"/> are not among them.</summary>
    public Task<IReadOnlyList<TrustAnchor>> ListTrustAnchorsAsync(CancellationToken cancellationToken = default) =>
        _store.ReadAsync(KeptAnchors.List, cancellationToken);

    /// <summary>No longer trusts an anchor kept in the wallet, by its <see cref="TrustAnchor.Id"/>. Documents stay.</summary>
    public Task RemoveTrustAnchorAsync(string anchorId, CancellationToken cancellationToken = default) =>
        _store.WriteAsync(transaction => KeptAnchors.Delete(transaction, anchorId), cancellationToken);

    /// <summary>Closes the wallet file and forgets its key. Calls that come later throw <see cref="ObjectDisposedException"/>.</summary>
    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private async Task DeleteUnusedKeysAsync(CancellationToken cancellationToken)
    {
        var held = await _area.ListKeysAsync(cancellationToken).ConfigureAwait(false);
        if (held.Count == 0) return;
        var documents = await ListDocumentsAsync(cancellationToken).ConfigureAwait(false);
        var used = documents.SelectMany(document => document.Credentials).Select(copy => copy.Key.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var key in held.Where(key => !used.Contains(key))) await _area.DeleteKeyAsync(key, cancellationToken).ConfigureAwait(false);
    }

    private async Task<TrustStore> TrustAsync(CancellationToken cancellationToken) =>
        TrustStore.Create(_options.Trust.Anchors.Concat(await ListTrustAnchorsAsync(cancellationToken).ConfigureAwait(false)));

    private static StoreKey KeyOf(WalletOptions options)
    {
        if ((options.Passphrase is null) == (options.Key is null))
            throw new ArgumentException("Give either a passphrase or a key.", nameof(options));
        if (options.Passphrase is "") throw new ArgumentException("The passphrase is empty.", nameof(options));
        if (options.Key is { Length: not StoreKey.KeyLength }) throw new ArgumentException("A key has 32 bytes.", nameof(options));
        return new StoreKey(options.Passphrase, options.Key);
    }
}
