using System.Diagnostics;
using System.Text;
using Credentials.Http;

namespace Credentials.Tests.Http;

public class AmbientStateTests
{
    [Fact]
    [Trait("Row", "NET-03")]
    public async Task The_environment_s_proxy_is_not_used()
    {
        using var proxy = new RawServer((_, _) => Task.CompletedTask);
        await using var server = await LocalServer.StartAsync(LocalServer.Body("{}"));
        var saved = Environment.GetEnvironmentVariable("http_proxy");
        try
        {
            Environment.SetEnvironmentVariable("http_proxy", proxy.Url.ToString());
            using var http = FetchExtensions.ToLoopback();
            Assert.Equal(200, (await http.FetchAsync(server.Url)).Status);
            Assert.Equal(0, proxy.Connections);

            // The twin: the platform's default client does go through it.
            using var platform = new HttpClient(new SocketsHttpHandler { Proxy = new System.Net.WebProxy(proxy.Url) });
            await Assert.ThrowsAsync<HttpRequestException>(() => platform.GetAsync(server.Url, TestContext.Current.CancellationToken));
            Assert.NotEqual(0, proxy.Connections);
        }
        finally
        {
            Environment.SetEnvironmentVariable("http_proxy", saved);
        }
    }

    [Fact]
    [Trait("Row", "NET-03")]
    public async Task Cookies_are_not_kept()
    {
        await using var server = await LocalServer.StartAsync(context =>
        {
            context.Response.Cookies.Append("id", "1");
            return LocalServer.Body("{}")(context);
        });
        using var http = FetchExtensions.ToLoopback();

        var first = await http.FetchAsync(server.Url);
        await http.FetchAsync(server.Url);

        Assert.Contains("id=1", first.Headers["set-cookie"], StringComparison.Ordinal);
        Assert.All(server.Requests, request => Assert.DoesNotContain("Cookie", request.Keys, StringComparer.OrdinalIgnoreCase));
    }

    [Theory]
    [Trait("Row", "NET-03")]
    [InlineData("Negotiate")]
    [InlineData("Basic realm=\"x\"")]
    public async Task A_challenge_is_not_answered(string challenge)
    {
        await using var server = await LocalServer.StartAsync(context =>
        {
            context.Response.Headers.WWWAuthenticate = challenge;
            return LocalServer.Body("{}", status: 401)(context);
        });
        using var http = FetchExtensions.ToLoopback();
        Assert.Equal(HttpCodes.StatusRefused, await http.RefusalAsync(server.Url));
        Assert.DoesNotContain("Authorization", Assert.Single(server.Requests).Keys);
    }

    [Fact]
    public async Task A_request_says_nothing_about_who_asks()
    {
        await using var server = await LocalServer.StartAsync(LocalServer.Body("{}"));
        using var http = FetchExtensions.ToLoopback();
        using var activity = new Activity("a verification").Start();
        activity.AddBaggage("subject", "somebody");

        await http.FetchAsync(server.Url);

        Assert.Equal(["Accept", "Accept-Encoding", "Host"], Assert.Single(server.Requests).Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_post_carries_the_form_and_the_headers_it_is_given()
    {
        var bodies = new List<string>();
        await using var server = await LocalServer.StartAsync(async context =>
        {
            bodies.Add(await new StreamReader(context.Request.Body, Encoding.UTF8).ReadToEndAsync());
            await LocalServer.Body("{}")(context);
        });
        using var http = FetchExtensions.ToLoopback();

        await http.PostFormAsync(
            server.Url, [new("grant_type", "urn:x"), new("code", "a b&c")], FetchRule.OAuthEndpoint, [new("Authorization", "Bearer t")],
            TestContext.Current.CancellationToken);
        await http.PostJsonAsync(
            server.Url, new System.Text.Json.Nodes.JsonObject { ["proof"] = "é" }, FetchRule.OAuthEndpoint,
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(["grant_type=urn%3Ax&code=a+b%26c", """{"proof":"é"}"""], bodies);
        var requests = server.Requests.ToArray();
        Assert.Equal(["application/x-www-form-urlencoded", "application/json"], requests.Select(request => request["Content-Type"]));
        Assert.Equal("Bearer t", requests[0]["Authorization"]);
        Assert.DoesNotContain("Authorization", requests[1].Keys);
    }
}
