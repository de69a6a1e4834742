using Credentials.Wallet.Core.Documents;
using Credentials.Wallet.Core.Storage;

namespace Credentials.Wallet.Core.Presentation;

/// <summary>A document of the holder that answers one credential query, and exactly what would be shown of it.</summary>
public sealed class DocumentMatch
{
    private IReadOnlyList<ClaimPath>? _alwaysShown;

    internal DocumentMatch(Document document, StoredCredential copy, HeldCredential held, IReadOnlyList<ClaimPath> disclose) =>
        (Document, Copy, Held, Disclose) = (document, copy, held, disclose);

    /// <summary>The document.</summary>
    public Document Document { get; }

    /// <summary>The claims that would be disclosed, and no others: the least that answers the query.</summary>
    public IReadOnlyList<ClaimPath> Disclose { get; }

    /// <summary>Claims about the holder that whoever sees this document sees in any case; none of an mdoc.</summary>
    public IReadOnlyList<ClaimPath> AlwaysShown => _alwaysShown ??= Held.AlwaysShown;

    /// <summary>True if the copy to be shown was shown before, so that the two presentations can be linked.</summary>
    public bool IsLinkable => Copy.TimesPresented > 0;

    /// <summary>Counts a showing of each of these.</summary>
    /// <param name="transaction">Where.</param>
    /// <param name="shown">What was shown.</param>
    /// <param name="withMac">Those of them that a MAC authenticated, and no signature.</param>
    internal static void CountUse(StoreTransaction transaction, IEnumerable<DocumentMatch> shown, IReadOnlySet<DocumentMatch>? withMac = null)
    {
        foreach (var match in shown)
        {
            // Read again: the copy may have been shown, or deleted, since the request was resolved.
            if (transaction.Find(RecordKind.Credential, match.Copy.Id) is not { } record) continue;
            var copy = StoredCredential.FromStored(record);
            copy = copy with { TimesPresented = copy.TimesPresented + 1, UsesMac = copy.UsesMac || withMac?.Contains(match) is true };
            transaction.Put(RecordKind.Credential, copy.Id, copy.ToStored());
        }
    }

    internal StoredCredential Copy { get; }

    internal HeldCredential Held { get; }
}
