using System.IO.Compression;
using System.Text;
using Credentials.Http;
using Microsoft.AspNetCore.Http;

namespace Credentials.Tests.Http;

public class ResponseTests
{
    private static readonly FetchRule _small = FetchRule.Json with { MaxBytes = 1000 };
    private static readonly FetchRule _quick = FetchRule.Json with { Timeout = TimeSpan.FromMilliseconds(300) };

    [Theory]
    [Trait("Row", "NET-04")]
    [InlineData(999, true)]
    [InlineData(1000, true)]
    [InlineData(1001, false)]
    [InlineData(2_000_000, false)]
    public async Task A_body_up_to_the_cap_is_read_with_and_without_a_length(int length, bool accepted)
    {
        await using var server = await LocalServer.StartAsync(context =>
        {
            context.Response.ContentType = "application/json";
            if (context.Request.Path == "/length")
                context.Response.ContentLength = length;
            return context.Response.WriteAsync(new string(' ', length));
        });
        using var http = FetchExtensions.ToLoopback();
        foreach (var path in new[] { "/length", "/chunks" })
        {
            var url = new Uri(server.Url, path);
            if (accepted)
                Assert.Equal(length, (await http.FetchAsync(url, _small)).Body.Length);
            else
                Assert.Equal(HttpCodes.TooLarge, await http.RefusalAsync(url, _small));
        }
    }

    [Fact]
    [Trait("Row", "NET-04")]
    public async Task A_body_without_end_is_cut_at_the_cap()
    {
        var sent = 0;
        using var server = new RawServer(async (stream, stop) =>
        {
            await RawServer.WriteAsync(stream, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n", stop);
            for (; sent < 1_000_000_000; sent += 1000)
                await RawServer.WriteAsync(stream, new string(' ', 1000), stop);
        });
        using var http = FetchExtensions.ToLoopback();
        Assert.Equal(HttpCodes.TooLarge, await http.RefusalAsync(server.Url, _small));
        Assert.True(sent < 1_000_000_000);
    }

    [Theory]
    [Trait("Row", "NET-04")]
    [Trait("Row", "TSL-20")]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n")]
    public async Task A_server_that_drips_runs_into_the_deadline(string start)
    {
        using var server = new RawServer(async (stream, stop) =>
        {
            await RawServer.WriteAsync(stream, start, stop);
            while (true)
            {
                await RawServer.WriteAsync(stream, " ", stop);
                await Task.Delay(20, stop);
            }
        });
        using var http = FetchExtensions.ToLoopback();
        Assert.Equal(HttpCodes.Timeout, await http.RefusalAsync(server.Url, _quick));
    }

    [Fact]
    [Trait("Row", "NET-04")]
    public async Task Headers_without_end_are_refused()
    {
        using var server = new RawServer(async (stream, stop) =>
        {
            await RawServer.WriteAsync(stream, "HTTP/1.1 200 OK\r\n", stop);
            for (var i = 0; i < 1_000_000; i++)
                await RawServer.WriteAsync(stream, $"X-{i}: {new string('x', 1000)}\r\n", stop);
        });
        using var http = FetchExtensions.ToLoopback();
        Assert.Equal(HttpCodes.TooLarge, await http.RefusalAsync(server.Url));
    }

    [Theory]
    [Trait("Row", "NET-05")]
    [InlineData("text/html", 200, HttpCodes.ContentTypeRefused)]
    [InlineData("application/jsonp", 200, HttpCodes.ContentTypeRefused)]
    [InlineData("application/json", 404, HttpCodes.StatusRefused)]
    [InlineData("application/json", 500, HttpCodes.StatusRefused)]
    [InlineData("application/json", 304, HttpCodes.StatusRefused)]
    public async Task Another_content_type_or_status_is_not_used(string contentType, int status, string code)
    {
        await using var server = await LocalServer.StartAsync(LocalServer.Body(status == 304 ? "" : "{}", contentType, status));
        using var http = FetchExtensions.ToLoopback();
        Assert.Equal(code, await http.RefusalAsync(server.Url));
    }

    [Theory]
    [Trait("Row", "NET-05")]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("Application/JSON")]
    public async Task The_asked_content_type_is_used_whatever_its_parameters_and_case(string contentType)
    {
        await using var server = await LocalServer.StartAsync(LocalServer.Body("""{"a":1}""", contentType));
        using var http = FetchExtensions.ToLoopback();
        var document = await http.FetchAsync(server.Url);
        Assert.Equal("application/json", document.ContentType);
        Assert.Equal(1, document.ReadJsonObject("test.code").GetProperty("a").GetInt32());
    }

    [Fact]
    [Trait("Row", "NET-05")]
    public async Task No_content_type_is_another_content_type()
    {
        await using var server = await LocalServer.StartAsync(context => context.Response.Body.WriteAsync("{}"u8.ToArray()).AsTask());
        using var http = FetchExtensions.ToLoopback();
        Assert.Equal(HttpCodes.ContentTypeRefused, await http.RefusalAsync(server.Url));
        Assert.Equal(2, (await http.FetchAsync(server.Url, new FetchRule())).Body.Length);
    }

    [Fact]
    public async Task An_oauth_endpoint_s_error_is_handed_to_the_caller()
    {
        await using var server = await LocalServer.StartAsync(context =>
        {
            context.Response.Headers["DPoP-Nonce"] = "n";
            return LocalServer.Body("""{"error":"invalid_grant"}""", status: 400)(context);
        });
        using var http = FetchExtensions.ToLoopback();
        var answer = await http.PostAsync(server.Url);
        Assert.Equal((400, false, "n"), (answer.Status, answer.IsSuccess, answer.Headers["dpop-nonce"]));
        Assert.Equal("invalid_grant", answer.ReadJsonObject("test.code").GetProperty("error").GetString());
    }

    [Theory]
    [Trait("Row", "TSL-02")]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task A_content_coding_that_was_not_asked_for_is_never_undone(string coding)
    {
        var bomb = new MemoryStream();
        using (var gzip = new GZipStream(bomb, CompressionLevel.SmallestSize, leaveOpen: true))
            gzip.Write(new byte[10_000_000]);
        await using var server = await LocalServer.StartAsync(context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.Headers.ContentEncoding = coding;
            return context.Response.Body.WriteAsync(bomb.ToArray()).AsTask();
        });
        using var http = FetchExtensions.ToLoopback();
        Assert.Equal(HttpCodes.ResponseMalformed, await http.RefusalAsync(server.Url));
        Assert.Equal("identity", Assert.Single(server.Requests)["Accept-Encoding"]);
    }

    [Theory]
    [InlineData("GARBAGE\r\n\r\n", HttpCodes.ResponseMalformed)]
    [InlineData("", HttpCodes.Unreachable)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{}", HttpCodes.Unreachable)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", HttpCodes.ResponseMalformed)]
    public async Task What_is_not_whole_http_is_refused(string answer, string code)
    {
        using var server = new RawServer((stream, stop) => stream.WriteAsync(Encoding.ASCII.GetBytes(answer), stop).AsTask());
        using var http = FetchExtensions.ToLoopback();
        Assert.Equal(code, await http.RefusalAsync(server.Url));
    }

    [Fact]
    public async Task Nobody_listening_and_no_such_name_are_unreachable()
    {
        var closed = Shared.FreePort.Next();
        using var http = new OutboundHttp(new OutboundHttpOptions
        {
            AllowLoopbackHttp = true,
            Resolve = (_, _) => throw new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.HostNotFound),
        });
        Assert.Equal(HttpCodes.Unreachable, await http.RefusalAsync($"http://127.0.0.1:{closed}/"));
        Assert.Equal(HttpCodes.Unreachable, await http.RefusalAsync("https://agency.example/"));
    }

    [Fact]
    public async Task Cancellation_by_the_caller_is_cancellation()
    {
        using var server = new RawServer((_, stop) => Task.Delay(Timeout.Infinite, stop));
        using var http = FetchExtensions.ToLoopback();
        using var cancel = new CancellationTokenSource(100);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => http.GetAsync(server.Url, FetchRule.Json, cancellationToken: cancel.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => http.PostFormAsync(server.Url, [], FetchRule.OAuthEndpoint, cancellationToken: cancel.Token));
    }
}
