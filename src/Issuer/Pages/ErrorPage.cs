namespace Credentials.Issuer.Pages;

/// <summary>What people see instead of a page: no detail that could come from a request.</summary>
internal static class ErrorPage
{
    internal static Task WriteAsync(HttpContext http, int status)
    {
        var text = PageText.For(http.Request);
        var (title, sentence) = status switch
        {
            429 or >= 500 => (text.BusyTitle, text.Busy),
            403 => (text.ForbiddenTitle, text.Forbidden),
            _ => (text.NotFoundTitle, text.NotFound),
        };
        return PageFrame.WriteAsync(http, status, text, title, "", $"""
            <main class="narrow">
            <h1>{PageFrame.Escape(title)}</h1>
            <p>{PageFrame.Escape(sentence)}</p>
            </main>
            """);
    }
}
