using Credentials.Codecs;
using Credentials.Tests.Shared;

namespace Credentials.EndToEnd.Tests;

/// <summary>The web wallet in a real browser, from the first document to a deletion request. Set CREDENTIALS_SCREENSHOTS to a folder to keep pictures.</summary>
public sealed class WebWalletTests(Browser browser) : IClassFixture<Browser>
{
    internal const string Resident = """
        {"family_name":"홍","given_name":"길동","birth_date":"1990-03-01","certificate_number":"1","issue_date":"2026-01-01",
         "address":{"region":"서울특별시","city":"종로구","street":"세종대로 1","detail":"101","postal_code":"03154"}}
        """;

    private static string Licence => $$"""
        {"family_name":"홍","given_name":"길동","birth_date":"1990-03-01","document_number":"11-22-333333-44","issue_date":"2024-01-01","expiry_date":"2034-01-01",
         "issuing_country":"KR","issuing_authority":"경찰청","portrait":"data:image/jpeg;base64,{{Convert.ToBase64String(File.ReadAllBytes(RepositoryRoot.Combine("src", "Cli", "Demo", "portrait.jpg")))}}",
         "driving_privileges":[{"vehicle_category_code":"B","issue_date":"2024-01-01","expiry_date":"2034-01-01"}]}
        """;

    [Theory]
    [InlineData("phone", 390, 844, "ko")]
    [InlineData("desktop", 1280, 800, "en")]
    public async Task Receive_consent_share_history_and_deletion_request_can_be_walked_through(string name, int width, int height, string locale)
    {
        await using var setup = await WebWalletSetup.StartAsync();
        var page = await browser.NewPageAsync(width, height, locale);
        var violations = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && !message.Text.Contains("401", StringComparison.Ordinal)) violations.Add(message.Text);
        };
        await page.GotoAsync(setup.OpenUrl);
        Assert.DoesNotContain("t=", page.Url, StringComparison.Ordinal);
        await WebWalletSetup.CheckAsync(page, $"empty-{name}");

        // By a link and a transaction code that is first mistyped.
        var (link, code) = await setup.OfferAsync("resident_sd_jwt", Resident, withCode: true);
        await page.FillAsync("#link", link);
        await page.ClickAsync("form[action='/links'] button");
        Assert.Equal(1, await WebWalletSetup.LogosAsync(page));
        await WebWalletSetup.CheckAsync(page, $"offer-{name}");
        await page.FillAsync("#code", code == "000000" ? "111111" : "000000");
        await page.ClickAsync("form[action$='/accept'] button:not(.quiet)");
        Assert.Contains("wallet.token_refused", await page.InnerTextAsync("main"), StringComparison.Ordinal);
        await page.GoBackAsync();
        await page.FillAsync("#code", code!);
        await page.ClickAsync("form[action$='/accept'] button:not(.quiet)");
        await page.Locator(".green").WaitForAsync();
        await WebWalletSetup.CheckAsync(page, $"received-{name}");

        // By a picture of a QR code.
        await page.GotoAsync(setup.Url + "/scan");
        await page.Locator("summary").ClickAsync();
        await page.SetInputFilesAsync("#upload", await setup.QrAsync((await setup.OfferAsync("mdl_sd_jwt", Licence)).Link));
        await page.ClickAsync("details button");
        await page.ClickAsync("form[action$='/accept'] button:not(.quiet)");
        await page.Locator(".green").WaitForAsync();

        await page.GotoAsync(setup.Url);
        Assert.Equal(2, await page.Locator(".wallet-card").CountAsync());
        Assert.Equal(2, await WebWalletSetup.LogosAsync(page));
        await WebWalletSetup.CheckAsync(page, $"cards-{name}");
        await page.Locator(".wallet-card").First.ClickAsync();
        Assert.True(await page.EvaluateAsync<bool>("() => document.querySelector('dd img').naturalWidth > 0"));
        await WebWalletSetup.CheckAsync(page, $"document-{name}");

        // What is shared is what the screen says, and no more.
        var (id, request) = await setup.AskAsync("over-19");
        await page.GotoAsync(setup.Url);
        await page.FillAsync("#link", request);
        await page.ClickAsync("form[action='/links'] button");
        var consent = await page.InnerTextAsync("main");
        Assert.Contains("Beer Shop", consent, StringComparison.Ordinal);
        Assert.DoesNotContain("길동", consent, StringComparison.Ordinal);
        await WebWalletSetup.CheckAsync(page, $"consent-{name}");
        Assert.Equal("requested", (await setup.ResultAsync(id)).RequireString("state"));
        await page.ClickAsync("form[action$='/share'] button:not(.quiet)");
        await page.Locator(".green").WaitForAsync();
        await WebWalletSetup.CheckAsync(page, $"shared-{name}");
        Assert.Equal("accepted", (await setup.ResultAsync(id)).RequireString("state"));

        await page.GotoAsync(setup.Url + "/history");
        Assert.Equal(3, await page.Locator("ul.rows > li").CountAsync());
        await WebWalletSetup.CheckAsync(page, $"history-{name}");
        await page.GotoAsync(setup.Url + "/data");
        await WebWalletSetup.CheckAsync(page, $"data-{name}");
        await page.ClickAsync("a[href^='/data/verifiers/']");
        await WebWalletSetup.CheckAsync(page, $"verifier-{name}");
        await page.FillAsync("#deletion-address", "mailto:privacy@shop.example");
        await page.FillAsync("#deletion-note", "<script>alert(1)</script>");
        await page.Locator("form:has(#deletion-address) button").ClickAsync();
        await WebWalletSetup.CheckAsync(page, $"letter-{name}");
        Assert.StartsWith("mailto:privacy@shop.example?subject=", await page.GetAttributeAsync("a.button", "href"), StringComparison.Ordinal);
        Assert.Contains("<script>", await page.InnerTextAsync(".letter"), StringComparison.Ordinal);
        await page.ClickAsync("form[action$='/sent'] button");
        await page.ClickAsync("form[action$='/fulfilled'] button");
        Assert.Equal(0, await page.Locator("form button").CountAsync());

        await page.GotoAsync(setup.Url);
        await page.Locator(".wallet-card").First.ClickAsync();
        await page.ClickAsync("form[action$='/delete'] button");
        await WebWalletSetup.CheckAsync(page, $"delete-{name}");
        await page.ClickAsync("button.grave");
        Assert.Equal(1, await page.Locator(".wallet-card").CountAsync());
        // The mistyped code, which the page answers as the refusal that it is, and nothing else.
        Assert.Contains(" 400 ", Assert.Single(violations), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_card_shows_the_picture_that_its_issuer_wants_behind_it_and_stays_readable()
    {
        await using var setup = await WebWalletSetup.StartAsync();
        var page = await browser.NewPageAsync(390, 844);
        await page.GotoAsync(setup.OpenUrl);
        await page.FillAsync("#link", (await setup.OfferAsync("library_card", """{"number":7}""")).Link);
        await page.ClickAsync("form[action='/links'] button");
        await page.ClickAsync("form[action$='/accept'] button:not(.quiet)");
        await page.Locator(".green").WaitForAsync();
        var pictures = new List<string>();
        page.Response += (_, answer) =>
        {
            if (answer.Ok) pictures.Add(new Uri(answer.Url).AbsolutePath);
        };
        await page.GotoAsync(setup.Url);

        Assert.Equal("rgb(244, 233, 200)", await page.Locator(".wallet-card.pictured .card-top").EvaluateAsync<string>("card => getComputedStyle(card).backgroundColor"));
        var picture = (await page.Locator(".wallet-card.pictured").EvaluateAsync<string>("card => getComputedStyle(card).backgroundImage")).Split('"')[1];
        Assert.StartsWith(setup.Url + "/logos/", picture, StringComparison.Ordinal);
        Assert.Contains(new Uri(picture).AbsolutePath, pictures);
        await WebWalletSetup.CheckAsync(page, "pictured-phone");
    }

    [Fact]
    public async Task A_request_can_be_declined_by_keyboard_alone_and_the_verifier_gets_nothing()
    {
        await using var setup = await WebWalletSetup.StartAsync();
        var page = await browser.NewPageAsync(1280, 800);
        await page.GotoAsync(setup.OpenUrl);
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("skip", await page.EvaluateAsync<string>("() => document.activeElement.className"));
        var (id, request) = await setup.AskAsync("over-19");
        await page.FocusAsync("#link");
        await page.Keyboard.InsertTextAsync(request);
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("form[action$='/share']").WaitForAsync();
        Assert.Equal(0, await page.Locator("form[action$='/share'] button:not(.quiet)").CountAsync()); // nothing answers it
        await page.Locator("button.quiet").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("section.grey h1").WaitForAsync();
        Assert.Equal("refused_by_holder", (await setup.ResultAsync(id)).RequireString("state"));
    }
}
