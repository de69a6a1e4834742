using Credentials.Mdoc;

namespace Credentials.Wallet.Core.Presentation;

/// <summary>
/// What a reader asks in person, with everything that could be shown: what the holder looks at before deciding. Comes from
/// <see cref="InPersonSession.ReceiveAsync"/>.
/// </summary>
public sealed class InPersonRequest
{
    internal InPersonRequest(DeviceRequest request, IReadOnlyList<InPersonDocumentRequest> documents, string historyId, DateTimeOffset askedAt) =>
        (Request, Documents, HistoryId, AskedAt) = (request, documents, historyId, askedAt);

    /// <summary>The document requests, in the reader's order.</summary>
    public IReadOnlyList<InPersonDocumentRequest> Documents { get; }

    /// <summary>The least of what answers it: the first match of each document request. It is a proposal: the app asks the holder. Empty when nothing answers.</summary>
    public IReadOnlyList<InPersonChoice> Proposal =>
        [.. Documents.Where(document => document.Matches.Count > 0).Select(document => new InPersonChoice(document, document.Matches[0].Document.Id))];

    internal DeviceRequest Request { get; }

    internal string HistoryId { get; }

    internal DateTimeOffset AskedAt { get; }
}
