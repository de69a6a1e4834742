using Credentials.StatusLists;
using Credentials.Wallet.Core.Documents;
using Credentials.Wallet.Core.Storage;

namespace Credentials.Wallet.Core.Issuance;

/// <summary>A document of which fresh copies are due, as its <see cref="Documents.Document.Reuse"/> says.</summary>
/// <param name="Document">The document.</param>
/// <param name="Reason">Why.</param>
/// <param name="CanRenew">True if the issuer gave something to renew it with; if not, the holder has to receive it anew.</param>
public sealed record DueRenewal(Document Document, RenewalReason Reason, bool CanRenew)
{
    /// <summary>What is due, the document that runs out first in front. A revoked document is not renewed: its issuer has taken it back.</summary>
    internal static IReadOnlyList<DueRenewal> List(StoreTransaction transaction, DateTimeOffset now)
    {
        var renewable = transaction.List(RecordKind.Renewal).Select(record => record.Id).ToHashSet(StringComparer.Ordinal);
        return [.. DocumentShelf.List(transaction)
            .Where(document => document.Status != StatusOutcome.Revoked)
            .Select(document => ReasonFor(document, now) is { } reason ? new DueRenewal(document, reason, renewable.Contains(document.Id)) : null)
            .OfType<DueRenewal>()
            .OrderBy(due => due.Document.ExpiresAt ?? DateTimeOffset.MaxValue)];
    }

    private static RenewalReason? ReasonFor(Document document, DateTimeOffset now)
    {
        if (document.ExpiringFrom <= now) return RenewalReason.Expiring;
        var fresh = document.Credentials.Count(copy => !(copy.ExpiresAt <= now) && document.Reuse.IsFresh(copy));
        // Half at most: a batch that has just come must not be due again, however small it is.
        return fresh <= Math.Min(document.Reuse.RenewAtUnused, document.Credentials.Count / 2) ? RenewalReason.FewFreshCopies : null;
    }
}
