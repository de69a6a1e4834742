using System.Globalization;
using System.Text.Json;
using Credentials.StatusLists;
using Credentials.Verifier.Pages;
using Credentials.Wallet.Core.Documents;
using Credentials.Wallet.Core.Events;
using Credentials.Wallet.Core.History;
using Credentials.Wallet.Core.MyData;

namespace Credentials.Cli.WebWallet;

/// <summary>What the wallet's pages call things, in both languages.</summary>
internal static class WalletWords
{
    private const int SoonDays = 14;

    internal static string Name(Document document, Language language) => document.Names.In(language.Tag) ?? document.Type;

    internal static string Issuer(Document document, Language language) => document.IssuerNames.In(language.Tag) ?? document.CredentialIssuer;

    /// <summary>A claim by the issuer's word for it, else by ours, else by its own name.</summary>
    internal static string Claim(Document? document, ClaimPath path, Language language) =>
        document?.Labels.FirstOrDefault(label => label.Path.Equals(path))?.Names.In(language.Tag) ?? Claim(path, language);

    internal static string Claim(ClaimPath path, Language language) => path.Segments.LastOrDefault(segment => segment.Name is not null).Name is { } name
        ? PlainWords.ForClaim(name).In(language)
        : path.ToString();

    internal static string Date(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    internal static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " UTC";

    internal static string Kind(HistoryKind kind, Language language) => kind switch
    {
        HistoryKind.Received => language.Choose("받음", "Received"),
        HistoryKind.ReceiptRefused => language.Choose("받지 않음: 검증에 실패함", "Not stored: it did not pass the checks"),
        HistoryKind.OfferDeclined => language.Choose("받기를 거절함", "Offer declined"),
        HistoryKind.Requested => language.Choose("요청받음", "Asked for"),
        HistoryKind.Presented => language.Choose("제시함", "Shared"),
        HistoryKind.PresentedUnconfirmed => language.Choose("제시함 (상대의 확인 없음)", "Shared, not confirmed"),
        HistoryKind.RequestDeclined => language.Choose("제시를 거절함", "Request declined"),
        HistoryKind.RequestRefused => language.Choose("지갑이 요청을 거부함", "Request refused by the wallet"),
        HistoryKind.Deleted => language.Choose("삭제함", "Deleted"),
        HistoryKind.DeletionRequested => language.Choose("삭제를 요청함", "Deletion requested"),
        HistoryKind.Renewed => language.Choose("갱신함", "Renewed"),
        HistoryKind.VerifierReported => language.Choose("신고함", "Reported"),
        _ => kind.ToString(),
    };

    internal static string Event(WalletEventKind kind, Language language) => kind switch
    {
        WalletEventKind.Expiring => language.Choose("곧 유효 기한이 끝납니다.", "it expires soon."),
        WalletEventKind.Expired => language.Choose("유효 기한이 지났습니다.", "it has expired."),
        WalletEventKind.Revoked => language.Choose("발급기관이 폐기했습니다. 더 쓸 수 없습니다.", "its issuer has revoked it. It cannot be used any more."),
        WalletEventKind.Suspended => language.Choose("발급기관이 효력을 정지했습니다.", "its issuer has suspended it for the time being."),
        WalletEventKind.Resumed => language.Choose("정지가 풀려 다시 쓸 수 있습니다.", "its suspension has ended, and it can be used again."),
        WalletEventKind.Renewed => language.Choose("새 사본으로 갱신했습니다.", "it was renewed with fresh copies."),
        WalletEventKind.DeferredIssued => language.Choose("기다리던 증명서가 발급되었습니다.", "it was issued at last."),
        _ => kind.ToString(),
    };

    /// <summary>What stands against using a document; null: nothing known.</summary>
    internal static string? State(Document document, DateTimeOffset now, Language language) =>
        document.Status == StatusOutcome.Revoked ? language.Choose("폐기됨", "Revoked")
        : document.ExpiresAt <= now ? language.Choose("기한이 지남", "Expired")
        : document.Status == StatusOutcome.Suspended ? language.Choose("효력 정지됨", "Suspended")
        : document.ExpiresAt <= now.AddDays(SoonDays) ? language.Choose("곧 기한이 끝남", "Expires soon")
        : null;

    internal static string State(RightsRequestState state, Language language) => state switch
    {
        RightsRequestState.Prepared => language.Choose("아직 보내지 않음", "Not sent yet"),
        RightsRequestState.Sent => language.Choose("보냄, 답을 기다리는 중", "Sent, waiting for an answer"),
        RightsRequestState.Fulfilled => language.Choose("처리됨", "Done"),
        _ => language.Choose("거절됨", "Refused"),
    };

    internal static string Kind(RightsRequestKind kind, Language language) => kind == RightsRequestKind.Deletion
        ? language.Choose("삭제 요청", "Deletion request")
        : language.Choose("신고", "Report");

    /// <summary>The values of a claim; pictures as images that carry themselves.</summary>
    internal static Html Values(DocumentClaim claim, Language language) => claim.Bytes.Count > 0
        ? Html.Join(claim.Bytes.Select(bytes => bytes.MediaType is "image/jpeg" or "image/png"
            ? Html.Of($"<img src=\"data:{bytes.MediaType};base64,{Convert.ToBase64String(bytes.Data.Span)}\" alt=\"{Claim(claim.Path, language)}\">")
            : Html.Of($"{language.Choose("그림 또는 자료", "A picture or data")}, {bytes.Data.Length} bytes")))
        : Html.Join(claim.Values.Select((value, i) => Html.Of($"{(i == 0 ? "" : ", ")}{Value(value, language)}")));

    private static Html Value(JsonElement value, Language language) => value.ValueKind switch
    {
        JsonValueKind.True => Html.Of($"{language.Choose("예", "Yes")}"),
        JsonValueKind.False => Html.Of($"{language.Choose("아니요", "No")}"),
        JsonValueKind.Null => Html.Of($"–"),
        JsonValueKind.String => Html.Of($"{value.GetString()}"),
        JsonValueKind.Number => Html.Of($"{value.GetRawText()}"),
        JsonValueKind.Array => Html.Of($"<ul>{value.EnumerateArray().Select(item => Html.Of($"<li>{Value(item, language)}</li>"))}</ul>"),
        _ => Html.Join(value.EnumerateObject().Select((member, i) =>
            Html.Of($"{(i == 0 ? "" : " · ")}{PlainWords.ForClaim(member.Name).In(language)}: {Value(member.Value, language)}"))),
    };
}
