using System.Text.Json.Nodes;
using Credentials.StatusLists;
using Credentials.Wallet.Core.Documents;
using Credentials.Wallet.Core.Storage;

namespace Credentials.Wallet.Core.Events;

/// <summary>
/// What was last raised about a document: a change is raised once, also over a restart. It goes with the copies, so that a renewed document
/// starts anew.
/// </summary>
internal sealed record DocumentState(bool IsExpiring, bool IsExpired, StatusOutcome Status)
{
    private static readonly DocumentState s_new = new(false, false, StatusOutcome.Unknown);

    /// <summary>Raises what has changed since.</summary>
    public static IReadOnlyList<WalletEvent> Update(StoreTransaction transaction, Document document, DateTimeOffset now)
    {
        var before = Find(transaction, document.Id);
        var after = new DocumentState(
            // A clock that is put back takes nothing back.
            before.IsExpiring || document.ExpiringFrom <= now,
            before.IsExpired || document.ExpiresAt <= now,
            // Nothing known is no change.
            document.Status == StatusOutcome.Unknown ? before.Status : document.Status);
        if (after == before) return [];
        transaction.Put(RecordKind.DocumentState, document.Id, after.ToStored());
        return [.. after.ChangesSince(before).Select(kind => WalletEvent.New(kind, document, now))];
    }

    private IEnumerable<WalletEventKind> ChangesSince(DocumentState before)
    {
        if (IsExpired && !before.IsExpired) yield return WalletEventKind.Expired;
        else if (IsExpiring && !before.IsExpiring) yield return WalletEventKind.Expiring;
        if (Status == before.Status) yield break;
        if (Status == StatusOutcome.Revoked) yield return WalletEventKind.Revoked;
        else if (Status == StatusOutcome.Suspended) yield return WalletEventKind.Suspended;
        else if (before.Status == StatusOutcome.Suspended) yield return WalletEventKind.Resumed;
    }

    private static DocumentState Find(StoreTransaction transaction, string documentId) =>
        transaction.Find(RecordKind.DocumentState, documentId) is not { } record ? s_new : new DocumentState(
            record.Body.GetProperty("expiring").GetBoolean(),
            record.Body.GetProperty("expired").GetBoolean(),
            StoredStatus.Read(record.Body));

    private JsonObject ToStored()
    {
        var stored = new JsonObject { ["expiring"] = IsExpiring, ["expired"] = IsExpired };
        StoredStatus.AddTo(stored, Status);
        return stored;
    }
}
