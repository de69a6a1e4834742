using System.Text.Json;
using Credentials.Verifier.Pages;
using Credentials.Verifier.Parties;
using Credentials.Verifier.Policies;
using Credentials.Verifier.Transactions;
using Microsoft.Extensions.FileProviders;

namespace Credentials.Verifier.Clerk;

/// <summary>The page of <see cref="ScanDocument"/>, with what came out of the last scan.</summary>
internal sealed class ScanPage(PartyRegistry parties, IFileProvider files)
{
    private const string Reader = "/assets/zxing/reader.js";

    // The reader comes from npm at build; a browser with one of its own does without.
    private readonly bool _hasReader = files.GetFileInfo(Reader).Exists;

    public static Html Verdict(JsonElement report, Language language)
    {
        var accepted = ReportReader.IsAccepted(report);
        var warning = accepted ? Html.Of($"""
            <p class="warning">{language.Choose("이 코드는 복사될 수 있습니다. 사진이나 신분증으로 본인인지 확인하세요.", "A code can be copied: compare the person with the photo or an ID.")}</p>
            """) : Html.None;
        var (_, content) = ResultPanel.Of(report, [], language, headingLevel: 2, warning);
        return Html.Of($"<div data-verdict=\"{(accepted ? "accepted" : "not_accepted")}\">{content}</div>");
    }

    public async Task<IResult> WriteAsync(HttpContext http, ClerkSession session, Policy? chosen, Html result)
    {
        var language = Language.Of(http);
        var title = language.Choose("증명서 찍기", "Scan a document");
        var choices = session.Party.Policies.All.Select(policy => Html.Of($"""
            <option value="{policy.Name}"{(policy == chosen ? Html.Of($" selected") : Html.None)}>{language.Choose(policy.PurposeKo, policy.PurposeEn)}</option>
            """));
        string[] scripts = _hasReader ? [Reader, "/assets/scan.js"] : ["/assets/scan.js"];
        await Layout.WriteAsync(http, 200, language, session.Party.Name, title, Html.Of($"""
            {ClerkPages.ForWhom(session, parties, language, ClerkPages.Scan)}
            <section class="card scan" data-scan data-reader="{(_hasReader ? "/assets/zxing/zxing_reader.wasm" : "")}" {Messages(language)}>
            <h1>{title}</h1>
            <p class="soft">{language.Choose("종이나 화면의 QR 코드를 카메라로 찍거나 사진을 고르세요.", "Point the camera at a QR code on paper or a screen, or choose a picture of it.")}</p>
            <form method="post" action="{ClerkPages.Scan}">
            {session.FormField}
            <label for="policy">{language.Choose("무엇을 확인할까요?", "What to check")}</label>
            <select id="policy" name="policy"><option value="">{language.Choose("믿을 수 있는 증명서인지만", "Only that it is genuine")}</option>{choices}</select>
            <div class="look" hidden><video id="view" playsinline muted aria-label="{language.Choose("카메라 화면", "What the camera sees")}"></video></div>
            <div class="row">
            <button id="camera" class="button" type="button" hidden>{language.Choose("카메라로 찍기", "Use the camera")}</button>
            <button id="stop" class="button second" type="button" hidden>{language.Choose("카메라 끄기", "Stop the camera")}</button>
            <label id="picture" class="button second" hidden>{language.Choose("사진 고르기", "Choose a picture")}<input id="file" class="unseen" type="file" accept="image/png,image/jpeg"></label>
            </div>
            <p id="said" role="status" class="soft"></p>
            <noscript><p class="fault">{language.Choose("카메라를 쓰려면 스크립트를 켜야 합니다. 코드의 글자를 아래에 붙여 넣을 수는 있습니다.", "The camera needs scripts. The text of a code can be pasted below.")}</p></noscript>
            <details{(result.Text == "" ? Html.None : Html.Of($" data-done"))}>
            <summary>{language.Choose("글자로 넣기 (손 스캐너)", "Enter the text (hand scanner)")}</summary>
            <label for="document">{language.Choose("코드의 글자", "Text of the code")}</label>
            <textarea id="document" name="document" rows="3" spellcheck="false" autocomplete="off" required></textarea>
            <button class="button second" type="submit">{language.Choose("확인", "Check")}</button>
            </details>
            </form>
            </section>
            <div id="result" aria-live="polite">{result}</div>
            """), menu: ClerkPages.Menu(language, ClerkPages.Scan), scripts: scripts);
        return Results.Empty;
    }

    /// <summary>What the script says, in the page's language.</summary>
    private static Html Messages(Language language) => Html.Join(new (string Name, string Ko, string En)[]
    {
        ("looking", "QR 코드를 카메라 앞에 두세요.", "Hold the QR code in front of the camera."),
        ("found", "코드를 읽었습니다. 확인하는 중입니다.", "Code read. Checking."),
        ("nothing", "사진에서 QR 코드를 찾지 못했습니다. 코드가 크고 또렷하게 나온 사진을 고르세요.", "No QR code was found in the picture. Choose one in which the code is large and sharp."),
        ("picture", "PNG나 JPEG 사진만, 1,600만 화소까지 읽을 수 있습니다.", "Only PNG and JPEG pictures of up to 16 megapixels can be read."),
        ("camera", "카메라를 쓸 수 없습니다. 브라우저에서 카메라를 허용하거나 사진을 고르세요.", "The camera cannot be used. Allow it in the browser, or choose a picture."),
        ("missing", "이 서비스에는 QR 판독기가 들어 있지 않고(빌드할 때 Node가 필요합니다) 이 브라우저에도 없습니다. 코드의 글자를 넣어 주세요.", "This service was built without its QR reader (its build needs Node), and this browser has none. Enter the text of the code."),
        ("failed", "확인하지 못했습니다. 다시 시도하세요.", "It could not be checked. Try again."),
    }.Select(message => Html.Of($"data-say-{message.Name}=\"{language.Choose(message.Ko, message.En)}\" ")));
}
