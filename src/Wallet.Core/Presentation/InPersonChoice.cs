namespace Credentials.Wallet.Core.Presentation;

/// <summary>What the holder shows of one document in answer to one <see cref="InPersonDocumentRequest"/>.</summary>
/// <param name="Request">The document request, one of <see cref="InPersonRequest.Documents"/>.</param>
/// <param name="DocumentId">One of its <see cref="InPersonDocumentRequest.Matches"/>.</param>
/// <param name="Elements">
/// The data elements to show, each one that the match would disclose; null for all of those. The holder may hold any of them back
/// (ISO/IEC 18013-5 §8.3.2.1.2.2).
/// </param>
public sealed record InPersonChoice(InPersonDocumentRequest Request, string DocumentId, IReadOnlyCollection<ClaimPath>? Elements = null);
