using System.Globalization;
using System.Text;
using Credentials.Codecs;
using Credentials.Issuer.Tests.Setup;
using Credentials.OpenId4Vci;
using Credentials.Tests.Shared;
using Npgsql;

namespace Credentials.Issuer.Tests;

public class ReplicaTests(PostgresServer postgres)
{
    private const int Clients = 16;
    private const int Batch = 20;
    private const int Total = 10_000;

    [Fact]
    [Trait("Row", "REL-01")]
    public async Task Two_processes_on_one_database_issue_ten_thousand_credentials_and_no_index_twice()
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
                async Task<System.Text.Json.JsonElement> PostAsync(string path, HttpContent? content, string? bearer)
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
    }

    private static RunningScript Start(string folder, int port, string url, string connection) => new(Shell.Start(
        "dotnet",
        ["exec", typeof(IssuerHost).Assembly.Location, "--data", folder, "--port", port.ToString(CultureInfo.InvariantCulture), "--public-url", url, "--connection", connection],
        folder,
        new Dictionary<string, string> { ["Issuer__PublicRequestsPerMinute"] = "1000000" }));
}
