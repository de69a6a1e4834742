using Credentials.Wallet.Core.Documents;
using Credentials.Wallet.Core.History;

namespace Credentials.Wallet.Core.MyData;

/// <summary>What one verifier asked for and was shown, and what the holder asked of it.</summary>
/// <param name="Party">The whole Client Identifier.</param>
/// <param name="Names">Its name, as last authenticated.</param>
/// <param name="IsTrusted">True if the wallet's anchors vouched for it the last time.</param>
/// <param name="Contact">Where it last said that holders turn to; null if it never said.</param>
/// <param name="Sessions">The history of it, the newest entry first.</param>
/// <param name="Requests">Deletion requests to it and reports about it, the newest first.</param>
public sealed record VerifierRecord(
    string Party, DisplayNames Names, bool IsTrusted, VerifierContact? Contact, IReadOnlyList<HistoryEntry> Sessions, IReadOnlyList<RightsRequest> Requests)
{
    /// <summary>The times that something was shown to it, the newest first.</summary>
    public IReadOnlyList<HistoryEntry> Sharings => [.. Sessions.Where(IsSharing)];

    /// <summary>When it last had anything to do with the holder.</summary>
    public DateTimeOffset LastAt => Sessions[0].At;

    /// <summary>All that it has ever been shown: for each type the claims.</summary>
    public IReadOnlyList<HistoryClaims> Shared => [.. Sharings.SelectMany(entry => entry.Claims).GroupBy(claims => claims.Type)
        .Select(type => new HistoryClaims(null, type.Key, [.. type.SelectMany(claims => claims.Claims).Distinct()]))];

    internal static bool IsSharing(HistoryEntry entry) => entry.Kind is HistoryKind.Presented or HistoryKind.PresentedUnconfirmed;

    internal static bool IsOfVerifier(HistoryEntry entry) => entry.Party is not null && (IsSharing(entry)
        || entry.Kind is HistoryKind.Requested or HistoryKind.RequestDeclined or HistoryKind.RequestRefused
            or HistoryKind.DeletionRequested or HistoryKind.VerifierReported);

    internal static IReadOnlyList<VerifierRecord> From(IEnumerable<HistoryEntry> history, IReadOnlyList<RightsRequest> requests) =>
        [.. history.Where(IsOfVerifier).GroupBy(entry => entry.Party!)
            .Select(party => From(party.Key, [.. party.OrderByDescending(entry => entry.At)], requests))
            .OrderByDescending(verifier => verifier.LastAt).ThenBy(verifier => verifier.Party, StringComparer.Ordinal)];

    private static VerifierRecord From(string party, IReadOnlyList<HistoryEntry> sessions, IReadOnlyList<RightsRequest> requests) => new(
        party,
        sessions.FirstOrDefault(entry => entry.PartyNames.Languages.Count > 0)?.PartyNames ?? DisplayNames.None,
        // A request that was refused authenticated nobody, and neither does what the holder wrote.
        sessions.FirstOrDefault(entry => entry.Kind is not (HistoryKind.RequestRefused or HistoryKind.DeletionRequested or HistoryKind.VerifierReported))?.IsPartyTrusted ?? false,
        sessions.FirstOrDefault(entry => entry.Contact is not null)?.Contact,
        sessions,
        [.. requests.Where(request => request.Party == party)]);
}
