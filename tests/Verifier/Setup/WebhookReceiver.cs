using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Credentials.Verifier.Tests.Setup;

/// <summary>A relying party's receiver on loopback: keeps what is posted to it and answers as the test says.</summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly Channel<ReceivedWebhook> _received = Channel.CreateUnbounded<ReceivedWebhook>();
    private readonly WebApplication _server;

    private WebhookReceiver(WebApplication server) => _server = server;

    /// <summary>What a post is answered with; 204 until said otherwise. May wait.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = http =>
    {
        http.Response.StatusCode = 204;
        return Task.CompletedTask;
    };

    public int Port => new Uri(_server.Urls.First()).Port;

    /// <summary>As the operator writes it.</summary>
    public string Host => $"localhost:{Port}";

    public string Url => $"http://{Host}/hooks?token=receivers-own-secret";

    public static async Task<WebhookReceiver> StartAsync(int port = 0)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{port}");
        builder.Services.AddRoutingCore();
        var server = builder.Build();
        var receiver = new WebhookReceiver(server);
        server.Run(receiver.TakeAsync);
        await server.StartAsync();
        return receiver;
    }

    public static WebhookReceiver Answering(WebhookReceiver receiver, int status)
    {
        receiver.Answer = http =>
        {
            http.Response.StatusCode = status;
            return Task.CompletedTask;
        };
        return receiver;
    }

    /// <summary>The next post, in the order of arrival.</summary>
    public async Task<ReceivedWebhook> NextAsync() => await _received.Reader.ReadAsync(TestContext.Current.CancellationToken);

    /// <summary>Whether anything was posted that <see cref="NextAsync"/> has not handed out.</summary>
    public bool HasMore => _received.Reader.Count > 0;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var headers = http.Request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString());
        _received.Writer.TryWrite(new ReceivedWebhook(http.Request.Method, http.Request.Path + http.Request.QueryString, headers, Encoding.UTF8.GetString(body.ToArray())));
        await Answer(http);
    }
}

/// <summary>One post, and what a receiver has to check of it.</summary>
public sealed record ReceivedWebhook(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string Id => Headers["webhook-id"];

    public string TransactionId => Json.GetProperty("id").GetString()!;

    public string State => Json.GetProperty("state").GetString()!;

    public JsonElement Json => JsonElement.Parse(Body);

    /// <summary>As the page for relying parties describes it: the signature, and that it was made within five minutes.</summary>
    public bool IsGenuine(string secret, DateTimeOffset now)
    {
        var sent = long.Parse(Headers["webhook-timestamp"], System.Globalization.CultureInfo.InvariantCulture);
        if (Math.Abs(now.ToUnixTimeSeconds() - sent) > 300)
            return false;
        using var mac = new HMACSHA256(Convert.FromBase64String(secret["whsec_".Length..]));
        var expected = mac.ComputeHash(Encoding.UTF8.GetBytes($"{Id}.{Headers["webhook-timestamp"]}.{Body}"));
        return Headers["webhook-signature"].Split(' ').Any(s => s == "v1," + Convert.ToBase64String(expected));
    }
}
