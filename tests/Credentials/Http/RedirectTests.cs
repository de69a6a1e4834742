using Credentials.Http;
using Microsoft.AspNetCore.Http;

namespace Credentials.Tests.Http;

public class RedirectTests
{
    // /3 redirects to /2 and so on; /0 is the document.
    private static Task CountDown(HttpContext context)
    {
        var left = int.Parse(context.Request.Path.Value![1..], System.Globalization.CultureInfo.InvariantCulture);
        if (left == 0)
            return LocalServer.Body("{}")(context);
        context.Response.Redirect($"/{left - 1}");
        return Task.CompletedTask;
    }

    private static RequestDelegate To(string target, int status = 302) => context =>
    {
        context.Response.StatusCode = status;
        context.Response.Headers.Location = target;
        return Task.CompletedTask;
    };

    [Theory]
    [Trait("Row", "NET-02")]
    [Trait("Row", "TSL-20")]
    [InlineData("https://10.0.0.1/", HttpCodes.AddressRefused)]
    [InlineData("https://169.254.169.254/latest/meta-data", HttpCodes.AddressRefused)]
    [InlineData("http://10.0.0.1/", HttpCodes.SchemeRefused)]
    [InlineData("http://agency.example/", HttpCodes.SchemeRefused)]
    [InlineData("https://user:secret@agency.example/", HttpCodes.UrlMalformed)]
    [InlineData("file:///etc/passwd", HttpCodes.UrlMalformed)]
    [InlineData("//10.0.0.1/", HttpCodes.SchemeRefused)]
    [InlineData("http://[", HttpCodes.RedirectRefused)]
    [InlineData("", HttpCodes.RedirectRefused)]
    public async Task Every_redirect_target_is_checked_like_the_first_url(string target, string code)
    {
        await using var server = await LocalServer.StartAsync(To(target));
        using var http = FetchExtensions.ToLoopback();
        Assert.Equal(code, await http.RefusalAsync(server.Url));
    }

    [Theory]
    [Trait("Row", "NET-02")]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Three_redirects_are_followed_and_no_fourth(int status)
    {
        await using var server = await LocalServer.StartAsync(context =>
        {
            var answer = CountDown(context);
            if (context.Response.StatusCode == 302)
                context.Response.StatusCode = status;
            return answer;
        });
        using var http = FetchExtensions.ToLoopback();

        var document = await http.FetchAsync(new Uri(server.Url, "/3"));
        Assert.Equal((200, "/0"), (document.Status, document.FinalUri.AbsolutePath));
        Assert.Equal(HttpCodes.RedirectRefused, await http.RefusalAsync(new Uri(server.Url, "/4")));
        Assert.Equal(4 + 4, server.Requests.Count);
    }

    [Fact]
    [Trait("Row", "NET-02")]
    public async Task Fifty_redirects_and_a_loop_end_after_three()
    {
        await using var server = await LocalServer.StartAsync(context => context.Request.Path == "/loop" ? To("/loop")(context) : CountDown(context));
        using var http = FetchExtensions.ToLoopback();
        Assert.Equal(HttpCodes.RedirectRefused, await http.RefusalAsync(new Uri(server.Url, "/50")));
        Assert.Equal(HttpCodes.RedirectRefused, await http.RefusalAsync(new Uri(server.Url, "/loop")));
        Assert.Equal(8, server.Requests.Count);
    }

    [Fact]
    [Trait("Row", "NET-02")]
    public async Task Request_objects_and_posts_follow_none()
    {
        await using var server = await LocalServer.StartAsync(CountDown);
        using var http = FetchExtensions.ToLoopback();
        var anyType = FetchRule.RequestObject with { ContentTypes = [] };

        Assert.Equal(HttpCodes.RedirectRefused, await http.RefusalAsync(new Uri(server.Url, "/1"), anyType));
        var post = await Assert.ThrowsAsync<FetchException>(() => http.PostAsync(new Uri(server.Url, "/1")));
        Assert.Equal(HttpCodes.RedirectRefused, post.Code);
        Assert.Equal(2, server.Requests.Count);

        Assert.Equal(200, (await http.FetchAsync(new Uri(server.Url, "/0"), anyType)).Status);
        Assert.Equal(200, (await http.PostAsync(new Uri(server.Url, "/0"))).Status);
    }

    [Fact]
    [Trait("Row", "NET-02")]
    public async Task Https_is_never_left_for_http_not_even_on_loopback()
    {
        using var certificates = new TestCertificates();
        await using var plain = await LocalServer.StartAsync(LocalServer.Body("{}"));
        await using var tls = await LocalServer.StartAsync(
            context => context.Request.Path == "/out" ? To(plain.Url.ToString())(context) : CountDown(context), certificates.ForServer("localhost"));
        using var http = new OutboundHttp(new OutboundHttpOptions { AllowLoopbackHttp = true, TlsRoots = [certificates.Root] });

        Assert.Equal(HttpCodes.SchemeRefused, await http.RefusalAsync($"https://localhost:{tls.Port}/out"));
        Assert.Empty(plain.Requests);
        Assert.Equal(200, (await http.FetchAsync($"https://localhost:{tls.Port}/1")).Status);
    }
}
