using System.Text;
using Credentials.Verifier.Pages;
using Credentials.Wallet.Core.Documents;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Credentials.Cli.WebWallet;

/// <summary>Pictures of issuers: cards, logos and what stands behind a card, out of the wallet and from nowhere else.</summary>
internal static class Pictures
{
    private const string Svg = "image/svg+xml";

    // A picture is shown as an image, in which nothing runs; opened by itself it is as harmless.
    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; sandbox";

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/documents/{id}/card.svg", CardAsync);
        routes.MapGet("/logos/{id}", LogoAsync);
    }

    /// <summary>The document's logo, else its issuer's. Without a text of the issuer's it says nothing that does not stand beside it.</summary>
    internal static Html Logo(Document document, Language language) => Logo(document.Logo ?? document.IssuerLogo, language);

    internal static Html Logo(Logo? logo, Language language) => logo is null
        ? Html.None
        : Html.Of($"<img class=\"logo\" src=\"{Path(logo)}\" alt=\"{logo.Texts.In(language.Tag)}\">");

    /// <summary>A logo that is not in the wallet yet.</summary>
    internal static Html Logo(OfferedLogo? logo, Language language) => logo is null
        ? Html.None
        : Html.Of($"<img class=\"logo\" src=\"{logo.Image.ToDataUri()}\" alt=\"{logo.Texts.In(language.Tag)}\">");

    internal static string Path(Logo logo) => "/logos/" + logo.Id;

    private static async Task CardAsync(HttpContext http, WalletSession session) =>
        await WriteAsync(http, await session.Wallet.FindPictureAsync(WalletSession.Id(http), http.RequestAborted) is { } picture ? (Svg, Encoding.UTF8.GetBytes(picture)) : null);

    private static async Task LogoAsync(HttpContext http, WalletSession session) =>
        await WriteAsync(http, await session.Wallet.FindLogoAsync(WalletSession.Id(http), http.RequestAborted) is { } logo ? (logo.MediaType, logo.Data) : null);

    private static async Task WriteAsync(HttpContext http, (string MediaType, ReadOnlyMemory<byte> Data)? picture)
    {
        if (picture is not var (mediaType, data))
        {
            await WalletPage.NotFoundAsync(http);
            return;
        }
        http.Response.ContentType = mediaType;
        http.Response.OnStarting(() =>
        {
            http.Response.Headers.ContentSecurityPolicy = Policy;
            return Task.CompletedTask;
        });
        await http.Response.Body.WriteAsync(data, http.RequestAborted);
    }
}
