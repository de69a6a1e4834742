using Credentials.Issuer.Http;
using Credentials.Issuer.Pages;

namespace Credentials.Issuer.Staff;

/// <summary><c>/staff/sign-in</c>, <c>/sign-out</c>, <c>/password</c>: into the console, out of it, and a new password.</summary>
internal static class SignIn
{
    internal static void Map(IEndpointRouteBuilder routes, IEndpointRouteBuilder staff)
    {
        routes.MapGet("/staff/sign-in", (HttpContext http) => ShowAsync(http, false)).RequireRateLimiting(RateLimits.Public);
        routes.MapPost("/staff/sign-in", EnterAsync).RequireRateLimiting(RateLimits.SignIn);
        staff.MapPost("/sign-out", LeaveAsync);
        staff.MapGet("/password", (HttpContext http) => ShowPasswordAsync(http, null));
        staff.MapPost("/password", ChangeAsync).RequireRateLimiting(RateLimits.SignIn);
    }

    private static Task ShowAsync(HttpContext http, bool refused)
    {
        var page = new StaffPage(http);
        var token = StaffGate.BeginSignIn(http);
        return page.WritePlainAsync(page.Say("직원 로그인", "Staff sign-in"), Html.Of($"""
            {(refused ? page.Error(page.Say("이름, 비밀번호 또는 인증 번호가 맞지 않거나, 계정이 잠겨 있습니다. 여러 번 틀리면 15분 동안 잠깁니다.", "name, password or code is wrong, or the account is locked. Several wrong attempts lock it for 15 minutes.")) : Html.None)}
            <form class="panel narrow" method="post" action="{page.Base}/staff/sign-in">
            <input type="hidden" name="csrf" value="{token}">
            <p><label for="name">{page.Say("이름", "Name")}</label><input id="name" name="name" autocomplete="username" autocapitalize="none" required maxlength="64"></p>
            <p><label for="password">{page.Say("비밀번호", "Password")}</label><input id="password" name="password" type="password" autocomplete="current-password" required maxlength="128"></p>
            <p><label for="code">{page.Say("인증 앱의 번호", "Code of your authenticator app")}</label><input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" required maxlength="6"></p>
            <p><button>{page.Say("로그인", "Sign in")}</button></p>
            </form>
            {StaffSignIn.Link(page, http.RequestServices.GetRequiredService<IssuerOptions>())}
            """), refused ? StatusCodes.Status401Unauthorized : StatusCodes.Status200OK);
    }

    private static async Task EnterAsync(HttpContext http, StaffAccounts accounts)
    {
        var form = await StaffGate.ReadFormAsync(http);
        StaffGate.RequireSignInToken(http, form.GetValueOrDefault("csrf"));
        var name = form.GetValueOrDefault("name", "").Trim().ToLowerInvariant();
        var password = form.GetValueOrDefault("password", "");
        var account = StaffAccounts.IsName(name) && password.Length <= StaffPasswords.MaxLength
            ? await accounts.SignInAsync(name, password, form.GetValueOrDefault("code", "").Trim(), http.RequestAborted)
            : null;
        if (account is null)
        {
            await ShowAsync(http, true);
            return;
        }

        // A session of its own: whatever cookie the browser had before opens nothing.
        await StaffGate.EnterAsync(http, account);
        StaffGate.Redirect(http, "/staff");
    }

    private static async Task LeaveAsync(HttpContext http)
    {
        await StaffGate.LeaveAsync(http);
        StaffGate.Redirect(http, "/staff/sign-in");
    }

    private static Task ShowPasswordAsync(HttpContext http, string? problem)
    {
        var page = new StaffPage(http);
        return page.WriteAsync(page.Say("비밀번호 변경", "Change password"), Html.Of($"""
            {page.Error(problem)}
            <form class="panel narrow" method="post" action="{page.Base}/staff/password">{page.Token()}
            <p><label for="old">{page.Say("지금 비밀번호", "Present password")}</label><input id="old" name="old" type="password" autocomplete="current-password" required maxlength="128"></p>
            <p><label for="new">{page.Say("새 비밀번호 (12자 이상)", "New password (12 characters or more)")}</label><input id="new" name="new" type="password" autocomplete="new-password" required minlength="12" maxlength="128"></p>
            <p><button>{page.Say("변경", "Change")}</button></p>
            </form>
            """), problem is null ? 200 : 400);
    }

    private static async Task ChangeAsync(HttpContext http, StaffAccounts accounts)
    {
        var page = new StaffPage(http);
        var (account, password) = (StaffGate.Account(http), StaffGate.Form(http).GetValueOrDefault("new", ""));
        if (password.Length is < StaffPasswords.MinLength or > StaffPasswords.MaxLength)
            await ShowPasswordAsync(http, page.Say("새 비밀번호는 12자에서 128자까지입니다.", "a new password has 12 to 128 characters."));
        else if (!await StaffPasswords.VerifyAsync(StaffGate.Form(http).GetValueOrDefault("old", ""), account.PasswordHash is { Length: > 0 } hash ? hash : null, http.RequestAborted))
            await ShowPasswordAsync(http, page.Say("지금 비밀번호가 맞지 않습니다.", "the present password is wrong."));
        else
        {
            await accounts.ChangePasswordAsync(account, password, StaffGate.SessionHash(http), http.RequestAborted);
            StaffGate.Redirect(http, "/staff");
        }
    }
}
