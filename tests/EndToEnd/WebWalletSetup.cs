using System.Globalization;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.Tests.Shared;
using Microsoft.Playwright;

namespace Credentials.EndToEnd.Tests;

/// <summary>An issuer, a verifier and a web wallet that trusts both, each a process of its own.</summary>
internal sealed class WebWalletSetup : IAsyncDisposable
{
    /// <summary>What stands for the agency's logo in its place.</summary>
    public const string LogoText = "seal of the test agency";

    private const string Logo = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><circle cx="24" cy="24" r="22" fill="#1c5d4a"/>
        <path d="M15 16h18M15 24h18M15 32h10" fill="none" stroke="#fff" stroke-width="5" stroke-linecap="round"/></svg>
        """;

    // Behind the card, black and white beside each other: nothing can be read on that.
    private const string Pattern = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 40"><rect width="64" height="40" fill="#fff"/>
        <path d="M2 0v40M6 0v40M10 0v40M14 0v40M18 0v40M22 0v40M26 0v40M30 0v40M34 0v40M38 0v40M42 0v40M46 0v40M50 0v40M54 0v40M58 0v40M62 0v40" stroke="#000" stroke-width="2"/></svg>
        """;

    private const string LibraryCard = """
        {"id":"library_card","format":"dc+sd-jwt","vct":"urn:example:library:1","validity":{"days":30},
         "display":[{"name":"Library card","locale":"en","background_color":"#f4e9c8","background_image":{"file":"pattern.svg"}},{"name":"도서관 카드","locale":"ko"}],
         "claims":[{"name":"number","type":"number","mandatory":true,"display":{"en":"Number"}}]}
        """;

    private readonly TempFolder _folder = new();
    private readonly List<ServingCommand> _services = [];
    private string[] _agency = [];
    private string[] _shop = [];

    public string Url { get; private set; } = "";

    public string OpenUrl { get; private set; } = "";

    public string IssuerTrust { get; private set; } = "";

    public static async Task<WebWalletSetup> StartAsync()
    {
        var setup = new WebWalletSetup();
        Dictionary<string, string> logo = new() { ["Issuer__Logo"] = setup._folder.Combine("logo.svg"), ["Issuer__LogoTexts__en"] = LogoText, ["Issuer__LogoTexts__ko"] = LogoText };
        await File.WriteAllTextAsync(logo["Issuer__Logo"], Logo, TestContext.Current.CancellationToken);
        var catalog = Directory.CreateDirectory(setup._folder.Combine("catalog")).FullName;
        await File.WriteAllTextAsync(Path.Combine(catalog, "library.json"), LibraryCard, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(catalog, "pattern.svg"), Pattern, TestContext.Current.CancellationToken);
        var issuer = await setup.KeepAsync(CliProgram.ServeWithAsync(
            logo, "issuer", "serve", "--data", setup._folder.Combine("issuer"), "--catalog", catalog, "--port", Port(), "--json"));
        var verifier = await setup.KeepAsync(CliProgram.ServeAsync(
            "verifier", "serve", "--data", setup._folder.Combine("verifier"), "--port", Port(), "--name", "Beer Shop", "--trust", issuer["trust"], "--json"));
        setup.IssuerTrust = issuer["trust"];
        setup._agency = ["--url", issuer["url"], "--api-key", issuer["api_key"], "--json"];
        setup._shop = ["--url", verifier["url"], "--api-key", verifier["api_key"], "--json"];
        var wallet = await setup.KeepAsync(CliProgram.ServeAsync(
            "wallet", "serve", "--home", setup._folder.Combine("home"), "--port", Port(), "--trust-issuer", issuer["trust"], "--trust-verifier", verifier["trust"], "--json"));
        (setup.Url, setup.OpenUrl) = (wallet["url"], wallet["open"]);
        return setup;
    }

    /// <summary>Offers a document; returns the link and the transaction code.</summary>
    public async Task<(string Link, string? Code)> OfferAsync(string configuration, string claims, bool withCode = false)
    {
        var file = _folder.Combine("claims.json");
        await File.WriteAllTextAsync(file, claims, TestContext.Current.CancellationToken);
        var offer = await JsonAsync(["issuer", "offer", configuration, "--claims", file, .. withCode ? (string[])["--tx-code"] : [], .. _agency]);
        return (offer.RequireString("offer_uri"), withCode ? offer.RequireString("tx_code") : null);
    }

    /// <summary>Suspends, resumes or revokes whatever was issued and is not revoked yet, as it is published.</summary>
    public async Task ChangeStatusAsync(string change)
    {
        foreach (var credential in (await JsonAsync(["issuer", "list", .. _agency])).RequireArray("credentials").EnumerateArray().Where(one => one.RequireString("status") != "revoked"))
            await JsonAsync(["issuer", change, credential.RequireString("id"), .. _agency]);
    }

    /// <summary>Asks; returns the transaction's id and the link.</summary>
    public async Task<(string Id, string Link)> AskAsync(params string[] request)
    {
        var created = await JsonAsync(["verifier", "request", .. request, .. _shop]);
        return (created.RequireString("id"), created.RequireString("request_uri"));
    }

    public async Task<JsonElement> ResultAsync(string id) =>
        StrictJson.Parse((await CliProgram.RunAsync(["verifier", "result", id, .. _shop])).Stdout);

    public async Task<string> QrAsync(string text)
    {
        var file = _folder.Combine("code.png");
        Assert.Equal(0, (await CliProgram.RunAsync("qr", "encode", text, "--out", file)).ExitCode);
        return file;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services) await service.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<IReadOnlyDictionary<string, string>> KeepAsync(Task<ServingCommand> starting)
    {
        var service = await starting;
        _services.Add(service);
        return service.Ready;
    }

    private static async Task<JsonElement> JsonAsync(string[] command)
    {
        var result = await CliProgram.RunAsync(command);
        Assert.True(result.ExitCode == 0, result.Stderr);
        return StrictJson.Parse(result.Stdout);
    }

    /// <summary>What must hold of every page: no serious finding of axe, and nothing to scroll sideways.</summary>
    public static async Task CheckAsync(IPage page, string name)
    {
        Assert.Empty(await Browser.SeriousFindingsAsync(page));
        Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= window.innerWidth"), $"{name} scrolls sideways");
        if (Environment.GetEnvironmentVariable("CREDENTIALS_SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"wallet-{name}.png"), FullPage = true });
    }

    /// <summary>Whether all logos of a page are there, with their text; how many there are.</summary>
    public static async Task<int> LogosAsync(IPage page)
    {
        Assert.True(await page.EvaluateAsync<bool>($"() => [...document.querySelectorAll('img.logo')].every(logo => logo.complete && logo.naturalWidth > 0 && logo.alt === '{LogoText}')"));
        return await page.Locator("img.logo").CountAsync();
    }

    private static string Port() => FreePort.Next().ToString(CultureInfo.InvariantCulture);
}
