using Credentials.Verifier.Pages;
using Credentials.Wallet.Core.History;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Credentials.Cli.WebWallet;

/// <summary>What happened, with whom, and which claims; never what they say.</summary>
internal static class HistoryPage
{
    private const int Limit = 200;
    private const int MaxSearch = 200;

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/history", ShowAsync);

    private static async Task ShowAsync(HttpContext http, WalletSession session)
    {
        var language = Language.Of(http);
        var search = http.Request.Query["q"].ToString();
        if (search.Length > MaxSearch) search = search[..MaxSearch];
        var query = new HistoryQuery
        {
            Text = search.Length == 0 ? null : search,
            Limit = Limit,
        };
        var history = await session.Wallet.GetHistoryAsync(query, http.RequestAborted);
        var title = language.Choose("이용 기록", "History");
        await WalletPage.WriteAsync(http, title, Html.Of($"""
            <h1>{title}</h1>
            <form method="get" action="/history" role="search"><label for="q">{language.Choose("기록에서 찾기", "Search the history")}</label>
            <input type="search" id="q" name="q" value="{search}"><button class="quiet">{language.Choose("찾기", "Search")}</button></form>
            <section class="card"><ul class="rows">{history.Select(entry => Entry(entry, language))}</ul>
            {(history.Count == 0 ? Html.Of($"<p>{language.Choose("기록이 없습니다.", "Nothing found.")}</p>") : Html.None)}</section>
            """));
    }

    internal static Html Entry(HistoryEntry entry, Language language)
    {
        var who = entry.PartyNames.In(language.Tag) ?? entry.Party;
        var party = who is null ? Html.None : VerifierLink(entry, who);
        var claims = entry.Claims.Where(claims => claims.Claims.Count > 0)
            .Select(claims => Html.Of($"<br><span class=\"soft\">{string.Join(", ", claims.Claims.Select(path => WalletWords.Claim(path, language)).Distinct())}</span>"));
        return Html.Of($"""
            <li><strong>{WalletWords.Kind(entry.Kind, language)}</strong> · {WalletWords.Time(entry.At)}<br>{party}
            {(entry.Purpose is null ? Html.None : Html.Of($"<br>“{entry.Purpose}”"))}{claims}
            {(entry.Code is null ? Html.None : Html.Of($"<br><span class=\"id\">{entry.Code}</span>"))}</li>
            """);
    }

    private static Html VerifierLink(HistoryEntry entry, string who) =>
        entry.Kind is HistoryKind.Received or HistoryKind.ReceiptRefused or HistoryKind.OfferDeclined
            ? Html.Of($"{who}")
            : Html.Of($"<a href=\"/data/verifiers/{MyDataPage.PathOf(entry.Party!)}\">{who}</a>");
}
