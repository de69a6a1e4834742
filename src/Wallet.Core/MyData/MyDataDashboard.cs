using Credentials.Wallet.Core.History;

namespace Credentials.Wallet.Core.MyData;

/// <summary>The holder's data at one glance: what a first page shows.</summary>
/// <param name="Documents">How many documents the wallet has.</param>
/// <param name="Verifiers">Verifiers that were shown something, the one with the latest sharing first.</param>
/// <param name="RecentSharings">Times that something was shown in the last 30 days.</param>
/// <param name="UnconfirmedSharings">Times that something was sent and the verifier did not confirm it.</param>
/// <param name="RefusedRequests">Requests that the wallet or the holder turned down.</param>
/// <param name="OpenRequests">Deletion requests and reports that are not answered yet, the newest first.</param>
/// <param name="Latest">The ten latest entries of the history.</param>
public sealed record MyDataDashboard(
    int Documents, IReadOnlyList<VerifierRecord> Verifiers, int RecentSharings, int UnconfirmedSharings, int RefusedRequests,
    IReadOnlyList<RightsRequest> OpenRequests, IReadOnlyList<HistoryEntry> Latest)
{
    private const int LatestEntries = 10;

    private static readonly TimeSpan s_recent = TimeSpan.FromDays(30);

    internal static MyDataDashboard From(int documents, IReadOnlyList<HistoryEntry> history, IReadOnlyList<RightsRequest> requests, DateTimeOffset now) => new(
        documents,
        [.. VerifierRecord.From(history, requests).Where(verifier => verifier.Sharings.Count > 0)],
        history.Count(entry => VerifierRecord.IsSharing(entry) && entry.At > now - s_recent),
        history.Count(entry => entry.Kind == HistoryKind.PresentedUnconfirmed),
        history.Count(entry => entry.Kind is HistoryKind.RequestDeclined or HistoryKind.RequestRefused),
        [.. requests.Where(request => request.IsOpen)],
        [.. history.OrderByDescending(entry => entry.At).Take(LatestEntries)]);
}
