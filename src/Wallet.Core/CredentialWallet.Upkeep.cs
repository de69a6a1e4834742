using System.Runtime.CompilerServices;
using Credentials.Wallet.Core.Documents;
using Credentials.Wallet.Core.Events;
using Credentials.Wallet.Core.Issuance;
using Credentials.Wallet.Core.Storage;

namespace Credentials.Wallet.Core;

/// <content>What keeps the documents fresh.</content>
public sealed partial class CredentialWallet
{
    // One at a time: a refresh token that two calls use counts as stolen at servers that rotate them (RFC 9700 §4.14.2).
    private readonly SemaphoreSlim _renewing = new(1, 1);

    private bool _isWatched;

    /// <summary>Fetches fresh copies of a document and destroys the old ones, where the issuer allows it. When it fails the old ones stay.</summary>
    /// <exception cref="InvalidOperationException">The wallet has no document with this id.</exception>
    /// <exception cref="NotSupportedCredentialException"><c>wallet.renewal_not_supported</c>: the issuer gave no refresh token.</exception>
    /// <exception cref="ProtocolException">The issuer refuses.</exception>
    public Task<IssuanceOutcome> RenewDocumentAsync(string documentId, CancellationToken cancellationToken = default) =>
        RenewAsync(renewal => renewal.RenewAsync(documentId, cancellationToken), cancellationToken);

    /// <summary>
    /// The documents of which fresh copies are due, because they run out or few fresh copies are left, the one that runs out first in
    /// front. Nobody is asked for this.
    /// </summary>
    public Task<IReadOnlyList<DueRenewal>> ListDueRenewalsAsync(CancellationToken cancellationToken = default) =>
        _context.Store.ReadAsync(transaction => DueRenewal.List(transaction, _context.Now), cancellationToken);

    /// <summary>
    /// Renews the documents that are due and can be renewed, the most urgent first, 50 at most; those that the open request could show are
    /// left for another time. What fails for one does not stop the others, and its old copies stay.
    /// </summary>
    /// <returns>What became of each.</returns>
    /// <exception cref="OperationCanceledException">The caller has given up. What was renewed before stays renewed.</exception>
    public Task<IReadOnlyList<RenewalOutcome>> RenewDueAsync(CancellationToken cancellationToken = default) =>
        RenewAsync(renewal => renewal.RenewDueAsync(IsInOpenRequest, cancellationToken), cancellationToken);

    /// <summary>
    /// Finds out which documents were revoked, suspended or resumed, run out soon or have run out, and raises that as events. Status lists
    /// are fetched whole, and again only when they say so: their hosts learn nothing about the holder but that a list was fetched. A list
    /// that cannot be had, or whose signer no anchor for <see cref="Credentials.Trust.TrustPurpose.StatusSigner"/> vouches for, changes
    /// nothing. An app calls it now and then, better not when a document is looked at or shown.
    /// </summary>
    public Task RefreshStatusAsync(CancellationToken cancellationToken = default) => new StatusWatch(_context).RefreshAsync(cancellationToken);

    /// <summary>
    /// What happens to documents, for notices: first what was not told yet, then each event as it comes, until the wallet is closed. Each
    /// change is raised once, also over restarts. An event counts as told when the reader asks for the next one or ends the reading; only
    /// when the process is killed before that, it comes again. Of events that nobody reads, the 500 newest are kept.
    /// </summary>
    /// <exception cref="InvalidOperationException">Somebody reads already.</exception>
    /// <exception cref="OperationCanceledException">The reader has given up.</exception>
    public async IAsyncEnumerable<WalletEvent> WatchEventsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _isWatched, true)) throw new InvalidOperationException("The events are read already.");
        try
        {
            while (true)
            {
                // Taken before looking: what comes in between is not slept through.
                var change = _context.Store.NextChange;
                if (await OrNothingWhenClosedAsync(() => _context.Store.ReadAsync(WalletEvent.FindOldest, cancellationToken)).ConfigureAwait(false) is { } next)
                {
                    try
                    {
                        yield return next;
                    }
                    finally
                    {
                        await OrNothingWhenClosedAsync(() => ForgetAsync(next)).ConfigureAwait(false);
                    }
                }
                else if (!await change.WaitAsync(cancellationToken).ConfigureAwait(false))
                {
                    yield break;
                }
            }
        }
        finally
        {
            Volatile.Write(ref _isWatched, false);
        }
    }

    /// <summary>
    /// What was not told yet, the oldest first: for an app that shows notices when it is opened, and does not read along. They stay until
    /// <see cref="ForgetEventAsync"/>, or until <see cref="WatchEventsAsync"/> has told them.
    /// </summary>
    public Task<IReadOnlyList<WalletEvent>> ListEventsAsync(CancellationToken cancellationToken = default) => _context.Store.ReadAsync(WalletEvent.List, cancellationToken);

    /// <summary>Takes away what the holder has been told, by its <see cref="WalletEvent.Id"/>; nothing happens when there is none.</summary>
    public Task ForgetEventAsync(string eventId, CancellationToken cancellationToken = default) =>
        _context.Store.WriteAsync(transaction => transaction.Delete(RecordKind.Event, eventId), cancellationToken);

    private async Task<WalletEvent?> ForgetAsync(WalletEvent told)
    {
        await ForgetEventAsync(told.Id, CancellationToken.None).ConfigureAwait(false);
        return null;
    }

    private static async Task<WalletEvent?> OrNothingWhenClosedAsync(Func<Task<WalletEvent?>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            return null;
        }
    }

    private async Task<T> RenewAsync<T>(Func<DocumentRenewal, Task<T>> renew, CancellationToken cancellationToken)
    {
        await _renewing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await renew(new DocumentRenewal(_context)).ConfigureAwait(false);
        }
        finally
        {
            _renewing.Release();
        }
    }

    private bool IsInOpenRequest(Document document) => _openRequest?.Sets.SelectMany(set => set.Options).SelectMany(option => option.Members)
        .SelectMany(member => member.Matches).Any(match => match.Document.Id == document.Id) == true;
}
