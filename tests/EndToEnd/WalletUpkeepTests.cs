using System.Text.Json;
using Credentials.Codecs;
using Credentials.Tests.Shared;
using Microsoft.Playwright;

namespace Credentials.EndToEnd.Tests;

/// <summary>What becomes of a document after it was received, as its holder gets to know it, on the command line and on the wallet's pages.</summary>
public sealed class WalletUpkeepTests(Browser browser) : IClassFixture<Browser>
{
    private const string Resident = """
        {"family_name":"홍","given_name":"길동","birth_date":"1990-03-01","certificate_number":"1","issue_date":"2026-01-01",
         "address":{"region":"서울특별시","city":"종로구","street":"세종대로 1","detail":"101","postal_code":"03154"}}
        """;

    [Fact]
    public async Task The_command_line_tells_what_an_issuer_has_done_to_a_document_once()
    {
        await using var setup = await WebWalletSetup.StartAsync();
        using var folder = new TempFolder();
        var (link, _) = await setup.OfferAsync("resident_sd_jwt", Resident);
        string[] home = ["--home", folder.FullPath, "--json"];
        var document = (await JsonAsync(["wallet", "receive", link, "--trust-issuer", setup.IssuerTrust, "--yes", .. home])).RequireArray("documents")[0].RequireObjectMember("document").RequireString("id");
        Assert.Empty(Kinds(await JsonAsync(["wallet", "refresh", .. home])));
        Assert.Equal("valid", (await JsonAsync(["wallet", "list", .. home])).RequireArray("documents")[0].RequireString("status"));

        foreach (var (change, kind) in new[] { ("suspend", "suspended"), ("resume", "resumed"), ("revoke", "revoked") })
        {
            await setup.ChangeStatusAsync(change);
            Assert.Equal([kind], Kinds(await JsonAsync(["wallet", "refresh", .. home])));
            // Looked at, it stays; put away, it is gone, and does not come again.
            var notices = await JsonAsync(["wallet", "notices", .. home]);
            Assert.Equal((document, kind), (notices.RequireArray("events")[0].RequireString("document_id"), notices.RequireArray("events")[0].RequireString("kind")));
            Assert.Equal([kind], Kinds(await JsonAsync(["wallet", "notices", "--clear", .. home])));
            Assert.Empty(Kinds(await JsonAsync(["wallet", "refresh", .. home])));
        }

        Assert.Equal("revoked", (await JsonAsync(["wallet", "list", .. home])).RequireArray("documents")[0].RequireString("status"));
        var late = await CliProgram.RunAsync(["wallet", "renew", document, .. home]);
        Assert.Equal(1, late.ExitCode); // its issuer has nothing more for this person
        Assert.Contains("wallet.token_refused", late.Stderr, StringComparison.Ordinal);
        Assert.Equal(2, (await CliProgram.RunAsync(["wallet", "renew", "0000000000000000", .. home])).ExitCode);

        // To another wallet: what there was, without keys, to be asked for anew.
        var file = folder.Combine("moved.wallet");
        Assert.Equal(0, (await CliProgram.RunAsync("wallet", "export", file, "--home", folder.FullPath)).ExitCode);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(2, (await CliProgram.RunAsync("wallet", "export", file, "--home", folder.FullPath)).ExitCode); // nothing is overwritten
        string[] second = ["--home", folder.Combine("second"), "--json"];
        var waiting = Assert.Single((await JsonAsync(["wallet", "import", file, .. second])).RequireArray("to_reissue").EnumerateArray());
        Assert.Equal((document, "resident_sd_jwt"), (waiting.RequireString("id"), waiting.RequireString("credential_configuration_id")));
        await File.AppendAllTextAsync(file, "x", TestContext.Current.CancellationToken);
        var changed = await CliProgram.RunAsync(["wallet", "import", file, .. second]);
        Assert.Equal(2, changed.ExitCode);
        Assert.Contains("wallet.migration_malformed", changed.Stderr, StringComparison.Ordinal);
        Assert.Equal(1, (await JsonAsync(["wallet", "notices", .. second])).RequireArray("to_reissue").GetArrayLength());
        Assert.Equal(0, (await CliProgram.RunAsync("wallet", "delete", document, "--yes", "--home", folder.Combine("second"))).ExitCode);
        Assert.Equal(0, (await JsonAsync(["wallet", "notices", .. second])).RequireArray("to_reissue").GetArrayLength());
    }

    [Theory]
    [InlineData("phone", 390, 844, "ko")]
    [InlineData("desktop", 1280, 800, "en")]
    public async Task The_pages_tell_of_a_revocation_until_the_holder_has_seen_it_and_mark_the_card(string name, int width, int height, string locale)
    {
        await using var setup = await WebWalletSetup.StartAsync();
        var page = await browser.NewPageAsync(width, height, locale);
        await page.GotoAsync(setup.OpenUrl);
        await page.FillAsync("#link", (await setup.OfferAsync("resident_sd_jwt", Resident)).Link);
        await page.ClickAsync("form[action='/links'] button");
        await page.ClickAsync("form[action$='/accept'] button:not(.quiet)");
        await page.Locator(".green").WaitForAsync();
        await page.GotoAsync(setup.Url);
        await page.ClickAsync(".wallet-card");
        await page.ClickAsync("form[action$='/renew'] button");
        await page.GetByText("wallet.token_refused").WaitForAsync(); // its issuer has nothing more for this person
        await setup.ChangeStatusAsync("revoke");
        await page.GotoAsync(setup.Url);
        Assert.Equal(0, await page.Locator(".notices").CountAsync()); // nobody was asked yet
        await page.ClickAsync("form[action='/refresh'] button");

        await page.Locator(".notices").WaitForAsync();
        Assert.Equal(1, await page.Locator(".notices li").CountAsync());
        Assert.Contains(locale == "ko" ? "폐기했습니다" : "has revoked it", await page.InnerTextAsync(".notices"), StringComparison.Ordinal);
        Assert.Equal(locale == "ko" ? "폐기됨" : "Revoked", await page.InnerTextAsync(".card-state"));
        await WebWalletSetup.CheckAsync(page, $"notices-{name}");
        await page.ClickAsync("form[action='/notices/seen'] button");
        await page.Locator(".notices").WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Detached });
        Assert.Equal(0, await page.Locator(".notices").CountAsync());
        Assert.Equal(1, await page.Locator(".card-state").CountAsync()); // what it is stays to be seen

        await page.ClickAsync(".wallet-card");
        await WebWalletSetup.CheckAsync(page, $"revoked-{name}");
        Assert.Equal(0, await page.Locator("form[action$='/renew']").CountAsync()); // its issuer has taken it back
    }

    private static IEnumerable<string> Kinds(JsonElement notices) => notices.RequireArray("events").EnumerateArray().Select(one => one.RequireString("kind"));

    private static async Task<JsonElement> JsonAsync(string[] command)
    {
        var result = await CliProgram.RunAsync(command);
        Assert.True(result.ExitCode == 0, result.Stderr);
        return StrictJson.Parse(result.Stdout);
    }
}
