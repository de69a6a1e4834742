using Credentials.Wallet.Core.Migration;
using Credentials.Wallet.Core.Storage;

namespace Credentials.Wallet.Core;

/// <content>Moving to another device, and the end of a wallet.</content>
public sealed partial class CredentialWallet
{
    /// <summary>
    /// Writes down which documents the holder has, for another wallet to ask for them anew: type, issuer, configuration and names of each. No
    /// key, no claim and no token is in it. It is encrypted under the passphrase (Argon2id, AES-256-GCM) and cannot be changed unnoticed.
    /// </summary>
    /// <param name="passphrase">What the holder will have to type on the other device.</param>
    /// <returns>The content of the file.</returns>
    /// <exception cref="ArgumentException">The passphrase is empty.</exception>
    public async Task<byte[]> ExportDocumentsAsync(string passphrase, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(passphrase);
        var entries = await _context.Store.ReadAsync(DocumentToReissue.Collect, cancellationToken).ConfigureAwait(false);
        return await Task.Run(() => MigrationFile.Seal(entries, passphrase), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Takes over what <see cref="ExportDocumentsAsync"/> wrote. Each document becomes one to be reissued, unless this wallet has it; nobody is
    /// asked for anything yet. The same file may come twice.
    /// </summary>
    /// <param name="file">The content of the file, 16 MiB at most.</param>
    /// <param name="passphrase">The passphrase that it was written with.</param>
    /// <returns>What the file has that this wallet has not.</returns>
    /// <exception cref="MalformedDataException"><c>wallet.migration_malformed</c>. Nothing of it is kept.</exception>
    /// <exception cref="KeyUnavailableException"><c>wallet.wrong_key</c>: another passphrase, or a changed file; or <c>wallet.full</c>.</exception>
    public async Task<IReadOnlyList<DocumentToReissue>> ImportDocumentsAsync(
        ReadOnlyMemory<byte> file, string passphrase, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(passphrase);
        var entries = await Task.Run(() => MigrationFile.Open(file.Span, passphrase), cancellationToken).ConfigureAwait(false);
        return await _context.Store.WriteAsync<IReadOnlyList<DocumentToReissue>>(
            transaction =>
            {
                var missing = entries.Where(entry => transaction.Find(RecordKind.Document, entry.Id) is null).ToList();
                foreach (var entry in missing) DocumentToReissue.Put(transaction, entry);
                return missing;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// The documents of another wallet that did not come yet. One that is received from the same issuer under the same configuration takes its
    /// entry away.
    /// </summary>
    public Task<IReadOnlyList<DocumentToReissue>> ListToReissueAsync(CancellationToken cancellationToken = default) =>
        _context.Store.ReadAsync(DocumentToReissue.List, cancellationToken);

    /// <summary>Takes an entry away that the holder does not want; nothing happens when there is none.</summary>
    public Task DeleteToReissueAsync(string entryId, CancellationToken cancellationToken = default) =>
        _context.Store.WriteAsync(transaction => transaction.Delete(RecordKind.Reissue, entryId), cancellationToken);

    /// <summary>
    /// Destroys a wallet that is closed, for good: its file is overwritten and deleted, and so is every key that its secure area holds. Neither
    /// passphrase nor key is needed. Called again, it finishes what was cut off.
    /// </summary>
    /// <exception cref="KeyUnavailableException"><c>wallet.in_use</c>: it is open; <c>wallet.unusable</c>: the disk refuses.</exception>
    public static async Task DestroyAsync(WalletOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        // The file first: keys that are left over serve nothing, and the next wallet in this area deletes them when it is opened.
        await EncryptedStore.DestroyAsync(options.Path, cancellationToken).ConfigureAwait(false);
        if (options.SecureArea is not { } area) return;
        foreach (var key in await area.ListKeysAsync(cancellationToken).ConfigureAwait(false))
            await area.DeleteKeyAsync(key, cancellationToken).ConfigureAwait(false);
    }
}
