using System.Globalization;
using System.Text;
using Credentials.Issuer.Bulk;
using Credentials.Issuer.Catalog;
using Credentials.Issuer.Http;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Pages;
using Credentials.Issuer.Storage;
using Credentials.OpenId4Vci;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;

namespace Credentials.Issuer.Staff;

/// <summary><c>/staff/batches</c>: send a table of people, see how far it is, fetch what came of it, stop it.</summary>
internal static class BatchPages
{
    private const int MaxField = 200;

    internal static void Map(IEndpointRouteBuilder staff)
    {
        staff.MapGet("/batches", (HttpContext http, IssuerDbContext db, CredentialCatalog catalog) => ListAsync(http, db, catalog, null));
        staff.MapPost("/batches", SendAsync).WithMetadata(new StaffGate.ReadsItsBody());
        staff.MapGet("/batches/{id}", ShowAsync);
        staff.MapGet("/batches/{id}/results.csv", ResultsAsync);
        staff.MapPost("/batches/{id}/cancel", CancelAsync);
    }

    private static async Task ListAsync(HttpContext http, IssuerDbContext db, CredentialCatalog catalog, string? problem)
    {
        StaffGate.Require(http, StaffRoles.Issuer);
        var page = new StaffPage(http);
        var batches = await db.Batches.AsNoTracking().OrderByDescending(b => b.CreatedAt).Take(50).ToListAsync(http.RequestAborted);
        var rows = batches.Select(b => Html.Of($"""
            <tr><td><a href="{page.Base}/staff/batches/{b.Id}">{b.Id}</a></td><td>{CredentialPages.TypeName(page, catalog, b.ConfigurationId)}</td><td class="number">{b.Total}</td><td>{page.State(b.State.ToString().ToLowerInvariant())}</td><td>{StaffPage.Time(b.CreatedAt)}</td></tr>
            """));
        var types = catalog.Types.Select(type => Html.Of($"<option value=\"{type.Id}\">{DisplayText.For(type.Display, page.Language)?.Name} ({type.Id})</option>"));
        await page.WriteAsync(page.Say("일괄 발급", "Batches"), Html.Of($"""
            {page.Error(problem)}
            <form class="panel" method="post" enctype="multipart/form-data" action="{page.Base}/staff/batches">{page.Token()}
            <input type="hidden" name="id" value="{Secrets.NewId()}">
            <p><label for="type">{page.Say("증명서", "Credential")}</label><select id="type" name="type">{types}</select></p>
            <p><label for="hours">{page.Say("제안의 유효 시간", "Hours that an offer is valid")}</label><input id="hours" name="valid_hours" type="number" min="1" max="{BatchOrder.MaxOfferHours}" value="168"></p>
            <p><label class="box"><input type="checkbox" name="tx_code" value="1" checked> {page.Say("지갑이 확인 번호를 묻게 합니다", "Wallets must ask for a transaction code")}</label></p>
            <p><label for="csv">{page.Say("표 (CSV, UTF-8)", "Table (CSV, UTF-8)")}<span class="hint"> {page.Say("첫 줄은 열 이름: 항목 이름(address.city)과 @subject", "the first line names the columns: claims (address.city) and @subject")}</span></label><input id="csv" name="csv" type="file" accept=".csv,text/csv" required></p>
            <p><button>{page.Say("올리기", "Upload")}</button></p></form>
            {(batches.Count == 0 ? Html.None : Html.Of($"<div class=\"scroll\"><table><thead><tr><th scope=\"col\">{page.Say("번호", "Number")}</th><th scope=\"col\">{page.Say("증명서", "Credential")}</th><th scope=\"col\">{page.Say("사람", "People")}</th><th scope=\"col\">{page.Say("상태", "State")}</th><th scope=\"col\">{page.Say("올린 때", "Sent")}</th></tr></thead><tbody>{rows}</tbody></table></div>"))}
            """), problem is null ? 200 : 400);
    }

    private static async Task SendAsync(HttpContext http, IssuerDbContext db, CredentialCatalog catalog, BatchUpload upload)
    {
        StaffGate.Require(http, StaffRoles.Issuer);
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
            feature.MaxRequestBodySize = BatchUpload.MaxBytes + (64 * 1024);
        var boundary = MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) ? HeaderUtilities.RemoveQuotes(type.Boundary).ToString() : "";
        if (type?.MediaType != "multipart/form-data" || boundary.Length is 0 or > 70)
            throw new MalformedDataException(IssuerCodes.Request, "The body must be a form with a file.");
        try
        {
            var batch = await ReadAsync(http, new MultipartReader(boundary, http.Request.Body), catalog, upload);
            StaffGate.Redirect(http, $"/staff/batches/{batch.Id}");
        }
        catch (MalformedDataException e)
        {
            await ListAsync(http, db, catalog, e.Message);
        }
        catch (InvalidDataException e)
        {
            throw new MalformedDataException(IssuerCodes.Request, "The form cannot be read.", e);
        }
    }

    // The fields come before the file, as the page has them: the file is never held, and not looked at before the token is.
    private static async Task<Batch> ReadAsync(HttpContext http, MultipartReader reader, CredentialCatalog catalog, BatchUpload upload)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await reader.ReadNextSectionAsync(http.RequestAborted) is { } section && fields.Count < 20)
        {
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition))
                break;
            var name = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
            if (name != "csv")
            {
                fields[name] = await ReadFieldAsync(section.Body, http.RequestAborted);
                continue;
            }

            StaffGate.RequireToken(http, fields.GetValueOrDefault("csrf"));
            var type = catalog.Find(fields.GetValueOrDefault("type", "")) ?? throw new MalformedDataException(IssuerCodes.UnknownConfiguration, "A credential configuration id is unknown here.");
            var hours = int.TryParse(fields.GetValueOrDefault("valid_hours"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
            var order = BatchOrder.Create(fields.GetValueOrDefault("id", ""), type, forKeys: false, fields.GetValueOrDefault("tx_code") == "1", hours);
            return await upload.ReceiveAsync(order, section.Body, StaffAccounts.Actor(StaffGate.Account(http)), http.RequestAborted);
        }

        throw new MalformedDataException(IssuerCodes.Request, "There is no table in the form.");
    }

    private static async Task<string> ReadFieldAsync(Stream body, CancellationToken ct)
    {
        var bytes = new byte[MaxField + 1];
        var length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, ct);
        return length <= MaxField ? Encoding.UTF8.GetString(bytes, 0, length) : throw new MalformedDataException(IssuerCodes.Request, "A field is too long.");
    }

    private static async Task ShowAsync(string id, HttpContext http, IssuerDbContext db, CredentialCatalog catalog)
    {
        StaffGate.Require(http, StaffRoles.Issuer);
        var page = new StaffPage(http);
        var batch = await FindAsync(id, http, db);
        var counts = await BatchRoutes.CountAsync(db, id, http.RequestAborted);
        var (done, failed) = (counts.GetValueOrDefault(BatchRowState.Done), counts.GetValueOrDefault(BatchRowState.Failed));
        var wrong = await db.BatchRows.AsNoTracking().Where(r => r.BatchId == id && r.State == BatchRowState.Failed).OrderBy(r => r.Number).Take(100).ToListAsync(http.RequestAborted);
        var errors = wrong.Select(row => Html.Of($"<tr><td class=\"number\">{row.Line}</td><td>{row.Subject}</td><td>{row.Error} <span class=\"hint\">{row.ErrorCode}</span></td></tr>"));
        var running = batch.State is BatchState.Running or BatchState.Uploading;
        await page.WriteAsync(CredentialPages.TypeName(page, catalog, batch.ConfigurationId), Html.Of($"""
            <section class="panel" data-batch="{batch.State.ToString().ToLowerInvariant()}">
            <p class="state"><span id="batch-state">{page.State(batch.State.ToString().ToLowerInvariant())}</span>: {done} / {batch.Total}{(failed > 0 ? Html.Of($" · {page.Say("실패", "failed")} {failed}") : Html.None)}</p>
            <progress max="{Math.Max(1, batch.Total)}" value="{done + failed}" aria-label="{page.Say("진행", "Progress")}"></progress>
            <div class="buttons"><a class="button" href="{page.Base}/staff/batches/{batch.Id}/results.csv">{page.Say("결과 받기 (CSV)", "Download results (CSV)")}</a>
            {(running ? Html.Of($"<form method=\"post\" action=\"{page.Base}/staff/batches/{batch.Id}/cancel\">{page.Token()}<button class=\"danger\">{page.Say("취소", "Cancel")}</button></form>") : Html.None)}</div>
            <p class="hint">{page.Say("결과에는 받는 사람의 주소와 확인 번호가 들어 있습니다. 받으면 감사 기록에 남습니다.", "The results hold the people's addresses and transaction codes. Downloading them is told in the audit log.")}</p></section>
            {(wrong.Count == 0 ? Html.None : Html.Of($"<h2>{page.Say("처리하지 못한 줄", "Lines that failed")}</h2><div class=\"scroll\"><table><thead><tr><th scope=\"col\">{page.Say("줄", "Line")}</th><th scope=\"col\">{page.Say("대상자", "Subject")}</th><th scope=\"col\">{page.Say("이유", "Why")}</th></tr></thead><tbody>{errors}</tbody></table></div>"))}
            """), head: running ? "<meta http-equiv=\"refresh\" content=\"2\">" : "");
    }

    private static async Task ResultsAsync(string id, HttpContext http, IssuerDbContext db, IssuerKeys keys, IssuerOptions options, TimeProvider time)
    {
        StaffGate.Require(http, StaffRoles.Issuer);
        var ct = http.RequestAborted;
        await FindAsync(id, http, db);
        await BatchRoutes.RecordAsync(db, time, StaffAccounts.Actor(StaffGate.Account(http)), "batch.results", id, ct);
        http.Response.ContentType = "text/csv; charset=utf-8";
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"batch-{id}.csv\"";
        string[] columns = ["row", "line", "subject", "state", "page", "offer_uri", "tx_code", "expires_at", "code", "error"];
        await WriteLineAsync(http, columns);
        for (long after = 0; ;)
        {
            var rows = await BatchResults.PageAsync(db, keys, options, id, after, ct);
            foreach (var row in rows)
                await WriteLineAsync(http, columns.Select(column => row[column]?.ToString() ?? ""));
            if (rows.Count < BatchResults.PageSize)
                return;
            after = rows[^1]["row"]!.GetValue<int>();
        }
    }

    private static Task WriteLineAsync(HttpContext http, IEnumerable<string> cells) =>
        http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(string.Join(',', cells.Select(Quote)) + "\r\n"), http.RequestAborted).AsTask();

    // A cell that begins like a formula is one in the programs that people open such files with.
    private static string Quote(string cell)
    {
        var text = cell is ['=' or '+' or '-' or '@', ..] ? "'" + cell : cell;
        return text.AsSpan().IndexOfAny("\",\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static async Task CancelAsync(string id, HttpContext http, IssuerDbContext db, TimeProvider time)
    {
        StaffGate.Require(http, StaffRoles.Issuer);
        await FindAsync(id, http, db);
        await BatchRoutes.CancelAsync(db, time, StaffAccounts.Actor(StaffGate.Account(http)), id, http.RequestAborted);
        StaffGate.Redirect(http, $"/staff/batches/{id}");
    }

    private static async Task<Batch> FindAsync(string id, HttpContext http, IssuerDbContext db) =>
        await db.Batches.AsNoTracking().SingleOrDefaultAsync(b => b.Id == id, http.RequestAborted) ?? throw new AgencyException(404, IssuerCodes.NotFound, "There is no such batch.");
}
