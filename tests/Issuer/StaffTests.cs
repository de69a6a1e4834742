using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Issuer.Http;
using Credentials.Issuer.Staff;
using Credentials.Issuer.Tests.Setup;
using Credentials.OpenId4Vci;
using Credentials.StatusLists;
using Credentials.Tests.Shared;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Tests;

/// <summary>Signing in, sessions, roles and forms of the console, at the level of HTTP.</summary>
public class StaffTests
{
    private const StaffRoles All = StaffRoles.Issuer | StaffRoles.Revoker | StaffRoles.Auditor | StaffRoles.Admin;

    [Theory]
    [InlineData("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", 59, "287082")]
    [InlineData("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", 1111111109, "081804")]
    [InlineData("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", 20000000000, "353130")]
    public void One_time_codes_are_those_of_RFC_6238_Appendix_B(string secret, long seconds, string code) =>
        Assert.Equal(code, OneTimeCode.At(SimpleBase.Base32.Rfc4648.Decode(secret), seconds / 30));

    [Fact]
    [Trait("Row", "WEB-04")]
    public async Task Name_password_and_code_open_a_session_in_a_guarded_cookie_and_a_code_serves_once()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, configure: Often);
        var (name, password, secret) = await StaffBrowser.AccountAsync(issuer, "kim", All);
        var code = StaffBrowser.CodeAt(secret);
        foreach (var (n, p, c) in new[] { ("lee", password, code), (name, password + "x", code), (name, password, code == "000000" ? "000001" : "000000"), (name, password, "") })
        {
            using var refused = await new StaffBrowser(issuer).SignInAsync(n, p, c);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }

        var browser = new StaffBrowser(issuer);
        using var entered = await browser.SignInAsync("KIM", password, code);
        Assert.Equal("/staff", entered.Headers.Location!.OriginalString);
        var cookie = entered.Headers.GetValues("Set-Cookie").Single(set => set.StartsWith("staff=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        await browser.PageAsync("/staff");
        using var again = await new StaffBrowser(issuer).SignInAsync(name, password, code);
        Assert.Equal(HttpStatusCode.Unauthorized, again.StatusCode);

        using var left = await browser.PostAsync("/staff/sign-out", await browser.TokenAsync("/staff"));
        using var after = await issuer.Http.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/staff") { Headers = { { "Cookie", cookie.Split(';')[0] } } }, RunningIssuer.Ct);
        Assert.Equal("/staff/sign-in", after.Headers.Location!.OriginalString);
    }

    [Fact]
    [Trait("Row", "WEB-04")]
    public async Task Behind_https_the_console_s_cookie_is_bound_to_the_host()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, publicUrl: "https://issuer.example");
        var (name, password, secret) = await StaffBrowser.AccountAsync(issuer, "kim", All);
        using var entered = await new StaffBrowser(issuer).SignInAsync(name, password, StaffBrowser.CodeAt(secret));
        var cookie = entered.Headers.GetValues("Set-Cookie").Single(set => set.StartsWith("__Host-staff=", StringComparison.Ordinal));
        Assert.Contains("; secure", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    [Trait("Row", "WEB-07")]
    public async Task Five_wrong_attempts_lock_an_account_for_a_while_also_against_the_right_password()
    {
        using var folder = new TempFolder();
        var clock = new TestClock(new DateTimeOffset(2026, 11, 29, 9, 0, 0, TimeSpan.Zero));
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, clock: clock, configure: Often);
        var (name, password, secret) = await StaffBrowser.AccountAsync(issuer, "kim", All);
        async Task<HttpStatusCode> TryAsync(string with)
        {
            using var answer = await new StaffBrowser(issuer).SignInAsync(name, with, StaffBrowser.CodeAt(secret, clock));
            return answer.StatusCode;
        }

        // Guesses at the same time share one budget.
        await Task.WhenAll(Enumerable.Range(0, StaffAccounts.MaxFailures).Select(_ => TryAsync("wrong password")));
        Assert.Equal(HttpStatusCode.Unauthorized, await TryAsync(password));
        clock.Advance(StaffAccounts.LockOut + TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.SeeOther, await TryAsync(password));
        Assert.Contains("staff.locked", await issuer.ReadAsync(db => db.Audit.Select(a => a.Action).ToListAsync(RunningIssuer.Ct)));
    }

    [Fact]
    public async Task A_session_ends_when_it_is_idle_too_long_and_after_eight_hours_and_when_the_account_is_disabled()
    {
        using var folder = new TempFolder();
        var clock = new TestClock(new DateTimeOffset(2026, 11, 29, 9, 0, 0, TimeSpan.Zero));
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, clock: clock, configure: Often);
        var browser = await StaffBrowser.SignedInAsync(issuer, StaffRoles.Auditor, clock);
        for (var minutes = 0; minutes < 8 * 60 - 20; minutes += 20)
        {
            await browser.PageAsync("/staff/audit");
            clock.Advance(TimeSpan.FromMinutes(20));
        }

        await browser.PageAsync("/staff/audit");
        clock.Advance(TimeSpan.FromMinutes(21));
        await AssertOutAsync(browser);

        var idle = await StaffBrowser.SignedInAsync(issuer, StaffRoles.Issuer, clock);
        await idle.PageAsync("/staff");
        clock.Advance(StaffGate.Idle);
        await AssertOutAsync(idle);

        var disabled = await StaffBrowser.SignedInAsync(issuer, StaffRoles.Revoker, clock);
        await disabled.PageAsync("/staff");
        await issuer.ReadAsync(db => db.Staff.Where(s => s.Name == "revoker").ExecuteUpdateAsync(set => set.SetProperty(s => s.DisabledAt, 1), RunningIssuer.Ct));
        await AssertOutAsync(disabled);
    }

    [Fact]
    [Trait("Row", "WEB-04")]
    public async Task A_form_without_the_session_s_token_or_from_another_site_does_nothing()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, configure: Often);
        await issuer.IssueAsync();
        var id = await issuer.ReadAsync(db => db.Credentials.Select(c => c.Id).SingleAsync(RunningIssuer.Ct));
        var browser = await StaffBrowser.SignedInAsync(issuer, StaffRoles.Revoker);
        var other = await StaffBrowser.SignedInAsync(issuer, StaffRoles.Revoker | StaffRoles.Issuer);
        var path = $"/staff/credentials/{id}/status";
        var token = await browser.TokenAsync($"/staff/credentials/{id}");
        foreach (var wrong in new[] { "", "x", await other.TokenAsync("/staff") })
        {
            using var refused = await browser.PostAsync(path, wrong, ("status", "revoked"), ("reason", "r"));
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }

        var foreign = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent($"csrf={token}&status=revoked&reason=r", Encoding.ASCII, "application/x-www-form-urlencoded") };
        foreign.Headers.Add("Sec-Fetch-Site", "cross-site");
        using var crossed = await browser.SendAsync(foreign);
        Assert.Equal(HttpStatusCode.Forbidden, crossed.StatusCode);
        using var json = await browser.SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent("{}", Encoding.ASCII, "application/json") });
        Assert.Equal(HttpStatusCode.BadRequest, json.StatusCode);
        Assert.Equal(StatusTypes.Valid, await StatusAsync(issuer, id));

        using var done = await browser.PostAsync(path, token, ("status", "revoked"), ("reason", "lost"));
        Assert.Equal(HttpStatusCode.SeeOther, done.StatusCode);
        Assert.Equal(StatusTypes.Invalid, await StatusAsync(issuer, id));
        using var final = await browser.PostAsync(path, token, ("status", "valid"), ("reason", "found"));
        Assert.Equal(HttpStatusCode.Conflict, final.StatusCode);
        using var start = await issuer.Http.PostAsync("/staff/sign-in", new FormUrlEncodedContent([KeyValuePair.Create("name", "x")]), RunningIssuer.Ct);
        Assert.Equal(HttpStatusCode.Forbidden, start.StatusCode);
    }

    // Each role opens its own pages, and no other's.
    [Theory]
    [InlineData(1, "/staff/offers/new", "/staff/batches")]
    [InlineData(2)]
    [InlineData(4, "/staff/audit")]
    [InlineData(8, "/staff/accounts")]
    public async Task A_role_opens_its_own_pages_only(int role, params string[] open)
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, configure: Often);
        await issuer.IssueAsync();
        var id = await issuer.ReadAsync(db => db.Credentials.Select(c => c.Id).SingleAsync(RunningIssuer.Ct));
        var browser = await StaffBrowser.SignedInAsync(issuer, (StaffRoles)role);
        foreach (var path in new[] { "/staff/offers/new", "/staff/batches", "/staff/audit", "/staff/accounts" })
        {
            using var answer = await browser.GetAsync(path);
            Assert.Equal(open.Contains(path) ? HttpStatusCode.OK : HttpStatusCode.Forbidden, answer.StatusCode);
        }

        Assert.Contains(id, await browser.PageAsync($"/staff/credentials/{id}"), StringComparison.Ordinal);
        using var changed = await browser.PostAsync($"/staff/credentials/{id}/status", await browser.TokenAsync("/staff"), ("status", "suspended"), ("reason", "r"));
        Assert.Equal(role == (int)StaffRoles.Revoker ? HttpStatusCode.SeeOther : HttpStatusCode.Forbidden, changed.StatusCode);
        using var made = await browser.PostAsync("/staff/offers/new", await browser.TokenAsync("/staff"), ("type", "mdl_sd_jwt"));
        Assert.Equal(role == (int)StaffRoles.Issuer ? HttpStatusCode.BadRequest : HttpStatusCode.Forbidden, made.StatusCode);
        using var account = await browser.PostAsync("/staff/accounts", await browser.TokenAsync("/staff"), ("name", "mole"), ("role_Admin", "1"));
        Assert.Equal(role == (int)StaffRoles.Admin ? HttpStatusCode.OK : HttpStatusCode.Forbidden, account.StatusCode);
    }

    [Fact]
    [Trait("Row", "WEB-01")]
    public async Task Every_page_of_the_console_has_the_headers_and_needs_a_session()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, configure: Often);
        var browser = await StaffBrowser.SignedInAsync(issuer, All);
        foreach (var path in new[] { "/staff", "/staff/credentials", "/staff/credentials/none", "/staff/offers/new", "/staff/offers/new?type=mdl_sd_jwt", "/staff/batches", "/staff/batches/none", "/staff/audit", "/staff/accounts", "/staff/password", "/staff/nothing" })
        {
            using var answer = await browser.GetAsync(path);
            var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.True(answer.Headers.CacheControl!.NoStore);
            var html = await answer.Content.ReadAsStringAsync(RunningIssuer.Ct);
            Assert.DoesNotContain(" style=", html, StringComparison.Ordinal);
            Assert.DoesNotContain("<script>", html, StringComparison.Ordinal);
            using var stranger = await issuer.Http.GetAsync(path, RunningIssuer.Ct);
            Assert.Contains(stranger.StatusCode, new[] { HttpStatusCode.SeeOther, HttpStatusCode.NotFound });
        }
    }

    [Fact]
    public async Task What_people_typed_is_shown_as_text()
    {
        const string evil = "<img src=x onerror=alert(1)>";
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, configure: Often);
        await issuer.IssueAsync(subject: evil);
        var id = await issuer.ReadAsync(db => db.Credentials.Select(c => c.Id).SingleAsync(RunningIssuer.Ct));
        var browser = await StaffBrowser.SignedInAsync(issuer, All);
        using var suspended = await browser.PostAsync($"/staff/credentials/{id}/status", await browser.TokenAsync("/staff"), ("status", "suspended"), ("reason", evil));
        foreach (var path in new[] { $"/staff/credentials/{id}", "/staff/credentials?q=" + Uri.EscapeDataString(evil), "/staff/audit" })
        {
            var html = await browser.PageAsync(path);
            Assert.DoesNotContain("<img src=x", html, StringComparison.Ordinal);
            Assert.Contains("img src=x", html, StringComparison.Ordinal);
        }
    }

    [Fact]
    [Trait("Row", "VCC-16")]
    public async Task Wallets_that_wait_are_approved_or_denied_in_the_console_once()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, configure: Often);
        using var wallet = new TestWallet(issuer) { UsesDpop = false };
        async Task<(TokenResponse Token, string Transaction)> AskAsync()
        {
            var offer = await issuer.OfferAsync(body => body["needs_approval"] = true);
            var token = await wallet.GrantedAsync(new TokenRequest { PreAuthorizedCode = offer.Code });
            using var answer = await wallet.CredentialAsync(token, await wallet.RequestCredentialAsync());
            return (token, CredentialResponse.Parse(await RunningIssuer.JsonAsync(answer)).TransactionId!);
        }

        var auditor = await StaffBrowser.SignedInAsync(issuer, StaffRoles.Auditor);
        using var forbidden = await auditor.GetAsync("/staff/deferred");
        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
        var staff = await StaffBrowser.SignedInAsync(issuer, StaffRoles.Issuer);
        foreach (var (decision, expected) in new[] { ("approve", HttpStatusCode.OK), ("deny", HttpStatusCode.BadRequest) })
        {
            var (token, transaction) = await AskAsync();
            var id = await issuer.ReadAsync(db => db.Deferred.Where(d => d.State == Storage.DeferredState.Waiting).Select(d => d.Id).SingleAsync(RunningIssuer.Ct));
            Assert.Contains($"/staff/deferred/{id}", await staff.PageAsync("/staff/deferred"), StringComparison.Ordinal);
            using var decided = await staff.PostAsync($"/staff/deferred/{id}", await staff.TokenAsync("/staff/deferred"), ("decision", decision));
            Assert.Equal(HttpStatusCode.SeeOther, decided.StatusCode);
            using var again = await staff.PostAsync($"/staff/deferred/{id}", await staff.TokenAsync("/staff/deferred"), ("decision", "approve"));
            Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
            using var answer = await wallet.PostAsync("/deferred_credential", () => RunningIssuer.Json(StrictJson.ToText(new DeferredCredentialRequest(transaction).ToJson())), token);
            Assert.Equal(expected, answer.StatusCode);
        }
    }

    [Fact]
    [Trait("Row", "WEB-04")]
    public async Task Staff_of_the_agencys_provider_gets_the_roles_that_it_tells_each_time_and_nobody_else_gets_in()
    {
        using var folder = new TempFolder();
        await using var provider = await SignInProvider.StartAsync();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, configure: options =>
        {
            Often(options);
            options.StaffSignIn = new StaffSignInOptions
            {
                Authority = provider.Url,
                ClientId = SignInProvider.ClientId,
                ClientSecret = SignInProvider.ClientSecret,
                Roles = new() { ["clerks"] = "issuer, revoker", ["controllers"] = "Auditor" },
            };
        });
        async Task<(BrowserSession Browser, HttpStatusCode Status)> EnterAsync(params string[] roles)
        {
            provider.Claims = claims => claims["roles"] = new JsonArray([.. roles.Select(role => (JsonNode)role)]);
            var browser = new BrowserSession(issuer);
            Assert.Contains("/staff/sign-in/provider", (await browser.GetAsync("/staff/sign-in")).Html, StringComparison.Ordinal);
            var sent = await browser.GetAsync((await browser.GetAsync("/staff/sign-in/provider")).Location!);
            return (browser, (await browser.GetAsync(sent.Location!)).Status);
        }

        foreach (var roles in new[] { Array.Empty<string>(), ["visitors"], ["Admin"] })
            Assert.Equal(HttpStatusCode.Forbidden, (await EnterAsync(roles)).Status);
        var (clerk, entered) = await EnterAsync("clerks", "visitors");
        Assert.Equal(HttpStatusCode.OK, entered);
        Assert.Equal(HttpStatusCode.OK, (await clerk.GetAsync("/staff/batches")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await clerk.GetAsync("/staff/audit")).Status);
        var (controller, _) = await EnterAsync("controllers");
        Assert.Equal(HttpStatusCode.OK, (await controller.GetAsync("/staff/audit")).Status);
        // The same person: what was taken away there is taken away here, in the session from before as well.
        Assert.Equal(HttpStatusCode.Forbidden, (await clerk.GetAsync("/staff/batches")).Status);

        await issuer.ReadAsync(db => db.Staff.ExecuteUpdateAsync(set => set.SetProperty(s => s.DisabledAt, 1), RunningIssuer.Ct));
        Assert.Equal(HttpStatusCode.Forbidden, (await EnterAsync("clerks")).Status);
        using var typed = await new StaffBrowser(issuer).SignInAsync("provider:hong", "", "");
        Assert.Equal(HttpStatusCode.Unauthorized, typed.StatusCode);
        await Assert.ThrowsAsync<IssuerStartException>(() => RunningIssuer.StartAsync(folder.Combine("other"), configure: options =>
            options.StaffSignIn = new StaffSignInOptions { Authority = provider.Url, ClientId = "x", Roles = new() { ["clerks"] = "king" } }));
    }

    [Fact]
    public async Task Passwords_and_secrets_of_one_time_codes_are_not_readable_in_the_database()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        var (_, password, secret) = await StaffBrowser.AccountAsync(issuer, "kim", All);
        var stored = await issuer.ReadAsync(db => db.Staff.AsNoTracking().SingleAsync(RunningIssuer.Ct));
        Assert.True(stored.PasswordHash.AsSpan().IndexOf(Encoding.UTF8.GetBytes(password)) < 0);
        Assert.True(stored.TotpSecret.AsSpan().IndexOf(secret) < 0);
        Assert.True(await StaffPasswords.VerifyAsync(password, stored.PasswordHash, RunningIssuer.Ct));
        Assert.False(await StaffPasswords.VerifyAsync(password.ToLowerInvariant() + "x", stored.PasswordHash, RunningIssuer.Ct));
    }

    private static void Often(IssuerOptions options) => options.SignInsPerMinute = 10_000;

    private static Task<int> StatusAsync(RunningIssuer issuer, string id) => issuer.ReadAsync(db => db.Credentials.Where(c => c.Id == id).Select(c => c.Status).SingleAsync(RunningIssuer.Ct));

    private static async Task AssertOutAsync(StaffBrowser browser)
    {
        using var answer = await browser.GetAsync("/staff");
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Equal("/staff/sign-in", answer.Headers.Location!.OriginalString);
    }
}
