using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.OpenId4Vp;
using Credentials.SdJwt;
using Credentials.Tests.Shared;
using Credentials.Trust;
using Credentials.Verifier.Storage;
using Credentials.Verifier.Tests.Setup;
using Credentials.Verifier.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Verifier.Tests;

/// <summary>The service as a process of its own, killed for real (SIGKILL) at the moments that matter.</summary>
public sealed class KillTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>
    /// Killed between sending and marking: what the receiver has taken comes again, the same, and nothing is lost. A killed process holds its claims
    /// for a minute more; that minute is taken off in the database rather than waited for.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Row", "REL-19")]
    public async Task What_was_sent_and_not_marked_when_the_process_was_killed_is_sent_again_the_same(bool onPostgres)
    {
        const int messages = 24;
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var verifier = await KillableVerifier.StartAsync(onPostgres ? await postgres.CreateDatabaseAsync(Ct) : null, receiver.Host);
        var secret = await verifier.SetWebhookAsync(receiver.Url);
        // The first ones are taken and not answered, so that they are under way when the process dies.
        var under = new TaskCompletionSource();
        var count = 0;
        receiver.Answer = async http =>
        {
            if (Interlocked.Increment(ref count) == WebhookWorker.MessagesAtOnce)
                under.SetResult();
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        };
        var ids = new List<string>();
        for (var i = 0; i < messages; i++)
            ids.Add(await verifier.CancelledAsync());
        await under.Task.WaitAsync(Ct);

        await verifier.KillAsync();
        var first = new List<ReceivedWebhook>();
        while (receiver.HasMore)
            first.Add(await receiver.NextAsync());
        await verifier.InDatabaseAsync(db => db.WebhookMessages.Where(m => m.Claim != null)
            .ExecuteUpdateAsync(u => u.SetProperty(m => m.DueAt, m => m.DueAt - (long)WebhookWorker.Lease.TotalMilliseconds), Ct));
        WebhookReceiver.Answering(receiver, 204);
        await verifier.ReviveAsync();

        var second = new List<ReceivedWebhook>();
        while (second.Count < messages)
            second.Add(await receiver.NextAsync());
        while ((await verifier.JsonAsync(HttpMethod.Get, "/webhook")).GetProperty("waiting").GetInt32() > 0)
            await Task.Delay(50, Ct);
        // On a slow machine the service may have given some up and gone on to others.
        Assert.True(first.Count >= WebhookWorker.MessagesAtOnce);
        Assert.Equal(ids.Order(), second.Select(message => message.TransactionId).Order());
        Assert.All(first, message => Assert.Equal(message.Body, second.Single(again => again.Id == message.Id).Body));
        Assert.All(second, message => Assert.True(message.IsGenuine(secret, TimeProvider.System.GetUtcNow())));
        Assert.False(receiver.HasMore);
    }

    /// <summary>Killed while the answer is being verified: nothing of it is there, and the wallet's next try is the first one.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Row", "VPV-01")]
    public async Task An_answer_that_was_received_and_not_stored_when_the_process_was_killed_can_be_sent_again_once(bool onPostgres)
    {
        await using var verifier = await KillableVerifier.StartAsync(onPostgres ? await postgres.CreateDatabaseAsync(Ct) : null);
        var (id, url, form) = await verifier.AnswerAsync();
        var verifying = new TaskCompletionSource();
        verifier.Issuer.BeforeStatus = () =>
        {
            verifying.TrySetResult();
            return Task.Delay(Timeout.Infinite, Ct);
        };
        var lost = verifier.PostAsync(url, form);
        await verifying.Task.WaitAsync(Ct);

        await verifier.KillAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => lost);
        verifier.Issuer.BeforeStatus = null;
        await verifier.ReviveAsync();

        Assert.Equal("requested", await verifier.StateAsync(id));
        using (var again = await verifier.PostAsync(url, form))
            Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal("accepted", await verifier.StateAsync(id));
        using (var third = await verifier.PostAsync(url, form))
            Assert.Equal(HttpStatusCode.BadRequest, third.StatusCode);
        Assert.Equal("accepted", await verifier.StateAsync(id));
    }

    /// <summary>Killed at a moment that nobody chose: the answer is there whole or not at all, and tells the webhook once it is there.</summary>
    [Fact]
    [Trait("Row", "VPV-01")]
    public async Task Whenever_the_process_is_killed_one_answer_is_stored_and_told()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var verifier = await KillableVerifier.StartAsync(null, receiver.Host);
        await verifier.SetWebhookAsync(receiver.Url);
        var ids = new List<string>();
        for (var round = 0; round < 3; round++)
        {
            var (id, url, form) = await verifier.AnswerAsync();
            ids.Add(id);
            var sent = verifier.PostAsync(url, form);
            await Task.Delay(RandomNumberGenerator.GetInt32(150), Ct);
            await verifier.KillAsync();
            var answered = await Record.ExceptionAsync(() => sent) is null && (await sent).IsSuccessStatusCode;
            await verifier.InDatabaseAsync(db => db.WebhookMessages.Where(m => m.Claim != null)
                .ExecuteUpdateAsync(u => u.SetProperty(m => m.DueAt, m => m.DueAt - (long)WebhookWorker.Lease.TotalMilliseconds), Ct));
            await verifier.ReviveAsync();

            var stored = await verifier.StateAsync(id) == "accepted";
            Assert.True(stored || !answered, "What was answered is stored.");
            using var again = await verifier.PostAsync(url, form);
            Assert.Equal(stored ? HttpStatusCode.BadRequest : HttpStatusCode.OK, again.StatusCode);
            Assert.Equal("accepted", await verifier.StateAsync(id));
        }

        var told = new HashSet<string>();
        while (!ids.All(told.Contains))
        {
            var message = await receiver.NextAsync();
            Assert.Equal("accepted", message.State);
            told.Add(message.TransactionId);
        }
        Assert.Equal(ids.Order(), told.Order());
    }

    /// <summary>The service as a program, with an agency that it trusts; the same folder, database and port after it was killed.</summary>
    private sealed class KillableVerifier : IAsyncDisposable
    {
        private readonly TempFolder _folder = new();
        private readonly string? _connection;
        private readonly string? _webhookHost;
        private readonly int _port = FreePort.Next();
        private readonly HttpClient _http;
        private RunningScript _process = null!;
        private string _trust = "";

        private KillableVerifier(string? connection, string? webhookHost)
        {
            (_connection, _webhookHost) = (connection, webhookHost);
            _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri($"http://localhost:{_port}") };
        }

        public TestIssuer Issuer { get; } = new(TimeProvider.System);

        public static async Task<KillableVerifier> StartAsync(string? connection, string? webhookHost = null)
        {
            var verifier = new KillableVerifier(connection, webhookHost);
            await verifier.Issuer.StartAsync();
            verifier._folder.Write("trust.pem", verifier.Issuer.RootPem);
            verifier._http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await verifier.ReviveAsync());
            return verifier;
        }

        public Task KillAsync() => _process.DisposeAsync().AsTask(); // SIGKILL

        public async Task<string?> ReviveAsync()
        {
            string[] arguments =
            [
                "exec", Path.Combine(AppContext.BaseDirectory, "Credentials.Verifier.dll"), "--data", _folder.Combine("data"),
                "--port", _port.ToString(CultureInfo.InvariantCulture), "--trust", _folder.Combine("trust.pem"),
                .. _connection is null ? Array.Empty<string>() : ["--connection", _connection],
                .. _webhookHost is null ? Array.Empty<string>() : ["--webhook-host", _webhookHost],
            ];
            _process = new RunningScript(Shell.Start("dotnet", arguments, environment: new Dictionary<string, string> { ["CREDENTIALS_ALLOW_LOOPBACK_HTTP"] = "1" }));
            var ready = StrictJson.Parse(await _process.ReadLineAsync(Ct));
            Assert.Equal("ready", ready.RequireString("event"));
            _trust = ready.RequireString("trust");
            return ready.OptionalString("api_key");
        }

        public async Task<System.Text.Json.JsonElement> JsonAsync(HttpMethod method, string path, JsonObject? body = null)
        {
            using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
            using var response = await _http.SendAsync(request, Ct);
            Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {response.StatusCode}");
            return StrictJson.Parse(await response.Content.ReadAsByteArrayAsync(Ct));
        }

        public async Task<string> StateAsync(string id) => (await JsonAsync(HttpMethod.Get, $"/verifications/{id}")).RequireString("state");

        public async Task<string> SetWebhookAsync(string url) => (await JsonAsync(HttpMethod.Put, "/webhook", new JsonObject { ["url"] = url })).RequireString("secret");

        public async Task<string> CancelledAsync()
        {
            var id = (await JsonAsync(HttpMethod.Post, "/verifications", new JsonObject { ["policy"] = "over-19" })).RequireString("id");
            await JsonAsync(HttpMethod.Delete, $"/verifications/{id}");
            return id;
        }

        /// <summary>A question asked, fetched by a wallet, and the wallet's answer as it will be sent.</summary>
        public async Task<(string Id, Uri Url, string Form)> AnswerAsync()
        {
            var created = await JsonAsync(HttpMethod.Post, "/verifications", new JsonObject { ["policy"] = "over-19" });
            var link = RequestUri.Parse(created.RequireString("request_uri"));
            var trust = TrustStore.FromPem(await File.ReadAllTextAsync(_trust, Ct), TrustPurpose.Verifier);
            var now = TimeProvider.System.GetUtcNow();
            var request = await RequestVerifier.VerifyAsync(await _http.GetStringAsync(link.Location, Ct), link, new RequestExpectations(trust, now), Ct);
            var held = await Issuer.IssueLicenceAsync();
            var presentation = await SdJwtPresenter.PresentAsync(
                SdJwtCredential.Parse(held.Credential), request.Request.DcqlQuery.Credentials[0].Claims!.Select(claim => claim.Path),
                new KeyBinding(request.Request.ClientId.Full, request.Request.Nonce, now), held.HolderKey);
            var form = await TestWallet.FormAsync(request, AuthorizationResponse.Success(TestWallet.Token(request.Request, presentation), request.Request.State));
            return (created.RequireString("id"), request.Request.ResponseUri, StrictForm.Encode(form));
        }

        public Task<HttpResponseMessage> PostAsync(Uri url, string form) =>
            _http.PostAsync(url, new StringContent(form, new MediaTypeHeaderValue("application/x-www-form-urlencoded")), Ct);

        public async Task InDatabaseAsync(Func<VerifierDbContext, Task> change)
        {
            await using VerifierDbContext db = _connection is null
                ? new SqliteVerifierDbContext(new DbContextOptionsBuilder<SqliteVerifierDbContext>().UseSqlite($"Data Source={_folder.Combine("data", "verifier.db")}").Options)
                : new PostgresVerifierDbContext(new DbContextOptionsBuilder<PostgresVerifierDbContext>().UseNpgsql(_connection).Options);
            await change(db);
        }

        public async ValueTask DisposeAsync()
        {
            await _process.DisposeAsync();
            await Issuer.DisposeAsync();
            _http.Dispose();
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            _folder.Dispose();
        }
    }
}
