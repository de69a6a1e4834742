using System.Globalization;
using Credentials.Codecs;
using Credentials.Tests.Shared;
using Microsoft.Playwright;

namespace Credentials.EndToEnd.Tests;

/// <summary>
/// Documents for which people sign in at the issuer: over the issuer's pages and back, in a real browser. The issuer is at localhost and the
/// wallet at 127.0.0.1, which to a browser are two sites.
/// </summary>
public sealed class AuthorizationWalkTests(Browser browser) : IClassFixture<Browser>, IAsyncLifetime
{
    private const string Person = SignInIssuer.Person;

    private readonly TempFolder _folder = new();
    private readonly List<IAsyncDisposable> _wallets = [];
    private SignInIssuer _issuer = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _issuer = await SignInIssuer.StartAsync(_folder.Combine("issuer"));

    public async ValueTask DisposeAsync()
    {
        foreach (var wallet in _wallets) await wallet.DisposeAsync();
        await _issuer.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("phone", 390, 844, "ko")]
    [InlineData("desktop", 1280, 800, "en")]
    public async Task A_person_agrees_at_the_issuer_and_comes_back_to_the_wallet_with_a_document(string name, int width, int height, string locale)
    {
        var (url, page) = await OpenWalletAsync(width, height, locale);
        await OpenOfferAsync(page, url, await OfferAsync());
        Assert.Contains(locale == "ko" ? "로그인" : "sign in", await page.InnerTextAsync("form[action$='/accept']"), StringComparison.Ordinal);
        await page.ClickAsync("form[action$='/accept'] button:not(.quiet)");

        await page.Locator("#user").WaitForAsync();
        Assert.StartsWith(_issuer.Url, page.Url, StringComparison.Ordinal);
        await WebWalletSetup.CheckAsync(page, $"sign-in-{name}");
        await page.FillAsync("#user", Person);
        await page.ClickAsync("button[type='submit']");
        await page.Locator("button[value='allow']").WaitForAsync();
        var consent = await page.InnerTextAsync("main");
        Assert.Contains(Person, consent, StringComparison.Ordinal);
        Assert.Contains("Test wallet", consent, StringComparison.Ordinal);
        Assert.Equal(locale, await page.GetAttributeAsync("html", "lang"));
        await WebWalletSetup.CheckAsync(page, $"authorize-{name}");
        await page.FocusAsync("button[value='allow']");
        await page.Keyboard.PressAsync("Enter");

        await page.Locator(".card.green").WaitForAsync();
        Assert.StartsWith(url + "/received/", page.Url, StringComparison.Ordinal);
        await WebWalletSetup.CheckAsync(page, $"authorized-{name}");
        await page.GotoAsync(url);
        Assert.Equal(1, await page.Locator(".wallet-card").CountAsync());

        // Whoever says no comes back too, with nothing.
        await OpenOfferAsync(page, url, await OfferAsync());
        await page.ClickAsync("form[action$='/accept'] button:not(.quiet)");
        await page.FillAsync("#user", Person);
        await page.ClickAsync("button[type='submit']");
        await page.ClickAsync("button[value='deny']");
        await page.GetByText("wallet.authorization_refused").WaitForAsync();

        // What another site sends is not the answer to anything; and another browser does not get as far as asking.
        await page.GotoAsync(url + "/authorized?code=stolen&state=guess");
        await page.GetByText("wallet.authorization_unknown").WaitForAsync();
        var stranger = await browser.NewPageAsync();
        await stranger.GotoAsync(url + "/authorized?code=stolen&state=guess");
        // Not for the address: a page that gets there between the library's look and its wait would be waited for in vain.
        await stranger.GetByText("The wallet is locked").WaitForAsync();
        Assert.StartsWith(url + "/authorized/continue?", stranger.Url, StringComparison.Ordinal);
        Assert.Equal(0, await stranger.Locator("nav.menu").CountAsync());
        await page.GotoAsync(url);
        Assert.Equal(1, await page.Locator(".wallet-card").CountAsync());
    }

    [Theory]
    [InlineData("phone", 390, 844, "ko")]
    [InlineData("desktop", 1280, 800, "en")]
    public async Task A_person_without_an_offer_asks_an_issuer_by_its_address_with_the_keyboard_alone(string name, int width, int height, string locale)
    {
        var (url, page) = await OpenWalletAsync(width, height, locale);
        await OfferAsync(); // the agency has it ready for this person
        await page.FocusAsync("a[href='/issuers']");
        await page.Keyboard.PressAsync("Enter");
        await page.FocusAsync("#issuer");
        await WebWalletSetup.CheckAsync(page, $"issuers-{name}");
        await page.Keyboard.InsertTextAsync(_issuer.Url + "/");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("fieldset").WaitForAsync();
        Assert.Contains(_issuer.Url, await page.InnerTextAsync("main"), StringComparison.Ordinal);
        Assert.Equal(0, await page.Locator("input[type='radio']:checked").CountAsync());
        await page.FocusAsync("input[value='resident_sd_jwt']");
        await page.Keyboard.PressAsync("Space");
        await WebWalletSetup.CheckAsync(page, $"ask-{name}");
        await page.FocusAsync("form[action$='/accept'] button");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("#user").WaitForAsync();
        await AgreeAsync(page);
        await page.Locator(".card.green").WaitForAsync();
        await page.GotoAsync(url + "/issuers");
        Assert.Equal(_issuer.Url, await page.GetAttributeAsync("#known option", "value"));
    }

    [Fact]
    public async Task A_document_that_staff_must_approve_comes_when_the_holder_asks_again_and_a_moved_wallet_asks_by_itself()
    {
        var (url, page) = await OpenWalletAsync(1280, 800, "en");
        await OpenOfferAsync(page, url, await OfferAsync(needsApproval: true));
        await page.ClickAsync("form[action$='/accept'] button:not(.quiet)");
        await AgreeAsync(page);
        await page.GetByText("To be issued later").WaitForAsync();
        await WebWalletSetup.CheckAsync(page, "deferred");
        var deferred = (await _issuer.Agency.GetAsync("/agency/v1/deferred")).RequireArray("deferred")[0].RequireString("id");
        await ApproveAsync(deferred);
        await page.GotoAsync(url);
        await WebWalletSetup.CheckAsync(page, "deferred-home");
        // The issuer may not be asked again at once.
        for (var tries = 0; tries < 30 && await page.Locator(".wallet-card").CountAsync() == 0; tries++)
        {
            // Not for an event of the browser, which can come before it is waited for: the next page does not have the mark.
            await page.EvaluateAsync("document.body.dataset.seen = ''");
            await page.ClickAsync("form[action='/refresh'] button");
            await page.Locator("body:not([data-seen])").WaitForAsync();
        }
        Assert.Contains("was issued at last", await page.InnerTextAsync(".notices"), StringComparison.Ordinal);

        // Its list goes to another wallet, which has no key of it, and asks the issuer without an offer.
        await page.GotoAsync(url + "/move");
        await WebWalletSetup.CheckAsync(page, "move");
        await page.FillAsync("#export-passphrase", "four words of mine");
        var download = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync("form[action='/move/export'] button"));
        var file = _folder.Combine("moved.wallet");
        await download.SaveAsAsync(file);
        var (second, other) = await OpenWalletAsync(390, 844, "ko");
        await other.GotoAsync(second + "/move");
        await other.SetInputFilesAsync("#file", file);
        await other.FillAsync("#import-passphrase", "another");
        await other.ClickAsync("form[action='/move/import'] button");
        await other.GetByText("wallet.wrong_key").WaitForAsync();
        await other.GotoAsync(second + "/move");
        await other.SetInputFilesAsync("#file", file);
        await other.FillAsync("#import-passphrase", "four words of mine");
        await other.ClickAsync("form[action='/move/import'] button");
        await other.Locator(".waiting li").WaitForAsync();
        await WebWalletSetup.CheckAsync(other, "to-reissue");
        await OfferAsync(); // the agency has it ready for this person
        await other.ClickAsync("form[action$='/ask'] button");
        await other.ClickAsync("form[action$='/accept'] button:not(.quiet)");
        await AgreeAsync(other);
        await other.Locator(".card.green").WaitForAsync();
        await other.GotoAsync(second + "/move");
        Assert.Equal(0, await other.Locator(".waiting li").CountAsync());
    }

    [Fact]
    public async Task The_command_line_waits_for_the_browser_and_for_nothing_else()
    {
        string[] home = ["--home", _folder.Combine("home"), "--trust-issuer", _issuer.TrustPath, "--yes", "--json"];
        var receiving = CliProgram.Start(["wallet", "receive", await OfferAsync(), .. home]);
        _wallets.Add(receiving);
        var link = await receiving.WaitForErrorAsync(line => line.StartsWith("http", StringComparison.Ordinal), Token);
        var page = await browser.NewPageAsync();
        await page.GotoAsync(link);
        await AgreeAsync(page, decide: false);
        var allow = await page.RunAndWaitForRequestAsync(() => page.ClickAsync("button[value='allow']"), request => request.Url.Contains("/authorized?", StringComparison.Ordinal));
        await page.Locator("h1").WaitForAsync();
        Assert.Equal("Received", await page.InnerTextAsync("h1"));
        Assert.Equal(0, await receiving.WaitForExitAsync(Token));
        Assert.Contains("\"stored\": true", await receiving.ReadToEndAsync(Token), StringComparison.Ordinal);
        Assert.StartsWith("http://127.0.0.1:", allow.Url, StringComparison.Ordinal);

        // Without an offer, for what the agency has ready; first with answers of strangers, then with nobody at all.
        await OfferAsync();
        var port = FreePort.Next().ToString(CultureInfo.InvariantCulture);
        string[] apply = ["wallet", "apply", _issuer.Url, "resident_sd_jwt", .. home];
        var applying = CliProgram.Start([.. apply, "--redirect-port", port]);
        _wallets.Add(applying);
        link = await applying.WaitForErrorAsync(line => line.StartsWith("http", StringComparison.Ordinal), Token);
        using var strangers = new HttpClient();
        foreach (var (path, expected) in new[] { ("/authorized?code=x&state=guess", 400), ("/authorized", 400), ("/other", 404) })
            Assert.Equal(expected, (int)(await strangers.GetAsync(new Uri($"http://127.0.0.1:{port}{path}"), Token)).StatusCode);
        Assert.Equal(404, (int)(await strangers.GetAsync(new Uri($"http://localhost:{port}/authorized?code=x&state=guess"), Token)).StatusCode);
        page = await browser.NewPageAsync();
        await page.GotoAsync(link);
        await AgreeAsync(page);
        Assert.Equal(0, await applying.WaitForExitAsync(Token));

        var late = await CliProgram.RunAsync([.. apply, "--wait-seconds", "1"]);
        Assert.Equal(3, late.ExitCode);
        Assert.Contains("nobody came back", late.Stderr, StringComparison.Ordinal);
    }

    private async Task<(string Url, IPage Page)> OpenWalletAsync(int width, int height, string locale)
    {
        var wallet = await CliProgram.ServeAsync(
            "wallet", "serve", "--home", _folder.Combine($"web-{_wallets.Count}"), "--port", FreePort.Next().ToString(CultureInfo.InvariantCulture), "--trust-issuer", _issuer.TrustPath, "--json");
        _wallets.Add(wallet);
        var page = await browser.NewPageAsync(width, height, locale);
        await page.GotoAsync(wallet.Ready["open"]);
        return (wallet.Ready["url"], page);
    }

    private static async Task OpenOfferAsync(IPage page, string url, string link)
    {
        await page.GotoAsync(url);
        await page.FillAsync("#link", link);
        await page.ClickAsync("form[action='/links'] button");
        await page.Locator("form[action$='/accept']").WaitForAsync();
    }

    private static async Task AgreeAsync(IPage page, bool decide = true)
    {
        await page.FillAsync("#user", Person);
        await page.ClickAsync("button[type='submit']");
        await page.Locator("button[value='allow']").WaitForAsync();
        if (decide) await page.ClickAsync("button[value='allow']");
    }

    // Answered without a body.
    private async Task ApproveAsync(string deferred)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{_issuer.Url}/agency/v1/deferred/{deferred}")
        {
            Content = new StringContent("{\"decision\":\"approve\"}", System.Text.Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Authorization", $"Bearer {_issuer.ApiKey}");
        using var answer = await http.SendAsync(request, Token);
        Assert.Equal(System.Net.HttpStatusCode.NoContent, answer.StatusCode);
    }

    private Task<string> OfferAsync(bool needsApproval = false) => _issuer.OfferAsync(needsApproval);
}
