using System.Net;
using System.Text.Json.Nodes;
using Credentials.Verifier.Pages;
using Credentials.Verifier.Tests.Setup;

namespace Credentials.Verifier.Tests;

/// <summary>Headers, cookies, hosts and who may see what.</summary>
public sealed class WebTests(TestVerifier verifier) : IClassFixture<TestVerifier>
{
    private readonly TestWallet _wallet = new(verifier);

    [Fact]
    [Trait("Row", "WEB-01")]
    [Trait("Row", "WEB-03")]
    public async Task Every_answer_has_the_security_headers_and_none_is_shared_with_other_origins()
    {
        var created = await verifier.CreateAsync("over-19");
        var cookie = await verifier.OpenPageAsync(created);
        string[] paths =
        [
            created.Page, $"/v/{created.Id}", $"/v/{created.Id}/return", "/v/unknown", $"/verifications/{created.Id}", $"/verifications/{created.Id}/qr.svg",
            $"/verifications/{created.Id}/evidence", "/wallet/requests/unknown", "/wallet/responses/unknown", "/assets/verifier.css", "/assets/verifier.js", "/healthz", "/readyz",
            "/metrics", "/nothing", "/verifications", "/documents/verify", "/robots.txt",
        ];
        foreach (var path in paths)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, verifier.Absolute(path));
            request.Headers.Add("Cookie", cookie);
            request.Headers.Add("Origin", "null");
            using var response = await verifier.Http.SendAsync(request, TestContext.Current.CancellationToken);
            string Header(string name) => response.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : "";
            Assert.StartsWith("default-src 'none'", Header("Content-Security-Policy"), StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", Header("Content-Security-Policy"), StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", Header("Content-Security-Policy"), StringComparison.Ordinal);
            Assert.Equal("nosniff", Header("X-Content-Type-Options"));
            Assert.Equal("no-referrer", Header("Referrer-Policy"));
            Assert.Equal("same-origin", Header("Cross-Origin-Opener-Policy"));
            Assert.Equal("same-origin", Header("Cross-Origin-Resource-Policy"));
            Assert.Equal("", Header("Access-Control-Allow-Origin"));
            Assert.Equal("", Header("Server"));
            if (!path.StartsWith("/assets", StringComparison.Ordinal) && path != "/robots.txt")
                Assert.Contains("no-store", Header("Cache-Control"), StringComparison.Ordinal);
            Assert.InRange((int)response.StatusCode, 200, 499);
        }
    }

    [Fact]
    [Trait("Row", "WEB-01")]
    public async Task Pages_have_no_inline_script_or_style()
    {
        var created = await verifier.CreateAsync("over-19");
        using var page = await verifier.BrowseAsync($"/v/{created.Id}", await verifier.OpenPageAsync(created));
        var text = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotMatch("<script(?![^>]*src=)|<style|style=|onclick|javascript:", text);
        Assert.Contains("<noscript><meta http-equiv=\"refresh\"", text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "WEB-02")]
    public async Task The_host_header_and_forwarding_headers_change_nothing()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"{verifier.Url}/verifications") { Content = new StringContent("""{"policy":"over-19"}""", System.Text.Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new("Bearer", verifier.ApiKey);
        request.Headers.Host = "attacker.example";
        request.Headers.Add("X-Forwarded-Host", "attacker.example");
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("Forwarded", "host=attacker.example");

        using var response = await verifier.Http.SendAsync(request, TestContext.Current.CancellationToken);

        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.DoesNotContain("attacker", text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "WEB-04")]
    public async Task The_page_cookie_is_http_only_lax_and_on_https_bound_to_the_host()
    {
        var created = await verifier.CreateAsync("over-19");
        using var plain = await verifier.BrowseAsync(created.Page);
        var cookie = plain.Headers.GetValues("Set-Cookie").Single();
        Assert.StartsWith("v-", cookie, StringComparison.Ordinal);
        Assert.Contains("httponly", cookie, StringComparison.Ordinal);
        Assert.Contains("samesite=lax", cookie, StringComparison.Ordinal);

        await using var https = await verifier.StartAsync(o => o with { DataFolder = o.DataFolder + "-https", PublicUrl = "https://verifier.example", Bind = IPAddress.Loopback });
        var address = https.BoundAddress;
        using var create = await verifier.PostJsonAsync($"{address}/verifications", new JsonObject { ["policy"] = "over-19" }, https.Ready.ApiKey);
        var page = TestVerifier.Text(await TestVerifier.ReadAsync(create), "page");
        Assert.StartsWith("https://verifier.example/v/", page, StringComparison.Ordinal);
        using var secure = await verifier.BrowseAsync(page.Replace("https://verifier.example", address, StringComparison.Ordinal));
        var bound = secure.Headers.GetValues("Set-Cookie").Single();
        Assert.StartsWith("__Host-v-", bound, StringComparison.Ordinal);
        Assert.Contains("secure", bound, StringComparison.Ordinal);
        Assert.Contains("path=/;", bound, StringComparison.Ordinal);
        Assert.True(secure.Headers.Contains("Strict-Transport-Security"));
    }

    [Theory]
    [InlineData("/verifications/ID")]
    [InlineData("/verifications/ID/evidence")]
    [InlineData("/verifications/ID/events")]
    [InlineData("/verifications/ID/qr.svg")]
    [Trait("Row", "VPV-16")]
    public async Task Only_the_relying_party_that_asked_sees_a_transaction(string path)
    {
        await using var own = new TestVerifier();
        await own.InitializeAsync();
        var created = await own.CreateAsync("over-19");
        await own.Host.DisposeAsync();
        await using var second = await own.StartAsync(o => o with { RelyingParty = "another" });
        var other = second.Ready.ApiKey!;
        Assert.NotEqual(own.ApiKey, other);
        var at = second.Ready.Url + path.Replace("ID", created.Id, StringComparison.Ordinal);

        using var foreign = await own.GetAsync(at, other);
        using var guessed = await own.GetAsync(second.Ready.Url + path.Replace("ID", "AAAAAAAAAAAAAAAAAAAAAA", StringComparison.Ordinal));
        using var wrongKey = await own.GetAsync(at, "wrong");
        using var noKey = await own.BrowseAsync(at);
        using var wrongCookie = await own.BrowseAsync(at, $"v-{created.Id}=00");

        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, guessed.StatusCode);
        Assert.All([wrongKey, noKey, wrongCookie], r => Assert.Equal(HttpStatusCode.Unauthorized, r.StatusCode));
    }

    [Fact]
    [Trait("Row", "VPV-16")]
    public async Task The_page_cookie_opens_events_and_code_of_its_transaction_and_nothing_else()
    {
        var created = await verifier.CreateAsync("over-19");
        var other = await verifier.CreateAsync("over-19");
        var cookie = await verifier.OpenPageAsync(created);

        using var code = await verifier.BrowseAsync($"/verifications/{created.Id}/qr.svg", cookie);
        using var result = await verifier.BrowseAsync($"/verifications/{created.Id}", cookie);
        using var evidence = await verifier.BrowseAsync($"/verifications/{created.Id}/evidence", cookie);
        using var otherCode = await verifier.BrowseAsync($"/verifications/{other.Id}/qr.svg", cookie);
        using var otherPage = await verifier.BrowseAsync($"/v/{other.Id}", cookie);
        using var wrongSecret = await verifier.BrowseAsync($"/v/{other.Id}?s=AAAAAAAAAAAAAAAAAAAAAA");

        Assert.Equal(HttpStatusCode.OK, code.StatusCode);
        Assert.Equal("image/svg+xml", code.Content.Headers.ContentType!.MediaType);
        Assert.All([result, evidence, otherCode], r => Assert.Equal(HttpStatusCode.Unauthorized, r.StatusCode));
        Assert.All([otherPage, wrongSecret], r => Assert.Equal(HttpStatusCode.NotFound, r.StatusCode));
    }

    [Fact]
    public async Task Events_tell_every_change_and_end_with_the_transaction()
    {
        var created = await verifier.CreateAsync("over-19");
        var request = new HttpRequestMessage(HttpMethod.Get, $"{verifier.Url}/verifications/{created.Id}/events");
        request.Headers.Add("Cookie", await verifier.OpenPageAsync(created));
        using var events = await verifier.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal("text/event-stream", events.Content.Headers.ContentType!.MediaType);

        (await _wallet.PresentToAsync(created, await verifier.Issuer.IssueLicenceAsync())).Response.Dispose();

        // The stream ends by itself; a guard keeps a broken one from hanging.
        var text = await events.Content.ReadAsStringAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        var states = text.Split('\n').Where(l => l.StartsWith("data: ", StringComparison.Ordinal)).Select(l => TestVerifier.Text(System.Text.Json.JsonElement.Parse(l[6..]), "state")).ToList();
        Assert.Equal("created", states[0]);
        Assert.Equal("accepted", states[^1]);
    }

    [Theory]
    [InlineData("ko-KR,ko;q=0.9,en;q=0.8", "ko")]
    [InlineData("en-US,en;q=0.9,ko;q=0.1", "en")]
    [InlineData("fr,ko;q=0.5", "ko")]
    [InlineData("", "en")]
    [InlineData("ko;q=,;;,en;q=x", "en")]
    public void The_language_is_the_browsers(string header, string language) => Assert.Equal(language, Language.FromBrowser(header).Tag);

    [Fact]
    public void Markup_in_values_is_escaped() =>
        Assert.Equal("<p>&lt;script&gt; 홍 &amp; &quot;</p><b></b>", Html.Of($"<p>{"<script> 홍 & \""}</p>{Html.Of($"<b></b>")}").Text);
}
