using System.Text;
using Credentials.Issuer.Authorization;
using Credentials.Issuer.Catalog;
using Credentials.OpenId4Vci;
using Microsoft.AspNetCore.Antiforgery;

namespace Credentials.Issuer.Pages;

/// <summary>The page on which a person agrees that a wallet gets credentials, or not.</summary>
internal static class ConsentPage
{
    internal sealed record Content(string Client, string RedirectUri, string Subject, bool IsReady, IReadOnlyList<CredentialType> Types, string RequestUri, string ClientId);

    internal static async Task WriteAsync(HttpContext http, IAntiforgery antiforgery, Content content)
    {
        var text = PageText.For(http.Request);
        var options = http.RequestServices.GetRequiredService<IssuerOptions>();
        var tokens = antiforgery.GetAndStoreTokens(http);
        var main = new StringBuilder($"""
            <main class="narrow">
            <h1>{PageFrame.Escape(text.ConsentTitle)}</h1>
            <p>{PageFrame.Escape(text.SignedInAs)}: <strong>{PageFrame.Escape(content.Subject)}</strong></p>
            <p>{PageFrame.Escape(text.WalletAsks)}: <strong>{PageFrame.Escape(content.Client)}</strong> ({PageFrame.Escape(RedirectUris.PolicySource(content.RedirectUri))})</p>
            <ul class="cards">
            """);
        foreach (var type in content.Types)
        {
            var display = DisplayText.For(type.Display, text.Language)!;
            main.Append($"<li class=\"card {Assets.CardClass(type)}\"><span class=\"card-name\">{PageFrame.Escape(display.Name)}</span><span class=\"card-text\">{PageFrame.Escape(display.Description)}</span></li>");
        }

        main.Append("</ul>");
        if (content.IsReady)
            main.Append(Form(http, content, tokens, "allow", text.Allow, "button"));
        else
            main.Append($"<p class=\"state\" role=\"status\">{PageFrame.Escape(text.NothingReady)}</p>");
        main.Append(Form(http, content, tokens, "deny", text.Deny, "button quiet")).Append("</main>");
        var head = $"""<link rel="stylesheet" href="{PageFrame.BasePath(options)}/assets/types.css">""";
        // A form's policy also covers where its answer redirects to: the wallet.
        await PageFrame.WriteAsync(http, StatusCodes.Status200OK, text, text.ConsentTitle, head, main.ToString(), RedirectUris.PolicySource(content.RedirectUri));
    }

    private static string Form(HttpContext http, Content content, AntiforgeryTokenSet tokens, string decision, string label, string style) => $"""
        <form method="post" action="{PageFrame.Escape(Authorize.PathIn(http))}">
        <input type="hidden" name="{PageFrame.Escape(tokens.FormFieldName)}" value="{PageFrame.Escape(tokens.RequestToken)}">
        <input type="hidden" name="request_uri" value="{PageFrame.Escape(content.RequestUri)}">
        <input type="hidden" name="client_id" value="{PageFrame.Escape(content.ClientId)}">
        <button class="{style}" type="submit" name="decision" value="{decision}">{PageFrame.Escape(label)}</button>
        </form>
        """;
}
