using Credentials.Verifier.Pages;
using Credentials.Wallet.Core;
using Credentials.Wallet.Core.Events;
using Credentials.Wallet.Core.Issuance;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Credentials.Cli.WebWallet;

/// <summary>What has happened to the documents and what is still to come, on the first page; and the button that looks for news.</summary>
internal static class NoticePage
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/notices/seen", ForgetAsync);
        routes.MapPost("/refresh", RefreshAsync);
    }

    /// <summary>The notices that the holder has not put away, and the documents that issuers will issue later.</summary>
    internal static async Task<Html> SectionAsync(HttpContext http, WalletSession session, Language language)
    {
        var events = await session.Wallet.ListEventsAsync(http.RequestAborted);
        var deferred = await session.Wallet.ListDeferredAsync(http.RequestAborted);
        return Html.Of($"""
            {(events.Count == 0 ? Html.None : Events(http, events, language))}
            {(deferred.Count == 0 ? Html.None : Deferred(deferred, language))}
            """);
    }

    /// <summary>The button that asks the issuers; it is the holder who says when.</summary>
    internal static Html RefreshForm(HttpContext http, Language language) => Html.Of($"""
        <form method="post" action="/refresh">{WalletPage.FormToken(http)}
        <p class="soft">{language.Choose("폐기·정지 여부를 확인하고, 기한이 다 된 증명서를 갱신하고, 나중에 발급하기로 한 증명서를 받습니다.",
            "Looks up what was revoked or suspended, renews what is due, and fetches what was to be issued later.")}</p>
        <button class="quiet">{language.Choose("새 소식 확인", "Check for news")}</button></form>
        """);

    private static Html Events(HttpContext http, IReadOnlyList<WalletEvent> events, Language language)
    {
        var lines = events.Select(one => Html.Of($"""
            <li><strong>{one.Names.In(language.Tag) ?? one.Names.In()}</strong>: {WalletWords.Event(one.Kind, language)}
            <span class="soft">{WalletWords.Time(one.At)}</span> <a href="/documents/{one.DocumentId}">{language.Choose("증명서 보기", "Show the document")}</a>
            <input type="hidden" name="event" value="{one.Id}"></li>
            """));
        return Html.Of($"""
            <section class="card notices" aria-labelledby="notices"><h2 id="notices">{language.Choose("알림", "Notices")}</h2>
            <form method="post" action="/notices/seen">{WalletPage.FormToken(http)}<ul class="rows">{lines}</ul>
            <button class="quiet">{language.Choose("확인했습니다", "I have seen them")}</button></form></section>
            """);
    }

    private static Html Deferred(IReadOnlyList<DeferredIssuance> deferred, Language language)
    {
        var lines = deferred.Select(one => Html.Of($"""
            <li><strong>{one.Names.In(language.Tag) ?? one.ConfigurationId}</strong><br><span class="id">{one.CredentialIssuer}</span><br>
            <span class="soft">{language.Choose("이때부터 다시 물을 수 있습니다", "It can be asked for again from")}: {WalletWords.Time(one.NotBefore)}</span></li>
            """));
        return Html.Of($"""
            <section class="card grey" aria-labelledby="deferred"><h2 id="deferred">{language.Choose("나중에 발급되는 증명서", "To be issued later")}</h2>
            <ul class="rows">{lines}</ul></section>
            """);
    }

    // What came after the page was made stays.
    private static async Task ForgetAsync(HttpContext http, WalletSession session)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        foreach (var id in form["event"]) await session.Wallet.ForgetEventAsync(id ?? "", http.RequestAborted);
        await WalletPage.GoTo(http, "/");
    }

    private static async Task RefreshAsync(HttpContext http, WalletSession session, TimeProvider time)
    {
        // To its end also where the browser goes away: what an issuer has given out it may not give again.
        var upkeep = await WalletUpkeep.RunAsync(session.Wallet, time.GetUtcNow(), CancellationToken.None);
        var language = Language.Of(http);
        var failed = upkeep.Resumed.Select(one => (Name: one.Deferred.Names.In(language.Tag) ?? one.Deferred.ConfigurationId, one.Code)).ToList();
        foreach (var renewal in upkeep.Renewed)
        {
            if (await session.Wallet.FindDocumentAsync(renewal.DocumentId, http.RequestAborted) is { } document)
                failed.Add((WalletWords.Name(document, language), renewal.Code));
        }
        failed.RemoveAll(one => one.Code is null or WalletCodes.IssuanceDeferred);
        if (failed.Count == 0)
        {
            await WalletPage.GoTo(http, "/");
            return;
        }
        var title = language.Choose("일부는 처리하지 못했습니다", "Some of it did not work");
        var lines = failed.Select(one => Html.Of($"<li>{one.Name}: {WalletErrors.Text(one.Code!, language)} <span class=\"id\">{one.Code}</span></li>"));
        await WalletPage.WriteAsync(http, title, Html.Of($"""
            <section class="card grey"><h1>{title}</h1><ul class="rows">{lines}</ul>
            <p><a href="/">{language.Choose("내 지갑으로", "To my wallet")}</a></p></section>
            """));
    }
}
