using System.Collections.Concurrent;
using System.Data.Common;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Issuer.Bulk;
using Credentials.Issuer.Tests.Setup;
using Credentials.Jose;
using Credentials.SdJwt;
using Credentials.Tests.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Credentials.Issuer.Tests;

/// <summary>Rows of a batch that leave their claims, or some of them, to the type's source.</summary>
public class BatchSourceTests(PostgresServer postgres)
{
    private const string Person = """{"family_name":"홍","given_name":"길동","student_number":"1","degree":"BSc","field":"Law","graduation_date":"2026-02-20","university":{"name":"U","country":"KR"}}""";

    private static CancellationToken Ct => RunningIssuer.Ct;

    [Fact]
    public async Task A_table_of_student_numbers_takes_the_rest_from_a_CSV_file_and_what_a_row_says_counts()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, configure: o => o.CatalogFolder = RepositoryRoot.Combine("spec", "examples", "diploma"));
        await SendAsync(issuer, "b", "@subject,degree\n2022-1002,\n2022-9999,\n2022-1001,Honorary Doctor\n,\n");
        var end = await BatchProgress.EndAsync(issuer, "b");
        Assert.Equal((2, 2), ((int)end.RequireIndex("done"), (int)end.RequireIndex("failed")));

        var rows = await BatchProgress.ResultsAsync(issuer, "b");
        Assert.Equal("issuer.claims_missing", rows[1].RequireString("code"));
        // Nobody to ask about.
        Assert.Equal("issuer.claims", rows[3].RequireString("code"));
        var (first, third) = (await ClaimsAsync(issuer, rows[0]), await ClaimsAsync(issuer, rows[2]));
        Assert.Equal("한빛대학교", first.RequireObjectMember("university").RequireString("name"));
        Assert.NotEqual("Honorary Doctor", first.RequireString("degree"));
        Assert.Equal("Honorary Doctor", third.RequireString("degree"));
        Assert.Equal("한빛대학교", third.RequireObjectMember("university").RequireString("name"));

        // Without the column there is nobody to ask: told before anything is stored.
        var refused = await SendAsync(issuer, "c", "degree\nBSc\n");
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("@subject", refused.Body.RequireString("title"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Databases.Sqlite)]
    [InlineData(Databases.Postgres)]
    public async Task Credentials_for_given_keys_take_their_claims_from_a_query(string database)
    {
        using var folder = new TempFolder();
        using var catalog = new TempFolder();
        var people = database == Databases.Postgres ? await postgres.CreateDatabaseAsync(Ct) : null;
        var file = catalog.Combine("people.db");
        await using (DbConnection connection = people is null ? new SqliteConnection($"Data Source={file};Pooling=False") : new NpgsqlConnection(people))
        {
            await connection.OpenAsync(Ct);
            await using var command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE people (no TEXT, family TEXT, born TEXT); INSERT INTO people VALUES ('1', '홍', 'x'), ('2', '성', 'x'), ('2', '이', 'x');";
            await command.ExecuteNonQueryAsync(Ct);
        }

        const string query = "SELECT family AS family_name, 'G' AS given_name, no AS student_number, 'BSc' AS degree, 'Law' AS field, '2026-02-20' AS graduation_date, 'U' AS \\\"university.name\\\", 'KR' AS \\\"university.country\\\" FROM people WHERE no = @subject";
        WriteType(catalog, $$"""{ "type": "sql", "database": "registry", "query": "{{query}}" }""");
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, await Databases.ConnectionAsync(database, postgres), configure: o =>
        {
            o.CatalogFolder = catalog.FullPath;
            o.ClaimsDatabases["registry"] = people ?? $"sqlite:{file}";
        });
        var jwk = StrictJson.ToText(Jwk.Write(Proofs.NewKey().PublicKey)).Replace("\"", "\"\"", StringComparison.Ordinal);
        string[] subjects = ["1", "2", "3", "1' OR '1'='1", "1"];
        await SendAsync(issuer, "b", "@holder_key,@subject\n" + string.Join('\n', subjects.Select(subject => $"\"{jwk}\",{subject}")), "&mode=credentials");
        await BatchProgress.EndAsync(issuer, "b");

        var rows = await BatchProgress.ResultsAsync(issuer, "b");
        // Two people have the number 2: whose claims it would be, nobody could say.
        Assert.Equal([null, "issuer.claims_source", "issuer.claims_missing", "issuer.claims_missing", null], rows.Select(row => row.OptionalString("code")));
        foreach (var row in new[] { rows[0], rows[4] })
            Assert.Contains(SdJwtCredential.Parse(row.RequireString("credential")).Disclosures, d => d.Name == "family_name" && d.Value.GetString() == "홍");
        Assert.Equal(2, await issuer.ReadAsync(db => db.Credentials.CountAsync(Ct)));
    }

    [Fact]
    public async Task An_HTTP_source_is_asked_about_few_people_at_a_time_and_its_faults_are_those_of_their_rows()
    {
        using var folder = new TempFolder();
        using var catalog = new TempFolder();
        await using var registry = await Registry.StartAsync(subject => subject switch
        {
            "late" => (202, "{}"),
            "broken" => (500, "{}"),
            "odd" => (200, "[]"),
            "other" => (200, """{"colour":"red"}"""),
            "nobody" => (404, "{}"),
            _ => (200, Person),
        });
        WriteType(catalog, $$"""{ "type": "http", "url": "{{registry.Url}}/people/{subject}" }""");
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, configure: o => o.CatalogFolder = catalog.FullPath);
        string[] special = ["late", "broken", "odd", "other", "nobody"];
        await SendAsync(issuer, "b", "@subject\n" + string.Join('\n', special.Concat(Enumerable.Range(1, 300).Select(n => $"p{n}"))));
        var end = await BatchProgress.EndAsync(issuer, "b");
        Assert.Equal((301, 4), ((int)end.RequireIndex("done"), (int)end.RequireIndex("failed")));
        Assert.Equal(305, registry.Asked.Count);
        Assert.All(registry.Asked.Values, times => Assert.Equal(1, times));
        Assert.InRange(registry.MostAtOnce, 1, BatchSources.AtOnce);

        var rows = await BatchProgress.ResultsAsync(issuer, "b");
        Assert.Equal([null, "issuer.claims_source", "issuer.claims_source", "issuer.claims", "issuer.claims_missing", null], rows.Take(6).Select(row => row.OptionalString("code")));
        // A source that needs time makes an offer that the wallet waits for, as a single one does.
        var offer = await issuer.ReadAsync(db => db.Offers.AsNoTracking().SingleAsync(o => o.Id == rows[0].RequireString("offer_id"), Ct));
        Assert.Equal(("{}", "late"), (offer.Claims, offer.Subject));

        // With claims of its own, or for a given key, there is nobody who could wait.
        await SendAsync(issuer, "c", "@subject,degree\nlate,BSc\n");
        await BatchProgress.EndAsync(issuer, "c");
        Assert.Equal("issuer.claims_source", (await BatchProgress.ResultsAsync(issuer, "c"))[0].RequireString("code"));
    }

    [Fact]
    public async Task A_table_that_brings_every_mandatory_claim_asks_nobody()
    {
        using var folder = new TempFolder();
        using var catalog = new TempFolder();
        await using var registry = await Registry.StartAsync(_ => (500, "{}"));
        WriteType(catalog, $$"""{ "type": "http", "url": "{{registry.Url}}/people/{subject}" }""");
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, configure: o => o.CatalogFolder = catalog.FullPath);
        var table = await File.ReadAllTextAsync(RepositoryRoot.Combine("spec", "examples", "diploma", "graduates.csv"), Ct);
        await SendAsync(issuer, "b", table);
        Assert.Equal(3, (await BatchProgress.EndAsync(issuer, "b")).RequireIndex("done"));
        Assert.Empty(registry.Asked);
    }

    [Theory]
    [InlineData(Databases.Sqlite)]
    [InlineData(Databases.Postgres)]
    public async Task While_a_slow_source_is_asked_the_batch_stays_its_process_s_and_after_a_stop_it_goes_on(string database)
    {
        using var folder = new TempFolder();
        using var catalog = new TempFolder();
        var connection = await Databases.ConnectionAsync(database, postgres);
        await using var registry = await Registry.StartAsync(_ => (200, Person));
        var gate = registry.Gate = new TaskCompletionSource();
        WriteType(catalog, $$"""{ "type": "http", "url": "{{registry.Url}}/people/{subject}" }""");
        string url, key;
        await using (var issuer = await StartAsync(null, null))
        {
            (url, key) = (issuer.Url, issuer.ApiKey);
            await SendAsync(issuer, "b", "@subject\n" + string.Join('\n', Enumerable.Range(1, 250).Select(n => $"p{n}")));
            // Longer than a lease: it is prolonged, time and again, and no writer is kept out.
            var leases = new HashSet<long>();
            while (leases.Count < 4)
            {
                leases.Add(await issuer.ReadAsync(db => db.Batches.Where(b => b.Id == "b").Select(b => b.LeaseUntil).SingleAsync(Ct)));
                await Task.Delay(20, Ct);
            }

            Assert.Equal(HttpStatusCode.Created, (await issuer.AgencyAsync(HttpMethod.Post, "/agency/v1/offers", SampleClaims.OfferBody(false, null, ["mdl_sd_jwt"]))).StatusCode);
            Assert.InRange(registry.Asked.Count, 1, BatchSources.AtOnce);
        }

        registry.Gate = null;
        gate.SetResult();
        await using var next = await StartAsync(url, key);
        Assert.Equal(250, (await BatchProgress.EndAsync(next, "b")).RequireIndex("done"));
        Assert.Equal(251, await next.ReadAsync(db => db.Offers.CountAsync(Ct)));
        Assert.Equal(250, (await BatchProgress.ResultsAsync(next, "b")).Select(row => row.RequireString("offer_id")).Distinct().Count());

        Task<RunningIssuer> StartAsync(string? publicUrl, string? apiKey) => RunningIssuer.StartAsync(
            folder.FullPath, connection, publicUrl, apiKey: apiKey, configure: o => (o.CatalogFolder, o.BatchLease) = (catalog.FullPath, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task A_batch_that_is_cancelled_while_its_source_is_asked_makes_nothing()
    {
        using var folder = new TempFolder();
        using var catalog = new TempFolder();
        await using var registry = await Registry.StartAsync(_ => (200, Person));
        var gate = registry.Gate = new TaskCompletionSource();
        WriteType(catalog, $$"""{ "type": "http", "url": "{{registry.Url}}/people/{subject}" }""");
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, configure: o => o.CatalogFolder = catalog.FullPath);
        await SendAsync(issuer, "b", "@subject\n1\n2\n");
        while (registry.Asked.Count < 2)
            await Task.Delay(20, Ct);
        using (var cancelled = await issuer.AgencyAsync(HttpMethod.Post, "/agency/v1/batches/b/cancel"))
            Assert.Equal(HttpStatusCode.OK, cancelled.StatusCode);
        gate.SetResult();
        // The next batch is begun only when the process is done with this one.
        await SendAsync(issuer, "c", "@subject\n3\n");
        Assert.Equal(1, (await BatchProgress.EndAsync(issuer, "c")).RequireIndex("done"));
        Assert.Equal(1, await issuer.ReadAsync(db => db.Offers.CountAsync(Ct)));
    }

    private static void WriteType(TempFolder catalog, string source)
    {
        var type = (JsonObject)StrictJson.ToNode(StrictJson.Parse(File.ReadAllText(RepositoryRoot.Combine("spec", "examples", "diploma", "diploma.json"))))!;
        type["source"] = StrictJson.ToNode(StrictJson.Parse(source));
        catalog.Write("diploma.json", StrictJson.ToText(type));
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(RunningIssuer issuer, string id, string table, string query = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/agency/v1/batches?id={id}&type=diploma{query}")
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(table)) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } },
        };
        request.Headers.Authorization = new("Bearer", issuer.ApiKey);
        using var response = await issuer.Http.SendAsync(request, Ct);
        return (response.StatusCode, await RunningIssuer.JsonAsync(response));
    }

    private static async Task<JsonElement> ClaimsAsync(RunningIssuer issuer, JsonElement row)
    {
        var id = row.RequireString("offer_id");
        var claims = await issuer.ReadAsync(db => db.Offers.Where(o => o.Id == id).Select(o => o.Claims).SingleAsync(Ct));
        return StrictJson.Parse(claims!).RequireObjectMember("diploma");
    }

    /// <summary>A register of people that counts who is asked about.</summary>
    private sealed class Registry(WebApplication app, string url) : IAsyncDisposable
    {
        private int _atOnce;
        private int _mostAtOnce;

        internal string Url => url;

        internal ConcurrentDictionary<string, int> Asked { get; } = new();

        internal int MostAtOnce => _mostAtOnce;

        /// <summary>Answers wait for it.</summary>
        internal TaskCompletionSource? Gate { get; set; }

        internal static async Task<Registry> StartAsync(Func<string, (int Status, string Body)> answer)
        {
            var url = $"http://localhost:{FreePort.Next()}";
            var app = QuietServer.CreateBuilder().Build();
            app.Urls.Add(url);
            var registry = new Registry(app, url);
            app.MapGet("/people/{id}", async (string id, HttpContext http) =>
            {
                var now = Interlocked.Increment(ref registry._atOnce);
                for (var most = registry._mostAtOnce; now > most; most = registry._mostAtOnce)
                    Interlocked.CompareExchange(ref registry._mostAtOnce, now, most);
                registry.Asked.AddOrUpdate(id, 1, (_, times) => times + 1);
                try
                {
                    if (registry.Gate is { } gate)
                        await gate.Task.WaitAsync(http.RequestAborted);
                    var (status, body) = answer(id);
                    http.Response.StatusCode = status;
                    http.Response.ContentType = "application/json";
                    await http.Response.WriteAsync(body, http.RequestAborted);
                }
                finally
                {
                    Interlocked.Decrement(ref registry._atOnce);
                }
            });
            await app.StartAsync(Ct);
            return registry;
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
