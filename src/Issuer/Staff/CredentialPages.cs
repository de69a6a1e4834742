using System.Globalization;
using Credentials.Codecs;
using Credentials.Issuer.Agency;
using Credentials.Issuer.Catalog;
using Credentials.Issuer.Http;
using Credentials.Issuer.Pages;
using Credentials.Issuer.Status;
using Credentials.Issuer.Storage;
using Credentials.OpenId4Vci;
using Credentials.StatusLists;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Staff;

/// <summary><c>/staff/credentials</c>: search the register, see one credential's life, change its status.</summary>
internal static class CredentialPages
{
    private const int PageSize = 50;

    internal static void Map(IEndpointRouteBuilder staff)
    {
        staff.MapGet("/credentials", SearchAsync);
        staff.MapGet("/credentials/{id}", (string id, HttpContext http, IssuerDbContext db, CredentialCatalog catalog) => ShowAsync(id, http, db, catalog, null));
        staff.MapPost("/credentials/{id}/status", ChangeAsync);
    }

    internal static string TypeName(StaffPage page, CredentialCatalog catalog, string id) =>
        catalog.Find(id) is { } type ? DisplayText.For(type.Display, page.Language)?.Name ?? id : id;

    private static async Task SearchAsync(HttpContext http, IssuerDbContext db, CredentialCatalog catalog)
    {
        var page = new StaffPage(http);
        string Query(string name) => http.Request.Query[name] is [{ Length: > 0 and <= 200 } value] && !value.Contains('\0') ? value.Trim() : "";
        var (text, state) = (Query("q"), Query("state"));
        var rows = db.Credentials.AsNoTracking();
        if (text.Length > 0)
            rows = rows.Where(c => c.Subject == text || c.Id == text || c.OfferId == text || c.OfferId.StartsWith(text + "/"));
        if (StatusNames.Parse(state) is { } status)
            rows = rows.WithStatus(status);
        if (long.TryParse(Query("before"), NumberStyles.None, CultureInfo.InvariantCulture, out var before))
            rows = rows.Where(c => c.Number < before);
        var found = await rows.OrderByDescending(c => c.Number).Take(PageSize).ToListAsync(http.RequestAborted);
        var lines = found.Select(c => Html.Of($"""
            <tr><td><a href="{page.Base}/staff/credentials/{c.Id}">{c.Subject ?? c.Id}</a></td><td>{TypeName(page, catalog, c.ConfigurationId)}</td>
            <td><span class="badge {StatusNames.Name(c.Status)}">{page.State(StatusNames.Name(c.Status))}</span></td><td>{StaffPage.Time(c.IssuedAt)}</td></tr>
            """));
        var options = new[] { "", "valid", "suspended", "revoked" }.Select(name =>
            Html.Of($"<option value=\"{name}\"{(name == state ? new Html(" selected") : Html.None)}>{(name.Length == 0 ? page.Say("모든 상태", "any state") : page.State(name))}</option>"));
        var more = found.Count == PageSize
            ? Html.Of($"<p><a href=\"?q={Uri.EscapeDataString(text)}&amp;state={state}&amp;before={found[^1].Number}\">{page.Say("더 보기", "More")}</a></p>")
            : Html.None;
        await page.WriteAsync(page.Say("증명서", "Credentials"), Html.Of($"""
            <form class="search" method="get" role="search">
            <label for="q" class="visually-hidden">{page.Say("대상자 번호, 증명서 번호 또는 발급 번호", "Subject, credential or offer number")}</label>
            <input id="q" name="q" type="search" value="{text}" placeholder="{page.Say("대상자 번호, 증명서 번호 또는 발급 번호", "Subject, credential or offer number")}" maxlength="200">
            <label for="state" class="visually-hidden">{page.Say("상태", "State")}</label><select id="state" name="state">{options}</select>
            <button>{page.Say("찾기", "Search")}</button></form>
            {(found.Count == 0 ? Html.Of($"<p>{page.Say("찾은 증명서가 없습니다.", "No credential was found.")}</p>") : Html.Of($"""
            <div class="scroll"><table><thead><tr><th scope="col">{page.Say("대상자", "Subject")}</th><th scope="col">{page.Say("종류", "Type")}</th><th scope="col">{page.Say("상태", "State")}</th><th scope="col">{page.Say("발급", "Issued")}</th></tr></thead><tbody>{lines}</tbody></table></div>
            """))}
            {more}
            """));
    }

    private static async Task ShowAsync(string id, HttpContext http, IssuerDbContext db, CredentialCatalog catalog, string? problem)
    {
        var page = new StaffPage(http);
        var ct = http.RequestAborted;
        var credential = await db.Credentials.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, ct) ?? throw new AgencyException(404, IssuerCodes.NotFound, "There is no such credential.");
        var (name, offerId) = (StatusNames.Name(credential.Status), credential.OfferId);
        var batch = offerId.Split('/')[0];
        var entries = await (await AuditLog.ReadAsync(db, ct)).Where(a => a.Subject == id || a.Subject == offerId || (a.Subject == batch && a.Action == "batch.create")).OrderBy(a => a.Id).Take(200).ToListAsync(ct);
        var life = entries.Select(entry => Html.Of($"<li>{StaffPage.Time(entry.At)} <strong>{AuditPage.Action(page, entry)}</strong> <span class=\"hint\">{AuditPage.Actor(page, entry.Actor)}</span>{Reason(page, entry)}</li>"));
        await page.WriteAsync(credential.Subject ?? page.Say("증명서", "Credential"), Html.Of($"""
            {page.Error(problem)}
            <div class="columns"><section class="panel"><h2>{TypeName(page, catalog, credential.ConfigurationId)}</h2>
            <dl><dt>{page.Say("상태", "State")}</dt><dd><span class="badge {name}" id="state">{page.State(name)}</span></dd>
            <dt>{page.Say("증명서 번호", "Number")}</dt><dd><code>{credential.Id}</code></dd><dt>{page.Say("발급", "Issued")}</dt><dd>{StaffPage.Time(credential.IssuedAt)}</dd>
            <dt>{page.Say("만료", "Expires")}</dt><dd>{StaffPage.Time(credential.ExpiresAt)}</dd>
            <dt>{page.Say("상태 목록", "Status list")}</dt><dd><code>{credential.ListId}</code> · {credential.ListIndex}</dd></dl>{ChangeForm(http, page, credential)}</section>
            <section class="panel"><h2>{page.Say("이력", "Life")}</h2><ol class="life">{life}</ol></section></div>
            """), problem is null ? 200 : 409);
    }

    private static Html Reason(StaffPage page, AuditEntry entry) =>
        entry is { Action: "credential.status", Detail: { } detail } && StrictJson.Parse(detail).OptionalString("reason") is { Length: > 0 } reason
            ? Html.Of($"<br>{page.Say("사유", "Reason")}: {reason}")
            : Html.None;

    private static Html ChangeForm(HttpContext http, StaffPage page, IssuedCredential credential)
    {
        if (!StaffGate.May(http, StaffRoles.Revoker) || credential.Status == StatusTypes.Invalid)
            return Html.None;
        var buttons = credential.Status == StatusTypes.Suspended
            ? Html.Of($"<button name=\"status\" value=\"valid\">{page.Say("정지 해제", "Resume")}</button>")
            : Html.Of($"<button name=\"status\" value=\"suspended\">{page.Say("정지", "Suspend")}</button>");
        return Html.Of($"""
            <form method="post" action="{page.Base}/staff/credentials/{credential.Id}/status">{page.Token()}
            <p><label for="reason">{page.Say("사유", "Reason")}</label><input id="reason" name="reason" required maxlength="500"></p>
            <p class="buttons">{buttons}<button class="danger" name="status" value="revoked">{page.Say("폐지", "Revoke")}</button></p>
            <p class="hint">{page.Say("폐지는 되돌릴 수 없습니다.", "Revoking cannot be undone.")}</p></form>
            """);
    }

    private static async Task ChangeAsync(string id, HttpContext http, IssuerDbContext db, CredentialCatalog catalog, StatusPublisher publisher, TimeProvider time, Metrics metrics)
    {
        StaffGate.Require(http, StaffRoles.Revoker);
        var page = new StaffPage(http);
        var reason = StaffGate.Field(http, "reason");
        if (StatusNames.Parse(StaffGate.Field(http, "status")) is not { } status || reason.Length is 0 or > 500 || reason.Contains('\0'))
        {
            await ShowAsync(id, http, db, catalog, page.Say("사유를 적어 주세요 (500자까지).", "a reason is needed, up to 500 characters."));
            return;
        }

        try
        {
            var list = await ChangeStatus.ApplyAsync(db, id, status, reason, StaffAccounts.Actor(StaffGate.Account(http)), time.GetUtcNow(), metrics, http.RequestAborted);
            await publisher.WaitUntilPublishedAsync(list, http.RequestAborted);
            StaffGate.Redirect(http, $"/staff/credentials/{id}");
        }
        catch (AgencyException e) when (e.Code == IssuerCodes.RevokedIsFinal)
        {
            await ShowAsync(id, http, db, catalog, page.Say("이미 폐지된 증명서입니다.", "it is revoked already."));
        }
    }
}
