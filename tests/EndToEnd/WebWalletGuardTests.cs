using System.Buffers.Binary;
using System.Net;
using System.Text.RegularExpressions;

namespace Credentials.EndToEnd.Tests;

/// <summary>What the web wallet turns away: other browsers, other sites, other names, and what is hostile in a form.</summary>
public sealed partial class WebWalletGuardTests : IAsyncLifetime
{
    private readonly CookieContainer _cookies = new();
    private WebWalletSetup _setup = null!;
    private HttpClient _browser = null!;
    private string _token = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _setup = await WebWalletSetup.StartAsync();
        _browser = new HttpClient(new SocketsHttpHandler
        {
            CookieContainer = _cookies,
            AllowAutoRedirect = true,
        });
        var home = await _browser.GetStringAsync(new Uri(_setup.OpenUrl), Token);
        _token = FormToken().Match(home).Groups[1].Value;
        Assert.NotEmpty(_token);
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await _setup.DisposeAsync();
    }

    [Fact]
    public async Task Only_the_browser_that_opened_the_link_gets_in_and_only_under_the_wallets_own_name()
    {
        using var other = new HttpClient();
        Assert.Equal(HttpStatusCode.Unauthorized, (await other.GetAsync(new Uri(_setup.OpenUrl), Token)).StatusCode);
        foreach (var path in new[] { "/", "/scan", "/history", "/data", "/data/export", "/cards.css", "/nothing" })
            Assert.Equal(HttpStatusCode.Unauthorized, (await other.GetAsync(new Uri(_setup.Url + path), Token)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _browser.GetAsync(new Uri(_setup.Url + "/data/export"), Token)).StatusCode);

        using var rebound = new HttpRequestMessage(HttpMethod.Get, _setup.Url + "/");
        rebound.Headers.Host = "wallet.attacker.example";
        Assert.Equal(HttpStatusCode.MisdirectedRequest, (await _browser.SendAsync(rebound, Token)).StatusCode);

        var page = await _browser.GetAsync(new Uri(_setup.Url), Token);
        var policy = string.Join(' ', page.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script-src", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("no-store", page.Headers.CacheControl!.ToString());
        Assert.StartsWith("camera=()", Assert.Single(page.Headers.GetValues("Permissions-Policy")), StringComparison.Ordinal);
        // Scripts run in one page, which may use the camera.
        var scan = await _browser.GetAsync(new Uri(_setup.Url + "/scan"), Token);
        Assert.Equal(policy + "; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'", Assert.Single(scan.Headers.GetValues("Content-Security-Policy")));
        Assert.StartsWith("camera=(self)", Assert.Single(scan.Headers.GetValues("Permissions-Policy")), StringComparison.Ordinal);
        var cookie = Assert.Single(_cookies.GetCookies(new Uri(_setup.Url)).ToList(), cookie => cookie.Name == "wallet");
        Assert.True(cookie.HttpOnly);
    }

    [Fact]
    public async Task A_form_of_another_site_or_without_the_pages_token_changes_nothing()
    {
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync("/links", token: null, link: "x")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync("/links", token: "guess", link: "x")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync("/links", _token, "x", origin: "https://attacker.example")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync("/links", _token, "x", origin: _setup.Url)).StatusCode);
    }

    // One wallet for all of them: it takes seconds to start.
    [Fact]
    [Trait("Row", "QRC-01")]
    public async Task A_link_that_is_none_is_refused_with_a_page_and_a_code()
    {
        foreach (var link in new[]
        {
            "",
            "https://example.com/",
            "javascript:alert(1)",
            "openid4vp://?request_uri=javascript:alert(1)&client_id=x509_hash:AAAA",
            "openid4vp://?request_uri=http%3A%2F%2F10.0.0.1%2F&client_id=x509_hash:AAAA",
            "openid-credential-offer://?credential_offer=%7B%7D",
            "openid-credential-offer://?credential_offer_uri=file%3A%2F%2F%2Fetc%2Fpasswd",
            "openid4vp://openid4vp://?request_uri=x",
            "openid4vp://?\u202e\u0000<script>",
        })
        {
            var answer = await PostAsync("/links", _token, link);
            Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{answer.StatusCode} for '{link}'");
            var page = await answer.Content.ReadAsStringAsync(Token);
            Assert.Matches("<p class=\"id\">[a-z0-9_]+\\.[a-z0-9_]+</p>", page);
            Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    [Trait("Row", "QRC-05")]
    public async Task A_picture_with_too_many_pixels_or_none_is_refused_before_it_is_decoded()
    {
        Assert.Contains("image.too_large", await UploadAsync(Png(20_000, 20_000)), StringComparison.Ordinal);
        Assert.Contains("image.", await UploadAsync([1, 2, 3]), StringComparison.Ordinal);
        var twin = await File.ReadAllBytesAsync(await _setup.QrAsync("https://example.com/"), Token);
        Assert.DoesNotContain("image.", await UploadAsync(twin), StringComparison.Ordinal); // read, and then no link of a wallet
    }

    [Fact]
    [Trait("Row", "VPW-23")]
    public async Task Nothing_is_shared_without_the_form_and_nothing_twice()
    {
        var (id, link) = await _setup.AskAsync("over-19");
        var question = await PostAsync("/links", _token, link);
        var path = question.RequestMessage!.RequestUri!.AbsolutePath;
        Assert.Equal(HttpStatusCode.OK, (await _browser.GetAsync(new Uri(_setup.Url + path), Token)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _browser.GetAsync(new Uri(_setup.Url + path + "/share"), Token)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(path + "/share", _token, "")).StatusCode); // an empty choice
        Assert.Equal("requested", Codecs.JsonMembers.RequireString(await _setup.ResultAsync(id), "state"));

        // A second request while the first one waits.
        var (_, second) = await _setup.AskAsync("over-19");
        Assert.Contains("wallet.request_open", await (await PostAsync("/links", _token, second)).Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        await PostAsync(path + "/decline", _token, "");
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(path + "/share", _token, "")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync("/links", _token, second)).StatusCode);
    }

    private async Task<string> UploadAsync(byte[] picture)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent(_token), "form" },
            { new StringContent(""), "link" },
            { new ByteArrayContent(picture), "picture", "code.png" },
        };
        var answer = await _browser.PostAsync(new Uri(_setup.Url + "/links"), form, Token);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(Token);
    }

    private Task<HttpResponseMessage> PostAsync(string path, string? token, string link, string? origin = null)
    {
        var fields = new Dictionary<string, string> { ["link"] = link };
        if (token is not null) fields["form"] = token;
        var request = new HttpRequestMessage(HttpMethod.Post, _setup.Url + path) { Content = new FormUrlEncodedContent(fields) };
        if (origin is not null) request.Headers.Add("Origin", origin);
        return _browser.SendAsync(request, Token);
    }

    // Signature and header chunk; what follows does not matter.
    private static byte[] Png(int width, int height)
    {
        var png = new byte[64];
        ((ReadOnlySpan<byte>)[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]).CopyTo(png);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), height);
        ((ReadOnlySpan<byte>)[8, 0, 0, 0, 0]).CopyTo(png.AsSpan(24));
        return png;
    }

    [GeneratedRegex("name=\"form\" value=\"([^\"]+)\"")]
    private static partial Regex FormToken();
}
