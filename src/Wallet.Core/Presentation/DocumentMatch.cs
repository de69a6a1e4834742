using Credentials.SdJwt;
using Credentials.Wallet.Core.Documents;

namespace Credentials.Wallet.Core.Presentation;

/// <summary>A document of the holder that answers one credential query, and exactly what would be shown of it.</summary>
public sealed class DocumentMatch
{
    internal DocumentMatch(Document document, StoredCredential copy, SdJwtCredential credential, IReadOnlyList<ClaimPath> disclose)
    {
        (Document, Copy, Credential, Disclose) = (document, copy, credential, disclose);
        AlwaysShown = DocumentContents.AlwaysShown(credential);
    }

    /// <summary>The document.</summary>
    public Document Document { get; }

    /// <summary>The claims that would be disclosed, and no others: the least that answers the query.</summary>
    public IReadOnlyList<ClaimPath> Disclose { get; }

    /// <summary>Claims about the holder that whoever sees this document sees in any case.</summary>
    public IReadOnlyList<ClaimPath> AlwaysShown { get; }

    /// <summary>True if the copy to be shown was shown before, so that the two presentations can be linked.</summary>
    public bool IsLinkable => Copy.TimesPresented > 0;

    internal StoredCredential Copy { get; }

    internal SdJwtCredential Credential { get; }
}
