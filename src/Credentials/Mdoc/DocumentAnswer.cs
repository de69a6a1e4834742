namespace Credentials.Mdoc;

/// <summary>What came back for one document request of a reader.</summary>
/// <param name="Asked">The request.</param>
/// <param name="Report">The report on the document, whose claims are those asked for and no others; null if none came back.</param>
/// <param name="Missing">The data elements asked for that did not come back.</param>
public sealed record DocumentAnswer(ItemsRequest Asked, VerificationReport? Report, IReadOnlyList<(string NameSpace, string Element)> Missing)
{
    /// <summary>True if a document came back and is accepted. It need not have all that was asked for: see <see cref="Missing"/>.</summary>
    public bool IsAccepted => Report is { IsAccepted: true };
}
