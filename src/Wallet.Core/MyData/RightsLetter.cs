using System.Globalization;
using System.Text;
using Credentials.Wallet.Core.History;

namespace Credentials.Wallet.Core.MyData;

/// <summary>
/// The words of a deletion request or a report. They name who, when and which claims, and cite no law: which one applies is the holder's
/// and the reader's to know. No claim value can get in, since the history has none.
/// </summary>
internal static class RightsLetter
{
    private const int MaxEntries = 50;

    public static (string Subject, string Letter) Write(RightsRequestDraft draft, string id, string? partyName, IReadOnlyList<HistoryEntry> entries)
    {
        var isKorean = draft.Language?.StartsWith("ko", StringComparison.OrdinalIgnoreCase) == true;
        var isDeletion = draft.Kind == RightsRequestKind.Deletion;
        var who = partyName is null ? draft.Party : $"{partyName} ({draft.Party})";
        var text = new StringBuilder();
        text.Append((isKorean, isDeletion) switch
        {
            (true, true) => $"{who} 귀하\n\n아래와 같이 제시한 제 개인정보를 삭제하고, 처리 결과를 알려 주시기 바랍니다. 법에 따라 보관해야 하는 정보가 있으면 그 항목과 근거, 보관 기간을 알려 주십시오.\n\n",
            (true, false) => $"다음 검증기관의 개인정보 요청을 살펴봐 주시기 바랍니다: {who}\n\n",
            (false, true) => $"To {who}\n\nPlease delete the personal data about me that you received as listed below, and tell me when it is done. If you must keep some of it by law, please tell me what, why and for how long.\n\n",
            _ => $"Please look into how this verifier asks for personal data: {who}\n\n",
        });
        foreach (var entry in entries.Take(MaxEntries)) Append(text, entry, isKorean);
        if (entries.Count > MaxEntries) text.Append(isKorean ? $"… 그 밖에 {entries.Count - MaxEntries}건\n" : $"… and {entries.Count - MaxEntries} more\n");
        if (!string.IsNullOrWhiteSpace(draft.Note)) text.Append('\n').Append(draft.Note.Trim()).Append('\n');
        text.Append(isKorean ? $"\n요청 번호: {id}\n" : $"\nRequest number: {id}\n");
        var subject = (isKorean, isDeletion) switch
        {
            (true, true) => $"개인정보 삭제 요청 ({id})",
            (true, false) => $"검증기관 신고 ({id})",
            (false, true) => $"Request to delete personal data ({id})",
            _ => $"Report about a verifier ({id})",
        };
        return (subject, text.ToString());
    }

    private static void Append(StringBuilder text, HistoryEntry entry, bool isKorean)
    {
        text.Append("- ").Append(entry.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)).Append(" UTC");
        if (!VerifierRecord.IsSharing(entry)) text.Append(isKorean ? " (제시하지 않음)" : " (nothing was shown)");
        if (entry.Purpose is not null) text.Append(isKorean ? $", 밝힌 목적: {entry.Purpose}" : $", stated purpose: {entry.Purpose}");
        text.Append('\n');
        foreach (var claims in entry.Claims)
            text.Append("    ").Append(claims.Type).Append(": ").AppendJoin(", ", claims.Claims.Select(path => path.ToString())).Append('\n');
        if (entry.Reference is not null) text.Append(isKorean ? $"    거래 번호: {entry.Reference}\n" : $"    transaction: {entry.Reference}\n");
    }
}
