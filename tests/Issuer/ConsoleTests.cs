using System.Text;
using Credentials.Issuer.Staff;
using Credentials.Issuer.Tests.Setup;
using Credentials.OpenId4Vci;
using Credentials.Tests.Shared;
using Microsoft.Playwright;

namespace Credentials.Issuer.Tests;

/// <summary>The console walked through in a real browser.</summary>
public class ConsoleTests(Browser browser)
{
    [Theory]
    [InlineData("en", 1280)]
    [InlineData("ko", 390)]
    [Trait("Row", "WEB-08")]
    public async Task Staff_issue_search_suspend_resume_revoke_send_a_table_and_read_the_log(string language, int width)
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, configure: o => o.SignInsPerMinute = 1000);
        await issuer.IssueAsync(2, "mdl_sd_jwt", "2026-0001");
        await issuer.IssueAsync(1, "resident_sd_jwt", "2026-0002");
        var (name, password, secret) = await StaffBrowser.AccountAsync(issuer, "kim.minji", StaffRoles.Issuer | StaffRoles.Revoker | StaffRoles.Auditor | StaffRoles.Admin);
        var page = await browser.NewPageAsync(width, 900, language);
        var errors = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && message.Text.Contains("Content Security Policy", StringComparison.Ordinal))
                errors.Add(message.Text);
        };
        async Task LookAsync(string what)
        {
            Assert.Equal(language, await page.Locator("html").GetAttributeAsync("lang"));
            Assert.Empty(await Browser.SeriousFindingsAsync(page));
            Assert.False(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > window.innerWidth"), what);
            if (Environment.GetEnvironmentVariable("CREDENTIALS_SCREENSHOTS") is { } shots)
                await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(shots, $"staff-{language}-{width}-{what}.png"), FullPage = true });
        }

        // In, with one mistake.
        await page.GotoAsync(issuer.Url + "/staff");
        await page.FillAsync("#name", name);
        await page.FillAsync("#password", "not the password");
        await page.FillAsync("#code", StaffBrowser.CodeAt(secret));
        await page.ClickAsync("main button");
        await page.Locator("[role=alert]").WaitForAsync();
        await LookAsync("sign-in");
        await page.FillAsync("#name", name);
        await page.FillAsync("#password", password);
        await page.FillAsync("#code", StaffBrowser.CodeAt(secret));
        await page.ClickAsync("main button");
        await page.Locator(".plots").WaitForAsync();
        await LookAsync("overview");

        // Issue one.
        await page.GotoAsync(issuer.Url + "/staff/offers/new");
        await LookAsync("types");
        await page.ClickAsync("a[href$='type=resident_sd_jwt']");
        await page.FillAsync("#subject", "2026-0003");
        await page.FillAsync("#c-family_name", "홍");
        await page.FillAsync("#c-given_name", "길동");
        await page.FillAsync("#c-birth_date", "1990-02-03");
        await page.FillAsync("#c-certificate_number", "C-3");
        await page.FillAsync("#c-issue_date", "2026-11-01");
        await page.FillAsync("#c-address-region", "서울특별시");
        await page.FillAsync("#c-address-city", "종로구");
        await page.FillAsync("#c-address-street", "세종대로 1");
        await page.FillAsync("#c-address-postal_code", "03000");
        await page.FillAsync("#c-household_members", "not json");
        await LookAsync("form");
        await page.ClickAsync("main form button");
        await page.Locator("[role=alert]").WaitForAsync();
        Assert.Equal("2026-0003", await page.InputValueAsync("#subject"));
        await page.FillAsync("#c-household_members", "");
        await page.ClickAsync("main form button");
        Assert.Equal(6, (await page.InnerTextAsync("#tx-code")).Length);
        await LookAsync("offer");

        // Find one, and change its status.
        await page.GotoAsync(issuer.Url + "/staff/credentials");
        await LookAsync("credentials");
        await page.FillAsync("#q", "2026-0002");
        await page.ClickAsync("form.search button");
        Assert.Equal(1, await page.Locator("tbody tr").CountAsync());
        await page.ClickAsync("tbody a");
        foreach (var (status, badge) in new[] { ("suspended", "suspended"), ("valid", "valid"), ("revoked", "revoked") })
        {
            await page.FillAsync("#reason", "분실 신고 / reported lost");
            await page.ClickAsync($"button[value={status}]");
            await page.Locator($"#state.{badge}").WaitForAsync();
        }

        Assert.Equal(0, await page.Locator("#reason").CountAsync());
        Assert.Equal(5, await page.Locator(".life li").CountAsync()); // offered, issued and three changes
        await LookAsync("life");

        // Many at once.
        await page.GotoAsync(issuer.Url + "/staff/batches");
        var table = new StringBuilder("@subject,family_name,given_name,birth_date,document_number,issue_date,expiry_date,issuing_country,driving_privileges\n");
        for (var n = 1; n <= 40; n++)
            table.Append($"g-{n},홍,길동,{(n == 7 ? "어제" : "1990-02-03")},D-{n},2026-01-02,2036-01-01,KR,\"[{{\"\"vehicle_category_code\"\":\"\"B\"\"}}]\"\n");
        await page.SelectOptionAsync("#type", "mdl_sd_jwt");
        await page.SetInputFilesAsync("#csv", new FilePayload { Name = "people.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(table.ToString()) });
        await LookAsync("upload");
        await page.ClickAsync("main form button");
        await page.Locator("[data-batch=finished]").WaitForAsync();
        Assert.Equal(1, await page.Locator("tbody tr").CountAsync());
        await LookAsync("batch");
        var download = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync("a.button"));
        var results = (await File.ReadAllTextAsync(await download.PathAsync(), RunningIssuer.Ct)).Split("\r\n");
        Assert.Equal(42, results.Length);
        Assert.Contains("openid-credential-offer://", results[1], StringComparison.Ordinal);

        // A wallet that waits.
        using var wallet = new TestWallet(issuer) { UsesDpop = false };
        var waits = await issuer.OfferAsync(body => body["needs_approval"] = true);
        using (await wallet.CredentialAsync(await wallet.GrantedAsync(new TokenRequest { PreAuthorizedCode = waits.Code }), await wallet.RequestCredentialAsync()))
            await page.GotoAsync(issuer.Url + "/staff/deferred");
        await LookAsync("deferred");
        // Who it is for and who offered it, in words; and buttons of one size.
        var waiting = await page.Locator("tbody").InnerTextAsync();
        Assert.DoesNotContain(waits.Id, waiting, StringComparison.Ordinal);
        Assert.Contains(language == "ko" ? "연계 시스템" : "a connected system", waiting, StringComparison.Ordinal);
        Assert.Equal(1, await page.EvaluateAsync<int>("new Set([...document.querySelectorAll('tbody button')].map(b => `${b.offsetWidth} ${b.offsetHeight} ${b.offsetTop}`)).size"));
        Assert.True(await page.EvaluateAsync<bool>("[...document.querySelectorAll('tbody button')].every(b => b.scrollWidth <= b.clientWidth)"));
        await page.ClickAsync("button[value=approve]");
        await page.Locator("main > p").WaitForAsync();

        // The log, and another account.
        await page.GotoAsync(issuer.Url + "/staff/audit");
        await LookAsync("audit");
        await page.GotoAsync(issuer.Url + "/staff/accounts");
        await page.FillAsync("#name", "lee");
        await page.CheckAsync("[name=role_Auditor]");
        await LookAsync("accounts");
        await page.ClickAsync("main form.panel button");
        Assert.Equal("lee", await page.InnerTextAsync("#new-name"));
        await LookAsync("account-made");
        await page.GotoAsync(issuer.Url + "/staff");
        await LookAsync("overview-after");
        await page.ClickAsync(".staff-nav button");
        await page.Locator("#password").WaitForAsync();
        Assert.Empty(errors);
    }

    [Fact]
    public async Task The_language_can_be_switched_and_stays()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        var (name, password, secret) = await StaffBrowser.AccountAsync(issuer, "kim", StaffRoles.Issuer);
        var page = await browser.NewPageAsync(locale: "en");
        await page.GotoAsync(issuer.Url + "/staff/sign-in");
        await page.ClickAsync("a.language");
        Assert.Equal("직원 로그인", await page.InnerTextAsync("h1"));
        await page.FillAsync("#name", name);
        await page.FillAsync("#password", password);
        await page.FillAsync("#code", StaffBrowser.CodeAt(secret));
        await page.ClickAsync("main button");
        Assert.Equal("현황", await page.InnerTextAsync("h1"));
    }
}
