using System.Net;
using Credentials.Tests.Shared;
using Credentials.Verifier.Tests.Setup;
using Microsoft.Playwright;

namespace Credentials.Verifier.Tests;

/// <summary>The clerk's page in a real browser: live, readable, in two languages and sizes. Set CREDENTIALS_SCREENSHOTS to a folder to keep pictures.</summary>
public sealed class PageTests(TestVerifier verifier, Browser browser) : IClassFixture<TestVerifier>, IClassFixture<Browser>
{
    private readonly TestWallet _wallet = new(verifier);

    [Theory]
    [InlineData("phone", 390, 844, "ko")]
    [InlineData("desktop", 1280, 800, "en")]
    [Trait("Row", "WEB-08")]
    public async Task The_page_follows_the_transaction_to_a_green_result(string name, int width, int height, string locale)
    {
        var created = await verifier.CreateAsync("driving-licence");
        var page = await browser.NewPageAsync(width, height, locale);
        await page.GotoAsync(created.Page);
        Assert.DoesNotContain("s=", page.Url, StringComparison.Ordinal);
        Assert.Equal(created.RequestUri, await page.Locator("a.button").GetAttributeAsync("href"));
        Assert.True(await page.EvaluateAsync<bool>("() => document.querySelector('.qr img').naturalWidth > 0"));
        await CheckAsync(page, $"ask-{name}");

        var request = await _wallet.ResolveAsync(created.RequestUri);
        await page.Locator("[data-state=requested]").WaitForAsync();
        await CheckAsync(page, $"wait-{name}");
        var paths = request.Request.DcqlQuery.Credentials[0].Claims!.Select(c => c.Path.ToString()).Where(p => !p.Contains("portrait", StringComparison.Ordinal)).ToArray();
        using var response = await _wallet.AnswerAsync(request, await _wallet.PresentAsync(await verifier.Issuer.IssueLicenceAsync(), request.Request, null, paths));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);

        await page.Locator("[data-state=accepted] .green").WaitForAsync();
        Assert.Contains("길동", await page.InnerTextAsync("dl"), StringComparison.Ordinal);
        await page.Locator("summary").ClickAsync();
        await CheckAsync(page, $"accepted-{name}");
    }

    [Theory]
    [InlineData("phone", 390, 844, "ko")]
    [InlineData("desktop", 1280, 800, "en")]
    public async Task An_mdoc_is_shown_with_its_photo_and_its_checks_in_plain_words(string name, int width, int height, string locale)
    {
        var created = await verifier.CreateAsync("driving-licence");
        var page = await browser.NewPageAsync(width, height, locale);
        await page.GotoAsync(created.Page);
        Assert.Equal(7, await page.Locator("ul.asked li").CountAsync());
        var request = await _wallet.ResolveAsync(created.RequestUri);

        using var response = await _wallet.AnswerMdocAsync(request, await TestWallet.PresentMdocAsync(await verifier.Issuer.IssueMdlAsync(), request));

        await page.Locator("[data-state=accepted] .green").WaitForAsync();
        Assert.True(await page.EvaluateAsync<bool>("() => document.querySelector('dd img').naturalWidth > 0"));
        Assert.Equal(locale == "ko" ? "성" : "Family name", await page.Locator("dt").First.InnerTextAsync());
        await page.Locator("summary").ClickAsync();
        Assert.Contains(locale == "ko" ? "소유자의 기기가 이번 요청에 답해 서명했습니다" : "The holder's device signed it for this very request",
            await page.InnerTextAsync("ul.checks"), StringComparison.Ordinal);
        await CheckAsync(page, $"mdoc-{name}");
    }

    [Theory]
    [InlineData("phone", 390, 844, "en")]
    [InlineData("desktop", 1280, 800, "ko")]
    public async Task A_refused_credential_turns_the_page_red_with_the_reason(string name, int width, int height, string locale)
    {
        var held = await verifier.Issuer.IssueResidentAsync();
        verifier.Issuer.SetStatus(held.StatusIndex, 1);
        var created = await verifier.CreateAsync("resident-certificate");
        var page = await browser.NewPageAsync(width, height, locale);
        await page.GotoAsync(created.Page);

        (await _wallet.PresentToAsync(created, held)).Response.Dispose();

        await page.Locator("[data-state=not_accepted] .red").WaitForAsync();
        Assert.Contains(locale == "ko" ? "취소한 증명서" : "revoked", await page.InnerTextAsync(".reasons"), StringComparison.Ordinal);
        Assert.DoesNotContain("종로구", await page.ContentAsync(), StringComparison.Ordinal);
        await CheckAsync(page, $"refused-{name}");
    }

    [Fact]
    [Trait("Row", "QRC-04")]
    public async Task An_expired_page_shows_no_code_any_more()
    {
        await using var own = new TestVerifier();
        await own.InitializeAsync();
        var created = await own.CreateAsync("over-19");
        var page = await browser.NewPageAsync(390, 844, "ko");
        await page.GotoAsync(created.Page);

        own.Clock.Advance(TimeSpan.FromMinutes(5));

        await page.Locator("[data-state=expired]").WaitForAsync();
        Assert.Equal(0, await page.Locator(".qr").CountAsync());
        await CheckAsync(page, "expired-phone");
        using var code = await own.GetAsync($"/verifications/{created.Id}/qr.svg");
        Assert.Equal(HttpStatusCode.Gone, code.StatusCode);
    }

    [Fact]
    public async Task The_language_can_be_switched_and_is_remembered()
    {
        var created = await verifier.CreateAsync("over-19");
        var page = await browser.NewPageAsync(locale: "en");
        await page.GotoAsync(created.Page);
        Assert.Equal("en", await page.GetAttributeAsync("html", "lang"));

        await page.GetByText("한국어").ClickAsync();
        await page.ReloadAsync();

        Assert.Equal("ko", await page.GetAttributeAsync("html", "lang"));
        Assert.Contains("만 19세 이상", await page.InnerTextAsync("main"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_works_without_scripts()
    {
        var created = await verifier.CreateAsync("over-19");
        var context = await browser.NewContextAsync(new BrowserNewContextOptions { JavaScriptEnabled = false });
        var page = await context.NewPageAsync();
        await page.GotoAsync(created.Page);
        Assert.Equal(1, await page.Locator(".qr img").CountAsync());

        (await _wallet.PresentToAsync(created, await verifier.Issuer.IssueLicenceAsync())).Response.Dispose();

        await page.Locator("[data-state=accepted]").WaitForAsync();
    }

    [Fact]
    public async Task A_page_that_cannot_be_shown_says_so_in_the_readers_language()
    {
        var page = await browser.NewPageAsync(locale: "ko");
        var answer = await page.GotoAsync($"{verifier.Url}/v/nobody-knows-this");
        Assert.Equal(404, answer!.Status);
        Assert.Equal("ko", await page.GetAttributeAsync("html", "lang"));
        await CheckAsync(page, "unknown-desktop");
    }

    private static async Task CheckAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("CREDENTIALS_SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"verifier-{name}.png"), FullPage = true });
        Assert.Empty(await Browser.SeriousFindingsAsync(page));
        Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= window.innerWidth"));
    }
}
