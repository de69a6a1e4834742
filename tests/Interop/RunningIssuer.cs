using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Issuer;
using Credentials.Tests.Shared;

namespace Credentials.Interop.Tests;

/// <summary>An issuer in this process on a free port, with the one move of its staff.</summary>
internal sealed class RunningIssuer : IAsyncDisposable
{
    private readonly IssuerHost _host;
    private readonly HttpClient _http = new();

    private RunningIssuer(IssuerHost host) => _host = host;

    internal string Url => _host.Url;

    internal string Trust => _host.TrustPath;

    internal static async Task<RunningIssuer> StartAsync(string folder, Action<IssuerOptions>? configure = null)
    {
        var host = await IssuerHost.BuildAsync(new IssuerHostOptions { DataFolder = folder, Port = FreePort.Next(), Configure = configure }, TestContext.Current.CancellationToken);
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new RunningIssuer(host);
    }

    /// <summary>Makes an offer; the claims are those of the agency's API.</summary>
    internal async Task<JsonElement> OfferAsync(string claims, params string[] ids)
    {
        var body = new JsonObject
        {
            ["credential_configuration_ids"] = new JsonArray([.. ids.Select(id => (JsonNode)id)]),
            ["claims"] = StrictJson.ToNode(StrictJson.Parse(claims)),
        };
        var request = new HttpRequestMessage(HttpMethod.Post, $"{Url}/agency/v1/offers") { Content = new StringContent(StrictJson.ToText(body), Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _host.ApiKey);
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == HttpStatusCode.Created, text);
        return StrictJson.Parse(text);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _host.StopAsync(CancellationToken.None);
        await _host.DisposeAsync();
    }
}
