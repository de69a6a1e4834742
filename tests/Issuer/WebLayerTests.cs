using System.Net;
using System.Net.Http.Headers;
using Credentials.Issuer.Tests.Setup;
using Credentials.Tests.Shared;

namespace Credentials.Issuer.Tests;

public class WebLayerTests
{
    private static readonly string[] _public =
        ["/.well-known/openid-credential-issuer", "/.well-known/oauth-authorization-server", "/jwks", "/types/mdl_sd_jwt", "/types/resident_sd_jwt", "/trust/iaca.pem"];

    [Theory]
    [Trait("Row", "VCA-25")]
    [InlineData("/o/%3Cscript%3Ealert(1)%3C%2Fscript%3E?s=%3Cscript%3Ealert(1)%3C%2Fscript%3E")]
    [InlineData("/o/unknown?s=x&redirect_uri=https%3A%2F%2Fevil.example&error=%3Cscript%3Ealert(1)%3C%2Fscript%3E")]
    [InlineData("/nowhere?returnUrl=https%3A%2F%2Fevil.example%2F%3Cscript%3E")]
    public async Task An_error_page_repeats_nothing_of_the_request_and_leads_nowhere(string path)
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Accept", "text/html" } } };
        using var response = await issuer.Http.SendAsync(request, RunningIssuer.Ct);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Null(response.Headers.Location);
        AssertHeaders(response, path);
        var body = await response.Content.ReadAsStringAsync(RunningIssuer.Ct);
        Assert.DoesNotContain("alert(1)", body, StringComparison.Ordinal);
        Assert.DoesNotContain("evil.example", body, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "WEB-01")]
    public async Task Every_answer_carries_the_security_headers()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        var offer = await issuer.OfferAsync();
        await issuer.IssueAsync();
        var cookie = await PageTests.EnterAsync(issuer, offer.Page);
        var list = (await issuer.RegisterAsync())[0].GetProperty("status_list").GetString();
        var gets = _public.Concat(
        [
            $"/status/{list}", "/status/unknown", "/healthz", "/readyz", "/metrics", "/robots.txt", "/assets/pages.css", "/assets/types.css", "/assets/offer.js", "/assets/icon.svg",
            $"/o/{offer.Id}", $"/o/{offer.Id}/qr.svg", "/o/unknown", "/offers/unknown", "/nowhere", "/token", "/agency/v1/audit", "/agency/v1/credentials", "/agency/v1/offers/x",
        ]);
        foreach (var path in gets)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Cookie", cookie } } };
            using var response = await issuer.Http.SendAsync(request, RunningIssuer.Ct);
            AssertHeaders(response, path);
        }

        foreach (var path in new[] { "/token", "/nonce", "/credential", "/agency/v1/offers", "/agency/v1/credentials/x/status", "/nowhere" })
        {
            using var response = await issuer.Http.PostAsync(path, RunningIssuer.Json("{"), RunningIssuer.Ct);
            AssertHeaders(response, path);
        }

        // No page has a script or style of its own.
        var html = await PageTests.GetAsync(issuer, $"/o/{offer.Id}", cookie);
        Assert.DoesNotContain("style=", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<style", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch("<script(?![^>]* src=)", html);
        Assert.DoesNotMatch(" on[a-z]+=", html);
    }

    [Fact]
    [Trait("Row", "WEB-02")]
    public async Task What_a_request_says_about_hosts_is_never_repeated()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        var offer = await issuer.OfferAsync();
        var cookie = await PageTests.EnterAsync(issuer, offer.Page);
        foreach (var path in _public.Append($"/o/{offer.Id}").Append(offer.Page.PathAndQuery).Append("/nowhere"))
        {
            var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = "evil.example" } };
            request.Headers.Add("Cookie", cookie);
            foreach (var name in new[] { "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix", "Forwarded", "X-Original-URL" })
                request.Headers.Add(name, "evil.example");
            using var response = await issuer.Http.SendAsync(request, RunningIssuer.Ct);
            Assert.DoesNotContain("evil.example", response.Headers + await response.Content.ReadAsStringAsync(RunningIssuer.Ct), StringComparison.Ordinal);
        }

        Assert.Contains(issuer.Url, await issuer.Http.GetStringAsync(_public[0], RunningIssuer.Ct), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    [Trait("Row", "WEB-03")]
    public async Task Only_public_documents_are_open_to_other_origins_and_without_credentials(string origin)
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        var offer = await issuer.OfferAsync();
        await issuer.IssueAsync();
        var list = $"/status/{(await issuer.RegisterAsync())[0].GetProperty("status_list").GetString()}";
        var cookie = await PageTests.EnterAsync(issuer, offer.Page);
        async Task<HttpResponseHeaders> SendAsync(HttpMethod method, string path)
        {
            var request = new HttpRequestMessage(method, path) { Headers = { { "Origin", origin }, { "Cookie", cookie } } };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", issuer.ApiKey);
            using var response = await issuer.Http.SendAsync(request, RunningIssuer.Ct);
            return response.Headers;
        }

        foreach (var path in _public.Append(list))
        {
            var headers = await SendAsync(HttpMethod.Get, path);
            Assert.Equal("*", headers.GetValues("Access-Control-Allow-Origin").Single());
            Assert.False(headers.Contains("Access-Control-Allow-Credentials"));
        }

        foreach (var (method, path) in new[]
        {
            (HttpMethod.Post, "/token"), (HttpMethod.Post, "/nonce"), (HttpMethod.Post, "/credential"), (HttpMethod.Get, "/agency/v1/credentials"),
            (HttpMethod.Get, $"/o/{offer.Id}"), (HttpMethod.Get, $"/o/{offer.Id}/qr.svg"), (HttpMethod.Options, "/agency/v1/offers"), (HttpMethod.Options, "/credential"),
        })
            Assert.False((await SendAsync(method, path)).Contains("Access-Control-Allow-Origin"), path);
    }

    [Fact]
    [Trait("Row", "WEB-04")]
    public async Task A_cookie_alone_changes_nothing()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        var offer = await issuer.OfferAsync();
        var cookie = await PageTests.EnterAsync(issuer, offer.Page);
        foreach (var (method, path) in new[] { (HttpMethod.Delete, $"/agency/v1/offers/{offer.Id}"), (HttpMethod.Post, "/agency/v1/offers"), (HttpMethod.Post, $"/o/{offer.Id}") })
        {
            var request = new HttpRequestMessage(method, path) { Headers = { { "Cookie", cookie } }, Content = RunningIssuer.Form("a=b") };
            using var response = await issuer.Http.SendAsync(request, RunningIssuer.Ct);
            Assert.InRange((int)response.StatusCode, 400, 499);
        }

        Assert.Equal("created", await issuer.StateAsync(offer.Id));
    }

    [Fact]
    public async Task Metrics_count_and_name_nobody()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        await issuer.IssueAsync(2, subject: "person-9");
        using var unknown = await issuer.Http.GetAsync("/o/secret-in-the-path", RunningIssuer.Ct);
        var metrics = await issuer.Http.GetStringAsync("/metrics", RunningIssuer.Ct);
        Assert.Contains("issuer_credentials_issued_total{type=\"mdl_sd_jwt\"} 2", metrics, StringComparison.Ordinal);
        Assert.Contains("issuer_tokens_total{outcome=\"issued\"} 1", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("person-9", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-in-the-path", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain(SampleClaims.FamilyName, metrics, StringComparison.Ordinal);
    }

    private static void AssertHeaders(HttpResponseMessage response, string path)
    {
        string One(string name) => response.Headers.TryGetValues(name, out var values) ? values.Single() : response.Content.Headers.TryGetValues(name, out var own) ? own.Single() : "";
        var policy = One("Content-Security-Policy");
        Assert.True(policy.StartsWith("default-src 'none'", StringComparison.Ordinal) && policy.Contains("frame-ancestors 'none'", StringComparison.Ordinal), $"{path}: {policy}");
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal(("nosniff", "no-referrer", "same-origin"), (One("X-Content-Type-Options"), One("Referrer-Policy"), One("Cross-Origin-Opener-Policy")));
        Assert.NotEqual("", One("Cross-Origin-Resource-Policy"));
        Assert.NotNull(response.Headers.CacheControl);
        Assert.Equal("", One("Server"));
        Assert.NotEqual(HttpStatusCode.InternalServerError, response.StatusCode);
    }
}
