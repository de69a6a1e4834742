using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Issuer.Agency;
using Credentials.Issuer.Storage;
using Credentials.OpenId4Vci;
using Credentials.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Credentials.Issuer.Tests.Setup;

/// <summary>A real issuer on a free port, with the moves of agency staff and of a wallet.</summary>
internal sealed class RunningIssuer : IAsyncDisposable
{
    private readonly IssuerHost _host;
    private string _apiKey;

    private RunningIssuer(IssuerHost host, string address, string apiKey)
    {
        _host = host;
        _apiKey = apiKey;
        var sockets = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, Expect100ContinueTimeout = TimeSpan.FromSeconds(10) };
        Http = new HttpClient(new AskBeforeLargeBodies { InnerHandler = sockets }) { BaseAddress = new Uri(address), Timeout = TimeSpan.FromSeconds(100) };
    }

    internal string Url => _host.Url;

    internal HttpClient Http { get; }

    internal string ApiKey { get => _apiKey; set => _apiKey = value; }

    internal string TrustPem => File.ReadAllText(_host.TrustPath);

    internal IServiceProvider Services => _host.Services;

    internal static CancellationToken Ct => TestContext.Current.CancellationToken;

    internal static async Task<RunningIssuer> StartAsync(
        string folder, string? connection = null, string? publicUrl = null, TimeProvider? clock = null, Action<IssuerOptions>? configure = null, Canary? canary = null, string? apiKey = null, bool demoSignIn = false, Uri? telemetry = null)
    {
        var port = FreePort.Next();
        var host = await IssuerHost.BuildAsync(new IssuerHostOptions
        {
            DataFolder = folder,
            Port = port,
            PublicUrl = publicUrl,
            Connection = connection,
            Time = clock ?? TimeProvider.System,
            DemoSignIn = demoSignIn,
            TelemetryCollector = telemetry,
            Configure = options =>
            {
                options.PublicRequestsPerMinute = 1_000_000;
                options.StatusListSize = 1 << 17; // small, and enough for a bitstring list
                configure?.Invoke(options);
            },
            Logging = logging =>
            {
                if (canary is not null)
                    logging.AddProvider(canary).SetMinimumLevel(LogLevel.Trace);
            },
        }, Ct);
        await host.StartAsync(Ct);
        return new RunningIssuer(host, $"http://localhost:{port}", host.ApiKey ?? apiKey ?? "");
    }

    internal async Task<T> ReadAsync<T>(Func<IssuerDbContext, Task<T>> read)
    {
        await using var scope = Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IssuerDbContext>();
        await AuditLog.LinkAsync(db, Ct); // so that what tests read of the log is all of it
        return await read(db);
    }

    internal static async Task<JsonElement> JsonAsync(HttpResponseMessage response) => StrictJson.ParseObject(await response.Content.ReadAsByteArrayAsync(Ct));

    internal async Task<HttpResponseMessage> AgencyAsync(HttpMethod method, string path, JsonNode? body = null, string? key = null)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key ?? ApiKey);
        if (body is not null)
            request.Content = Json(StrictJson.ToText(body));
        return await Http.SendAsync(request, Ct);
    }

    internal async Task<MadeOffer> OfferAsync(bool txCode = false, string? subject = null, params string[] ids)
    {
        using var response = await AgencyAsync(HttpMethod.Post, "/agency/v1/offers", SampleClaims.OfferBody(txCode, subject, ids.Length == 0 ? ["mdl_sd_jwt"] : ids));
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return ReadOffer(await JsonAsync(response));
    }

    internal static MadeOffer ReadOffer(JsonElement json) => new(
        json.RequireString("offer_id"),
        CodeOf(CredentialOffer.Parse(json.RequireObjectMember("offer"), allowLoopbackHttp: true)),
        json.GetProperty("tx_code").GetString(),
        json.RequireString("offer_uri"),
        new Uri(json.RequireString("page")));

    /// <summary>An offer with further members of the agency API's body.</summary>
    internal async Task<MadeOffer> OfferAsync(Action<JsonObject> change, string? subject = null, params string[] ids)
    {
        var body = SampleClaims.OfferBody(false, subject, ids.Length == 0 ? ["mdl_sd_jwt"] : ids);
        change(body);
        using var response = await AgencyAsync(HttpMethod.Post, "/agency/v1/offers", body);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return ReadOffer(await JsonAsync(response));
    }

    // The secret of either grant.
    private static string CodeOf(CredentialOffer offer) => offer.PreAuthorized?.Code ?? offer.AuthorizationCode!.IssuerState!;

    internal Task<HttpResponseMessage> TokenAsync(string code, string? txCode = null, IReadOnlyList<string>? details = null, string? clientId = null) =>
        Http.PostAsync("/token", Form(new TokenRequest { PreAuthorizedCode = code, TxCode = txCode, ConfigurationIds = details, ClientId = clientId }.ToForm()), Ct);

    internal async Task<string> AccessTokenAsync(MadeOffer offer)
    {
        using var response = await TokenAsync(offer.Code, offer.TxCode);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return TokenResponse.Parse(await JsonAsync(response)).AccessToken;
    }

    internal async Task<string> NonceAsync()
    {
        using var response = await Http.PostAsync("/nonce", null, Ct);
        return NonceResponse.Parse(await JsonAsync(response)).CNonce;
    }

    internal Task<HttpResponseMessage> CredentialAsync(string? token, IReadOnlyList<string> proofs, string id = "mdl_sd_jwt") =>
        CredentialAsync(token, StrictJson.ToText(new CredentialRequest { ConfigurationId = id, JwtProofs = proofs }.ToJson()));

    internal async Task<HttpResponseMessage> CredentialAsync(string? token, string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/credential") { Content = Json(body) };
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await Http.SendAsync(request, Ct);
    }

    /// <summary>The whole way from offer to credentials.</summary>
    internal async Task<IReadOnlyList<string>> IssueAsync(int count = 1, string id = "mdl_sd_jwt", string? subject = null)
    {
        var token = await AccessTokenAsync(await OfferAsync(false, subject, id));
        using var response = await CredentialAsync(token, await Proofs.MakeAsync(Url, await NonceAsync(), count), id);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return CredentialResponse.Parse(await JsonAsync(response)).Credentials;
    }

    internal async Task<string> StateAsync(string offerId)
    {
        using var response = await AgencyAsync(HttpMethod.Get, $"/agency/v1/offers/{offerId}");
        return (await JsonAsync(response)).RequireString("state");
    }

    internal async Task<IReadOnlyList<JsonElement>> RegisterAsync(string query = "")
    {
        using var response = await AgencyAsync(HttpMethod.Get, $"/agency/v1/credentials{query}");
        return [.. (await JsonAsync(response)).RequireArray("credentials").EnumerateArray()];
    }

    internal Task<HttpResponseMessage> ChangeStatusAsync(string id, string status, string wait = "?wait=published") =>
        AgencyAsync(HttpMethod.Post, $"/agency/v1/credentials/{id}/status{wait}", new JsonObject { ["status"] = status, ["reason"] = "test" });

    internal static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    internal static StringContent Form(string body) => new(body, Encoding.ASCII, "application/x-www-form-urlencoded");

    internal static async Task AssertErrorAsync(HttpResponseMessage response, HttpStatusCode status, string error)
    {
        var text = await response.Content.ReadAsStringAsync(Ct);
        Assert.Equal((status, error), (response.StatusCode, StrictJson.Parse(text).RequireString("error")));
    }

    /// <summary>The service refuses what is too large without reading it; a client in the middle of sending might then miss the answer.</summary>
    private sealed class AskBeforeLargeBodies : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Content?.Headers.ContentLength > 10_000)
                request.Headers.ExpectContinue = true;
            return base.SendAsync(request, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _host.StopAsync(CancellationToken.None);
        await _host.DisposeAsync();
    }
}
