using Credentials.Verifier.Pages;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Credentials.Cli.WebWallet;

/// <summary>The frame of the wallet's pages: head, menu, language switch.</summary>
internal static class WalletPage
{
    private static readonly (string Path, string Korean, string English)[] s_menu =
        [("/", "내 지갑", "My wallet"), ("/history", "이용 기록", "History"), ("/data", "내 정보 관리", "My data")];

    internal static async Task WriteAsync(HttpContext http, string title, Html body, int status = StatusCodes.Status200OK, IReadOnlyList<string>? scripts = null)
    {
        var language = Language.Of(http);
        var isOpen = http.RequestServices.GetRequiredService<WalletSession>().IsOpenFor(http);
        var page = Html.Of($"""
            <!DOCTYPE html>
            <html lang="{language.Tag}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="robots" content="noindex">
            <title>{title} · {language.Choose("지갑", "Wallet")}</title>
            <link rel="icon" href="data:,">
            <link rel="stylesheet" href="/assets/verifier.css">
            <link rel="stylesheet" href="/assets/wallet.css">
            {(isOpen ? Html.Of($"<link rel=\"stylesheet\" href=\"/cards.css\">") : Html.None)}
            {(scripts ?? []).Select(script => Html.Of($"<script src=\"{script}\" defer></script>"))}
            </head>
            <body>
            <a class="skip" href="#main">{language.Choose("본문으로", "Skip to content")}</a>
            <header>
            <div class="top">
            <p class="service">{language.Choose("지갑", "Wallet")}</p>
            <nav aria-label="{language.Choose("언어", "Language")}"><a href="?lang={language.Other.Tag}" hreflang="{language.Other.Tag}" lang="{language.Other.Tag}">{language.Choose("English", "한국어")}</a></nav>
            </div>
            {(isOpen ? Menu(http, language) : Html.None)}
            </header>
            <main id="main" tabindex="-1">{body}</main>
            </body>
            </html>

            """);
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.Headers.ContentLanguage = language.Tag;
        await http.Response.WriteAsync(page.Text, http.RequestAborted);
    }

    /// <summary>The token that every form carries.</summary>
    internal static Html FormToken(HttpContext http) =>
        Html.Of($"<input type=\"hidden\" name=\"form\" value=\"{http.RequestServices.GetRequiredService<WalletSession>().FormToken}\">");

    /// <summary>Ends a form: the page is asked for anew, so that going back or reloading sends nothing twice.</summary>
    internal static Task GoTo(HttpContext http, string path)
    {
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = path;
        return Task.CompletedTask;
    }

    internal static Task NotFoundAsync(HttpContext http)
    {
        var language = Language.Of(http);
        return MessageAsync(http, StatusCodes.Status404NotFound, language.Choose("찾을 수 없습니다", "Not found"),
            language.Choose("이미 끝났거나 없는 항목입니다.", "It is over, or it is not there."));
    }

    internal static Task MessageAsync(HttpContext http, int status, string title, string text, string? code = null)
    {
        var language = Language.Of(http);
        return WriteAsync(http, title, Html.Of($"""
            <section class="card grey"><h1>{title}</h1><p>{text}</p>
            {(code is null ? Html.None : Html.Of($"<p class=\"id\">{code}</p>"))}
            <p><a href="/">{language.Choose("내 지갑으로", "To my wallet")}</a></p></section>
            """), status);
    }

    private static Html Menu(HttpContext http, Language language)
    {
        var path = http.Request.Path.Value ?? "/";
        var items = s_menu.Select(item => Html.Of(
            $"<a href=\"{item.Path}\"{(IsCurrent(path, item.Path) ? Html.Of($" aria-current=\"page\"") : Html.None)}>{language.Choose(item.Korean, item.English)}</a>"));
        return Html.Of($"<nav class=\"menu\" aria-label=\"{language.Choose("메뉴", "Menu")}\">{items}</nav>");
    }

    private static bool IsCurrent(string path, string item) => item == "/" ? path == "/" : path.StartsWith(item, StringComparison.Ordinal);
}
