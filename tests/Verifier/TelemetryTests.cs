using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Credentials.Tests.Shared;
using Credentials.Verifier.Tests.Setup;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Credentials.Verifier.Tests;

/// <summary>What an OpenTelemetry collector is told.</summary>
public sealed class TelemetryTests
{
    [Fact]
    [Trait("Row", "VPV-24")]
    public async Task A_collector_is_told_routes_and_outcomes_and_nothing_about_anybody()
    {
        var (bodies, port) = (new ConcurrentQueue<(string Path, string Body)>(), FreePort.Next());
        var builder = QuietServer.CreateBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port));
        await using var collector = builder.Build();
        collector.Run(async http =>
        {
            using var copy = new MemoryStream();
            await http.Request.Body.CopyToAsync(copy, TestContext.Current.CancellationToken);
            // Latin-1 keeps every byte: text within protobuf stays readable.
            bodies.Enqueue((http.Request.Path, Encoding.Latin1.GetString(copy.ToArray())));
        });
        await collector.StartAsync(TestContext.Current.CancellationToken);

        using var folder = new TempFolder();
        var parties = folder.Write("parties.json", """{ "parties": [ { "id": "shop-4711", "name": "Hanbit Shop" } ] }""");
        string[] secrets;
        await using (var verifier = new TestVerifier { Alter = o => o with { TelemetryCollector = new Uri($"http://localhost:{port}"), PartiesFile = parties } })
        {
            await verifier.InitializeAsync();
            verifier.Http.DefaultRequestHeaders.UserAgent.ParseAdd("Wallet-of-somebody/1.0");
            verifier.Http.DefaultRequestHeaders.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
            var shop = verifier.Host.Ready.PartyKeys["shop-4711"];
            using var made = await verifier.PostJsonAsync("/verifications", new JsonObject { ["policy"] = "driving-licence" }, shop);
            var json = await TestVerifier.ReadAsync(made);
            var created = new Created(TestVerifier.Text(json, "id"), TestVerifier.Text(json, "request_uri"), TestVerifier.Text(json, "page"));
            var cookie = await verifier.OpenPageAsync(created);
            using var page = await verifier.BrowseAsync($"/v/{created.Id}?utm=somewhere", cookie);
            var wallet = new TestWallet(verifier);
            var request = await wallet.ResolveAsync(created.RequestUri);
            var paths = request.Request.DcqlQuery.Credentials[0].Claims!.Select(c => c.Path.ToString()).Where(path => !path.Contains("portrait", StringComparison.Ordinal)).ToArray();
            var held = await verifier.Issuer.IssueLicenceAsync();
            var presentation = await wallet.PresentAsync(held, request.Request, null, paths);
            using var answer = await wallet.AnswerAsync(request, presentation);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            using var told = await verifier.GetAsync($"/verifications/{created.Id}?response_code=code-of-somebody", shop);
            using var document = await verifier.PostJsonAsync("/documents/verify", new JsonObject { ["document"] = held.Credential }, shop);
            using var nothing = await verifier.BrowseAsync("/there-is-no-such-page");
            secrets =
            [
                created.Id, request.Request.ResponseUri.Segments[^1], created.Page.Split("s=")[1], cookie.Split('=')[1], request.Request.Nonce, request.Request.State!, "utm", "code-of-somebody",
                shop, verifier.ApiKey, "shop-4711", "Hanbit", "Wallet-of", "no-such-page", presentation.Split('~')[1], "11-22-333333-44", "1990-05-17",
                Encoding.Latin1.GetString(Encoding.UTF8.GetBytes("길동")),
            ];
        }

        var traces = string.Concat(bodies.Where(one => one.Path == "/v1/traces").Select(one => one.Body));
        foreach (var route in new[] { "/verifications/{id}", "/wallet/requests/{requestId}", "/wallet/responses/{requestId}", "/documents/verify", "/v/{id}" })
            Assert.Contains(route, traces, StringComparison.Ordinal);
        Assert.Contains("credentials-verifier", traces, StringComparison.Ordinal);
        Assert.Contains(bodies, one => one.Path == "/v1/metrics");
        foreach (var (_, body) in bodies)
            Assert.All(secrets, secret => Assert.DoesNotContain(secret, body, StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData(true, ConsoleFormatterNames.Json)]
    [InlineData(false, ConsoleFormatterNames.Simple)]
    public async Task Logs_go_to_standard_error_as_json_when_asked_for(bool json, string formatter)
    {
        using var folder = new TempFolder();
        await using var host = await VerifierHost.BuildAsync(new VerifierHostOptions { DataFolder = folder.FullPath, Port = 0, JsonLogs = json }, cancellationToken: TestContext.Current.CancellationToken);
        var console = host.Services.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value;
        Assert.Equal((formatter, LogLevel.Trace), (console.FormatterName, console.LogToStandardErrorThreshold));
        Assert.False(host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Microsoft.AspNetCore.Hosting.Diagnostics").IsEnabled(LogLevel.Information));
    }
}
