using Credentials.Verifier;
using Credentials.Verifier.Http;
using Credentials.Verifier.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;

namespace Credentials.Cli.WebWallet;

/// <summary>
/// Reads a QR code by camera or from a picture, in the browser, with the reader of the verifier's pages: its text then goes the way of a
/// pasted link. It is the one page of the wallet in which a script runs, and it shows nothing of what is in the wallet. Without scripts, or
/// where the build had no reader, the wallet itself reads a PNG.
/// </summary>
internal static class ScanPage
{
    internal const string Path = "/scan";

    private static readonly ManifestEmbeddedFileProvider s_files = new(typeof(VerifierHost).Assembly, "wwwroot");
    private static readonly QrReader s_reader = new(s_files);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, ShowAsync).WithMetadata(new PageNeeds(Camera: true));
        foreach (var file in QrReader.Files.Append("/assets/verifier.css").Select(path => (Path: path, Info: s_files.GetFileInfo(path))).Where(file => file.Info.Exists))
            routes.MapGet(file.Path, (RequestDelegate)(http => WriteAsync(http, file.Info)));
    }

    private static async Task WriteAsync(HttpContext http, IFileInfo file)
    {
        http.Response.ContentType = new FileExtensionContentTypeProvider().TryGetContentType(file.Name, out var type) ? type : throw new InvalidOperationException();
        await using var content = file.CreateReadStream();
        await content.CopyToAsync(http.Response.Body, http.RequestAborted);
    }

    private static Task ShowAsync(HttpContext http)
    {
        var language = Language.Of(http);
        var title = language.Choose("QR 코드 읽기", "Scan a QR code");
        var instead = new Words("PNG 그림을 올리거나 링크를 붙여 넣으세요.", "Upload a PNG picture, or paste the link.");
        return WalletPage.WriteAsync(http, title, Html.Of($"""
            <section class="card" data-scan {s_reader.Attributes(language, instead)}>
            <h1>{title}</h1>
            <p class="soft">{language.Choose("발급기관이나 확인하는 곳의 QR 코드를 카메라로 찍거나 사진을 고르세요. 결정하기 전에는 아무것도 보내지 않습니다.",
                "Point the camera at the QR code of an issuer or of whoever checks, or choose a picture of it. Nothing is shared before you decide.")}</p>
            <form method="post" action="/links">{WalletPage.FormToken(http)}<input type="hidden" name="link" data-text></form>
            {QrReader.Controls(language)}
            <noscript><p class="warn">{language.Choose("카메라를 쓰려면 스크립트를 켜야 합니다. PNG 그림은 아래에서 올릴 수 있습니다.", "The camera needs scripts. A PNG picture can be uploaded below.")}</p></noscript>
            <details>
            <summary>{language.Choose("PNG 그림 올리기", "Upload a PNG picture")}</summary>
            <p class="soft">{language.Choose("브라우저가 아니라 지갑 프로그램이 그림을 읽습니다.", "The wallet program reads the picture, not the browser.")}</p>
            <form method="post" action="/links" enctype="multipart/form-data">{WalletPage.FormToken(http)}
            <label for="upload">{language.Choose("QR 코드 그림", "Picture of a QR code")}</label>
            <input type="file" id="upload" name="picture" accept="image/png" required>
            <button>{language.Choose("열기", "Open")}</button>
            </form>
            </details>
            <p><a href="/">{language.Choose("링크를 붙여 넣기", "Paste a link instead")}</a></p>
            </section>
            """), scripts: s_reader.Scripts);
    }
}
