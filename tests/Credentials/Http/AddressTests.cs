using System.Net;
using Credentials.Http;

namespace Credentials.Tests.Http;

public class AddressTests
{
    [Theory]
    [Trait("Row", "NET-01")]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("10.0.0.1")]
    [InlineData("100.64.0.1")]
    [InlineData("100.127.255.255")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.255")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.1")]
    [InlineData("192.0.2.1")]
    [InlineData("192.88.99.1")]
    [InlineData("192.168.1.1")]
    [InlineData("198.18.0.1")]
    [InlineData("198.19.255.255")]
    [InlineData("198.51.100.1")]
    [InlineData("203.0.113.1")]
    [InlineData("224.0.0.1")]
    [InlineData("239.255.255.255")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::7f00:1")]
    [InlineData("64:ff9b::a00:1")]
    [InlineData("64:ff9b:1::a00:1")]
    [InlineData("100::1")]
    [InlineData("2001::1")]
    [InlineData("2001:db8::1")]
    [InlineData("2002:a00:1::1")]
    [InlineData("3fff::1")]
    [InlineData("5f00::1")]
    [InlineData("fc00::1")]
    [InlineData("fd12:3456::1")]
    [InlineData("fe80::1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    public async Task A_name_that_resolves_to_a_special_address_is_never_connected_to(string address)
    {
        Assert.False(AddressRules.IsPublic(IPAddress.Parse(address)));
        // The listener is on loopback; an address that were let through would at least not fail with this code.
        using var listener = new RawServer((_, _) => Task.CompletedTask);
        using var http = new OutboundHttp(new OutboundHttpOptions { Resolve = (_, _) => Task.FromResult(new[] { IPAddress.Parse(address) }) });

        var literal = address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address;

        Assert.Equal(HttpCodes.AddressRefused, await http.RefusalAsync($"https://agency.example:{listener.Port}/"));
        Assert.Equal(HttpCodes.AddressRefused, await http.RefusalAsync($"https://{literal}:{listener.Port}/"));
        Assert.Equal(0, listener.Connections);
    }

    [Theory]
    [Trait("Row", "NET-01")]
    [InlineData("1.1.1.1")]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("2a00:1450::1")]
    public void A_public_address_may_be_connected_to(string address) => Assert.True(AddressRules.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [Trait("Row", "NET-01")]
    [InlineData("https://0x7f.0.0.1/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://0177.0.0.1/")]
    [InlineData("https://127.1/")]
    [InlineData("https://localhost/")]
    [InlineData("https://LOCALHOST/")]
    [InlineData("https://[::ffff:7f00:1]/")]
    public async Task Other_spellings_of_loopback_are_refused(string url)
    {
        using var http = new OutboundHttp();
        Assert.Equal(HttpCodes.AddressRefused, await http.RefusalAsync(url));
    }

    [Fact]
    [Trait("Row", "NET-01")]
    public async Task A_public_name_that_resolves_to_loopback_is_refused_even_where_loopback_is_allowed()
    {
        await using var server = await LocalServer.StartAsync(LocalServer.Body("{}"));
        var options = new OutboundHttpOptions { AllowLoopbackHttp = true, Resolve = (_, _) => Task.FromResult(new[] { IPAddress.Loopback }) };
        using var http = new OutboundHttp(options);

        Assert.Equal(HttpCodes.AddressRefused, await http.RefusalAsync($"https://agency.example:{server.Port}/"));
        Assert.Empty(server.Requests);

        Assert.Equal(200, (await http.FetchAsync(server.Url)).Status);
    }

    [Fact]
    [Trait("Row", "NET-01")]
    public async Task Of_several_addresses_only_public_ones_are_tried()
    {
        using var listener = new RawServer((_, _) => Task.CompletedTask);
        // 2001:db8::/32 is refused like loopback is; were one of them tried, the listener would see it.
        var options = new OutboundHttpOptions
        {
            Resolve = (_, _) => Task.FromResult(new[] { IPAddress.Loopback, IPAddress.Parse("2001:db8::1"), IPAddress.Parse("10.1.2.3") }),
        };
        using var http = new OutboundHttp(options);
        Assert.Equal(HttpCodes.AddressRefused, await http.RefusalAsync($"https://agency.example:{listener.Port}/"));
        Assert.Equal(0, listener.Connections);
    }

    [Theory]
    [InlineData("http://agency.example/", HttpCodes.SchemeRefused)]
    [InlineData("http://127.0.0.1.agency.example/", HttpCodes.SchemeRefused)]
    [InlineData("http://localhost.agency.example/", HttpCodes.SchemeRefused)]
    [InlineData("ftp://agency.example/", HttpCodes.SchemeRefused)]
    [InlineData("file:///etc/passwd", HttpCodes.UrlMalformed)]
    [InlineData("javascript:alert(1)", HttpCodes.UrlMalformed)]
    [InlineData("https://user:secret@agency.example/", HttpCodes.UrlMalformed)]
    [InlineData("/relative", HttpCodes.UrlMalformed)]
    public async Task Only_https_urls_without_user_information_are_fetched(string url, string code)
    {
        using var http = new OutboundHttp(new OutboundHttpOptions
        {
            AllowLoopbackHttp = true,
            Resolve = (_, _) => throw new InvalidOperationException("No name may be looked up."),
        });
        var uri = new Uri(url, url[0] == '/' ? UriKind.Relative : UriKind.Absolute);
        Assert.Equal(code, await http.RefusalAsync(uri));
        Assert.Equal(code, (await Assert.ThrowsAsync<FetchException>(() => http.PostAsync(uri))).Code);
    }

    [Fact]
    public async Task Plain_http_to_loopback_needs_the_option()
    {
        await using var server = await LocalServer.StartAsync(LocalServer.Body("{}"));
        using var strict = new OutboundHttp();
        using var development = FetchExtensions.ToLoopback();

        Assert.Equal(HttpCodes.SchemeRefused, await strict.RefusalAsync(server.Url));
        Assert.Empty(server.Requests);
        foreach (var host in new[] { "127.0.0.1", "localhost" })
        {
            var answer = await development.FetchAsync($"http://{host}:{server.Port}/");
            Assert.Equal("{}"u8.ToArray(), answer.Body.ToArray());
        }
    }
}
