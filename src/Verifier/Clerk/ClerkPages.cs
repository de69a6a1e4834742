using Credentials.Verifier.Pages;
using Credentials.Verifier.Parties;

namespace Credentials.Verifier.Clerk;

/// <summary>What the clerk's pages share: the menu, the way to sign in, the check where a form comes from.</summary>
internal static class ClerkPages
{
    public const string SignIn = "/sign-in";
    public const string Ask = "/ask";
    public const string Scan = "/scan";
    public const string ChooseParty = "/party";

    public static Html Menu(Language language, string? here = null) => Html.Of($"""
        <nav class="menu" aria-label="{language.Choose("창구", "Counter")}">{Link(Ask, language.Choose("요청하기", "Ask"), here)}{Link(Scan, language.Choose("찍기", "Scan"), here)}</nav>
        """);

    /// <summary>For whom the clerk works, where that is not plain from the name of the service, and the way to another one.</summary>
    public static Html ForWhom(ClerkSession session, PartyRegistry parties, Language language, string here)
    {
        if (!parties.HasSeveral)
            return Html.None;
        var label = language.Choose("확인하는 곳", "Checking for");
        var add = Html.Of($"<a href=\"{SignIn}?next={here.TrimStart('/')}\">{language.Choose("다른 곳의 열쇠로도 로그인", "Sign in for another one too")}</a>");
        if (session.Parties.Count == 1)
            return Html.Of($"<p class=\"party\">{label}: <strong>{session.Party.Name}</strong> {add}</p>");
        var choices = session.Parties.OrderBy(party => party.Name, StringComparer.Ordinal).Select(party => Html.Of($"""
            <option value="{party.Id}"{(party == session.Party ? Html.Of($" selected") : Html.None)}>{party.Name}</option>
            """));
        return Html.Of($"""
            <form class="party" method="post" action="{ChooseParty}">
            {session.FormField}
            <input type="hidden" name="next" value="{here.TrimStart('/')}">
            <label for="party">{label}</label>
            <select id="party" name="party">{choices}</select>
            <button class="button second" type="submit">{language.Choose("바꾸기", "Change")}</button>
            {add}
            </form>
            """);
    }

    /// <summary>One of the two pages, whatever was asked for.</summary>
    public static string Next(string? wanted) => wanted == "scan" ? Scan : Ask;

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
