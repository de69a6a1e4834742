using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Credentials.Issuer.Http;
using Credentials.OpenId4Vci;

namespace Credentials.Issuer.Pages;

/// <summary>What every page shares: head, agency name, language switch.</summary>
internal static class PageFrame
{
    private static readonly HtmlEncoder _html = HtmlEncoder.Create(UnicodeRanges.All);

    internal static string Escape(string? text) => _html.Encode(text ?? "");

    internal static Task WriteAsync(HttpContext http, int status, PageText text, string title, string head, string main, string? formTarget = null)
    {
        var options = http.RequestServices.GetRequiredService<IssuerOptions>();
        var basePath = BasePath(options);
        var names = options.Names.Select(name => new DisplayText(name.Value, name.Key)).ToList();
        var agency = DisplayText.For(names, text.Language)?.Name;
        var page = $"""
            <!DOCTYPE html>
            <html lang="{text.Language}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="robots" content="noindex">
            <title>{Escape(title)} – {Escape(agency)}</title>
            <link rel="icon" href="{basePath}/assets/icon.svg" type="image/svg+xml">
            <link rel="stylesheet" href="{basePath}/assets/pages.css">
            {head}
            </head>
            <body>
            <header>
            <p class="agency">{Escape(agency)}</p>
            <a class="language" href="{Escape(Switch(http, text))}" lang="{text.OtherLanguage}" hreflang="{text.OtherLanguage}">{text.OtherLanguageName}</a>
            </header>
            {main}
            </body>
            </html>
            """;
        http.Response.Headers.ContentSecurityPolicy = formTarget is null
            ? SecurityHeaders.PagePolicy
            : SecurityHeaders.PagePolicy.Replace("form-action 'self'", $"form-action 'self' {formTarget}", StringComparison.Ordinal);
        http.Response.Headers.ContentLanguage = text.Language;
        http.Response.Headers.Vary = "Accept-Language, Cookie";
        return Answers.BytesAsync(http.Response, Encoding.UTF8.GetBytes(page), "text/html; charset=utf-8", status);
    }

    // The same page in the other language: its other parameters stay.
    private static string Switch(HttpContext http, PageText text) => QueryString.Create(
        [.. http.Request.Query.Where(q => q.Key is "client_id" or "request_uri").Select(q => KeyValuePair.Create(q.Key, (string?)q.Value.ToString())), new("lang", text.OtherLanguage)]).ToUriComponent();

    /// <summary>The path part of the public URL, empty for most.</summary>
    internal static string BasePath(IssuerOptions options) => new Uri(options.PublicUrl).AbsolutePath.TrimEnd('/');
}
