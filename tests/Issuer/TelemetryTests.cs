using System.Collections.Concurrent;
using System.Text;
using Credentials.Issuer.Tests.Setup;
using Credentials.Tests.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Credentials.Issuer.Tests;

/// <summary>What an OpenTelemetry collector is told.</summary>
public class TelemetryTests
{
    [Fact]
    public async Task A_collector_is_told_routes_and_outcomes_and_nothing_about_anybody()
    {
        var (bodies, port) = (new ConcurrentQueue<(string Path, string Body)>(), FreePort.Next());
        var builder = QuietServer.CreateBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port));
        await using var collector = builder.Build();
        collector.Run(async http =>
        {
            using var copy = new MemoryStream();
            await http.Request.Body.CopyToAsync(copy, RunningIssuer.Ct);
            // Latin-1 keeps every byte: text within protobuf stays readable.
            bodies.Enqueue((http.Request.Path, Encoding.Latin1.GetString(copy.ToArray())));
        });
        await collector.StartAsync(RunningIssuer.Ct);

        using var folder = new TempFolder();
        string[] secrets;
        await using (var issuer = await RunningIssuer.StartAsync(folder.FullPath, telemetry: new Uri($"http://localhost:{port}")))
        {
            var offer = await issuer.OfferAsync(false, "subject-4711");
            var reference = Uri.UnescapeDataString(new Uri(offer.Link).Query.Split("credential_offer_uri=")[1]);
            issuer.Http.DefaultRequestHeaders.UserAgent.ParseAdd("Wallet-of-somebody/1.0");
            issuer.Http.DefaultRequestHeaders.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
            using var fetched = await issuer.Http.GetAsync(reference, RunningIssuer.Ct);
            using var page = await issuer.Http.GetAsync(offer.Page + "?utm=somewhere", RunningIssuer.Ct);
            using var nothing = await issuer.Http.GetAsync("/there-is-no-such-page", RunningIssuer.Ct);
            var token = await issuer.AccessTokenAsync(offer);
            using var credential = await issuer.CredentialAsync(token, await Proofs.MakeAsync(issuer.Url, await issuer.NonceAsync()));
            Assert.True(credential.IsSuccessStatusCode);
            secrets = [offer.Id, new Uri(reference).Segments[^1], offer.Page.Segments[^1], "utm", "subject-4711", SampleClaims.FamilyName, "Wallet-of", token, "no-such-page"];
        }

        var traces = string.Concat(bodies.Where(one => one.Path == "/v1/traces").Select(one => one.Body));
        foreach (var route in new[] { "/token", "/credential", "/offers/{" })
            Assert.Contains(route, traces, StringComparison.Ordinal);
        Assert.Contains("credentials-issuer", traces, StringComparison.Ordinal);
        Assert.Contains(bodies, one => one.Path == "/v1/metrics");
        foreach (var (_, body) in bodies)
            Assert.All(secrets, secret => Assert.DoesNotContain(secret, body, StringComparison.OrdinalIgnoreCase));
    }
}
