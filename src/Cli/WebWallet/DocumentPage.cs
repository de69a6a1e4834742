using Credentials.StatusLists;
using Credentials.Verifier.Pages;
using Credentials.Wallet.Core.Documents;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Credentials.Cli.WebWallet;

/// <summary>One document: its card, what it says, and its deletion.</summary>
internal static class DocumentPage
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/documents/{id}", ShowAsync);
        routes.MapPost("/documents/{id}/renew", RenewAsync);
        routes.MapGet("/documents/{id}/delete", AskDeleteAsync);
        routes.MapPost("/documents/{id}/delete", DeleteAsync);
    }

    private static async Task ShowAsync(HttpContext http, WalletSession session, TimeProvider time)
    {
        var language = Language.Of(http);
        if (await session.Wallet.FindDocumentAsync(WalletSession.Id(http), http.RequestAborted) is not { } document)
        {
            await WalletPage.NotFoundAsync(http);
            return;
        }
        var claims = (await session.Wallet.ShowDocumentAsync(document.Id, http.RequestAborted) ?? [])
            .Select(claim => Html.Of($"<dt>{WalletWords.Claim(document, claim.Path, language)}</dt><dd>{WalletWords.Values(claim, language)}</dd>"));
        var name = WalletWords.Name(document, language);
        await WalletPage.WriteAsync(http, name, Html.Of($"""
            <h1>{name}</h1>
            <div class="single">{await HomePage.CardAsync(document, session, time.GetUtcNow(), language, http.RequestAborted)}</div>
            <section class="card"><h2>{language.Choose("담긴 정보", "What it says")}</h2><dl>{claims}</dl></section>
            <section class="card"><h2>{language.Choose("증명서 정보", "About the document")}</h2>{Facts(document, time.GetUtcNow(), language)}
            {(document.Status == StatusOutcome.Revoked ? Html.None : Html.Of($"<form method=\"post\" action=\"/documents/{document.Id}/renew\">{WalletPage.FormToken(http)}<button class=\"quiet\">{language.Choose("새 사본 받기", "Renew")}</button></form>"))}
            <form method="get" action="/documents/{document.Id}/delete"><button class="quiet">{language.Choose("지갑에서 삭제", "Delete from the wallet")}</button></form>
            </section>
            """));
    }

    private static Html Facts(Document document, DateTimeOffset now, Language language) => Html.Of($"""
        <dl>
        <dt>{language.Choose("발급한 곳", "Issued by")}</dt><dd>{Pictures.Logo(document.IssuerLogo, language)}{WalletWords.Issuer(document, language)}<br><span class="id">{document.CredentialIssuer}</span></dd>
        <dt>{language.Choose("형식", "Format")}</dt><dd>{document.Format}<br><span class="id">{document.Type}</span></dd>
        <dt>{language.Choose("받은 날", "Received")}</dt><dd>{WalletWords.Date(document.ReceivedAt)}</dd>
        <dt>{language.Choose("유효 기한", "Valid until")}</dt><dd>{(document.ExpiresAt is { } end ? WalletWords.Date(end) : "–")}</dd>
        <dt>{language.Choose("상태", "State")}</dt><dd>{WalletWords.State(document, now, language) ?? language.Choose("알려진 문제 없음", "Nothing known against it")}</dd>
        <dt>{language.Choose("새 사본", "Fresh copies")}</dt><dd>{document.UnusedCopies} / {document.Credentials.Count}</dd>
        </dl>
        """);

    private static async Task RenewAsync(HttpContext http, WalletSession session)
    {
        var id = WalletSession.Id(http);
        if (await session.Wallet.FindDocumentAsync(id, http.RequestAborted) is null)
        {
            await WalletPage.NotFoundAsync(http);
            return;
        }
        // To its end also where the browser goes away: a refresh token may serve once.
        var outcome = await session.Wallet.RenewDocumentAsync(id, CancellationToken.None);
        if (outcome.Code is null)
        {
            // The notice of it is there.
            await WalletPage.GoTo(http, "/");
            return;
        }
        var language = Language.Of(http);
        await WalletPage.MessageAsync(http, StatusCodes.Status200OK, language.Choose("갱신하지 못했습니다", "Not renewed"), WalletErrors.Text(outcome.Code, language), outcome.Code);
    }

    private static async Task AskDeleteAsync(HttpContext http, WalletSession session)
    {
        var language = Language.Of(http);
        if (await session.Wallet.FindDocumentAsync(WalletSession.Id(http), http.RequestAborted) is not { } document)
        {
            await WalletPage.NotFoundAsync(http);
            return;
        }
        var title = language.Choose("삭제할까요?", "Delete it?");
        await WalletPage.WriteAsync(http, title, Html.Of($"""
            <section class="card red"><h1>{title}</h1>
            <p><strong>{WalletWords.Name(document, language)}</strong></p>
            <p>{language.Choose("사본과 열쇠가 모두 지워지고 되돌릴 수 없습니다. 다시 쓰려면 새로 발급받아야 합니다. 이용 기록은 남습니다.",
                "All copies and keys are destroyed for good. To use it again you need a new one. The history stays.")}</p>
            <form method="post" action="/documents/{document.Id}/delete">{WalletPage.FormToken(http)}
            <button class="grave">{language.Choose("삭제", "Delete")}</button></form>
            <p><a href="/documents/{document.Id}">{language.Choose("그만두기", "Keep it")}</a></p></section>
            """));
    }

    private static async Task DeleteAsync(HttpContext http, WalletSession session)
    {
        await session.Wallet.DeleteDocumentAsync(WalletSession.Id(http), http.RequestAborted);
        await WalletPage.GoTo(http, "/");
    }
}
