namespace Credentials.Verifier.Pages;

/// <summary>What a person reads when a page cannot be shown; it says nothing about what exists.</summary>
internal static class ErrorPage
{
    public static Task WriteAsync(HttpContext http, int status)
    {
        var language = Language.Of(http);
        var service = http.RequestServices.GetRequiredService<VerifierHostOptions>().Name;
        var (title, text) = status switch
        {
            404 or 401 => (language.Choose("페이지를 찾을 수 없습니다", "This page cannot be shown"),
                language.Choose("확인 요청이 끝났거나, 이 브라우저에서 연 요청이 아닙니다. 창구에 새 요청을 부탁하세요.",
                    "The check is over, or it was not opened in this browser. Ask for a new one.")),
            429 => (language.Choose("요청이 너무 많습니다", "Too many requests"),
                language.Choose("잠시 뒤에 다시 시도하세요.", "Try again in a moment.")),
            >= 500 => (language.Choose("서비스에 문제가 있습니다", "The service has a problem"),
                language.Choose("잠시 뒤에 다시 시도하세요.", "Try again in a moment.")),
            _ => (language.Choose("요청을 처리할 수 없습니다", "This request cannot be handled"),
                language.Choose("처음부터 다시 시도하세요.", "Start again.")),
        };
        return Layout.WriteAsync(http, status, language, service, title, Html.Of($"""
            <section class="card grey"><h1>{title}</h1><p>{text}</p></section>
            """));
    }
}
