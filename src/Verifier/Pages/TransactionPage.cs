using System.Text.Json;
using Credentials.Codecs;
using Credentials.Dcql;
using Credentials.Verifier.Storage;

namespace Credentials.Verifier.Pages;

/// <summary>The page of one transaction, for each of its states.</summary>
internal sealed record TransactionPage(string Title, Html Body)
{
    public static TransactionPage Of(TransactionRow row, string? link, JsonElement? report, Language language)
    {
        var (title, content) = row.State switch
        {
            TransactionStates.Created or TransactionStates.Requested when link is null => AskHere(row, language),
            TransactionStates.Created => Ask(row, link!, language),
            TransactionStates.Requested or TransactionStates.Answered => Wait(row, link!, language),
            TransactionStates.Accepted or TransactionStates.NotAccepted => ResultPanel.Of(report!.Value, Paths(row).Select(p => p[0]), language),
            TransactionStates.RefusedByHolder => End(language, "보내지 않기로 했습니다", "Declined",
                "상대방이 지갑에서 거절했거나 맞는 증명서가 없습니다. 받은 정보는 없습니다.",
                "The holder declined in the wallet, or has no matching document. Nothing was received."),
            TransactionStates.Expired => End(language, "시간이 지났습니다", "Time is up",
                "제때 응답이 오지 않았습니다. 새 요청을 만드세요.", "No answer came in time. Start a new check."),
            TransactionStates.Cancelled => End(language, "취소되었습니다", "Cancelled",
                "이 요청은 취소되었습니다.", "This check was cancelled."),
            _ => End(language, "지갑에서 처리하지 못했습니다", "The wallet could not answer",
                "지갑 앱이 오류를 알려 왔습니다. 받은 정보는 없습니다.", "The wallet app reported an error. Nothing was received."),
        };
        var shown = TransactionStates.Shown(row.State);
        // The outer element stays while the inner one is replaced, so that the change is read out.
        var events = TransactionStates.IsFinal(row.State) ? Html.None : Html.Of($" data-events=\"/verifications/{row.Id}/events\"");
        var body = Html.Of($"<div role=\"status\"><div data-state=\"{shown}\"{events}>{content}</div></div>");
        return new TransactionPage(title, body);
    }

    private static (string, Html) Ask(TransactionRow row, string link, Language language)
    {
        var title = language.Choose("지갑 앱으로 QR 코드를 찍으세요", "Scan with your wallet app");
        var minutes = Math.Max(1, (int)Math.Round((row.ExpiresAt - row.CreatedAt) / 60_000d));
        return (title, Html.Of($"""
            <section class="card ask">
            <div>
            <h1>{title}</h1>
            {Asked(row, language)}
            <p class="soft">{language.Choose($"이 요청은 {minutes}분 동안 유효합니다.", $"This request is good for {minutes} min.")}</p>
            {DeepLink(link, language)}
            </div>
            {Code(row, language)}
            </section>
            """));
    }

    /// <summary>The wallet is asked by the browser that shows this page (OpenID4VP 1.0 Appendix A).</summary>
    private static (string, Html) AskHere(TransactionRow row, Language language)
    {
        var title = language.Choose("이 기기의 지갑에서 보여 주세요", "Show it from a wallet on this device");
        var missing = language.Choose(
            "이 브라우저는 지갑에 직접 요청할 수 없습니다. 디지털 증명서(Digital Credentials API)를 지원하는 브라우저로 여세요.",
            "This browser cannot ask a wallet itself. Use one with the Digital Credentials API.");
        var failed = language.Choose("지갑에서 받지 못했습니다. 다시 시도하세요.", "Nothing came from the wallet. Try again.");
        return (title, Html.Of($"""
            <section class="card">
            <h1>{title}</h1>
            {Asked(row, language)}
            <button class="button" type="button" data-ask="/verifications/{row.Id}/digital-credentials" data-say-missing="{missing}" data-say-failed="{failed}">{language.Choose("지갑 열기", "Open a wallet")}</button>
            <p class="soft" data-said></p>
            <noscript><p class="fault">{missing}</p></noscript>
            </section>
            """));
    }

    private static (string, Html) Wait(TransactionRow row, string link, Language language)
    {
        var title = language.Choose("지갑에서 확인을 기다리는 중입니다", "Waiting for the holder to confirm");
        return (title, Html.Of($"""
            <section class="card">
            <h1>{title}</h1>
            {Asked(row, language)}
            <p class="soft">{language.Choose("지갑 앱이 요청을 받았습니다. 결과가 이 화면에 나타납니다.", "The wallet app has the request. The result will appear here.")}</p>
            <details><summary>{language.Choose("QR 코드 다시 보기", "Show the QR code again")}</summary>{Code(row, language)}{DeepLink(link, language)}</details>
            </section>
            """));
    }

    private static Html DeepLink(string link, Language language) =>
        Html.Of($"<a class=\"button\" href=\"{link}\">{language.Choose("이 기기의 지갑 앱 열기", "Open the wallet on this device")}</a>");

    private static Html Code(TransactionRow row, Language language)
    {
        var words = language.Choose("확인 요청 QR 코드. 이 기기에서는 지갑 앱 열기 링크를 쓰세요.", "QR code of the request. On this device, use the link that opens the wallet.");
        return Html.Of($"<div class=\"qr\"><img src=\"/verifications/{row.Id}/qr.svg\" width=\"320\" height=\"320\" alt=\"{words}\"></div>");
    }

    private static (string, Html) End(Language language, string titleKo, string titleEn, string textKo, string textEn)
    {
        var title = language.Choose(titleKo, titleEn);
        return (title, Html.Of($"<section class=\"card grey\"><h1>{title}</h1><p>{language.Choose(textKo, textEn)}</p></section>"));
    }

    private static Html Asked(TransactionRow row, Language language)
    {
        var names = AskedClaims(row).Select(n => Html.Of($"<li>{PlainWords.ForClaim(n).In(language)}</li>")).ToList();
        var list = names.Count == 0 ? Html.None : Html.Of($"""
            <p class="lead">{language.Choose("요청하는 정보", "What is asked for")}</p>
            <ul class="asked">{names}</ul>
            """);
        return Html.Of($"<p class=\"lead\"><strong>{language.Choose(row.PurposeKo, row.PurposeEn)}</strong></p>{list}");
    }

    private static IEnumerable<string> AskedClaims(TransactionRow row) => Paths(row).Select(p => p[^1]).Distinct(StringComparer.Ordinal);

    /// <summary>The names along each claim path of the query, in its order; the namespace of an mdoc's data element is none.</summary>
    private static IEnumerable<List<string>> Paths(TransactionRow row) =>
        DcqlQuery.Parse(StrictJson.Parse(row.DcqlQuery)).Credentials
            .SelectMany(credential => (credential.Claims ?? []).Select(c =>
                c.Path.Segments.Skip(credential.Format == CredentialFormat.Mdoc ? 1 : 0).Select(s => s.Name).OfType<string>().ToList()))
            .Where(names => names.Count > 0);
}
