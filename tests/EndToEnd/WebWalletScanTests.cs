using System.Buffers.Binary;
using System.Net;
using Credentials.Qr;
using Credentials.Tests.Shared;
using Credentials.Verifier.Tests.Setup;
using Microsoft.Playwright;

namespace Credentials.EndToEnd.Tests;

/// <summary>QR codes into the web wallet: by camera, from pictures, and without scripts. Set CREDENTIALS_SCREENSHOTS to a folder to keep pictures.</summary>
public sealed class WebWalletScanTests(WebWalletScanTests.Setup setup, Browser browser) : IClassFixture<WebWalletScanTests.Setup>, IClassFixture<Browser>
{
    private const string Reader = "**/assets/zxing/reader.js";

    // Draws a code small and turned onto a large picture with a pattern around it, and gives that in one of the formats that cameras write.
    private const string Photograph = """
        async ([code, type]) => {
          const image = new Image();
          image.src = code;
          await image.decode();
          const canvas = document.createElement("canvas");
          [canvas.width, canvas.height] = [2000, 1500];
          const context = canvas.getContext("2d");
          for (let i = 0; i < 40; i++) { context.fillStyle = `hsl(${i * 9} 40% 60%)`; context.fillRect(i * 50, 0, 50, 1500); }
          context.translate(1200, 700);
          context.rotate(0.3);
          context.drawImage(image, -300, -300, 600, 600);
          const blob = await new Promise((done) => { canvas.toBlob(done, type, 0.85); });
          if (blob.type !== type) throw new Error(blob.type);
          return btoa(Array.from(new Uint8Array(await blob.arrayBuffer()), (byte) => String.fromCharCode(byte)).join(""));
        }
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("phone", 390, 844, "ko")]
    [InlineData("desktop", 1280, 800, "en")]
    public async Task The_camera_reads_an_offer_and_the_wallet_shows_what_there_is_to_receive(string name, int width, int height, string locale)
    {
        RequireReader();
        await using var camera = new FakeCamera(await setup.OfferAsync());
        var page = await camera.NewPageAsync(width, height, locale);
        var faults = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") faults.Add(message.Text);
        };
        var asked = new List<string>();
        page.Request += (_, request) => asked.Add(request.Url);
        await setup.EnterAsync(page);
        await page.GotoAsync(setup.Wallet.Url);
        await page.Locator("a.button[href='/scan']").ClickAsync();
        await page.Locator("[data-scan][data-ready]").WaitForAsync();
        await WebWalletSetup.CheckAsync(page, $"scan-{name}");

        await page.FocusAsync("#camera");
        await page.Keyboard.PressAsync("Enter");

        await page.Locator("form[action$='/accept']").WaitForAsync();
        Assert.Matches("/offers/[^/]+$", page.Url);
        Assert.Equal(1, await WebWalletSetup.LogosAsync(page));
        Assert.Empty(faults);
        Assert.Contains(asked, url => url.EndsWith(".wasm", StringComparison.Ordinal));
        Assert.All(asked, url => Assert.StartsWith(setup.Wallet.Url, url.StartsWith("data:", StringComparison.Ordinal) ? setup.Wallet.Url : url, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("image/png")]
    [InlineData("image/jpeg")]
    [InlineData("image/webp")]
    public async Task A_photograph_of_a_code_is_read_whatever_the_camera_writes(string type)
    {
        RequireReader();
        var page = await ScanAsync();

        await ChooseAsync(page, await PhotographAsync(await setup.OfferAsync(), type));

        await page.Locator("form[action$='/accept']").WaitForAsync();
    }

    [Fact]
    public async Task A_request_in_a_picture_leads_to_the_consent_screen()
    {
        RequireReader();
        var page = await ScanAsync();
        var (id, link) = await setup.Wallet.AskAsync("over-19");

        await ChooseAsync(page, await PhotographAsync(link, "image/jpeg"));

        await page.Locator("form[action$='/share']").WaitForAsync();
        await page.Locator("button.quiet").ClickAsync();
        await page.Locator("section.grey h1").WaitForAsync();
        Assert.Equal("refused_by_holder", Codecs.JsonMembers.RequireString(await setup.Wallet.ResultAsync(id), "state"));
    }

    [Theory]
    [InlineData("https://example.com/")]
    [InlineData("mdoc:owBjMS4wAYIB2BhYS6QBAiABIVgg")]
    [InlineData("HC1:6BF")]
    public async Task A_code_of_something_else_is_said_to_be_no_link_of_a_wallet(string text)
    {
        RequireReader();
        var page = await ScanAsync();

        await ChooseAsync(page, QrCode.Encode(text).ToPng());

        await page.GetByText("no link to receive or to show").WaitForAsync();
        Assert.Contains("input.unknown", await page.InnerTextAsync("main"), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "QRC-05")]
    public async Task What_is_no_picture_or_shows_no_code_is_said_and_a_picture_that_explodes_is_not_unpacked()
    {
        RequireReader();
        var page = await ScanAsync();
        var bomb = QrCode.Encode("bomb").ToPng();
        BinaryPrimitives.WriteInt32BigEndian(bomb.AsSpan(16), 20_000);
        BinaryPrimitives.WriteInt32BigEndian(bomb.AsSpan(20), 20_000);
        byte[] lossless = [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBPVP8L"u8, 0, 0, 0, 0, 0x2f, 0xff, 0xff, 0xff, 0xff, .. new byte[8]];
        byte[] extended = [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBPVP8X"u8, 10, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0xff, 0xff, 0];
        foreach (var file in new[] { bomb, lossless, extended, [], [.. "RIFF"u8, 0, 0, 0, 0], [0xff, 0xd8, 0xff, 0xff, 0xff], "<svg/>"u8.ToArray() })
        {
            await ForgetAsync(page);
            await ChooseAsync(page, file);
            await page.GetByText("16 megapixels").WaitForAsync();
        }
        var empty = await browser.NewPageAsync();
        await ChooseAsync(page, Convert.FromBase64String((await empty.EvaluateAsync<string>("() => { const canvas = document.createElement('canvas'); return canvas.toDataURL('image/webp'); }")).Split(',')[1]));
        await page.GetByText("No QR code was found").WaitForAsync();
        await WebWalletSetup.CheckAsync(page, "scan-nothing");
        // Nothing of it has spoilt the page.
        await ChooseAsync(page, await PhotographAsync(await setup.OfferAsync(), "image/webp"));
        await page.Locator("form[action$='/accept']").WaitForAsync();
    }

    [Theory]
    [InlineData(true, "does not allow the camera")]
    [InlineData(false, "There is no camera")]
    public async Task A_camera_that_is_refused_or_not_there_is_said(bool hasCamera, string said)
    {
        RequireReader();
        await using var other = new Browser { Flags = hasCamera ? ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream=deny"] : [] };
        var page = await ScanAsync(await other.NewPageAsync());

        await page.Locator("#camera").ClickAsync();

        await page.GetByText(said).WaitForAsync();
        Assert.True(await page.Locator("#camera").IsVisibleAsync());
        Assert.False(await page.Locator("#stop").IsVisibleAsync());
    }

    [Fact]
    public async Task The_camera_is_off_when_it_is_stopped_and_when_the_page_is_left()
    {
        RequireReader();
        await using var other = new Browser { Flags = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"] };
        var page = await other.NewPageAsync(390, 844);
        await page.AddInitScriptAsync("""
            const open = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
            if (open) navigator.mediaDevices.getUserMedia = async (wish) => (window.opened = await open(wish));
            """);
        await ScanAsync(page);
        foreach (var leave in new[] { "document.getElementById('stop').click()", "dispatchEvent(new PageTransitionEvent('pagehide'))" })
        {
            await page.Locator("#camera").ClickAsync();
            await page.Locator("#stop").WaitForAsync();
            await page.WaitForFunctionAsync("() => document.getElementById('view').videoWidth > 0");
            Assert.Equal("live", await page.EvaluateAsync<string>("() => window.opened.getTracks()[0].readyState"));
            Assert.True(await page.EvaluateAsync<bool>("() => document.activeElement.id === 'stop'"));
            await WebWalletSetup.CheckAsync(page, "scan-looking");

            await page.EvaluateAsync($"() => {{ {leave}; }}");

            Assert.Equal("ended", await page.EvaluateAsync<string>("() => window.opened.getTracks()[0].readyState"));
            Assert.False(await page.Locator("#view").IsVisibleAsync());
        }
    }

    [Theory]
    [InlineData(true, "en", "its build needs Node")]
    [InlineData(false, "ko", "스크립트를 켜야 합니다")]
    public async Task Without_a_reader_or_without_scripts_the_page_says_so_and_the_wallet_reads_a_PNG_itself(bool hasScripts, string locale, string said)
    {
        var context = await browser.NewContextAsync(new BrowserNewContextOptions { JavaScriptEnabled = hasScripts, Locale = locale });
        var page = await context.NewPageAsync();
        await page.RouteAsync(Reader, route => route.AbortAsync());
        await setup.EnterAsync(page);
        await page.GotoAsync(setup.Wallet.Url + "/scan");
        await page.Locator(hasScripts ? "#said" : "noscript p", new() { HasText = said }).WaitForAsync();
        Assert.False(await page.Locator("#camera").IsVisibleAsync());
        Assert.False(await page.Locator("#picture").IsVisibleAsync());
        if (hasScripts) await WebWalletSetup.CheckAsync(page, "scan-no-reader");
        else await page.Locator("summary").ClickAsync();

        await page.SetInputFilesAsync("#upload", await setup.Wallet.QrAsync(await setup.OfferAsync()));
        await page.Locator("details button").ClickAsync();

        await page.Locator("form[action$='/accept']").WaitForAsync();
    }

    private static void RequireReader() => Assert.SkipUnless(
        File.Exists(RepositoryRoot.Combine("src", "Verifier", "Frontend", "node_modules", "zxing-wasm", "package.json")), "The build had no Node and no reader for QR codes.");

    private async Task<IPage> ScanAsync(IPage? page = null)
    {
        page ??= await browser.NewPageAsync();
        await setup.EnterAsync(page);
        await page.GotoAsync(setup.Wallet.Url + "/scan");
        await page.Locator("[data-scan][data-ready]").WaitForAsync();
        return page;
    }

    private async Task<byte[]> PhotographAsync(string text, string type)
    {
        var page = await browser.NewPageAsync();
        var code = $"data:image/png;base64,{Convert.ToBase64String(QrCode.Encode(text).ToPng())}";
        return Convert.FromBase64String(await page.EvaluateAsync<string>(Photograph, new[] { code, type }));
    }

    private static Task ChooseAsync(IPage page, byte[] picture) =>
        page.SetInputFilesAsync("#file", new FilePayload { Name = "picture", MimeType = "image/png", Buffer = picture });

    private static Task ForgetAsync(IPage page) => page.EvaluateAsync("() => { document.getElementById('said').textContent = ''; }");

    /// <summary>One wallet for all of them: it takes seconds to start, and its link lets in once.</summary>
    public sealed class Setup : IAsyncLifetime
    {
        private string _cookie = "";

        internal WebWalletSetup Wallet { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Wallet = await WebWalletSetup.StartAsync();
            var cookies = new CookieContainer();
            using var client = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies });
            (await client.GetAsync(new Uri(Wallet.OpenUrl), Token)).EnsureSuccessStatusCode();
            _cookie = cookies.GetCookies(new Uri(Wallet.Url))["wallet"]!.Value;
        }

        public ValueTask DisposeAsync() => Wallet?.DisposeAsync() ?? ValueTask.CompletedTask;

        internal Task EnterAsync(IPage page) => page.Context.AddCookiesAsync([new Microsoft.Playwright.Cookie { Name = "wallet", Value = _cookie, Url = Wallet.Url }]);

        internal async Task<string> OfferAsync() => (await Wallet.OfferAsync("resident_sd_jwt", WebWalletTests.Resident)).Link;
    }
}
