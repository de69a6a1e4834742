using System.Buffers.Binary;
using System.Net;
using Credentials.Codecs;
using Credentials.Keys.Software;
using Credentials.Mdoc.Proximity;
using Credentials.Qr;
using Credentials.QrDocuments;
using Credentials.StatusLists;
using Credentials.Tests.Shared;
using Credentials.Verifier.Storage;
using Credentials.Verifier.Tests.Setup;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Credentials.Verifier.Tests;

/// <summary>The counter: sign in, ask, scan. Set CREDENTIALS_SCREENSHOTS to a folder to keep pictures.</summary>
public sealed class ClerkTests(ClerkTests.PrintedVerifier setup, Browser browser) : IClassFixture<ClerkTests.PrintedVerifier>, IClassFixture<Browser>
{
    private const string Reader = "**/assets/zxing/reader.js";

    private readonly TestVerifier _verifier = setup.Verifier;

    [Theory]
    [InlineData("phone", 390, 844, "ko", false)]
    [InlineData("desktop", 1280, 800, "en", true)]
    public async Task The_camera_reads_a_printed_document_and_the_verdict_is_green_or_red(string name, int width, int height, string locale, bool revoked)
    {
        RequireReader();
        var index = revoked ? 701 : 702;
        _verifier.Issuer.SetStatus(index, revoked ? StatusTypes.Invalid : StatusTypes.Valid);
        await using var camera = new FakeCamera(await setup.IssuePrintedAsync(index));
        var page = await camera.NewPageAsync(width, height, locale);
        await SignInAsync(page, "scan");
        await page.Locator("[data-scan][data-ready]").WaitForAsync();
        await CheckAsync(page, $"scan-{name}");
        // Its status is asked for anew each time.
        await page.SelectOptionAsync("#policy", "printed-resident");

        await page.Locator("#camera").ClickAsync();

        await page.Locator(revoked ? "[data-verdict=not_accepted] .red" : "[data-verdict=accepted] .green").WaitForAsync();
        Assert.Equal(revoked, (await page.InnerTextAsync("#result")).Contains("revoked", StringComparison.Ordinal));
        Assert.Equal(!revoked, (await page.InnerTextAsync("#result")).Contains("종로구", StringComparison.Ordinal));
        Assert.True(await page.EvaluateAsync<bool>("() => document.activeElement.tagName === 'H2'"));
        Assert.True(await page.Locator("#camera").IsVisibleAsync());
        await CheckAsync(page, $"scanned-{name}");
    }

    [Theory]
    [InlineData("hcert", "[data-verdict=accepted]", "Erika")]
    [InlineData("sd-jwt", "[data-verdict=accepted]", "길동")]
    [InlineData("engagement", "[data-verdict=no_document]", "Bluetooth")]
    [InlineData("loopback", "[data-verdict=no_document]", "credentials read")]
    [InlineData("request", "[data-verdict=no_document]", "holds no document")]
    [InlineData("address", "[data-verdict=no_document]", "has not been opened")]
    [InlineData("altered", "[data-verdict=not_accepted]", "signature is wrong")]
    public async Task A_picture_of_a_code_is_read_and_told_in_plain_words(string kind, string verdict, string said)
    {
        RequireReader();
        var page = await browser.NewPageAsync();
        await SignInAsync(page, "scan");
        await page.Locator("[data-scan][data-ready]").WaitForAsync();

        await ChooseAsync(page, QrCode.Encode(await TextAsync(kind)).ToPng());

        await page.Locator(verdict).WaitForAsync();
        Assert.Contains(said, await page.InnerTextAsync("#result"), StringComparison.Ordinal);
        await CheckAsync(page, $"picture-{kind}");
    }

    [Fact]
    public async Task A_policy_chosen_for_paper_shows_what_it_asks_for_and_no_more()
    {
        RequireReader();
        var page = await browser.NewPageAsync();
        await SignInAsync(page, "scan");
        await page.Locator("[data-scan][data-ready]").WaitForAsync();
        await page.SelectOptionAsync("#policy", "printed-resident");

        await ChooseAsync(page, QrCode.Encode(await setup.IssuePrintedAsync(703)).ToPng());

        await page.Locator("[data-verdict=accepted]").WaitForAsync();
        Assert.Contains("종로구", await page.InnerTextAsync("#result dl"), StringComparison.Ordinal);
        Assert.DoesNotContain("길동", await page.InnerTextAsync("#result dl"), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "QRC-05")]
    public async Task A_picture_that_is_too_large_or_none_is_refused_before_it_is_unpacked()
    {
        RequireReader();
        var page = await browser.NewPageAsync();
        await SignInAsync(page, "scan");
        await page.Locator("[data-scan][data-ready]").WaitForAsync();
        var bomb = QrCode.Encode("bomb").ToPng();
        BinaryPrimitives.WriteInt32BigEndian(bomb.AsSpan(16), 20_000);
        BinaryPrimitives.WriteInt32BigEndian(bomb.AsSpan(20), 20_000);

        foreach (var file in new[] { bomb, [], [0xff, 0xd8, 0xff, 0xff, 0xff], "<svg/>"u8.ToArray() })
        {
            await page.EvaluateAsync("() => { document.getElementById('said').textContent = ''; }");
            await ChooseAsync(page, file);
            await page.GetByText("16 megapixels").WaitForAsync();
        }
        await page.EvaluateAsync("() => { document.getElementById('said').textContent = ''; }");
        await ChooseAsync(page, Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="));
        await page.GetByText("No QR code was found").WaitForAsync();
    }

    [Fact]
    public async Task Without_a_reader_the_page_says_what_is_missing_and_takes_the_text()
    {
        var page = await browser.NewPageAsync();
        await page.RouteAsync(Reader, route => route.AbortAsync());
        await SignInAsync(page, "scan");
        await page.GetByText("its build needs Node").WaitForAsync();
        Assert.False(await page.Locator("#camera").IsVisibleAsync());

        await page.FillAsync("#document", await setup.IssuePrintedAsync(704));
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");

        await page.Locator("[data-verdict=accepted]").WaitForAsync();
        await CheckAsync(page, "no-reader");
    }

    [Fact]
    public async Task The_scanner_works_without_scripts_from_pasted_text()
    {
        var context = await browser.NewContextAsync(new BrowserNewContextOptions { JavaScriptEnabled = false });
        var page = await context.NewPageAsync();
        await SignInAsync(page, "scan");
        await page.Locator("summary").ClickAsync();
        await page.FillAsync("#document", await setup.IssuePrintedAsync(705));
        await page.Locator("button[type=submit]").ClickAsync();
        await page.Locator("[data-verdict=accepted]").WaitForAsync();
    }

    [Theory]
    [InlineData("phone", 390, 844, "ko")]
    [InlineData("desktop", 1280, 800, "en")]
    public async Task A_clerk_chooses_a_policy_and_sees_the_verdict_of_the_wallets_answer(string name, int width, int height, string locale)
    {
        var page = await browser.NewPageAsync(width, height, locale);
        await page.GotoAsync($"{_verifier.Url}/ask");
        await CheckAsync(page, $"sign-in-{name}");
        await page.FillAsync("#api_key", "wrong");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("#fault").WaitForAsync();
        await page.FillAsync("#api_key", _verifier.ApiKey);
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("button[value=over-19]").WaitForAsync();
        Assert.Equal(0, await page.Locator("button[value=printed-resident]").CountAsync());
        await CheckAsync(page, $"choose-{name}");

        await page.Locator("button[value=over-19]").ClickAsync();
        await page.Locator("[data-state=created]").WaitForAsync();
        await CheckAsync(page, $"asked-{name}");
        var wallet = new TestWallet(_verifier);
        var request = await wallet.ResolveAsync((await page.Locator("a.button").GetAttributeAsync("href"))!);
        using var response = await wallet.AnswerAsync(request, await wallet.PresentAsync(await _verifier.Issuer.IssueLicenceAsync(), request.Request));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await page.Locator("[data-state=accepted] .green").WaitForAsync();
        await page.Locator(".menu a").First.ClickAsync();
        await page.Locator("button[value=over-19]").WaitForAsync();
        await page.Locator(".leave button").ClickAsync();
        await page.Locator("#api_key").WaitForAsync();
        await page.GotoAsync($"{_verifier.Url}/scan");
        await page.Locator("#api_key").WaitForAsync();
    }

    [Fact]
    [Trait("Row", "WEB-01")]
    [Trait("Row", "WEB-04")]
    public async Task A_session_is_bound_to_this_service_its_forms_and_its_key()
    {
        await using var own = new TestVerifier();
        await own.InitializeAsync();
        var (cookie, flags) = await SignInAsync(own);
        Assert.Contains("httponly", flags, StringComparison.Ordinal);
        Assert.Contains("samesite=strict", flags, StringComparison.Ordinal);
        var token = await FormTokenAsync(own, cookie);

        using var noToken = await PostAsync(own, "/ask", cookie, new() { ["policy"] = "over-19" });
        using var otherToken = await PostAsync(own, "/ask", cookie, new() { ["policy"] = "over-19", ["form_token"] = new string('0', 64) });
        using var otherSite = await PostAsync(own, "/ask", cookie, new() { ["policy"] = "over-19", ["form_token"] = token }, "cross-site");
        using var otherSignIn = await PostAsync(own, "/sign-in", "", new() { ["api_key"] = own.ApiKey }, "cross-site");
        using var unknown = await PostAsync(own, "/scan", cookie, new() { ["policy"] = "nobody", ["document"] = "x", ["form_token"] = token });
        using var large = await PostAsync(own, "/scan", cookie, new() { ["document"] = new string('x', 40_000), ["form_token"] = token });
        Assert.All([noToken, otherToken, otherSite, otherSignIn, unknown], answer => Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        Assert.All([noToken, large], answer => Assert.Equal("text/html", answer.Content.Headers.ContentType!.MediaType));
        foreach (var forged in new[] { "clerk=x", "clerk=a.99999999999.b", cookie[..^1] + (cookie[^1] == '0' ? '1' : '0'), cookie + ".x", cookie.Replace(".", ".9", StringComparison.Ordinal) })
        {
            using var answer = await PostAsync(own, "/ask", forged, new() { ["policy"] = "over-19", ["form_token"] = token });
            Assert.Equal("/sign-in?next=ask", answer.Headers.Location?.OriginalString);
        }

        using var scan = await own.BrowseAsync("/scan", cookie);
        Assert.Equal(HttpStatusCode.OK, scan.StatusCode);
        Assert.Contains("camera=(self)", string.Join("", scan.Headers.GetValues("Permissions-Policy")), StringComparison.Ordinal);
        Assert.Contains("script-src 'self' 'wasm-unsafe-eval';", string.Join("", scan.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.DoesNotMatch("<script(?![^>]*src=)|<style|style=|onclick|javascript:", await scan.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        using var ask = await own.BrowseAsync("/ask", cookie);
        Assert.Contains("script-src 'self';", string.Join("", ask.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);

        own.Clock.Advance(TimeSpan.FromHours(12));
        using var late = await own.BrowseAsync("/ask", cookie);
        Assert.Equal(HttpStatusCode.Redirect, late.StatusCode);
        var (fresh, _) = await SignInAsync(own);
        await using (var scope = own.Host.Services.CreateAsyncScope())
        {
            var keys = scope.ServiceProvider.GetRequiredService<VerifierDbContext>().ApiKeys;
            await keys.ExecuteUpdateAsync(u => u.SetProperty(k => k.RevokedAt, 1), TestContext.Current.CancellationToken);
        }
        using var revoked = await own.BrowseAsync("/ask", fresh);
        Assert.Equal(HttpStatusCode.Redirect, revoked.StatusCode);
    }

    [Fact]
    [Trait("Row", "QRC-01")]
    public async Task Hostile_texts_are_told_as_text_and_nothing_is_followed()
    {
        var (cookie, _) = await SignInAsync(_verifier);
        var token = await FormTokenAsync(_verifier, cookie);
        foreach (var text in new[]
        {
            "", " ", "\u202eabc", "<script>alert(1)</script>", "mdoc:", "mdoc:AAAA", "MDOC:oQ", "HC1:", "HC1:6BF", "QD1:zzzz", "HC9:AAA", "~", "a~b", "{", "{}", "{\"payload\":\"\"}",
            "openid4vp://?request_uri=javascript:alert(1)", "openid4vp:openid4vp:", "javascript:alert(1)", new string('A', 4096), "oQ", new string('~', 4000), "http://169.254.169.254/",
        })
        {
            using var answer = await PostAsync(_verifier, "/scan", cookie, new() { ["document"] = text, ["form_token"] = token });
            Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
            var html = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.Matches("data-verdict=\"(no_document|not_accepted)\"", html);
            Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
            Assert.DoesNotContain("169.254", html, StringComparison.Ordinal);
        }
    }

    [Fact]
    [Trait("Row", "QRC-01")]
    public async Task A_text_with_a_nul_is_no_form()
    {
        var (cookie, _) = await SignInAsync(_verifier);
        using var answer = await PostAsync(_verifier, "/scan", cookie, new() { ["document"] = "\0", ["form_token"] = await FormTokenAsync(_verifier, cookie) });
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private async Task<string> TextAsync(string kind)
    {
        switch (kind)
        {
            case "hcert":
                return await setup.IssueHcertAsync();
            case "sd-jwt":
                return (await _verifier.Issuer.IssueLicenceAsync()).Credential;
            case "engagement":
                using (var key = SoftwareKeyAgreementKey.Generate())
                    return DeviceEngagement.Create(key.PublicKey, [new BleRetrieval(PeripheralServer: true, CentralClient: false) { PeripheralServerUuid = Guid.Parse("45efef74-2b2c-4837-a9a3-b0e1d05a6917") }]).ToQrText();
            case "loopback":
                using (var key = SoftwareKeyAgreementKey.Generate())
                    return DeviceEngagement.Create(key.PublicKey, [new LoopbackRetrieval(50_000)]).ToQrText();
            case "request":
                return (await _verifier.CreateAsync("over-19")).RequestUri;
            case "address":
                return "https://example.com/certificate?id=1";
            default:
                var parts = (await _verifier.Issuer.IssueLicenceAsync()).Credential.Split('~');
                var jwt = parts[0].Split('.');
                var signature = StrictBase64Url.Decode(jwt[2]);
                signature[5] ^= 1;
                parts[0] = $"{jwt[0]}.{jwt[1]}.{StrictBase64Url.Encode(signature)}";
                return string.Join('~', parts);
        }
    }

    private void RequireReader() => Assert.SkipUnless(
        _verifier.Host.Services.GetRequiredService<Microsoft.Extensions.FileProviders.IFileProvider>().GetFileInfo("/assets/zxing/reader.js").Exists,
        "The reader for QR codes was not restored at build (Node or its registry is missing).");

    private async Task SignInAsync(IPage page, string next)
    {
        await page.GotoAsync($"{_verifier.Url}/{next}");
        await page.FillAsync("#api_key", _verifier.ApiKey);
        await page.Locator("button[type=submit]").ClickAsync();
        await page.Locator($"nav.menu [aria-current=page][href='/{next}']").WaitForAsync();
    }

    private static async Task<(string Cookie, string Flags)> SignInAsync(TestVerifier at)
    {
        using var answer = await PostAsync(at, "/sign-in", "", new() { ["api_key"] = at.ApiKey });
        Assert.Equal("/ask", answer.Headers.Location?.OriginalString);
        var set = answer.Headers.GetValues("Set-Cookie").Single();
        return (set.Split(';')[0], set);
    }

    private static async Task<string> FormTokenAsync(TestVerifier at, string cookie)
    {
        using var page = await at.BrowseAsync("/ask", cookie);
        var html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return html.Split("name=\"form_token\" value=\"")[1].Split('"')[0];
    }

    private static Task<HttpResponseMessage> PostAsync(TestVerifier at, string path, string cookie, Dictionary<string, string> form, string? from = null)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, at.Absolute(path))
        {
            Content = new StringContent(StrictForm.Encode(form), new System.Net.Http.Headers.MediaTypeHeaderValue("application/x-www-form-urlencoded")),
        };
        if (cookie != "")
            message.Headers.Add("Cookie", cookie);
        if (from is not null)
            message.Headers.Add("Sec-Fetch-Site", from);
        return at.Http.SendAsync(message, TestContext.Current.CancellationToken);
    }

    private static Task ChooseAsync(IPage page, byte[] picture) =>
        page.Locator("#file").SetInputFilesAsync(new FilePayload { Name = "code.png", MimeType = "image/png", Buffer = picture });

    private static async Task CheckAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("CREDENTIALS_SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"clerk-{name}.png"), FullPage = true });
        Assert.Empty(await Browser.SeriousFindingsAsync(page));
        Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= window.innerWidth"));
    }

    /// <summary>A verifier with a policy for paper, which trusts the signer of health certificates itself.</summary>
    public sealed class PrintedVerifier : IAsyncLifetime
    {
        private const string Type = "urn:credentials:kr:resident-certificate:1";
        private readonly TempFolder _folder = new();

        public TestVerifier Verifier { get; } = new();

        public ValueTask InitializeAsync()
        {
            var policy = _folder.Write("printed-resident.json", $$"""
                { "name": "printed-resident", "purpose": { "ko": "종이 증명서로 주소지를 확인합니다", "en": "Check a home address on paper" }, "status_max_age_seconds": 0,
                  "dcql_query": { "credentials": [ { "id": "paper", "format": "qr+cwt", "require_cryptographic_holder_binding": false,
                    "meta": { "vct_values": ["{{Type}}"] }, "claims": [ { "path": ["address", "city"] } ] } ] } }
                """);
            var signer = _folder.Write("signer.pem", Verifier.Issuer.Signer.ExportCertificatePem());
            Verifier.Alter = options => options with { PolicyFolder = Path.GetDirectoryName(policy), TrustFiles = [.. options.TrustFiles, signer] };
            return Verifier.InitializeAsync();
        }

        public async Task<string> IssuePrintedAsync(int index) => await QrDocumentIssuer.IssueAsync(
            new QrDocumentContent
            {
                Type = Type,
                Claims = StrictJson.Parse("""{ "family_name": "홍", "given_name": "길동", "address": { "region": "서울특별시", "city": "종로구" } }"""),
                IssuedAt = Verifier.Clock.Now,
                ExpiresAt = Verifier.Clock.Now.AddDays(90),
                Status = new StatusReference(Verifier.Issuer.StatusUri, index),
                Certificates = [Verifier.Issuer.Signer],
            },
            Verifier.Issuer.SigningKey,
            TestContext.Current.CancellationToken);

        public async Task<string> IssueHcertAsync() => await QrDocumentIssuer.IssueHcertAsync(
            new HcertContent
            {
                Dcc = StrictJson.Parse("""
                    { "ver": "1.3.0", "dob": "1964-08-12", "nam": { "fn": "Mustermann", "fnt": "MUSTERMANN", "gn": "Erika", "gnt": "ERIKA" },
                      "r": [ { "tg": "840539006", "fr": "2026-02-20", "df": "2026-04-04", "du": "2027-10-04", "co": "AT", "is": "Ministry of Health", "ci": "URN:UVCI:01:AT:1#A" } ] }
                    """),
                IssuedAt = Verifier.Clock.Now,
                ExpiresAt = Verifier.Clock.Now.AddDays(90),
                Signer = Verifier.Issuer.Signer,
            },
            Verifier.Issuer.SigningKey,
            TestContext.Current.CancellationToken);

        public async ValueTask DisposeAsync()
        {
            await Verifier.DisposeAsync();
            _folder.Dispose();
        }
    }
}
