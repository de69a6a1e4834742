using Microsoft.AspNetCore.Antiforgery;

namespace Credentials.Issuer.Pages;

/// <summary>The demo's sign-in: a name, without proof, and the page says so.</summary>
internal static class SignInPage
{
    internal static Task WriteAsync(HttpContext http, string returnPath)
    {
        var text = PageText.For(http.Request);
        var tokens = http.RequestServices.GetRequiredService<IAntiforgery>().GetAndStoreTokens(http);
        var basePath = PageFrame.BasePath(http.RequestServices.GetRequiredService<IssuerOptions>());
        return PageFrame.WriteAsync(http, StatusCodes.Status200OK, text, text.SignInTitle, "", $"""
            <main class="narrow">
            <h1>{PageFrame.Escape(text.SignInTitle)}</h1>
            <p>{PageFrame.Escape(text.SignInDemo)}</p>
            <form method="post" action="{basePath}/sign-in">
            <input type="hidden" name="{PageFrame.Escape(tokens.FormFieldName)}" value="{PageFrame.Escape(tokens.RequestToken)}">
            <input type="hidden" name="return" value="{PageFrame.Escape(returnPath)}">
            <label for="user">{PageFrame.Escape(text.SignInName)}</label>
            <input id="user" name="user" required maxlength="200" autocomplete="username">
            <button class="button" type="submit">{PageFrame.Escape(text.SignInButton)}</button>
            </form>
            </main>
            """);
    }
}
