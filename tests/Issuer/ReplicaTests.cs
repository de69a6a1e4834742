using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.Issuer.Status;
using Credentials.Issuer.Tests.Setup;
using Credentials.OpenId4Vci;
using Credentials.StatusLists;
using Credentials.Tests.Shared;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Credentials.Issuer.Tests;

public class ReplicaTests(PostgresServer postgres)
{
    private const int Clients = 16;
    private const int Batch = 20;
    private const int Total = 4_000;

    [Fact]
    [Trait("Row", "REL-01")]
    public async Task Two_processes_on_one_database_issue_thousands_of_credentials_and_no_index_twice()
    {
        var ct = TestContext.Current.CancellationToken;
        using var folder = new TempFolder();
        var connection = await postgres.CreateDatabaseAsync(ct);
        var (ports, url) = ((int[])[FreePort.Next(), FreePort.Next()], "https://issuer.example");
        await using var one = Start(folder.FullPath, ports[0], url, connection);
        var key = StrictJson.Parse(await one.ReadLineAsync(ct)).RequireString("api_key");
        await using var two = Start(folder.FullPath, ports[1], url, connection);
        Assert.Equal("ready", StrictJson.Parse(await two.ReadLineAsync(ct)).RequireString("event"));
        Assert.NotEqual(one.Id, two.Id);

        using var http = new HttpClient();
        var offer = StrictJson.ToText(SampleClaims.OfferBody(false, null, "mdl_sd_jwt"));
        var left = Total / Batch;
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async client =>
        {
            // Keys are made once per client: the time is the issuer's. Each step goes to the other replica.
            var keys = Enumerable.Range(0, Batch).Select(_ => Proofs.NewKey()).ToList();
            for (var step = client; Interlocked.Decrement(ref left) >= 0;)
            {
                async Task<JsonElement> PostAsync(string path, HttpContent? content, string? bearer)
                {
                    var message = new HttpRequestMessage(HttpMethod.Post, $"http://localhost:{ports[step++ % 2]}{path}") { Content = content };
                    if (bearer is not null)
                        message.Headers.Authorization = new("Bearer", bearer);
                    using var response = await http.SendAsync(message, ct);
                    var body = await response.Content.ReadAsStringAsync(ct);
                    Assert.True(response.IsSuccessStatusCode, $"{path}: {response.StatusCode} {body}\n{one.Errors}\n{two.Errors}");
                    return StrictJson.Parse(body);
                }

                var made = await PostAsync("/agency/v1/offers", new StringContent(offer, Encoding.UTF8, "application/json"), key);
                var code = CredentialOffer.Parse(made.RequireObjectMember("offer"), false).PreAuthorized!.Code;
                var token = TokenResponse.Parse(await PostAsync("/token", RunningIssuer.Form(new TokenRequest { PreAuthorizedCode = code }.ToForm()), null)).AccessToken;
                var nonce = NonceResponse.Parse(await PostAsync("/nonce", null, null)).CNonce;
                var proofs = new List<string>();
                foreach (var holder in keys)
                    proofs.Add(await Proofs.MakeAsync(holder, url, nonce));
                var request = StrictJson.ToText(new CredentialRequest { ConfigurationId = "mdl_sd_jwt", JwtProofs = proofs }.ToJson());
                Assert.Equal(Batch, CredentialResponse.Parse(await PostAsync("/credential", RunningIssuer.Json(request), token)).Credentials.Count);
            }
        }));

        await using var database = new NpgsqlConnection(connection);
        await database.OpenAsync(ct);
        async Task<long> CountAsync(string what)
        {
            await using var command = new NpgsqlCommand($"SELECT count({what}) FROM \"Credentials\" WHERE \"DocumentHash\" IS NOT NULL", database);
            return Convert.ToInt64(await command.ExecuteScalarAsync(ct), CultureInfo.InvariantCulture);
        }

        Assert.Equal(Total, await CountAsync("*"));
        Assert.Equal(Total, await CountAsync("DISTINCT (\"ListId\", \"ListIndex\")"));
        Assert.Equal(Total, await CountAsync("DISTINCT \"DocumentHash\""));

        // Nobody has asked for the lists yet: both replicas are asked for all of them at once, and neither gives out one that is not signed.
        var lists = new List<string>();
        await using (var reader = await new NpgsqlCommand("SELECT \"Id\" FROM \"StatusLists\"", database).ExecuteReaderAsync(ct))
        {
            while (await reader.ReadAsync(ct))
                lists.Add(reader.GetString(0));
        }

        await Task.WhenAll(lists.SelectMany(_ => ports, async (list, port) =>
            StatusListToken.Parse(await http.GetStringAsync($"http://localhost:{port}/status/{list}", ct))));
    }

    [Fact]
    public async Task Of_two_replicas_one_signs_status_lists_and_when_it_is_killed_the_other_takes_over_within_a_minute()
    {
        var ct = TestContext.Current.CancellationToken;
        using var folder = new TempFolder();
        var connection = await postgres.CreateDatabaseAsync(ct);
        var (port, url) = (FreePort.Next(), "https://issuer.example");
        await using var elected = Start(folder.FullPath, port, url, connection);
        var key = StrictJson.Parse(await elected.ReadLineAsync(ct)).RequireString("api_key");
        using var http = new HttpClient { BaseAddress = new Uri($"http://localhost:{port}") };
        while (await MetricAsync(http, "issuer_status_publisher") != 1)
            Assert.False(elected.HasExited, elected.Errors);
        await using var other = await RunningIssuer.StartAsync(folder.FullPath, connection, url, apiKey: key);

        await other.IssueAsync(2);
        var rows = await other.RegisterAsync();
        var path = $"/status/{rows[0].RequireString("status_list")}";
        await RevokeAsync(other, rows[0]);
        var served = await other.Http.GetStringAsync(path, ct);
        Assert.Equal(served, await http.GetStringAsync(path, ct));
        Assert.Equal(StatusTypes.Invalid, StatusListToken.Parse(served).UnverifiedList[(int)rows[0].RequireIndex("status_index")]);
        Assert.True(await MetricAsync(http, "issuer_status_tokens_signed_total") >= 1);
        Assert.Equal((0, 0), (await MetricAsync(other.Http, "issuer_status_tokens_signed_total"), await MetricAsync(other.Http, "issuer_status_publisher")));

        using (var process = Process.GetProcessById(elected.Id))
            process.Kill(); // kill -9
        await elected.WaitForExitAsync(ct);
        var died = Stopwatch.GetTimestamp();
        await RevokeAsync(other, rows[1]);
        Assert.True(Stopwatch.GetElapsedTime(died) < TimeSpan.FromSeconds(60));
        Assert.Equal(StatusTypes.Invalid, StatusListToken.Parse(await other.Http.GetStringAsync(path, ct)).UnverifiedList[(int)rows[1].RequireIndex("status_index")]);
        Assert.Equal(1, await MetricAsync(other.Http, "issuer_status_publisher"));
    }

    [Fact]
    [Trait("Row", "REL-10")]
    public async Task An_older_list_never_follows_a_newer_one_and_a_session_that_is_lost_is_followed_up()
    {
        var ct = TestContext.Current.CancellationToken;
        using var folder = new TempFolder();
        var connection = await postgres.CreateDatabaseAsync(ct);
        await using var one = await RunningIssuer.StartAsync(folder.FullPath, connection);
        await using var two = await RunningIssuer.StartAsync(folder.FullPath, connection, one.Url, apiKey: one.ApiKey);
        await one.IssueAsync(3);
        var rows = await one.RegisterAsync();
        var list = rows[0].RequireString("status_list");
        await RevokeAsync(one, rows[0]);
        var old = await two.ReadAsync(db => db.PublishedStatus.AsNoTracking().SingleAsync(p => p.ListId == list, ct));
        await RevokeAsync(two, rows[1]);
        var late = new StatusPublisher.Served(old.Version, old.SignedAt, old.StatusKey, old.DocumentKey);
        Assert.False(await two.ReadAsync(db => StatusPublisher.ReplaceAsync(db, list, late, PublishedList.Of(old), ct)));
        Assert.False(await two.ReadAsync(db => StatusPublisher.ReplaceAsync(db, list, null, PublishedList.Of(old), ct)));
        var now = await two.ReadAsync(db => db.PublishedStatus.AsNoTracking().SingleAsync(p => p.ListId == list, ct));
        Assert.True(now.Version > old.Version);

        await using (var administrator = new NpgsqlConnection(connection))
        {
            await administrator.OpenAsync(ct);
            await using var end = new NpgsqlCommand("SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())", administrator);
            Assert.Equal(1L, await end.ExecuteScalarAsync(ct));
        }

        await RevokeAsync(two, rows[2]);
        foreach (var replica in new[] { one, two })
            Assert.Equal(StatusTypes.Invalid, StatusListToken.Parse(await replica.Http.GetStringAsync($"/status/{list}", ct)).UnverifiedList[(int)rows[2].RequireIndex("status_index")]);
        Assert.Equal(1, await MetricAsync(one.Http, "issuer_status_publisher") + await MetricAsync(two.Http, "issuer_status_publisher"));
    }

    private static async Task RevokeAsync(RunningIssuer issuer, JsonElement row)
    {
        using var change = await issuer.ChangeStatusAsync(row.RequireString("id"), "revoked");
        Assert.Equal(HttpStatusCode.OK, change.StatusCode);
    }

    private static async Task<long> MetricAsync(HttpClient http, string name) =>
        (await http.GetStringAsync("/metrics", TestContext.Current.CancellationToken)).Split('\n').Where(line => line.StartsWith(name + " ", StringComparison.Ordinal))
            .Select(line => long.Parse(line[(name.Length + 1)..], CultureInfo.InvariantCulture)).SingleOrDefault();

    private static RunningScript Start(string folder, int port, string url, string connection) => new(Shell.Start(
        "dotnet",
        ["exec", typeof(IssuerHost).Assembly.Location, "--data", folder, "--port", port.ToString(CultureInfo.InvariantCulture), "--public-url", url, "--connection", connection],
        folder,
        new Dictionary<string, string> { ["Issuer__PublicRequestsPerMinute"] = "1000000" }));
}
