using Credentials.Issuer.Http;
using Credentials.Issuer.Pages;
using Credentials.Issuer.Storage;
using Credentials.Qr;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Staff;

/// <summary><c>/staff/accounts</c>: who may sign in, for admins.</summary>
internal static class AccountsPage
{
    private static readonly StaffRoles[] _roles = [StaffRoles.Issuer, StaffRoles.Revoker, StaffRoles.Auditor, StaffRoles.Admin];

    internal static void Map(IEndpointRouteBuilder staff)
    {
        staff.MapGet("/accounts", (HttpContext http, IssuerDbContext db) => ShowAsync(http, db, null));
        staff.MapPost("/accounts", AddAsync);
        staff.MapPost("/accounts/{id}/{action}", ChangeAsync);
    }

    internal static string Name(StaffPage page, StaffRoles role) => role switch
    {
        StaffRoles.Issuer => page.Say("발급", "issuer"),
        StaffRoles.Revoker => page.Say("폐지", "revoker"),
        StaffRoles.Auditor => page.Say("감사", "auditor"),
        _ => page.Say("관리", "admin"),
    };

    private static async Task ShowAsync(HttpContext http, IssuerDbContext db, string? problem)
    {
        StaffGate.Require(http, StaffRoles.Admin);
        var page = new StaffPage(http);
        var accounts = await db.Staff.AsNoTracking().OrderBy(s => s.Name).Take(500).ToListAsync(http.RequestAborted);
        var rows = accounts.Select(account => Html.Of($"""
            <tr><td>{account.Name}</td><td>{string.Join(", ", _roles.Where(role => ((StaffRoles)account.Roles & role) != 0).Select(role => Name(page, role)))}</td>
            <td>{(account.DisabledAt is null ? page.Say("사용 중", "active") : page.Say("사용 중지", "disabled"))}</td>
            <td class="actions">{Action(page, account.Id, "reset", page.Say("재설정", "Reset"))}{(account.DisabledAt is null ? Action(page, account.Id, "disable", page.Say("중지", "Disable")) : Action(page, account.Id, "enable", page.Say("재개", "Enable")))}</td></tr>
            """));
        var boxes = _roles.Select(role => Html.Of($"<label class=\"box\"><input type=\"checkbox\" name=\"role_{role}\" value=\"1\"> {Name(page, role)}</label>"));
        await page.WriteAsync(page.Say("직원", "Staff"), Html.Of($"""
            {page.Error(problem)}
            <div class="scroll"><table><thead><tr><th scope="col">{page.Say("이름", "Name")}</th><th scope="col">{page.Say("역할", "Roles")}</th><th scope="col">{page.Say("상태", "State")}</th><th scope="col">{page.Say("작업", "Actions")}</th></tr></thead><tbody>{rows}</tbody></table></div>
            <h2>{page.Say("새 계정", "New account")}</h2>
            <form class="panel narrow" method="post" action="{page.Base}/staff/accounts">{page.Token()}
            <p><label for="name">{page.Say("이름 (영문 소문자, 숫자)", "Name (small letters, digits)")}</label><input id="name" name="name" required maxlength="64" autocapitalize="none"></p>
            <fieldset><legend>{page.Say("역할", "Roles")}</legend>{boxes}</fieldset>
            <p><button>{page.Say("만들기", "Create")}</button></p></form>
            """), problem is null ? 200 : 400);
    }

    private static Html Action(StaffPage page, string id, string action, string name) => Html.Of(
        $"<form method=\"post\" action=\"{page.Base}/staff/accounts/{id}/{action}\">{page.Token()}<button class=\"plain\">{name}</button></form>");

    private static async Task AddAsync(HttpContext http, IssuerDbContext db, StaffAccounts accounts, IssuerOptions options)
    {
        StaffGate.Require(http, StaffRoles.Admin);
        var page = new StaffPage(http);
        var name = StaffGate.Field(http, "name").ToLowerInvariant();
        var roles = _roles.Where(role => StaffGate.Field(http, $"role_{role}") == "1").Aggregate(StaffRoles.None, (all, role) => all | role);
        if (!StaffAccounts.IsName(name) || roles == StaffRoles.None)
            await ShowAsync(http, db, page.Say("이름과 역할이 필요합니다.", "a name and at least one role are needed."));
        else if (await accounts.AddAsync(name, roles, StaffAccounts.Actor(StaffGate.Account(http)), http.RequestAborted) is { } made)
            await ShowSecretsAsync(page, name, made.Password, made.Secret, options);
        else
            await ShowAsync(http, db, page.Say("이미 있는 이름입니다.", "this name is taken."));
    }

    private static async Task ChangeAsync(string id, string action, HttpContext http, IssuerDbContext db, StaffAccounts accounts, IssuerOptions options)
    {
        StaffGate.Require(http, StaffRoles.Admin);
        var page = new StaffPage(http);
        var account = await db.Staff.AsNoTracking().SingleOrDefaultAsync(s => s.Id == id, http.RequestAborted) ?? throw new AgencyException(404, IssuerCodes.NotFound, "There is no such account.");
        var actor = StaffAccounts.Actor(StaffGate.Account(http));
        if (action == "reset" && await accounts.ResetAsync(id, actor, http.RequestAborted) is { } made)
        {
            await ShowSecretsAsync(page, account.Name, made.Password, made.Secret, options);
            return;
        }

        // Nobody locks himself out, so that one admin is left.
        if (action is not ("disable" or "enable") || id == StaffGate.Account(http).Id)
        {
            await ShowAsync(http, db, page.Say("이 작업은 할 수 없습니다.", "this cannot be done."));
            return;
        }

        await accounts.DisableAsync(id, action == "disable", actor, http.RequestAborted);
        StaffGate.Redirect(http, "/staff/accounts");
    }

    private static Task ShowSecretsAsync(StaffPage page, string name, string password, byte[] secret, IssuerOptions options)
    {
        var link = OneTimeCode.Link(secret, name, options.Names.GetValueOrDefault(page.Language) ?? options.Names.Values.First());
        var picture = new Html(QrCode.Encode(link).ToSvg(page.Say("인증 앱으로 찍는 QR 코드", "QR code for the authenticator app")));
        return page.WriteAsync(page.Say("새 계정 정보", "New sign-in details"), Html.Of($"""
            <div class="panel">
            <p class="problem">{page.Say("이 화면은 한 번만 보입니다. 본인에게만 전하세요.", "This is shown once. Give it to that person and nobody else.")}</p>
            <dl><dt>{page.Say("이름", "Name")}</dt><dd id="new-name">{name}</dd><dt>{page.Say("첫 비밀번호", "First password")}</dt><dd><code id="new-password">{password}</code></dd>
            <dt>{page.Say("인증 앱", "Authenticator app")}</dt><dd class="qr">{picture}</dd><dd><code id="new-link">{link}</code></dd></dl>
            <p><a href="{page.Base}/staff/accounts">{page.Say("직원 목록으로", "Back to the list")}</a></p></div>
            """));
    }
}
