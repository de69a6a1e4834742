using System.Text;
using Credentials.Issuer.Catalog;
using Credentials.Issuer.Http;
using Microsoft.Extensions.FileProviders;

namespace Credentials.Issuer.Pages;

/// <summary>The few static files, from inside the assembly, and the card colours of the catalog as a style sheet.</summary>
internal static class Assets
{
    private static readonly (string Name, string Type)[] _files =
        [("pages.css", "text/css; charset=utf-8"), ("staff.css", "text/css; charset=utf-8"), ("offer.js", "text/javascript; charset=utf-8"), ("icon.svg", "image/svg+xml")];

    internal static void Map(IEndpointRouteBuilder routes, CredentialCatalog catalog)
    {
        var embedded = new ManifestEmbeddedFileProvider(typeof(Assets).Assembly, "wwwroot");
        foreach (var (name, type) in _files)
            File(routes, $"/assets/{name}", Read(embedded.GetFileInfo(name)), type);
        File(routes, "/robots.txt", Read(embedded.GetFileInfo("robots.txt")), "text/plain");
        File(routes, "/assets/types.css", Encoding.UTF8.GetBytes(CardColours(catalog)), "text/css; charset=utf-8");
    }

    /// <summary>The class of a type's card; catalog ids are letters, digits, '_', '-' and '.'.</summary>
    internal static string CardClass(CredentialType type) => "card-" + type.Id.Replace('.', '_');

    // Colours are in a file of their own because the content security policy allows no style in the page.
    private static string CardColours(CredentialCatalog catalog)
    {
        var css = new StringBuilder();
        foreach (var type in catalog.Types)
        {
            var display = type.Display[0];
            css.Append($".{CardClass(type)}{{background:{display.BackgroundColor ?? "#333333"};color:{display.TextColor ?? "#ffffff"}}}\n");
        }

        return css.ToString();
    }

    private static void File(IEndpointRouteBuilder routes, string path, byte[] bytes, string type) => routes.MapGet(path, (HttpContext http) =>
    {
        http.Response.Headers.CacheControl = "public, max-age=300";
        return Answers.BytesAsync(http.Response, bytes, type);
    });

    private static byte[] Read(IFileInfo file)
    {
        using var stream = file.CreateReadStream();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
