using System.Net;
using Credentials.Issuer.Tests.Setup;
using Credentials.Tests.Shared;
using Microsoft.Playwright;

namespace Credentials.Issuer.Tests;

public class PageTests(Browser browser)
{
    [Fact]
    [Trait("Row", "WEB-04")]
    public async Task The_secret_of_the_link_becomes_a_cookie_that_opens_one_offer()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        var offer = await issuer.OfferAsync();
        var other = await issuer.OfferAsync();
        using var entered = await issuer.Http.GetAsync(offer.Page.PathAndQuery, RunningIssuer.Ct);
        Assert.Equal(HttpStatusCode.SeeOther, entered.StatusCode);
        Assert.Equal($"/o/{offer.Id}", entered.Headers.Location!.OriginalString);
        var set = entered.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("httponly", set, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", set, StringComparison.OrdinalIgnoreCase);

        var cookie = set.Split(';')[0];
        Assert.Contains("<img class=\"qr\"", await GetAsync(issuer, $"/o/{offer.Id}", cookie), StringComparison.Ordinal);
        foreach (var path in new[] { $"/o/{offer.Id}", $"/o/{offer.Id}/qr.svg", $"/o/{offer.Id}/events", $"/o/{offer.Id}?s=wrong" })
        {
            using var stranger = await issuer.Http.GetAsync(path, RunningIssuer.Ct);
            Assert.Equal(HttpStatusCode.NotFound, stranger.StatusCode);
        }

        // Not another offer's, and not under another name.
        var request = new HttpRequestMessage(HttpMethod.Get, $"/o/{other.Id}") { Headers = { { "Cookie", cookie.Replace(offer.Id, other.Id, StringComparison.Ordinal) } } };
        using var foreign = await issuer.Http.SendAsync(request, RunningIssuer.Ct);
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
    }

    [Fact]
    [Trait("Row", "WEB-04")]
    public async Task Behind_https_the_cookie_is_bound_to_the_host_and_secure()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, publicUrl: "https://issuer.example");
        var offer = await issuer.OfferAsync();
        using var entered = await issuer.Http.GetAsync(offer.Page.PathAndQuery, RunningIssuer.Ct);
        var cookie = entered.Headers.GetValues("Set-Cookie").Single();
        Assert.StartsWith("__Host-offer-", cookie, StringComparison.Ordinal);
        Assert.Contains("; secure", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; path=/;", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("max-age=31536000", entered.Headers.GetValues("Strict-Transport-Security").Single());
    }

    [Fact]
    public async Task Events_tell_the_state_until_it_is_final()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        var offer = await issuer.OfferAsync();
        var request = new HttpRequestMessage(HttpMethod.Get, $"/o/{offer.Id}/events") { Headers = { { "Cookie", await EnterAsync(issuer, offer.Page) } } };
        using var response = await issuer.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, RunningIssuer.Ct);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(RunningIssuer.Ct));
        Assert.Equal("created", await NextStateAsync(reader));
        var token = await issuer.AccessTokenAsync(offer);
        Assert.Equal("redeemed", await NextStateAsync(reader));
        using var issued = await issuer.CredentialAsync(token, await Proofs.MakeAsync(issuer.Url, await issuer.NonceAsync()));
        Assert.Equal("issued", await NextStateAsync(reader));
        Assert.Equal("", (await reader.ReadToEndAsync(RunningIssuer.Ct)).Trim());
    }

    [Theory]
    [InlineData("ko-KR,ko;q=0.9,en;q=0.5", "ko")]
    [InlineData("en-GB", "en")]
    [InlineData("de", "en")]
    public async Task The_page_speaks_the_reader_s_language(string accept, string language)
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        var offer = await issuer.OfferAsync();
        var cookie = await EnterAsync(issuer, offer.Page);
        Assert.Contains($"<html lang=\"{language}\">", await GetAsync(issuer, $"/o/{offer.Id}", cookie, accept), StringComparison.Ordinal);
        var switched = language == "ko" ? "en" : "ko";
        Assert.Contains($"<html lang=\"{switched}\">", await GetAsync(issuer, $"/o/{offer.Id}?lang={switched}", cookie, accept), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(390, 844, "ko")]
    [InlineData(1280, 800, "en")]
    [Trait("Row", "WEB-08")]
    public async Task The_offer_page_follows_the_offer_and_has_no_serious_accessibility_finding(int width, int height, string language)
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        var offer = await issuer.OfferAsync(true, null, "mdl_sd_jwt", "resident_sd_jwt");
        var page = await browser.NewPageAsync(width, height, language);
        var errors = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                errors.Add(message.Text);
        };
        await page.GotoAsync(offer.Page.AbsoluteUri);
        Assert.DoesNotContain("?s=", page.Url, StringComparison.Ordinal);
        Assert.Empty(await Browser.SeriousFindingsAsync(page));
        Assert.True(await page.Locator("img.qr").EvaluateAsync<bool>("image => image.complete && image.naturalWidth > 0"));
        Assert.False(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > window.innerWidth"));
        await ShootAsync(page, $"offer-{width}-created");

        var token = await issuer.AccessTokenAsync(offer);
        await page.Locator("main[data-state=redeemed]").WaitForAsync();
        Assert.Empty(await Browser.SeriousFindingsAsync(page));
        foreach (var id in new[] { "mdl_sd_jwt", "resident_sd_jwt" })
        {
            using var response = await issuer.CredentialAsync(token, await Proofs.MakeAsync(issuer.Url, await issuer.NonceAsync()), id);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        await page.Locator("main[data-state=issued]").WaitForAsync();
        Assert.Empty(await Browser.SeriousFindingsAsync(page));
        await ShootAsync(page, $"offer-{width}-issued");
        await page.GotoAsync($"{issuer.Url}/o/unknown");
        Assert.Empty(await Browser.SeriousFindingsAsync(page));
        Assert.DoesNotContain(errors, error => error.Contains("Content Security Policy", StringComparison.Ordinal));
    }

    internal static async Task<string> EnterAsync(RunningIssuer issuer, Uri page)
    {
        using var response = await issuer.Http.GetAsync(page.PathAndQuery, RunningIssuer.Ct);
        return response.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    internal static async Task<string> GetAsync(RunningIssuer issuer, string path, string cookie, string? language = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Cookie", cookie } } };
        if (language is not null)
            request.Headers.AcceptLanguage.ParseAdd(language);
        using var response = await issuer.Http.SendAsync(request, RunningIssuer.Ct);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync(RunningIssuer.Ct);
    }

    // Where a developer asks for the pictures, to look at them.
    private static async Task ShootAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("CREDENTIALS_SCREENSHOTS") is { } folder)
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name + ".png"), FullPage = true });
    }

    private static async Task<string?> NextStateAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync(RunningIssuer.Ct) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
                return line[6..];
        }

        return null;
    }
}
