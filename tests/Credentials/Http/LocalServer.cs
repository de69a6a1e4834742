using System.Collections.Concurrent;
using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Credentials.Tests.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Credentials.Tests.Http;

/// <summary>A real web server on loopback that answers as told and remembers what it was asked.</summary>
internal sealed class LocalServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<IReadOnlyDictionary<string, string>> _requests = new();

    private LocalServer(WebApplication app, int port)
    {
        _app = app;
        Port = port;
    }

    public int Port { get; }

    /// <summary>http://127.0.0.1:PORT/</summary>
    public Uri Url => new($"http://127.0.0.1:{Port}/");

    /// <summary>The headers of every request, oldest first.</summary>
    public IReadOnlyCollection<IReadOnlyDictionary<string, string>> Requests => _requests;

    public static async Task<LocalServer> StartAsync(
        RequestDelegate answer, X509Certificate2? certificate = null, SslProtocols protocols = SslProtocols.None, int addresses = 1)
    {
        var port = FreePort.Next();
        var builder = QuietServer.CreateBuilder();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            for (var i = 1; i <= addresses; i++)
            {
                kestrel.Listen(IPAddress.Parse($"127.0.0.{i}"), port, listen =>
                {
                    if (certificate is not null)
                        listen.UseHttps(https => (https.ServerCertificate, https.SslProtocols) = (certificate, protocols));
                });
            }
        });
        var server = new LocalServer(builder.Build(), port);
        server._app.Run(context =>
        {
            server._requests.Enqueue(context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString()));
            return answer(context);
        });
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>An answer with a body and a content type.</summary>
    public static RequestDelegate Body(string body, string contentType = "application/json", int status = 200) => context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        return context.Response.WriteAsync(body);
    };

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}
