using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Credentials.Verifier.Tests.Setup;

/// <summary>A verifier on a real port with a data folder of its own, an agency that it trusts, and a clock.</summary>
public sealed class TestVerifier : IAsyncLifetime
{
    private readonly TempFolder _folder = new();

    public TestClock Clock { get; } = new();
    public TestIssuer Issuer { get; }
    public Canary Log { get; } = new();
    public VerifierHost Host { get; private set; } = null!;
    public string ApiKey { get; private set; } = "";
    public string Url => Host.Ready.Url;

    /// <summary>The service's x509_hash identifier.</summary>
    public string ClientId => $"x509_hash:{Host.Services.GetRequiredService<Credentials.Verifier.Parties.PartyRegistry>().Own.Identities.Access.X509Hash}";
    public string DataFolder => _folder.Combine("data");
    public Func<VerifierHostOptions, VerifierHostOptions> Alter { get; set; } = o => o;

    /// <summary>No cookies and no redirects: each test says what it sends.</summary>
    public HttpClient Http { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, MaxConnectionsPerServer = 128 });

    public TestVerifier() => Issuer = new TestIssuer(Clock);

    public async ValueTask InitializeAsync()
    {
        await Issuer.StartAsync();
        _folder.Write("trust.pem", Issuer.RootPem);
        Host = await StartAsync(Alter);
        ApiKey = Host.Ready.ApiKey!;
    }

    public Task<VerifierHost> StartAsync(Func<VerifierHostOptions, VerifierHostOptions> alter) => VerifierHost.BuildAsync(
        alter(new VerifierHostOptions
        {
            DataFolder = DataFolder,
            Port = 0,
            TrustFiles = [_folder.Combine("trust.pem")],
            AllowLoopbackHttp = true,
            Time = Clock,
            WrongSecretsPerMinute = 10_000,
        }),
        logging => logging.AddProvider(Log).SetMinimumLevel(LogLevel.Trace),
        TestContext.Current.CancellationToken);

    public async Task RestartAsync()
    {
        await Host.DisposeAsync();
        Host = await StartAsync(Alter);
    }

    public Task<Created> CreateAsync(string policy, Action<JsonObject>? alter = null) => CreateAsync(With(new JsonObject { ["policy"] = policy }, alter));

    public async Task<Created> CreateAsync(JsonObject body)
    {
        using var response = await PostJsonAsync("/verifications", body);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var json = await ReadAsync(response);
        return new Created(Text(json, "id"), Text(json, "request_uri"), Text(json, "page"));
    }

    public Task<HttpResponseMessage> PostJsonAsync(string path, JsonNode body, string? key = null) => PostTextAsync(path, body.ToJsonString(), key);

    public Task<HttpResponseMessage> PostTextAsync(string path, string body, string? key = null) =>
        SendAsync(HttpMethod.Post, path, key, new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")));

    public Task<HttpResponseMessage> GetAsync(string path, string? key = null) => SendAsync(HttpMethod.Get, path, key);

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? key = null, HttpContent? content = null)
    {
        var request = new HttpRequestMessage(method, Absolute(path)) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key ?? ApiKey);
        return Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>A request as a browser sends it: no key, the given cookies.</summary>
    public Task<HttpResponseMessage> BrowseAsync(string path, string cookies = "", string language = "en")
    {
        var request = new HttpRequestMessage(HttpMethod.Get, Absolute(path));
        if (cookies != "")
            request.Headers.Add("Cookie", cookies);
        request.Headers.Add("Accept", "text/html");
        request.Headers.Add("Accept-Language", language);
        return Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Opens a page by its secret and returns the cookie it was exchanged for.</summary>
    public async Task<string> OpenPageAsync(Created created)
    {
        using var response = await BrowseAsync(created.Page);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        return response.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    public async Task<JsonElement> StateAsync(string id)
    {
        using var response = await GetAsync($"/verifications/{id}");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await ReadAsync(response);
    }

    public static async Task<JsonElement> ReadAsync(HttpResponseMessage response) =>
        JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

    public static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    public string Absolute(string path) => path.StartsWith("http", StringComparison.Ordinal) ? path : Url + path;

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Host.DisposeAsync();
        await Issuer.DisposeAsync();
        _folder.Dispose();
    }

    private static JsonObject With(JsonObject body, Action<JsonObject>? alter)
    {
        alter?.Invoke(body);
        return body;
    }
}

/// <summary>What <c>POST /verifications</c> returned.</summary>
public sealed record Created(string Id, string RequestUri, string Page);
