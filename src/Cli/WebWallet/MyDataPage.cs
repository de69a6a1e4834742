using System.Text;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.Verifier.Pages;
using Credentials.Wallet.Core.MyData;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Credentials.Cli.WebWallet;

/// <summary>Who knows what; deletion requests and reports, from their first word to their answer.</summary>
internal static class MyDataPage
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/data", ShowAsync);
        routes.MapGet("/data/export", ExportAsync);
        routes.MapGet("/data/verifiers/{id}", ShowVerifierAsync);
        routes.MapPost("/data/verifiers/{id}/requests", PrepareAsync);
        routes.MapGet("/data/requests/{id}", ShowRequestAsync);
        routes.MapPost("/data/requests/{id}/send", (HttpContext http, WalletSession session) => ChangeAsync(http, session, data => data.SendAsync));
        routes.MapPost("/data/requests/{id}/sent", (HttpContext http, WalletSession session) => ChangeAsync(http, session, data => data.MarkSentAsync));
        routes.MapPost("/data/requests/{id}/fulfilled", (HttpContext http, WalletSession session) =>
            ChangeAsync(http, session, data => (id, cancelled) => data.MarkAnsweredAsync(id, isFulfilled: true, cancelled)));
        routes.MapPost("/data/requests/{id}/refused", (HttpContext http, WalletSession session) =>
            ChangeAsync(http, session, data => (id, cancelled) => data.MarkAnsweredAsync(id, isFulfilled: false, cancelled)));
        routes.MapPost("/data/requests/{id}/discard", DiscardAsync);
    }

    /// <summary>A Client Identifier holds characters that a path cannot.</summary>
    internal static string PathOf(string party) => StrictBase64Url.Encode(Encoding.UTF8.GetBytes(party));

    private static async Task ShowAsync(HttpContext http, WalletSession session)
    {
        var language = Language.Of(http);
        var data = await session.Wallet.MyData.GetDashboardAsync(http.RequestAborted);
        var title = language.Choose("내 정보 관리", "My data");
        var verifiers = data.Verifiers.Select(verifier => Html.Of($"""
            <li><a href="/data/verifiers/{PathOf(verifier.Party)}">{Name(verifier, language)}</a><br>
            <span class="soft">{language.Choose($"{verifier.Sharings.Count}번 제시", $"shown {verifier.Sharings.Count} times")}, {WalletWords.Time(verifier.Sharings[0].At)}</span></li>
            """));
        await WalletPage.WriteAsync(http, title, Html.Of($"""
            <h1>{title}</h1>
            <section class="card"><dl class="figures">
            <div><dt>{language.Choose("증명서", "Documents")}</dt><dd>{data.Documents}</dd></div>
            <div><dt>{language.Choose("정보를 받은 곳", "Verifiers that were shown something")}</dt><dd>{data.Verifiers.Count}</dd></div>
            <div><dt>{language.Choose("지난 30일 제시", "Times shown in 30 days")}</dt><dd>{data.RecentSharings}</dd></div>
            <div><dt>{language.Choose("거절하거나 거부한 요청", "Requests turned down")}</dt><dd>{data.RefusedRequests}</dd></div>
            </dl></section>
            <section class="card"><h2>{language.Choose("내 정보를 받은 곳", "Who was shown something")}</h2><ul class="rows">{verifiers}</ul>
            {(data.Verifiers.Count == 0 ? Html.Of($"<p>{language.Choose("아직 없습니다.", "Nobody yet.")}</p>") : Html.None)}</section>
            {Requests(await session.Wallet.MyData.ListRequestsAsync(http.RequestAborted), language)}
            <p><a href="/move">{language.Choose("다른 기기로 옮기기", "Move to another device")}</a></p>
            <p><a href="/data/export">{language.Choose("모든 기록 내려받기 (JSON)", "Download all records (JSON)")}</a></p>
            """));
    }

    private static Html Requests(IReadOnlyList<RightsRequest> requests, Language language) => requests.Count == 0 ? Html.None : Html.Of($"""
        <section class="card"><h2>{language.Choose("내가 보낸 요청", "My requests")}</h2><ul class="rows">{requests.Select(request => Html.Of($"""
            <li><a href="/data/requests/{request.Id}">{WalletWords.Kind(request.Kind, language)}: {request.PartyNames.In(language.Tag) ?? request.Party}</a><br>
            <span class="soft">{WalletWords.State(request.State, language)}, {WalletWords.Time(request.SentAt ?? request.PreparedAt)}</span></li>
            """))}</ul></section>
        """);

    private static async Task ExportAsync(HttpContext http, WalletSession session)
    {
        var export = await session.Wallet.MyData.ExportAsync(http.RequestAborted);
        http.Response.ContentType = "application/json";
        http.Response.Headers.ContentDisposition = "attachment; filename=my-data.json";
        await http.Response.WriteAsync(export.ToJsonString(new JsonSerializerOptions { WriteIndented = true }), http.RequestAborted);
    }

    private static async Task ShowVerifierAsync(HttpContext http, WalletSession session)
    {
        var language = Language.Of(http);
        if (await FindAsync(http, session) is not { } verifier)
        {
            await WalletPage.NotFoundAsync(http);
            return;
        }
        var name = Name(verifier, language);
        var shared = verifier.Shared.Select(claims => Html.Of(
            $"<li>{string.Join(", ", claims.Claims.Select(path => WalletWords.Claim(path, language)).Distinct())}<br><span class=\"id\">{claims.Type}</span></li>"));
        await WalletPage.WriteAsync(http, name, Html.Of($"""
            <h1>{name}</h1>
            <p class="id">{verifier.Party}</p>
            <section class="card"><h2>{language.Choose("지금까지 보여 준 정보", "What it has been shown")}</h2><ul class="rows">{shared}</ul>
            {(verifier.Sharings.Count == 0 ? Html.Of($"<p>{language.Choose("보여 준 정보가 없습니다.", "Nothing.")}</p>") : Html.None)}</section>
            {(verifier.Sharings.Count == 0 ? Html.None : Form(http, verifier, RightsRequestKind.Deletion, language))}
            {Form(http, verifier, RightsRequestKind.Report, language)}
            {Requests(verifier.Requests, language)}
            <section class="card"><h2>{language.Choose("기록", "History")}</h2><ul class="rows">{verifier.Sessions.Select(entry => HistoryPage.Entry(entry, language))}</ul></section>
            """));
    }

    private static Html Form(HttpContext http, VerifierRecord verifier, RightsRequestKind kind, Language language)
    {
        var isDeletion = kind == RightsRequestKind.Deletion;
        var field = isDeletion ? "deletion" : "report";
        var known = isDeletion
            ? new[] { verifier.Contact?.DeletionEndpoint }.OfType<Uri>().Concat(verifier.Contact?.SupportUris ?? [])
            : verifier.Contact?.AuthorityUris ?? [];
        var where = known.FirstOrDefault()?.OriginalString;
        return Html.Of($"""
            <section class="card"><h2>{(isDeletion ? language.Choose("삭제 요청하기", "Ask for deletion") : language.Choose("신고하기", "Report it"))}</h2>
            <p class="soft">{(isDeletion
                ? language.Choose("보여 준 정보를 지워 달라는 글을 씁니다. 보내기 전에 먼저 읽을 수 있습니다.", "Writes a request to delete what was shown. You read it before it is sent.")
                : language.Choose("감독 기관에 보낼 글을 씁니다. 보내기 전에 먼저 읽을 수 있습니다.", "Writes to the authority in charge. You read it before it is sent."))}</p>
            <form method="post" action="/data/verifiers/{PathOf(verifier.Party)}/requests">{WalletPage.FormToken(http)}
            <input type="hidden" name="kind" value="{field}">
            <label for="{field}-address">{language.Choose("보낼 곳 (mailto: 또는 https:)", "Where to (mailto: or https:)")}</label>
            <input type="text" id="{field}-address" name="address" value="{where}" autocomplete="off" spellcheck="false" required>
            <label for="{field}-note">{language.Choose("덧붙일 말", "Anything to add")}</label>
            <textarea id="{field}-note" name="note" maxlength="2000"></textarea>
            <button class="quiet">{(isDeletion ? language.Choose("삭제 요청 쓰기", "Write the request") : language.Choose("신고 쓰기", "Write the report"))}</button>
            </form></section>
            """);
    }

    private static async Task PrepareAsync(HttpContext http, WalletSession session)
    {
        if (await FindAsync(http, session) is not { } verifier)
        {
            await WalletPage.NotFoundAsync(http);
            return;
        }
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var kind = form["kind"] == "report" ? RightsRequestKind.Report : RightsRequestKind.Deletion;
        if (!Uri.TryCreate(form["address"].ToString().Trim(), UriKind.Absolute, out var address)) throw new MalformedDataException(CliCodes.InputUnknown, "no address");
        var draft = new RightsRequestDraft(kind, verifier.Party)
        {
            Address = address,
            Language = Language.Of(http).Tag,
            Note = form["note"].ToString(),
        };
        var request = await session.Wallet.MyData.PrepareAsync(draft, http.RequestAborted);
        await WalletPage.GoTo(http, $"/data/requests/{request.Id}");
    }

    private static async Task ShowRequestAsync(HttpContext http, WalletSession session)
    {
        var language = Language.Of(http);
        var request = (await session.Wallet.MyData.ListRequestsAsync(http.RequestAborted)).FirstOrDefault(found => found.Id == WalletSession.Id(http));
        if (request is null)
        {
            await WalletPage.NotFoundAsync(http);
            return;
        }
        var title = WalletWords.Kind(request.Kind, language);
        await WalletPage.WriteAsync(http, title, Html.Of($"""
            <h1>{title}</h1>
            <section class="card">
            <p class="lead">{request.PartyNames.In(language.Tag) ?? request.Party}</p>
            <p class="id">{request.Address.OriginalString}</p>
            <p><strong>{WalletWords.State(request.State, language)}</strong></p>
            {(request.Code is { } code ? Html.Of($"<p class=\"warn\">{WalletErrors.Text(code, language)} <span class=\"id\">{code}</span></p>") : Html.None)}
            <h2>{request.Subject}</h2>
            <div class="letter">{request.Letter}</div>
            {Steps(http, request, language)}
            </section>
            """));
    }

    private static Html Steps(HttpContext http, RightsRequest request, Language language)
    {
        var path = $"/data/requests/{request.Id}";
        Html Button(string step, string style, string text) =>
            Html.Of($"<form method=\"post\" action=\"{path}/{step}\">{WalletPage.FormToken(http)}<button class=\"{style}\">{text}</button></form>");
        return request.State switch
        {
            RightsRequestState.Prepared when request.IsEndpoint => Html.Of(
                $"{Button("send", "", language.Choose("지금 보내기", "Send now"))}{Button("discard", "quiet", language.Choose("버리기", "Discard"))}"),
            RightsRequestState.Prepared => Html.Of(
                $"<a class=\"button\" href=\"{request.OpenUri!.AbsoluteUri}\" rel=\"noreferrer\">{language.Choose("메일이나 페이지 열기", "Open the mail or page")}</a>{Button("sent", "quiet", language.Choose("보냈습니다", "I have sent it"))}{Button("discard", "quiet", language.Choose("버리기", "Discard"))}"),
            RightsRequestState.Sent => Html.Of(
                $"{Button("fulfilled", "quiet", language.Choose("처리되었다는 답을 받음", "They say it is done"))}{Button("refused", "quiet", language.Choose("거절하는 답을 받음", "They refuse"))}"),
            _ => Html.None,
        };
    }

    private static async Task ChangeAsync(
        HttpContext http, WalletSession session, Func<MyDataRecords, Func<string, CancellationToken, Task<RightsRequest>>> change)
    {
        var id = WalletSession.Id(http);
        await change(session.Wallet.MyData)(id, http.RequestAborted);
        await WalletPage.GoTo(http, $"/data/requests/{id}");
    }

    private static async Task DiscardAsync(HttpContext http, WalletSession session)
    {
        await session.Wallet.MyData.DeleteRequestAsync(WalletSession.Id(http), http.RequestAborted);
        await WalletPage.GoTo(http, "/data");
    }

    private static async Task<VerifierRecord?> FindAsync(HttpContext http, WalletSession session)
    {
        try
        {
            var party = Encoding.UTF8.GetString(StrictBase64Url.Decode(WalletSession.Id(http)));
            return await session.Wallet.MyData.FindVerifierAsync(party, http.RequestAborted);
        }
        catch (MalformedDataException)
        {
            return null;
        }
    }

    private static string Name(VerifierRecord verifier, Language language) =>
        verifier.Names.In(language.Tag) ?? (verifier.Party.Length > 60 ? verifier.Party[..60] + "…" : verifier.Party);
}
