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
    private readonly QrReader _reader = new(files);

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
        await Layout.WriteAsync(http, 200, language, session.Party.Name, title, Html.Of($"""
            {ClerkPages.ForWhom(session, parties, language, ClerkPages.Scan)}
            <section class="card scan" data-scan {_reader.Attributes(language, new Words("코드의 글자를 넣어 주세요.", "Enter the text of the code."))}>
            <h1>{title}</h1>
            <p class="soft">{language.Choose("종이나 화면의 QR 코드를 카메라로 찍거나 사진을 고르세요.", "Point the camera at a QR code on paper or a screen, or choose a picture of it.")}</p>
            <form method="post" action="{ClerkPages.Scan}">
            {session.FormField}
            <label for="policy">{language.Choose("무엇을 확인할까요?", "What to check")}</label>
            <select id="policy" name="policy"><option value="">{language.Choose("믿을 수 있는 증명서인지만", "Only that it is genuine")}</option>{choices}</select>
            {QrReader.Controls(language)}
            <noscript><p class="fault">{language.Choose("카메라를 쓰려면 스크립트를 켜야 합니다. 코드의 글자를 아래에 붙여 넣을 수는 있습니다.", "The camera needs scripts. The text of a code can be pasted below.")}</p></noscript>
            <details{(result.Text == "" ? Html.None : Html.Of($" data-done"))}>
            <summary>{language.Choose("글자로 넣기 (손 스캐너)", "Enter the text (hand scanner)")}</summary>
            <label for="document">{language.Choose("코드의 글자", "Text of the code")}</label>
            <textarea id="document" data-text name="document" rows="3" spellcheck="false" autocomplete="off" required></textarea>
            <button class="button second" type="submit">{language.Choose("확인", "Check")}</button>
            </details>
            </form>
            </section>
            <div id="result" aria-live="polite">{result}</div>
            """), menu: ClerkPages.Menu(language, ClerkPages.Scan), scripts: [.. _reader.Scripts, "/assets/scan.js"]);
        return Results.Empty;
    }
}
