using System.Net;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Issuer.Http;
using Credentials.Issuer.Tests.Setup;
using Credentials.SdJwt;
using Credentials.Tests.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Credentials.Issuer.Tests;

/// <summary>Catalogue files of an agency: mistakes told by line, and claims that come from its own records.</summary>
public class ClaimsSourceTests(PostgresServer postgres)
{
    private const string Query = "SELECT family AS family_name, given AS given_name, no AS student_number, 'BSc' AS degree, 'Law' AS field, day AS graduation_date, 'U' AS \\\"university.name\\\", 'KR' AS \\\"university.country\\\" FROM people WHERE no = @subject";

    [Fact]
    public async Task The_diploma_of_the_examples_is_offered_by_student_number_and_received_by_a_wallet()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, configure: o => o.CatalogFolder = RepositoryRoot.Combine("spec", "examples", "diploma"));
        using var made = await OfferAsync(issuer, "2022-1002");
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var offer = RunningIssuer.ReadOffer(await RunningIssuer.JsonAsync(made));
        var token = await issuer.AccessTokenAsync(offer);
        using var issued = await issuer.CredentialAsync(token, await Proofs.MakeAsync(issuer.Url, await issuer.NonceAsync()), "diploma");
        Assert.Equal(HttpStatusCode.OK, issued.StatusCode);
        var credential = OpenId4Vci.CredentialResponse.Parse(await RunningIssuer.JsonAsync(issued)).Credentials[0];
        Assert.Contains("한빛대학교", StrictJson.ToText(StrictJson.ToNode(SdJwtCredential.Parse(credential).IssuerJwt.PayloadObject)!), StringComparison.Ordinal);

        using var unknown = await OfferAsync(issuer, "2022-9999");
        Assert.Equal("issuer.claims_missing", (await RunningIssuer.JsonAsync(unknown)).RequireString("code"));
        using var nobody = await OfferAsync(issuer, null);
        Assert.Equal(HttpStatusCode.BadRequest, nobody.StatusCode);
    }

    [Fact]
    public async Task The_table_of_the_examples_is_a_batch_as_well()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, configure: o => o.CatalogFolder = RepositoryRoot.Combine("spec", "examples", "diploma"));
        var table = await File.ReadAllBytesAsync(RepositoryRoot.Combine("spec", "examples", "diploma", "graduates.csv"), RunningIssuer.Ct);
        var request = new HttpRequestMessage(HttpMethod.Post, "/agency/v1/batches?id=g&type=diploma") { Content = new ByteArrayContent(table) { Headers = { ContentType = new("text/csv") } } };
        request.Headers.Authorization = new("Bearer", issuer.ApiKey);
        using var sent = await issuer.Http.SendAsync(request, RunningIssuer.Ct);
        Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);
        while (true)
        {
            using var answer = await issuer.AgencyAsync(HttpMethod.Get, "/agency/v1/batches/g");
            var batch = await RunningIssuer.JsonAsync(answer);
            if (batch.RequireString("state") == "running")
                continue;
            Assert.Equal(3, batch.RequireIndex("done"));
            return;
        }
    }

    [Theory]
    [InlineData(Databases.Sqlite)]
    [InlineData(Databases.Postgres)]
    public async Task Claims_come_from_a_query_that_can_only_read(string database)
    {
        using var folder = new TempFolder();
        using var catalog = new TempFolder();
        var file = catalog.Combine("people.db");
        var postgresql = database == Databases.Postgres ? await postgres.CreateDatabaseAsync(RunningIssuer.Ct) : null;
        await using (System.Data.Common.DbConnection connection = postgresql is null ? new SqliteConnection($"Data Source={file};Pooling=False") : new NpgsqlConnection(postgresql))
        {
            await connection.OpenAsync(RunningIssuer.Ct);
            await using var command = connection.CreateCommand();
            command.CommandText = $"CREATE TABLE people (no TEXT, family TEXT, given TEXT, day {(postgresql is null ? "TEXT" : "DATE")}); INSERT INTO people VALUES ('1', '홍', '길동', '2026-02-20'), ('2', '성', '춘향', '2026-02-20'), ('2', '이', '몽룡', '2026-02-20');";
            await command.ExecuteNonQueryAsync(RunningIssuer.Ct);
        }

        WriteType(catalog, $$"""{ "type": "sql", "database": "registry", "query": "{{Query}}" }""");
        WriteType(catalog, $$"""{ "type": "sql", "database": "registry", "query": "DELETE FROM people WHERE no = @subject" }""", "destroyer");
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, configure: o =>
        {
            o.CatalogFolder = catalog.FullPath;
            o.ClaimsDatabases["registry"] = postgresql ?? $"sqlite:{file}";
        });
        async Task<HttpStatusCode> StatusAsync(string subject, string type = "diploma")
        {
            using var answer = await OfferAsync(issuer, subject, type);
            return answer.StatusCode;
        }

        Assert.Equal(HttpStatusCode.Created, await StatusAsync("1"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("3"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("1' OR '1'='1"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync("2")); // two people
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync("1", "destroyer"));
        Assert.Equal(HttpStatusCode.Created, await StatusAsync("1"));
    }

    [Fact]
    public async Task Claims_come_from_an_HTTP_endpoint_with_its_token()
    {
        using var folder = new TempFolder();
        using var catalog = new TempFolder();
        var port = FreePort.Next();
        var builder = QuietServer.CreateBuilder();
        await using var registry = builder.Build();
        registry.Urls.Add($"http://localhost:{port}");
        registry.MapGet("/people/{id}", (string id, HttpContext http) => id switch
        {
            _ when http.Request.Headers.Authorization != "Bearer secret" => Results.StatusCode(401),
            "a b" => Results.Text("""{"family_name":"홍","given_name":"길동","student_number":"1","degree":"BSc","field":"Law","graduation_date":"2026-02-20","university":{"name":"U","country":"KR"}}""", "application/json"),
            "odd" => Results.Text("[1]", "application/json"),
            "page" => Results.Text("<p>", "text/html"),
            "away" => Results.Redirect("/people/a%20b"),
            _ => Results.NotFound(),
        });
        await registry.StartAsync(RunningIssuer.Ct);
        WriteType(catalog, $$"""{ "type": "http", "url": "http://localhost:{{port}}/people/{subject}", "token": "registry" }""");
        async Task<HttpStatusCode> StatusAsync(RunningIssuer issuer, string subject)
        {
            using var answer = await OfferAsync(issuer, subject);
            return answer.StatusCode;
        }

        await using (var issuer = await RunningIssuer.StartAsync(folder.FullPath, configure: o =>
        {
            o.CatalogFolder = catalog.FullPath;
            o.ClaimsTokens["registry"] = "secret";
        }))
        {
            Assert.Equal(HttpStatusCode.Created, await StatusAsync(issuer, "a b"));
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(issuer, "nobody"));
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(issuer, "../people/a b"));
            foreach (var subject in new[] { "odd", "page", "away" })
                Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(issuer, subject));
            await registry.StopAsync(RunningIssuer.Ct);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(issuer, "a b"));
        }

        var refused = await Assert.ThrowsAsync<IssuerStartException>(() => RunningIssuer.StartAsync(folder.FullPath, configure: o => o.CatalogFolder = catalog.FullPath));
        Assert.Contains("registry", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"id\": \"diploma\",", "\"id\": \"diploma\",,", 2, "JSON")]
    [InlineData("\"format\": \"dc+sd-jwt\",", "\"format\": \"dc+sd-jwt\", \"format\": \"dc+sd-jwt\",", 3, "JSON")]
    [InlineData("\"days\": 3650", "\"days\": 36500", 5, "'validity.days'")]
    [InlineData("\"type\": \"csv\"", "\"type\": \"excel\"", 6, "csv, sql or http")]
    [InlineData("#123524\", \"text_color\": \"#ffffff\" }\n", "green\" }\n", 7, "#rrggbb")]
    [InlineData("\"birth_date\", \"type\": \"date\"", "\"birth_date\", \"type\": \"day\"", 14, "'birth_date'")]
    [InlineData("\"honours\", \"type\": \"flag\"", "\"honours\", \"type\": \"flag\", \"colour\": 1", 19, "'colour'")]
    [InlineData("\"country\", \"type\": \"country\"", "\"country\", \"type\": \"land\"", 24, "'country'")]
    public async Task A_mistake_in_a_catalogue_file_is_told_with_file_and_line(string right, string wrong, int line, string says)
    {
        using var folder = new TempFolder();
        using var catalog = new TempFolder();
        var text = await File.ReadAllTextAsync(RepositoryRoot.Combine("spec", "examples", "diploma", "diploma.json"), RunningIssuer.Ct);
        Assert.Contains(right, text, StringComparison.Ordinal);
        catalog.Write("mine.json", text.Replace(right, wrong, StringComparison.Ordinal));
        catalog.Write("graduates.csv", "student_number\n");
        var refused = await Assert.ThrowsAsync<IssuerStartException>(() => RunningIssuer.StartAsync(folder.FullPath, configure: o => o.CatalogFolder = catalog.FullPath));
        Assert.Contains($"mine.json: line {line}: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("student_number,family_name\n1,a\n1,b\n", "Line 3")]
    [InlineData("student_number,family_name\n1\n", "Line 2")]
    [InlineData("number,family_name\n1,b\n", "'student_number'")]
    [InlineData("student_number,colour\n1,b\n", "'colour'")]
    [InlineData(null, "cannot be read")]
    public async Task A_mistake_in_a_claims_table_stops_the_start_and_is_told_with_file_and_line(string? table, string says)
    {
        using var folder = new TempFolder();
        using var catalog = new TempFolder();
        File.Copy(RepositoryRoot.Combine("spec", "examples", "diploma", "diploma.json"), catalog.Combine("mine.json"));
        if (table is not null)
            catalog.Write("graduates.csv", table);
        var refused = await Assert.ThrowsAsync<IssuerStartException>(() => RunningIssuer.StartAsync(folder.FullPath, configure: o => o.CatalogFolder = catalog.FullPath));
        Assert.Contains("graduates.csv", refused.Message, StringComparison.Ordinal);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Databases.Sqlite)]
    [InlineData(Databases.Postgres)]
    public async Task A_source_that_answers_later_defers_the_credential_until_it_does(string database)
    {
        using var folder = new TempFolder();
        using var catalog = new TempFolder();
        var clock = new TestClock(DateTimeOffset.UtcNow);
        await using var registry = await SlowRegistry.StartAsync();
        WriteType(catalog, $$"""{ "type": "http", "url": "{{registry.Url}}/people/{subject}" }""");
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, await Databases.ConnectionAsync(database, postgres), clock: clock, configure: o => o.CatalogFolder = catalog.FullPath);

        registry.RetryAfter = "30";
        var (token, id, interval) = await DeferAsync(issuer, clock, "1");
        Assert.Equal((2, 30), (registry.Asked, interval)); // for the offer, and for the wallet's first request
        // Too soon: the source is left alone, and the wallet told how long is left.
        clock.Advance(TimeSpan.FromSeconds(10));
        using (var early = await DeferredAsync(issuer, token, id))
        {
            Assert.Equal(HttpStatusCode.Accepted, early.StatusCode);
            Assert.Equal(20, (await RunningIssuer.JsonAsync(early)).RequireIndex("interval"));
        }

        Assert.Equal(2, registry.Asked);
        registry.RetryAfter = clock.Now.AddSeconds(80).ToString("r", System.Globalization.CultureInfo.InvariantCulture);
        clock.Advance(TimeSpan.FromSeconds(20));
        using (var waiting = await DeferredAsync(issuer, token, id))
            Assert.InRange((await RunningIssuer.JsonAsync(waiting)).RequireIndex("interval"), 58, 60);
        Assert.Equal(3, registry.Asked);
        // What breaks or is wrong is asked again, within the transaction's time.
        clock.Advance(TimeSpan.FromSeconds(60));
        foreach (var (status, body) in new[] { (500, "{}"), (200, """{"family_name":7}""") })
        {
            (registry.Status, registry.Body) = (status, body);
            using var broken = await DeferredAsync(issuer, token, id);
            Assert.Equal(HttpStatusCode.Accepted, broken.StatusCode);
            clock.Advance(TimeSpan.FromSeconds(5));
        }

        (registry.Status, registry.Body) = (200, SlowRegistry.Person);
        using (var issued = await DeferredAsync(issuer, token, id))
        {
            Assert.Equal(HttpStatusCode.OK, issued.StatusCode);
            var credential = OpenId4Vci.CredentialResponse.Parse(await RunningIssuer.JsonAsync(issued)).Credentials[0];
            Assert.Contains(SdJwtCredential.Parse(credential).Disclosures, d => d.Name == "family_name" && d.Value.GetString() == "홍");
        }

        Assert.Equal(6, registry.Asked);
        using var waitingList = await issuer.AgencyAsync(HttpMethod.Get, "/agency/v1/deferred");
        Assert.Empty((await RunningIssuer.JsonAsync(waitingList)).RequireArray("deferred").EnumerateArray());
    }

    [Fact]
    public async Task A_source_that_does_not_know_the_person_after_all_refuses_the_wallet_and_time_ends_the_wait()
    {
        using var folder = new TempFolder();
        using var catalog = new TempFolder();
        var clock = new TestClock(DateTimeOffset.UtcNow);
        await using var registry = await SlowRegistry.StartAsync();
        WriteType(catalog, $$"""{ "type": "http", "url": "{{registry.Url}}/people/{subject}" }""");
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, clock: clock, configure: o => (o.CatalogFolder, o.DeferredLifetime, o.DeferredInterval) = (catalog.FullPath, TimeSpan.FromHours(1), TimeSpan.FromSeconds(5)));
        var (token, id, interval) = await DeferAsync(issuer, clock, "1");
        Assert.Equal(5, interval);
        clock.Advance(TimeSpan.FromSeconds(6));
        registry.Status = 404;
        for (var i = 0; i < 2; i++)
        {
            using var refused = await DeferredAsync(issuer, token, id);
            await RunningIssuer.AssertErrorAsync(refused, HttpStatusCode.BadRequest, "credential_request_denied");
            registry.Status = 200;
        }

        registry.Status = 202;
        (token, id, _) = await DeferAsync(issuer, clock, "2");
        await issuer.ReadAsync(async db =>
        {
            // The wallet has a fresh token when the time is over.
            var row = db.AccessTokens.Single(t => t.Hash == Keys.Secrets.Hash(token));
            db.Entry(row).Property(t => t.ExpiresAt).CurrentValue = clock.Now.AddDays(1).ToUnixTimeMilliseconds();
            return await db.SaveChangesAsync(RunningIssuer.Ct);
        });
        clock.Advance(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(1));
        using var over = await DeferredAsync(issuer, token, id);
        await RunningIssuer.AssertErrorAsync(over, HttpStatusCode.BadRequest, "invalid_transaction_id");
    }

    private static async Task<(string Token, string TransactionId, long Interval)> DeferAsync(RunningIssuer issuer, TestClock clock, string subject)
    {
        using var made = await OfferAsync(issuer, subject);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var token = await issuer.AccessTokenAsync(RunningIssuer.ReadOffer(await RunningIssuer.JsonAsync(made)));
        var proof = await Proofs.MakeAsync(Proofs.NewKey(), issuer.Url, await issuer.NonceAsync(), clock.Now);
        using var answer = await issuer.CredentialAsync(token, [proof], "diploma");
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var json = await RunningIssuer.JsonAsync(answer);
        return (token, json.RequireString("transaction_id"), json.RequireIndex("interval"));
    }

    private static async Task<HttpResponseMessage> DeferredAsync(RunningIssuer issuer, string token, string id)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/deferred_credential") { Content = RunningIssuer.Json($$"""{"transaction_id":"{{id}}"}""") };
        request.Headers.Authorization = new("Bearer", token);
        return await issuer.Http.SendAsync(request, RunningIssuer.Ct);
    }

    /// <summary>A register of people that takes its time.</summary>
    private sealed class SlowRegistry(WebApplication app, string url) : IAsyncDisposable
    {
        internal const string Person = """{"family_name":"홍","given_name":"길동","student_number":"1","degree":"BSc","field":"Law","graduation_date":"2026-02-20","university":{"name":"U","country":"KR"}}""";

        private int _asked;

        internal string Url => url;

        internal int Status { get; set; } = 202;

        internal string Body { get; set; } = "{}";

        internal string? RetryAfter { get; set; }

        internal int Asked => _asked;

        internal static async Task<SlowRegistry> StartAsync()
        {
            var url = $"http://localhost:{FreePort.Next()}";
            var app = QuietServer.CreateBuilder().Build();
            app.Urls.Add(url);
            var registry = new SlowRegistry(app, url);
            app.MapGet("/people/{id}", async (HttpContext http) =>
            {
                Interlocked.Increment(ref registry._asked);
                http.Response.StatusCode = registry.Status;
                if (registry.RetryAfter is { } after)
                    http.Response.Headers.RetryAfter = after;
                http.Response.ContentType = "application/json";
                await http.Response.WriteAsync(registry.Body, http.RequestAborted);
            });
            await app.StartAsync(RunningIssuer.Ct);
            return registry;
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }

    private static void WriteType(TempFolder catalog, string source, string id = "diploma")
    {
        var type = (JsonObject)StrictJson.ToNode(StrictJson.Parse(File.ReadAllText(RepositoryRoot.Combine("spec", "examples", "diploma", "diploma.json"))))!;
        (type["id"], type["vct"], type["source"]) = (id, $"urn:example:{id}", StrictJson.ToNode(StrictJson.Parse(source)));
        catalog.Write(id + ".json", StrictJson.ToText(type));
    }

    private static Task<HttpResponseMessage> OfferAsync(RunningIssuer issuer, string? subject, string type = "diploma")
    {
        var body = new JsonObject { ["credential_configuration_ids"] = new JsonArray(type) };
        if (subject is not null)
            body["subject"] = subject;
        return issuer.AgencyAsync(HttpMethod.Post, "/agency/v1/offers", body);
    }
}
