using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.Tests.Shared;
using Credentials.Verifier.Tests.Setup;
using Credentials.Verifier.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Credentials.Verifier.Tests;

/// <summary>The network is away: what is kept answers, says how old it is, and is refused when its policy or its own end says so.</summary>
public sealed class OfflineTests(PostgresServer postgres) : IClassFixture<PostgresServer>, IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_a_network_a_kept_list_answers_with_its_age_until_the_policys_limit(bool onPostgres)
    {
        var connection = onPostgres ? await postgres.CreateDatabaseAsync(Ct) : null;
        await using var verifier = await StartAsync(o => o with { Connection = connection });
        var held = await verifier.Issuer.IssueLicenceAsync();
        Assert.Equal(("accepted", "passed", null, 0), await PresentAsync(verifier, held));
        await verifier.Issuer.KillAsync();
        // What was in memory is gone too.
        await verifier.RestartAsync();

        verifier.Clock.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(("accepted", "passed", StatusListCodes.CopyUsed, 1800), await PresentAsync(verifier, held));

        verifier.Clock.Advance(TimeSpan.FromMinutes(89.9));
        Assert.Equal(("accepted", "passed", StatusListCodes.CopyUsed, 7194), await PresentAsync(verifier, held));

        verifier.Clock.Advance(TimeSpan.FromMinutes(0.2));
        Assert.Equal(("not_accepted", "indeterminate", StatusListCodes.CopyTooOld, 7206), await PresentAsync(verifier, held));

        // The network is back, and the list with it.
        await verifier.Issuer.ReviveAsync();
        verifier.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(("accepted", "passed", null, 0), await PresentAsync(verifier, held));
    }

    [Fact]
    public async Task A_policy_that_says_nothing_takes_no_older_copy_than_with_a_network()
    {
        await using var verifier = await StartAsync();
        var held = await verifier.Issuer.IssueLicenceAsync();
        Assert.True((await CheckAsync(verifier, held.Credential, "over-19")).Accepted);
        await verifier.Issuer.KillAsync();
        await verifier.RestartAsync();

        verifier.Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal((true, "passed", null, 3540), Status(await CheckAsync(verifier, held.Credential, "over-19")));
        verifier.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal((false, "indeterminate", StatusListCodes.Unreachable, 3660), Status(await CheckAsync(verifier, held.Credential, "over-19")));
    }

    [Fact]
    public async Task A_list_that_has_run_out_is_never_used_whatever_the_policy_says()
    {
        await using var verifier = await StartAsync();
        var held = await verifier.Issuer.IssueLicenceAsync();
        Assert.True((await CheckAsync(verifier, held.Credential, "a-week")).Accepted);
        await verifier.Issuer.KillAsync();
        await verifier.RestartAsync();

        // Its ttl of 12 hours says when a newer one should be looked for, its exp of a day when it is over.
        verifier.Clock.Advance(TimeSpan.FromHours(23.9));
        Assert.Equal((true, "passed", StatusListCodes.CopyUsed, 86_040), Status(await CheckAsync(verifier, held.Credential, "a-week")));
        verifier.Clock.Advance(TimeSpan.FromHours(0.2));
        Assert.Equal((false, "indeterminate", StatusListCodes.TokenExpired, 86_760), Status(await CheckAsync(verifier, held.Credential, "a-week")));
    }

    [Theory]
    [InlineData("a byte")]
    [InlineData("cut")]
    [InlineData("empty")]
    [InlineData("another's")]
    public async Task A_copy_that_was_changed_is_as_good_as_none_and_fetched_again(string fault)
    {
        await using var verifier = await StartAsync();
        var held = await verifier.Issuer.IssueLicenceAsync();
        Assert.True((await CheckAsync(verifier, held.Credential, "two-hours")).Accepted);
        var file = Assert.Single(Directory.GetFiles(Path.Combine(verifier.DataFolder, "offline")));
        var content = await File.ReadAllBytesAsync(file, Ct);
        await verifier.Issuer.KillAsync();
        await verifier.Host.DisposeAsync();
        switch (fault)
        {
            case "a byte":
                // A later time of the fetch would make it younger: any byte is covered.
                content[60] ^= 1;
                await File.WriteAllBytesAsync(file, content, Ct);
                break;
            case "cut":
                await File.WriteAllBytesAsync(file, content[..^1], Ct);
                break;
            case "empty":
                await File.WriteAllBytesAsync(file, [], Ct);
                break;
            default:
                File.Move(file, Path.Combine(Path.GetDirectoryName(file)!, "0123456789abcdef0123456789abcdef.good"));
                break;
        }
        await verifier.RestartAsync();
        Assert.Equal((false, "indeterminate", StatusListCodes.Unreachable, null), Status(await CheckAsync(verifier, held.Credential, "two-hours")));

        await verifier.Issuer.ReviveAsync();
        verifier.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.True((await CheckAsync(verifier, held.Credential, "two-hours")).Accepted);
        await verifier.Issuer.KillAsync();
        await verifier.RestartAsync();
        verifier.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal((true, "passed", StatusListCodes.CopyUsed, 600), Status(await CheckAsync(verifier, held.Credential, "two-hours")));
    }

    [Fact]
    public async Task Copies_are_fetched_anew_in_the_background_and_a_revocation_among_them()
    {
        await using var verifier = await StartAsync();
        var (held, revoked) = (await verifier.Issuer.IssueLicenceAsync(), await verifier.Issuer.IssueLicenceAsync());
        Assert.True((await CheckAsync(verifier, held.Credential, "two-hours")).Accepted);
        Assert.True((await CheckAsync(verifier, revoked.Credential, "two-hours")).Accepted);
        var fetches = verifier.Issuer.StatusFetches;

        verifier.Clock.Advance(TimeSpan.FromMinutes(5));
        await RefreshAsync(verifier);
        Assert.Equal(fetches, verifier.Issuer.StatusFetches);
        verifier.Issuer.SetStatus(revoked.StatusIndex, StatusTypes.Invalid);
        verifier.Clock.Advance(TimeSpan.FromMinutes(55));
        await RefreshAsync(verifier);
        Assert.Equal(fetches + 1, verifier.Issuer.StatusFetches);
        await verifier.Issuer.KillAsync();
        await verifier.RestartAsync();

        verifier.Clock.Advance(TimeSpan.FromMinutes(90));
        Assert.Equal((true, "passed", StatusListCodes.CopyUsed, 5400), Status(await CheckAsync(verifier, held.Credential, "two-hours")));
        Assert.Equal((false, "failed", StatusListCodes.Revoked, 5400), Status(await CheckAsync(verifier, revoked.Credential, "two-hours")));
    }

    [Fact]
    public async Task What_the_background_fetched_is_used_only_if_its_signature_is_good()
    {
        await using var verifier = await StartAsync();
        var held = await verifier.Issuer.IssueLicenceAsync();
        Assert.True((await CheckAsync(verifier, held.Credential, "two-hours")).Accepted);
        using var stranger = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        verifier.Issuer.StatusForger = stranger;
        verifier.Clock.Advance(TimeSpan.FromHours(1));
        await RefreshAsync(verifier);
        Assert.Equal(2, Directory.GetFiles(Path.Combine(verifier.DataFolder, "offline")).Length);
        await verifier.Issuer.KillAsync();
        await verifier.RestartAsync();

        // The good one counts, with its own age.
        Assert.Equal((true, "passed", StatusListCodes.CopyUsed, 3600), Status(await CheckAsync(verifier, held.Credential, "two-hours")));
    }

    [Fact]
    public async Task Keys_of_an_issuer_that_cannot_be_asked_come_from_a_copy_with_its_age()
    {
        using var key = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        await using var agency = QuietServer.CreateBuilder().Build();
        agency.Urls.Add("http://127.0.0.1:0");
        string Issuer() => agency.Urls.First() + "/agency";
        agency.MapGet("/.well-known/jwt-vc-issuer/agency", () => Results.Json(new JsonObject { ["issuer"] = Issuer(), ["jwks_uri"] = agency.Urls.First() + "/keys" }));
        agency.MapGet("/keys", () => Results.Json(new JsonObject { ["keys"] = new JsonArray(Jwk.Write(key.PublicKey)) }));
        await agency.StartAsync(Ct);
        var issuer = Issuer();
        await using var verifier = await StartAsync(o => o with { TrustUrls = [issuer], OfflineMaxAge = TimeSpan.FromHours(2) });
        var document = await SdJwtIssuer.IssueAsync(new SdJwtContent
        {
            Type = "urn:test:1",
            Claims = new JsonObject { ["iss"] = issuer },
            Disclosable = [],
        }, key, Ct);
        Assert.True((await CheckAsync(verifier, document)).Accepted);
        await agency.DisposeAsync();
        await verifier.RestartAsync();

        verifier.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal((true, "passed", SdJwtCodes.IssuerMetadataCopyUsed, 3600), Of(await CheckAsync(verifier, document), "issuer_key"));
        verifier.Clock.Advance(TimeSpan.FromHours(2));
        var late = Of(await CheckAsync(verifier, document), "issuer_key");
        Assert.Equal((false, "indeterminate"), (late.Accepted, late.Outcome));
    }

    [Fact]
    public async Task The_page_says_that_a_copy_was_used_and_how_old_it_is()
    {
        await using var verifier = await StartAsync();
        var held = await verifier.Issuer.IssueLicenceAsync();
        Assert.True((await CheckAsync(verifier, held.Credential, "two-hours")).Accepted);
        await verifier.Issuer.KillAsync();
        verifier.Clock.Advance(TimeSpan.FromMinutes(30));
        var created = await verifier.CreateAsync("two-hours");
        var cookie = await verifier.OpenPageAsync(created);
        (await new TestWallet(verifier).PresentToAsync(created, held)).Response.Dispose();

        using var page = await verifier.BrowseAsync($"/v/{created.Id}", cookie);

        var html = await page.Content.ReadAsStringAsync(Ct);
        Assert.Contains("The status was checked without a network, on a kept copy of the list. (fetched 30 minutes ago)", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "name": "x", "purpose": { "ko": "x", "en": "x" }, "status_max_age_seconds": 60, "offline_max_age_seconds": 604801, "dcql_query": { "credentials": [ { "id": "a", "format": "dc+sd-jwt", "meta": { "vct_values": ["urn:credentials:kr:mdl:1"] } } ] } }""")]
    public async Task A_limit_that_is_none_keeps_the_service_from_starting(string policy)
    {
        var refusal = await Assert.ThrowsAsync<VerifierStartException>(() => VerifierHost.BuildAsync(
            new VerifierHostOptions { DataFolder = _folder.Combine("data"), Port = 0, PolicyFolder = Path.GetDirectoryName(_folder.Write("x.json", policy)) }, _ => { }, Ct));
        Assert.Contains("offline_max_age_seconds", refusal.Message, StringComparison.Ordinal);
    }

    private async Task<TestVerifier> StartAsync(Func<VerifierHostOptions, VerifierHostOptions>? alter = null)
    {
        foreach (var (name, seconds) in new[] { ("two-hours", 7200), ("a-week", 604_800) })
        {
            _folder.Write($"{name}.json", $$"""
                { "name": "{{name}}", "purpose": { "ko": "나이 확인", "en": "Check the age" }, "status_max_age_seconds": 60, "offline_max_age_seconds": {{seconds}},
                  "dcql_query": { "credentials": [ { "id": "licence", "format": "dc+sd-jwt", "meta": { "vct_values": ["urn:credentials:kr:mdl:1"] },
                    "claims": [ { "path": ["age_over_19"] } ] } ] } }
                """);
        }
        var port = FreePort.Next();
        var verifier = new TestVerifier { Alter = o => (alter?.Invoke(o) ?? o) with { PolicyFolder = _folder.FullPath, Port = port } };
        await verifier.InitializeAsync();
        return verifier;
    }

    private static Task RefreshAsync(TestVerifier verifier) =>
        verifier.Host.Services.GetServices<IHostedService>().OfType<OfflineRefresh>().Single().RunAsync(Ct);

    /// <summary>The whole way over a wallet: the state and what the report says about the status.</summary>
    private static async Task<(string State, string Outcome, string? Code, int? Age)> PresentAsync(TestVerifier verifier, IssuedTo held)
    {
        var created = await verifier.CreateAsync("two-hours");
        (await new TestWallet(verifier).PresentToAsync(created, held)).Response.Dispose();
        var json = await verifier.StateAsync(created.Id);
        var (_, outcome, code, age) = Status((false, json.GetProperty("report")));
        return (TestVerifier.Text(json, "state"), outcome, code, age);
    }

    private static async Task<(bool Accepted, JsonElement Report)> CheckAsync(TestVerifier verifier, string document, string? policy = null)
    {
        var body = new JsonObject { ["document"] = document };
        if (policy is not null)
            body["policy"] = policy;
        using var response = await verifier.PostJsonAsync("/documents/verify", body);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var report = await TestVerifier.ReadAsync(response);
        return (report.GetProperty("accepted").GetBoolean(), report);
    }

    private static (bool Accepted, string Outcome, string? Code, int? Age) Status((bool, JsonElement) result) => Of(result, "status");

    private static (bool Accepted, string Outcome, string? Code, int? Age) Of((bool Accepted, JsonElement Report) result, string id)
    {
        var check = result.Report.GetProperty("parts")[0].GetProperty("checks").EnumerateArray().Single(one => TestVerifier.Text(one, "id") == id);
        return (result.Accepted, TestVerifier.Text(check, "outcome"), check.TryGetProperty("code", out var code) ? code.GetString() : null,
            check.TryGetProperty("age_seconds", out var age) ? age.GetInt32() : null);
    }
}
