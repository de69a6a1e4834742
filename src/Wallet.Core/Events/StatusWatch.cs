using System.Collections.Concurrent;
using Credentials.StatusLists;
using Credentials.Trust;
using Credentials.Wallet.Core.Documents;
using Credentials.Wallet.Core.Storage;

namespace Credentials.Wallet.Core.Events;

/// <summary>
/// Finds out what has become of the documents. Status lists are fetched whole and kept for as long as they say, so that an issuer learns
/// that somebody fetched a list, and neither which credential nor how many of them it was for.
/// </summary>
internal sealed class StatusWatch(WalletContext wallet)
{
    // One host that does not answer must not hold up all others.
    private const int MaxParallel = 4;

    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var documents = await wallet.Store.ReadAsync(DocumentShelf.List, cancellationToken).ConfigureAwait(false);
        var trust = await wallet.TrustAsync(cancellationToken).ConfigureAwait(false);
        // A revocation is for good (Token Status List §7.1): nothing is asked about it again.
        var asked = documents.SelectMany(document => document.Credentials
            .Where(copy => copy.IsUsableAt(wallet.Now) && copy.Status != StatusOutcome.Revoked).Select(copy => (Document: document, Copy: copy)));
        var found = new ConcurrentDictionary<string, StatusOutcome>(StringComparer.Ordinal);
        try
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = MaxParallel, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(asked, options, async (one, cancelled) =>
            {
                if (await FindAsync(one.Document, one.Copy, trust, cancelled).ConfigureAwait(false) is { } status) found[one.Copy.Id] = status;
            }).ConfigureAwait(false);
        }
        finally
        {
            // Also when the caller has given up: what is known is kept.
            await wallet.Store.WriteAsync(transaction => Note(transaction, found), CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>What the list says; null where there is none, or it says nothing that can be believed.</summary>
    private async Task<StatusOutcome?> FindAsync(Document document, StoredCredential copy, TrustStore trust, CancellationToken cancellationToken)
    {
        if (HeldFormat.Find(document.Format) is not { } format) return null;
        var expected = new ReceiptExpectations(document.Type, trust, wallet.Now, wallet.Identifiers) { Lists = wallet.Lists };
        var report = await format.VerifyAsync(copy.Text, expected, cancellationToken).ConfigureAwait(false);
        return report.Checks.FirstOrDefault(check => check.Id == StatusCheck.Id) switch
        {
            { Outcome: CheckOutcome.Passed } => StatusOutcome.Valid,
            { Code: StatusListCodes.Revoked } => StatusOutcome.Revoked,
            { Code: StatusListCodes.Suspended } => StatusOutcome.Suspended,
            _ => null,
        };
    }

    private void Note(StoreTransaction transaction, IReadOnlyDictionary<string, StatusOutcome> found)
    {
        var events = new List<WalletEvent>();
        // Read again: copies may have been shown, renewed or deleted meanwhile.
        foreach (var document in DocumentShelf.List(transaction))
        {
            var copies = document.Credentials.Select(copy => found.TryGetValue(copy.Id, out var status) ? copy with { Status = status } : copy).ToList();
            foreach (var (_, after) in document.Credentials.Zip(copies).Where(pair => pair.First.Status != pair.Second.Status))
                transaction.Put(RecordKind.Credential, after.Id, after.ToStored());
            events.AddRange(DocumentState.Update(transaction, document with { Credentials = copies }, wallet.Now));
        }
        WalletEvent.Put(transaction, events);
    }
}
