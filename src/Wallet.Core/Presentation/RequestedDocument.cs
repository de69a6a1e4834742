namespace Credentials.Wallet.Core.Presentation;

/// <summary>One credential that the verifier asks for, and the holder's documents that answer it.</summary>
/// <param name="QueryId">Its id in the request.</param>
/// <param name="Types">The types it may have.</param>
/// <param name="AskedFor">The claims that the verifier named; empty when it asks for no particular claim.</param>
/// <param name="AllowsSeveral">True if more than one document may be shown.</param>
/// <param name="Matches">The documents that answer it, the one shown least often first; empty if there is none.</param>
public sealed record RequestedDocument(
    string QueryId, IReadOnlyList<string> Types, IReadOnlyList<ClaimPath> AskedFor, bool AllowsSeveral, IReadOnlyList<DocumentMatch> Matches);
