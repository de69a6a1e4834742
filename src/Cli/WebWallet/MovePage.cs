using Credentials.Verifier.Pages;
using Credentials.Wallet.Core;
using Credentials.Wallet.Core.Migration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Credentials.Cli.WebWallet;

/// <summary>To another device and from it: a file of what there is, without keys, and the documents that issuers are to be asked for anew.</summary>
internal static class MovePage
{
    private const int MaxPassphrase = 1024;

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/move", ShowAsync);
        routes.MapPost("/move/export", ExportAsync);
        routes.MapPost("/move/import", ImportAsync);
        routes.MapPost("/move/{id}/ask", AskAsync);
        routes.MapPost("/move/{id}/drop", DropAsync);
    }

    private static async Task ShowAsync(HttpContext http, WalletSession session)
    {
        var language = Language.Of(http);
        var waiting = await session.Wallet.ListToReissueAsync(http.RequestAborted);
        var title = language.Choose("기기 옮기기", "Move to another device");
        await WalletPage.WriteAsync(http, title, Html.Of($"""
            <h1>{title}</h1>
            {(waiting.Count == 0 ? Html.None : Waiting(http, waiting, language))}
            <section class="card"><h2>{language.Choose("이 지갑의 목록을 파일로", "A file of what is in this wallet")}</h2>
            <p class="soft">{language.Choose("어떤 증명서가 있는지만 암호화해 담습니다. 열쇠는 기기를 떠나지 않으므로, 새 기기에서 새로 발급받습니다.",
                "Only which documents there are is in it, encrypted. Keys never leave a device: on the new one, the documents are issued anew.")}</p>
            <form method="post" action="/move/export">{WalletPage.FormToken(http)}
            <label for="export-passphrase">{language.Choose("파일의 암호", "Passphrase of the file")}</label>
            <input type="password" id="export-passphrase" name="passphrase" autocomplete="new-password" required maxlength="{MaxPassphrase}">
            <button class="quiet">{language.Choose("파일 내려받기", "Download the file")}</button></form></section>
            <section class="card"><h2>{language.Choose("다른 지갑의 파일 가져오기", "Take over the file of another wallet")}</h2>
            <form method="post" action="/move/import" enctype="multipart/form-data">{WalletPage.FormToken(http)}
            <label for="file">{language.Choose("파일", "File")}</label>
            <input type="file" id="file" name="file" required>
            <label for="import-passphrase">{language.Choose("파일의 암호", "Passphrase of the file")}</label>
            <input type="password" id="import-passphrase" name="passphrase" autocomplete="off" required maxlength="{MaxPassphrase}">
            <button class="quiet">{language.Choose("가져오기", "Take it over")}</button></form></section>
            """));
    }

    private static Html Waiting(HttpContext http, IReadOnlyList<DocumentToReissue> waiting, Language language)
    {
        var lines = waiting.Select(entry => Html.Of($"""
            <li><strong>{Name(entry, language)}</strong><br><span class="id">{entry.CredentialIssuer}</span>
            {(entry.ConfigurationId is null ? Html.Of($"<p class=\"soft\">{language.Choose("발급기관에서 직접 신청하세요.", "Apply at the issuer yourself.")}</p>") : Html.Of($"<form method=\"post\" action=\"/move/{entry.Id}/ask\">{WalletPage.FormToken(http)}<button>{language.Choose("새로 발급받기", "Ask the issuer")}<span class=\"unseen\">: {Name(entry, language)}</span></button></form>"))}
            <form method="post" action="/move/{entry.Id}/drop">{WalletPage.FormToken(http)}<button class="quiet">{language.Choose("받지 않기", "I do not want it")}<span class="unseen">: {Name(entry, language)}</span></button></form></li>
            """));
        return Html.Of($"""
            <section class="card grey waiting"><h2>{language.Choose("새로 발급받을 증명서", "To be issued anew")}</h2><ul class="rows">{lines}</ul></section>
            """);
    }

    private static string Name(DocumentToReissue entry, Language language) => entry.Names.In(language.Tag) ?? entry.Type;

    private static async Task ExportAsync(HttpContext http, WalletSession session)
    {
        var file = await session.Wallet.ExportDocumentsAsync(Passphrase(await http.Request.ReadFormAsync(http.RequestAborted)), http.RequestAborted);
        http.Response.ContentType = "application/octet-stream";
        http.Response.Headers.ContentDisposition = "attachment; filename=documents.wallet";
        await http.Response.Body.WriteAsync(file, http.RequestAborted);
    }

    private static async Task ImportAsync(HttpContext http, WalletSession session)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (form.Files.GetFile("file") is not { Length: > 0 } upload) throw new MalformedDataException(WalletCodes.MigrationMalformed, "There is no file.");
        using var content = new MemoryStream();
        await using var stream = upload.OpenReadStream();
        await stream.CopyToAsync(content, http.RequestAborted);
        await session.Wallet.ImportDocumentsAsync(content.ToArray(), Passphrase(form), http.RequestAborted);
        await WalletPage.GoTo(http, "/move");
    }

    // As for an offer: the holder sees who would issue what, and decides.
    private static async Task AskAsync(HttpContext http, WalletSession session)
    {
        var entry = (await session.Wallet.ListToReissueAsync(http.RequestAborted)).FirstOrDefault(entry => entry.Id == WalletSession.Id(http));
        if (entry?.ConfigurationId is not { } configuration)
        {
            await WalletPage.NotFoundAsync(http);
            return;
        }
        var offer = session.Keep(await session.Wallet.ResolveIssuerAsync(entry.CredentialIssuer, [configuration], http.RequestAborted), isAskedFor: true);
        await WalletPage.GoTo(http, $"/offers/{offer.Id}");
    }

    private static async Task DropAsync(HttpContext http, WalletSession session)
    {
        await session.Wallet.DeleteToReissueAsync(WalletSession.Id(http), http.RequestAborted);
        await WalletPage.GoTo(http, "/move");
    }

    private static string Passphrase(IFormCollection form) => form["passphrase"].ToString() is { Length: > 0 and <= MaxPassphrase } passphrase
        ? passphrase
        : throw new KeyUnavailableException(WalletCodes.WrongKey, "There is no passphrase.");
}
