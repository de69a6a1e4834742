namespace Credentials.Verifier.Pages;

/// <summary>The frame of every page.</summary>
internal static class Layout
{
    /// <summary>Writes a whole page. A live one is read again every few seconds where scripts do not run.</summary>
    /// <param name="live">The page changes by itself.</param>
    /// <param name="menu">Links beside the name of the service.</param>
    /// <param name="scripts">Scripts of this page alone.</param>
    public static async Task WriteAsync(
        HttpContext http, int status, Language language, string service, string title, Html body, bool live = false, Html menu = default, params string[] scripts)
    {
        var refresh = live ? Html.Of($"<noscript><meta http-equiv=\"refresh\" content=\"5\"></noscript>") : Html.None;
        var page = Html.Of($"""
            <!DOCTYPE html>
            <html lang="{language.Tag}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="robots" content="noindex">
            <title>{title} · {service}</title>
            <link rel="icon" href="data:,">
            <link rel="stylesheet" href="/assets/verifier.css">
            <script src="/assets/verifier.js" defer></script>
            {scripts.Select(script => Html.Of($"<script src=\"{script}\" defer></script>"))}
            {refresh}
            </head>
            <body>
            <header class="top">
            <p class="service">{service}</p>
            {menu}
            <nav aria-label="{language.Choose("언어", "Language")}"><a href="?lang={language.Other.Tag}" hreflang="{language.Other.Tag}" lang="{language.Other.Tag}">{language.Choose("English", "한국어")}</a></nav>
            </header>
            <main id="main">{body}</main>
            </body>
            </html>

            """);
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.Headers.ContentLanguage = language.Tag;
        http.Response.Headers.Vary = "Accept-Language, Cookie";
        await http.Response.WriteAsync(page.Text, http.RequestAborted);
    }
}
