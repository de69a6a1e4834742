using Credentials.Verifier.Pages;

namespace Credentials.Verifier.Clerk;

/// <summary>What the clerk's pages share: the menu, the way to sign in, the check where a form comes from.</summary>
internal static class ClerkPages
{
    public const string SignIn = "/sign-in";
    public const string Ask = "/ask";
    public const string Scan = "/scan";

    public static Html Menu(Language language, string? here = null) => Html.Of($"""
        <nav class="menu" aria-label="{language.Choose("창구", "Counter")}">{Link(Ask, language.Choose("요청하기", "Ask"), here)}{Link(Scan, language.Choose("찍기", "Scan"), here)}</nav>
        """);

    public static IResult ToSignIn(HttpContext http) => Results.Redirect($"{SignIn}?next={(http.Request.Path == Scan ? "scan" : "ask")}");

    /// <summary>Browsers say from where a form was sent; another site's is refused before it is read.</summary>
    public static void RefuseOtherSites(HttpContext http)
    {
        var from = http.Request.Headers["Sec-Fetch-Site"];
        if (from.Count > 0 && from != "same-origin" && from != "none")
            throw Http.RequestRefusal.Invalid(VerifierCodes.SessionForm, "The form was not sent from a page of this service.");
    }

    private static Html Link(string path, string text, string? here) =>
        Html.Of($"<a href=\"{path}\"{(path == here ? Html.Of($" aria-current=\"page\"") : Html.None)}>{text}</a>");
}
