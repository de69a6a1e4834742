using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.Issuer.Agency;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Storage;
using Credentials.Issuer.Tests.Setup;
using Credentials.Jose;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.Tests.Shared;
using Credentials.Trust;
using Credentials.X509;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Credentials.Issuer.Tests;

public class BatchTests(PostgresServer postgres)
{
    private const string Header = "@subject,family_name,given_name,birth_date,document_number,issue_date,expiry_date,issuing_country,driving_privileges";

    private static string Line(int n, string birth = "1990-02-03") =>
        $"s{n},홍,길동 {n},{birth},D-{n},2026-01-02,2036-01-01,KR,\"[{{\"\"vehicle_category_code\"\":\"\"B\"\"}}]\"";

    private static string Table(int rows) => Header + "\r\n" + string.Join("\r\n", Enumerable.Range(1, rows).Select(n => Line(n))) + "\r\n";

    [Theory]
    [InlineData(Databases.Sqlite)]
    [InlineData(Databases.Postgres)]
    public async Task A_table_becomes_offers_whose_links_and_codes_a_wallet_can_use_and_bad_rows_say_why(string database)
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, await Databases.ConnectionAsync(database, postgres));
        var lines = Enumerable.Range(1, 450).Select(n => Line(n)).ToList();
        lines[7] = Line(8, birth: "3 February");
        lines[300] = "s301,,길동,1990-02-03,D,2026-01-02,2036-01-01,KR,[]";
        var batch = await SendAsync(issuer, "b1", Header + "\n" + string.Join('\n', lines), "&tx_code=true");
        Assert.Equal(HttpStatusCode.Accepted, batch.Status);
        var end = await BatchProgress.EndAsync(issuer, "b1");
        Assert.Equal("finished", end.RequireString("state"));
        Assert.Equal((448, 2), ((int)end.RequireIndex("done"), (int)end.RequireIndex("failed")));

        var rows = await BatchProgress.ResultsAsync(issuer, "b1");
        Assert.Equal(Enumerable.Range(1, 450), rows.Select(row => (int)row.RequireIndex("row")));
        Assert.Equal("issuer.claims", rows[7].RequireString("code"));
        Assert.Contains("birth_date", rows[7].RequireString("error"), StringComparison.Ordinal);
        Assert.DoesNotContain("February", rows[7].RequireString("error"), StringComparison.Ordinal);
        Assert.Equal(302, rows[300].RequireIndex("line"));
        Assert.Equal(448, rows.Where(row => row.TryGetProperty("offer_uri", out _)).Select(row => row.RequireString("offer_uri")).Distinct().Count());

        // The one that a person gets is like any other offer.
        var mine = rows[4];
        var link = new Uri(mine.RequireString("offer_uri"));
        var reference = new Uri(Uri.UnescapeDataString(link.Query.Split("credential_offer_uri=")[1]));
        var offer = OpenId4Vci.CredentialOffer.Parse(StrictJson.Parse(await issuer.Http.GetStringAsync(reference.PathAndQuery, RunningIssuer.Ct)), allowLoopbackHttp: true);
        using var wrong = await issuer.TokenAsync(offer.PreAuthorized!.Code, "000000");
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        using var token = await issuer.TokenAsync(offer.PreAuthorized!.Code, mine.RequireString("tx_code"));
        Assert.Equal(HttpStatusCode.OK, token.StatusCode);
        Assert.Equal(0, await issuer.ReadAsync(db => db.BatchRows.CountAsync(r => r.Cells != null, RunningIssuer.Ct)));
        Assert.Empty((await issuer.ReadAsync(db => AuditVerification.RunAsync(db, issuer.Services.GetRequiredService<IssuerKeys>().AuditKey.PublicKey, [], RunningIssuer.Ct))).Findings);
    }

    [Theory]
    [InlineData(Databases.Sqlite)]
    [InlineData(Databases.Postgres)]
    public async Task A_table_with_keys_becomes_credentials_bound_to_them_and_revocable(string database)
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, await Databases.ConnectionAsync(database, postgres));
        var keys = Enumerable.Range(0, 250).Select(_ => Proofs.NewKey()).ToList();
        var table = new StringBuilder("@holder_key," + Header + "\n");
        for (var i = 0; i < keys.Count; i++)
            table.Append(i == 10 ? "\"{}\"" : $"\"{StrictJson.ToText(Jwk.Write(keys[i].PublicKey)).Replace("\"", "\"\"", StringComparison.Ordinal)}\"").Append(',').Append(Line(i + 1)).Append('\n');
        await SendAsync(issuer, "k1", table.ToString(), "&mode=credentials");
        var end = await BatchProgress.EndAsync(issuer, "k1");
        Assert.Equal((249, 1), ((int)end.RequireIndex("done"), (int)end.RequireIndex("failed")));
        var rows = await BatchProgress.ResultsAsync(issuer, "k1");
        Assert.StartsWith("jwk.", rows[10].RequireString("code"), StringComparison.Ordinal);
        var trust = TrustStore.Create([TrustAnchor.ForCertificate(CertificateReader.FromPem(issuer.TrustPem)[0], TrustPurpose.CredentialIssuer | TrustPurpose.StatusSigner)]);
        foreach (var i in new[] { 0, 100, 249 })
        {
            var report = await SdJwtVerifier.VerifyAsync(rows[i].RequireString("credential"), new SdJwtExpectations
            {
                Trust = trust,
                Now = DateTimeOffset.UtcNow,
                KeyBinding = KeyBindingExpectation.FromIssuer,
                Status = new StatusPolicy(StatusMode.Skip),
                Types = ["urn:credentials:kr:mdl:1"],
            }, RunningIssuer.Ct);
            Assert.True(report.TryGetVerified(out var verified));
            Assert.Equal(keys[i].PublicKey, verified.HolderKey);
            using var revoked = await issuer.AgencyAsync(HttpMethod.Post, $"/agency/v1/credentials/{rows[i].RequireString("credential_id")}/status", new System.Text.Json.Nodes.JsonObject { ["status"] = "revoked" });
            Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
        }

        await AssertRegisterAsync(issuer, rows);
        // What is kept is not readable in the database.
        var stored = await issuer.ReadAsync(db => db.BatchRows.AsNoTracking().FirstAsync(r => r.Result != null, RunningIssuer.Ct));
        Assert.DoesNotContain("eyJ", Encoding.Latin1.GetString(stored.Result!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_table_again_is_the_same_batch_and_another_one_is_refused()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        Assert.Equal(HttpStatusCode.Accepted, (await SendAsync(issuer, "b", Table(30))).Status);
        await BatchProgress.EndAsync(issuer, "b");
        Assert.Equal(HttpStatusCode.Accepted, (await SendAsync(issuer, "b", Table(30))).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await SendAsync(issuer, "b", Table(31))).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await SendAsync(issuer, "b", Table(30), "&tx_code=true")).Status);
        Assert.Equal(30, await issuer.ReadAsync(db => db.Offers.CountAsync(RunningIssuer.Ct)));
        Assert.Equal(HttpStatusCode.Accepted, (await SendAsync(issuer, "c", Table(31))).Status);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData(Header, "no rows")]
    [InlineData("@subject,colour\na,b", "'colour'")]
    [InlineData("@subject,@subject\na,b", "same name")]
    [InlineData("@subject,age_over_18\na,true", "'age_over_18'")]
    [InlineData("@subject,family_name\na", "Line 2")]
    [InlineData("@subject,family_name\na,b\nc,\"d", "Line 3")]
    [InlineData("@subject,family_name\na,b\"c", "Line 2")]
    [InlineData("@subject,family_name\na,\"b\"c", "Line 2")]
    [InlineData("@subject,@holder_key\na,b", "@holder_key")]
    [InlineData("@subject,family_name\na,b", "'given_name'")]
    [InlineData("@subject,family_name\na,\u0000", "Line 2")]
    public async Task A_table_that_cannot_be_read_is_refused_whole_and_leaves_nothing(string table, string says)
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        var refused = await SendAsync(issuer, "b", table);
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains(says, refused.Body.RequireString("title"), StringComparison.Ordinal);
        Assert.Equal(0, await issuer.ReadAsync(db => db.Batches.CountAsync(RunningIssuer.Ct)) + await issuer.ReadAsync(db => db.BatchRows.CountAsync(RunningIssuer.Ct)));
        Assert.Equal(HttpStatusCode.Accepted, (await SendAsync(issuer, "b", Table(1))).Status);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_and_parameters_out_of_range_are_refused()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(issuer, "b", [.. Encoding.UTF8.GetBytes("@subject,family_name\na,"), 0xff, 0xfe], "")).Status);
        foreach (var (id, query) in new[] { ("b b", ""), ("b", "&mode=other"), ("b", "&valid_hours=0"), ("b", "&valid_hours=99999"), ("b", "&mode=credentials&tx_code=true"), (new string('b', 65), "") })
            Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(issuer, id, Table(1), query)).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await SendAsync(issuer, new string('b', 64), Table(1), "&valid_hours=1")).Status);
    }

    [Fact]
    public async Task A_cancelled_batch_stops_and_forgets_the_rows_that_were_not_done()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        await SendAsync(issuer, "b", Table(20_000));
        using var cancelled = await issuer.AgencyAsync(HttpMethod.Post, "/agency/v1/batches/b/cancel");
        Assert.Equal(HttpStatusCode.OK, cancelled.StatusCode);
        var end = await RunningIssuer.JsonAsync(cancelled);
        Assert.Equal("cancelled", end.RequireString("state"));
        Assert.Equal(20_000, end.RequireIndex("done") + end.RequireIndex("cancelled"));
        Assert.Equal(0, await issuer.ReadAsync(db => db.BatchRows.CountAsync(r => r.Cells != null, RunningIssuer.Ct)));
        Assert.Equal(end.RequireIndex("done"), await issuer.ReadAsync(db => db.Offers.LongCountAsync(RunningIssuer.Ct)));
        using var again = await issuer.AgencyAsync(HttpMethod.Post, "/agency/v1/batches/b/cancel");
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
    }

    [Fact]
    public async Task An_auditor_sees_the_progress_and_not_the_secrets()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        await SendAsync(issuer, "b", Table(1));
        var auditor = await issuer.ReadAsync(async db =>
        {
            var key = ApiKeyGate.Create(db, ApiKey.AuditorRole, DateTimeOffset.UtcNow, out _);
            await db.SaveChangesAsync(RunningIssuer.Ct);
            return key;
        });
        using var progress = await issuer.AgencyAsync(HttpMethod.Get, "/agency/v1/batches/b", key: auditor);
        Assert.Equal(HttpStatusCode.OK, progress.StatusCode);
        using var results = await issuer.AgencyAsync(HttpMethod.Get, "/agency/v1/batches/b/results", key: auditor);
        Assert.Equal(HttpStatusCode.Forbidden, results.StatusCode);
    }

    /// <summary>Kills the process for real, again and again, and counts at the end.</summary>
    [Theory]
    [InlineData(Databases.Sqlite, false)]
    [InlineData(Databases.Postgres, true)]
    [Trait("Row", "REL-05")]
    public async Task A_batch_survives_kill_9_at_any_moment_without_a_row_lost_or_doubled(string database, bool forKeys)
    {
        const int rows = 2400;
        using var folder = new TempFolder();
        var connection = await Databases.ConnectionAsync(database, postgres);
        var table = new StringBuilder(forKeys ? "@holder_key," : "").Append(Header).Append('\n');
        var jwks = Enumerable.Range(0, 20).Select(_ => StrictJson.ToText(Jwk.Write(Proofs.NewKey().PublicKey)).Replace("\"", "\"\"", StringComparison.Ordinal)).ToList();
        for (var n = 1; n <= rows; n++)
            table.Append(forKeys ? $"\"{jwks[n % jwks.Count]}\"," : "").Append(Line(n)).Append('\n');

        var port = FreePort.Next();
        var process = Start(folder.FullPath, port, connection);
        using var http = new HttpClient { BaseAddress = new Uri($"http://localhost:{port}"), Timeout = TimeSpan.FromSeconds(100) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", StrictJson.Parse(await process.ReadLineAsync(RunningIssuer.Ct)).RequireString("api_key"));
        using (var sent = await http.PostAsync($"/agency/v1/batches?id=b&type=mdl_sd_jwt&mode={(forKeys ? "credentials" : "offers")}", Csv(Encoding.UTF8.GetBytes(table.ToString())), RunningIssuer.Ct))
            Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);

        // Killed after some more rows were done, at a moment that nobody chose.
        var killed = 0;
        for (long done = 0; killed < 3 && done < rows; killed++)
        {
            var atLeast = done + 1 + RandomNumberGenerator.GetInt32(rows / 12);
            while (done < Math.Min(atLeast, rows))
            {
                await Task.Delay(10, RunningIssuer.Ct);
                done = StrictJson.Parse(await http.GetStringAsync("/agency/v1/batches/b", RunningIssuer.Ct)).RequireIndex("done");
            }

            await process.DisposeAsync(); // SIGKILL
            process = Start(folder.FullPath, port, connection);
            Assert.Equal("ready", StrictJson.Parse(await process.ReadLineAsync(RunningIssuer.Ct)).RequireString("event"));
        }

        await using var last = process;
        JsonElement end;
        do
        {
            await Task.Delay(20, RunningIssuer.Ct);
            end = StrictJson.Parse(await http.GetStringAsync("/agency/v1/batches/b", RunningIssuer.Ct));
        }
        while (end.RequireString("state") == "running");
        Assert.True(killed >= 2, $"killed {killed} times only");
        Assert.Equal(rows, end.RequireIndex("done"));
        var results = new List<JsonElement>();
        for (long? after = 0; after is not null;)
        {
            var page = StrictJson.Parse(await http.GetByteArrayAsync($"/agency/v1/batches/b/results?after={after}", RunningIssuer.Ct));
            results.AddRange(page.RequireArray("rows").EnumerateArray());
            after = page.Member("next") is { ValueKind: JsonValueKind.Number } next ? next.GetInt64() : null;
        }

        Assert.Equal(Enumerable.Range(1, rows).Select(n => $"s{n}"), results.Select(row => row.RequireString("subject")));
        await using var db = await ExistingDatabase.OpenAsync(folder.FullPath, connection, RunningIssuer.Ct);
        Assert.Equal(forKeys ? 0 : rows, await db.Offers.CountAsync(RunningIssuer.Ct));
        Assert.Equal(forKeys ? rows : 0, await db.Credentials.CountAsync(RunningIssuer.Ct));
        if (forKeys)
            await AssertRegisterAsync(db, results);
        else
            Assert.Equal(rows, results.Select(row => row.RequireString("offer_id")).Distinct().Count());
        var key = Jwk.ParsePublic(StrictJson.Parse(await File.ReadAllTextAsync(folder.Combine("keys/audit.jwk"), RunningIssuer.Ct)));
        Assert.Empty((await AuditVerification.RunAsync(db, key, await File.ReadAllLinesAsync(folder.Combine(AuditCheckpoints.FileName), RunningIssuer.Ct), RunningIssuer.Ct)).Findings);
    }

    private static Task<int> AssertRegisterAsync(RunningIssuer issuer, List<JsonElement> rows) => issuer.ReadAsync(async db =>
    {
        await AssertRegisterAsync(db, rows);
        return 0;
    });

    /// <summary>Every credential that was given out is in the register, with a status of its own, and no other is.</summary>
    private static async Task AssertRegisterAsync(IssuerDbContext db, List<JsonElement> rows)
    {
        var register = await db.Credentials.AsNoTracking().ToDictionaryAsync(c => c.Id, RunningIssuer.Ct);
        var given = rows.Where(row => row.TryGetProperty("credential", out _)).ToList();
        Assert.Equal(register.Count, given.Count);
        foreach (var row in given)
            Assert.Equal(SHA256.HashData(Encoding.ASCII.GetBytes(row.RequireString("credential"))), register[row.RequireString("credential_id")].DocumentHash);
        Assert.Equal(register.Count, register.Values.Select(c => (c.ListId, c.ListIndex)).Distinct().Count());
    }

    private static RunningScript Start(string folder, int port, string? connection)
    {
        List<string> arguments = ["exec", typeof(IssuerHost).Assembly.Location, "--data", folder, "--port", port.ToString(CultureInfo.InvariantCulture)];
        if (connection is not null)
            arguments.AddRange(["--connection", connection]);
        return new(Shell.Start("dotnet", arguments, folder, new Dictionary<string, string> { ["Issuer__BatchLease"] = "00:00:01" }));
    }

    private static ByteArrayContent Csv(byte[] table) => new(table) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } };

    private static Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(RunningIssuer issuer, string id, string table, string query = "") =>
        SendAsync(issuer, id, Encoding.UTF8.GetBytes(table), query);

    private static async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(RunningIssuer issuer, string id, byte[] table, string query)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/agency/v1/batches?id={Uri.EscapeDataString(id)}&type=mdl_sd_jwt{query}") { Content = Csv(table) };
        request.Headers.Authorization = new("Bearer", issuer.ApiKey);
        using var response = await issuer.Http.SendAsync(request, RunningIssuer.Ct);
        return (response.StatusCode, await RunningIssuer.JsonAsync(response));
    }
}
