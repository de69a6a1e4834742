using Credentials.Verifier.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ModelContextProtocol.Server;

namespace Credentials.Cli.Assistant;

/// <summary>
/// The assistant's way to the wallet over HTTP, for one program on this machine: it listens on 127.0.0.1 alone, and takes nobody without the
/// token that is printed when it starts. Browsers can reach the port too: a name or an origin that is not this one is turned away (Model
/// Context Protocol, Transports, "Security Warning").
/// </summary>
internal sealed class AssistantServer : IAsyncDisposable
{
    private const string Path = "/mcp";
    private const int MaxBodyBytes = 1024 * 1024;

    private readonly WebApplication _app;

    private AssistantServer(WebApplication app) => _app = app;

    /// <summary>The endpoint.</summary>
    internal string Url { get; private set; } = "";

    /// <summary>What goes behind <c>Authorization: Bearer</c>. It is new with each start.</summary>
    internal string Token { get; } = RandomToken.NewLong();

    /// <exception cref="CommandException">The port cannot be listened on.</exception>
    internal static async Task<AssistantServer> StartAsync(Action<McpServerOptions> configure, int port, CancellationToken cancelled)
    {
        var builder = LoopbackHost.NewBuilder(port, MaxBodyBytes);
        builder.Services.AddRouting();
        // With sessions, without which the person could not be asked in the middle of a call. A client that prefers none comes down to them.
        builder.Services.AddMcpServer(configure).WithHttpTransport(http => http.Stateless = false);
        var server = new AssistantServer(builder.Build());
        server._app.Use(server.GuardAsync);
        server._app.UseRouting();
        server._app.MapMcp(Path);
        server.Url = await LoopbackHost.StartAsync(server._app, port, "--port N", cancelled) + Path;
        return server;
    }

    internal Task RunAsync(CancellationToken cancelled) => _app.WaitForShutdownAsync(cancelled);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private Task GuardAsync(HttpContext http, RequestDelegate next)
    {
        var own = new Uri(Url);
        var origin = http.Request.Headers.Origin.ToString();
        if (http.Request.Host.Value != own.Authority) http.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
        else if (origin.Length > 0 && origin != own.GetLeftPart(UriPartial.Authority)) http.Response.StatusCode = StatusCodes.Status403Forbidden;
        else if (!HasToken(http.Request.Headers.Authorization.ToString()))
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            http.Response.Headers.WWWAuthenticate = "Bearer";
        }
        else
        {
            http.Response.Headers.CacheControl = "no-store";
            return next(http);
        }
        return Task.CompletedTask;
    }

    private bool HasToken(string authorization) =>
        authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) && RandomToken.Same(authorization["Bearer ".Length..], Token);
}
