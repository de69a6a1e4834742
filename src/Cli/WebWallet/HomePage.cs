using System.Globalization;
using System.Text;
using Credentials.Cli.Images;
using Credentials.OpenId4Vci;
using Credentials.OpenId4Vp;
using Credentials.Verifier.Pages;
using Credentials.Wallet.Core.Documents;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Credentials.Cli.WebWallet;

/// <summary>The cards, and the one place where links and QR codes come in.</summary>
internal static class HomePage
{
    private const int MaxLink = 64 * 1024;

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", ShowAsync);
        routes.MapPost("/links", OpenAsync);
        routes.MapGet("/cards.css", ColorsAsync);
    }

    private static async Task ShowAsync(HttpContext http, WalletSession session, TimeProvider time)
    {
        var language = Language.Of(http);
        var documents = await session.Wallet.ListDocumentsAsync(http.RequestAborted);
        var cards = new List<Html>();
        foreach (var document in documents) cards.Add(Html.Of($"<li>{await CardAsync(document, session, time.GetUtcNow(), language, http.RequestAborted)}</li>"));
        var title = language.Choose("내 지갑", "My wallet");
        await WalletPage.WriteAsync(http, title, Html.Of($"""
            <h1>{title}</h1>
            {Waiting(session, language)}
            {await NoticePage.SectionAsync(http, session, language)}
            {Hints(documents, language)}
            {(cards.Count > 0 ? Html.Of($"<ul class=\"wallet-cards\">{cards}</ul>") : Html.Of($"<p>{language.Choose("아직 증명서가 없습니다.", "There is no document yet.")}</p>"))}
            <section class="card">
            <h2>{language.Choose("받기 또는 제시하기", "Receive or show")}</h2>
            <p class="soft">{language.Choose("발급기관이나 확인하는 곳의 QR 코드를 읽거나 링크를 붙여 넣으세요. 결정하기 전에는 아무것도 보내지 않습니다.",
                "Scan the QR code of an issuer or of whoever checks, or paste its link. Nothing is shared before you decide.")}</p>
            <p><a class="button" href="{ScanPage.Path}">{language.Choose("QR 코드 읽기 (카메라, 사진)", "Scan a QR code (camera or picture)")}</a></p>
            <form method="post" action="/links">{WalletPage.FormToken(http)}
            <label for="link">{language.Choose("링크", "Link")}</label>
            <input type="text" id="link" name="link" autocomplete="off" spellcheck="false">
            <button>{language.Choose("열기", "Open")}</button>
            </form>
            <p><a href="/issuers">{language.Choose("링크 없이 발급기관에 직접 신청하기", "Ask an issuer for a document, without a link")}</a></p>
            </section>
            <section class="card"><h2>{language.Choose("발급기관의 소식", "News of the issuers")}</h2>{NoticePage.RefreshForm(http, language)}</section>
            """));
    }

    /// <summary>A card as a link: drawn by the issuer's template where there is one, else in the issuer's colours.</summary>
    internal static async Task<Html> CardAsync(Document document, WalletSession session, DateTimeOffset now, Language language, CancellationToken cancelled)
    {
        var lines = Html.Of($"""
            <span><span class="card-name">{WalletWords.Name(document, language)}</span>
            <span class="card-line">{WalletWords.Issuer(document, language)}</span></span>
            """);
        var state = WalletWords.State(document, now, language) is { } word ? Html.Of($"<span class=\"card-state\">{word}</span>") : Html.None;
        var until = document.ExpiresAt is { } end ? Html.Of($"<span class=\"card-line\">{language.Choose("유효 기한", "Valid until")} {WalletWords.Date(end)}</span>") : Html.None;
        var isDrawn = await session.Wallet.FindPictureAsync(document.Id, cancelled) is not null;
        return isDrawn
            ? Html.Of($"<a class=\"wallet-card drawn\" href=\"/documents/{document.Id}\"><img src=\"/documents/{document.Id}/card.svg\" alt=\"\">{lines}{state}{until}</a>")
            : Html.Of($"<a class=\"wallet-card{(document.Background is null ? "" : " pictured")} card-{document.Id}\" href=\"/documents/{document.Id}\"><span class=\"card-top\">{lines}{Pictures.Logo(document, language)}</span>{state}{until}</a>");
    }

    private static Html Waiting(WalletSession session, Language language) => session.OpenRequest is { } open
        ? Html.Of($"<p class=\"warn\"><a href=\"/requests/{open.Id}\">{language.Choose("아직 답하지 않은 요청이 있습니다.", "A request waits for your answer.")}</a></p>")
        : Html.None;

    private static Html Hints(IReadOnlyList<Document> documents, Language language) => Html.Join(documents.Where(document => document.UnusedCopies == 0).Select(document =>
        Html.Of($"<p class=\"warn\">{WalletWords.Name(document, language)}: {language.Choose("새 사본이 없어, 다음 제시는 이전 제시와 연결될 수 있습니다.", "there is no fresh copy left; the next time it is shown can be linked to an earlier one.")}</p>")));

    private static async Task OpenAsync(HttpContext http, WalletSession session)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var link = form.Files.GetFile("picture") is { Length: > 0 } picture ? await ReadQrAsync(picture, http.RequestAborted) : form["link"].ToString().Trim();
        if (link.Length > MaxLink) throw new MalformedDataException(CliCodes.InputTooLarge, "the link is too long");
        // The code of a mobile ID (mdoc:) is none of ours either: a wallet shows it, and whoever checks scans it.
        switch (link.Split(':', 2)[0].ToLowerInvariant())
        {
            case OpenId4VciNames.OfferScheme:
                var offer = session.Keep(await session.Wallet.ResolveOfferAsync(link, http.RequestAborted));
                await WalletPage.GoTo(http, $"/offers/{offer.Id}");
                return;
            case OpenId4VpNames.Scheme or OpenId4VpNames.HaipScheme:
                var request = session.Keep(await session.Wallet.ResolveRequestAsync(link, http.RequestAborted));
                await WalletPage.GoTo(http, $"/requests/{request.Id}");
                return;
            default:
                throw new MalformedDataException(CliCodes.InputUnknown, "no link of a wallet");
        }
    }

    private static async Task<string> ReadQrAsync(IFormFile picture, CancellationToken cancelled)
    {
        using var content = new MemoryStream();
        await using var upload = picture.OpenReadStream();
        await upload.CopyToAsync(content, cancelled);
        return InputFiles.ToText(QrImage.Read(content.ToArray()));
    }

    // Colours are in a file of their own because the content security policy allows no style in the page.
    private static async Task ColorsAsync(HttpContext http, WalletSession session)
    {
        var css = new StringBuilder();
        foreach (var document in await session.Wallet.ListDocumentsAsync(http.RequestAborted))
        {
            if (document.Colors.Background is { } background)
                css.Append(CultureInfo.InvariantCulture, $".card-{document.Id}{{background-color:{background};color:{CardText.On(background, document.Colors.Text)}}}\n");
            if (document.Background is { } picture)
                css.Append(CultureInfo.InvariantCulture, $".card-{document.Id}{{background-image:url({Pictures.Path(picture)})}}\n");
        }
        http.Response.ContentType = "text/css; charset=utf-8";
        await http.Response.WriteAsync(css.ToString(), http.RequestAborted);
    }
}
