using Credentials.OpenId4Vci;
using Credentials.Verifier.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Credentials.Cli.WebWallet;

/// <summary>
/// For a holder who turns to an issuer without having got an offer (OpenID4VCI 1.0 §3.3): the issuer's address is typed, and what it has is
/// chosen from on the page of an offer.
/// </summary>
internal static class IssuerPage
{
    private const int MaxAddress = 2048;

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/issuers", ShowAsync);
        routes.MapPost("/issuers", AskAsync);
    }

    private static async Task ShowAsync(HttpContext http, WalletSession session)
    {
        var language = Language.Of(http);
        var known = (await session.Wallet.ListDocumentsAsync(http.RequestAborted)).DistinctBy(document => document.CredentialIssuer);
        var title = language.Choose("발급기관에 신청", "Ask an issuer");
        await WalletPage.WriteAsync(http, title, Html.Of($"""
            <h1>{title}</h1>
            <section class="card">
            <p class="soft">{language.Choose("발급기관의 주소를 적으면 그 기관이 발급하는 증명서를 보여 줍니다. 고르기 전에는 아무것도 신청하지 않습니다.",
                "Type the address of an issuer to see what it issues. Nothing is asked for before you choose.")}</p>
            <form method="post" action="/issuers">{WalletPage.FormToken(http)}
            <label for="issuer">{language.Choose("발급기관 주소", "Address of the issuer")}</label>
            <input type="text" id="issuer" name="issuer" inputmode="url" list="known" autocomplete="off" autocapitalize="none" spellcheck="false" required maxlength="{MaxAddress}">
            <datalist id="known">{known.Select(document => Html.Of($"<option value=\"{document.CredentialIssuer}\">{WalletWords.Issuer(document, language)}</option>"))}</datalist>
            <button>{language.Choose("무엇을 발급하는지 보기", "See what it issues")}</button>
            </form>
            </section>
            """));
    }

    private static async Task AskAsync(HttpContext http, WalletSession session)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var issuer = await session.Wallet.ResolveIssuerAsync(Address(form["issuer"].ToString()), cancellationToken: http.RequestAborted);
        await WalletPage.GoTo(http, $"/offers/{session.Keep(issuer, isAskedFor: true).Id}");
    }

    /// <summary>
    /// The Credential Issuer Identifier, as people type it: without https, or with the slash that browsers show. From there on it is compared
    /// character by character.
    /// </summary>
    private static string Address(string typed)
    {
        var text = typed.Trim();
        if (text.Length is 0 or > MaxAddress) throw new MalformedDataException(OpenId4VciCodes.IssuerMetadata, "There is no address.");
        if (!text.Contains("://", StringComparison.Ordinal)) text = "https://" + text;
        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url.PathAndQuery == "/" ? text.TrimEnd('/') : text;
    }
}
