using Credentials.Wallet.Core.History;

namespace Credentials.Wallet.Core.Presentation;

/// <summary>The one history entry of a session with a verifier: first that it asked, then what came of it.</summary>
internal static class SessionHistory
{
    public static HistoryEntry Asked(ResolvedRequest request) => Entry(request, HistoryKind.Requested) with
    {
        Claims = [.. Members(request).Select(member => new HistoryClaims(null, member.Types.Count > 0 ? member.Types[0] : null, member.AskedFor))],
    };

    public static HistoryEntry Declined(ResolvedRequest request) => Asked(request) with { Kind = HistoryKind.RequestDeclined };

    public static HistoryEntry Shown(ResolvedRequest request, HistoryKind kind, IEnumerable<DocumentMatch> shown, string? code = null) =>
        Entry(request, kind) with
        {
            Claims = [.. shown.Select(match => new HistoryClaims(
                match.Document.Id, match.Document.Type, [.. match.AlwaysShown.Concat(match.Disclose).Distinct()]))],
            Code = code,
        };

    private static HistoryEntry Entry(ResolvedRequest request, HistoryKind kind) => new()
    {
        Id = request.HistoryId,
        At = DateTimeOffset.FromUnixTimeMilliseconds(request.AskedAt.ToUnixTimeMilliseconds()),
        Kind = kind,
        Party = request.ClientId,
        PartyNames = request.VerifierNames,
        IsPartyTrusted = request.IsVerifierTrusted,
        Purpose = request.Purpose.In(),
        Reference = request.Verified.Request.Nonce,
        Contact = request.Contact,
    };

    private static IEnumerable<RequestedDocument> Members(ResolvedRequest request) =>
        request.Sets.SelectMany(set => set.Options).SelectMany(option => option.Members).DistinctBy(member => member.QueryId);
}
