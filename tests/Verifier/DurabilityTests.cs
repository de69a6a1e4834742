using System.Net;
using Credentials.OpenId4Vp;
using Credentials.Tests.Shared;
using Credentials.Verifier.Tests.Setup;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Credentials.Verifier.Tests;

/// <summary>Restarts, replicas and what is left behind.</summary>
public sealed class DurabilityTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_restart_loses_nothing(bool onPostgres)
    {
        var connection = onPostgres ? await postgres.CreateDatabaseAsync(TestContext.Current.CancellationToken) : null;
        await using var verifier = new TestVerifier { Alter = o => o with { Connection = connection } };
        await verifier.InitializeAsync();
        var port = new Uri(verifier.Url).Port;
        verifier.Alter = o => o with { Connection = connection, Port = port };
        var wallet = new TestWallet(verifier);
        var finished = await verifier.CreateAsync("over-19");
        (await wallet.PresentToAsync(finished, await verifier.Issuer.IssueLicenceAsync())).Response.Dispose();
        var pending = await verifier.CreateAsync("over-19");
        var request = await wallet.ResolveAsync(pending.RequestUri);
        var cookie = await verifier.OpenPageAsync(pending);

        await verifier.RestartAsync();

        Assert.Null(verifier.Host.Ready.ApiKey);
        Assert.Equal("accepted", TestVerifier.Text(await verifier.StateAsync(finished.Id), "state"));
        using var page = await verifier.BrowseAsync($"/v/{pending.Id}", cookie);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        using var response = await wallet.AnswerAsync(request, await wallet.PresentAsync(await verifier.Issuer.IssueLicenceAsync(), request.Request));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("accepted", TestVerifier.Text(await verifier.StateAsync(pending.Id), "state"));
    }

    [Fact]
    [Trait("Row", "VPV-01")]
    [Trait("Row", "VPV-22")]
    public async Task Two_replicas_on_one_database_accept_one_of_a_hundred_copies()
    {
        var connection = await postgres.CreateDatabaseAsync(TestContext.Current.CancellationToken);
        await using var a = new TestVerifier { Alter = o => o with { Connection = connection } };
        await a.InitializeAsync();
        var other = a.DataFolder + "-replica";
        Directory.CreateDirectory(Path.Combine(other, "keys"));
        foreach (var file in Directory.GetFiles(Path.Combine(a.DataFolder, "keys")))
            File.Copy(file, Path.Combine(other, "keys", Path.GetFileName(file)));
        await using var b = await a.StartAsync(o => o with { Connection = connection, DataFolder = other });
        Assert.Null(b.Ready.ApiKey);
        var wallet = new TestWallet(a);

        // Created on A, fetched from A, answered on B, and listened to at both, by several each; another one that nothing happens to, too.
        var first = await a.CreateAsync("over-19");
        var idle = await ListenAsync(a.Url, (await a.CreateAsync("over-19")).Id);
        var listeners = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => ListenAsync(i % 2 == 0 ? a.Url : b.Ready.Url, first.Id)));
        var request = await wallet.ResolveAsync(first.RequestUri);
        using (var answered = await a.Http.PostAsync(OnB(request.Request), await FormAsync(a, wallet, request), TestContext.Current.CancellationToken))
            Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
        Assert.Equal("accepted", TestVerifier.Text(await a.StateAsync(first.Id), "state"));
        foreach (var listener in listeners)
        {
            var told = await listener.Content.ReadAsStringAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
            Assert.Contains("\"state\":\"created\"", told, StringComparison.Ordinal);
            Assert.Contains("\"state\":\"accepted\"", told, StringComparison.Ordinal);
            listener.Dispose();
        }
        idle.Dispose();

        var second = await a.CreateAsync("over-19");
        var raced = await wallet.ResolveAsync(second.RequestUri);
        var body = await (await FormAsync(a, wallet, raced)).ReadAsStringAsync(TestContext.Current.CancellationToken);
        var responses = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => a.Http.PostAsync(
            i % 2 == 0 ? raced.Request.ResponseUri : OnB(raced.Request),
            new StringContent(body, new System.Net.Http.Headers.MediaTypeHeaderValue("application/x-www-form-urlencoded")),
            TestContext.Current.CancellationToken)));

        Assert.Single(responses, r => r.StatusCode == HttpStatusCode.OK);
        Assert.Equal(99, responses.Count(r => r.StatusCode == HttpStatusCode.BadRequest));

        async Task<HttpResponseMessage> ListenAsync(string url, string id)
        {
            var listen = new HttpRequestMessage(HttpMethod.Get, $"{url}/verifications/{id}/events");
            listen.Headers.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", a.ApiKey);
            return await a.Http.SendAsync(listen, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        }

        Uri OnB(AuthorizationRequest r) => new(r.ResponseUri.OriginalString.Replace(a.Url, b.Ready.Url, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_replica_with_another_key_folder_does_not_start()
    {
        await using var verifier = new TestVerifier();
        await verifier.InitializeAsync();
        await verifier.Host.DisposeAsync();
        File.Delete(Path.Combine(verifier.DataFolder, "keys", "service.key"));

        await Assert.ThrowsAsync<VerifierStartException>(() => verifier.StartAsync(o => o));
    }

    [Fact]
    [Trait("Row", "VPV-24")]
    public async Task No_claim_key_or_secret_is_in_logs_or_readable_in_the_database()
    {
        await using var verifier = new TestVerifier();
        await verifier.InitializeAsync();
        var wallet = new TestWallet(verifier);
        var created = await verifier.CreateAsync("driving-licence");
        var cookie = await verifier.OpenPageAsync(created);
        var request = await wallet.ResolveAsync(created.RequestUri);
        var paths = request.Request.DcqlQuery.Credentials[0].Claims!.Select(c => c.Path.ToString()).Where(p => !p.Contains("portrait", StringComparison.Ordinal)).ToArray();
        var presentation = await wallet.PresentAsync(await verifier.Issuer.IssueLicenceAsync(), request.Request, null, paths);
        (await wallet.AnswerAsync(request, presentation)).Dispose();
        var claims = (await verifier.StateAsync(created.Id)).GetProperty("report").GetProperty("parts")[0].GetProperty("claims");
        Assert.Equal("길동", claims.GetProperty("given_name").GetString());
        (await verifier.BrowseAsync($"/v/{created.Id}", cookie)).Dispose();
        string[] secrets = [verifier.ApiKey, created.Page.Split("s=")[1], cookie.Split('=')[1], presentation.Split('~')[1], "11-22-333333-44", "1990-05-17"];

        verifier.Log.AssertLoggedNoneOf([.. secrets, "길동"]);
        await verifier.Host.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        foreach (var file in Directory.GetFiles(verifier.DataFolder, "verifier.db*"))
        {
            var bytes = System.Text.Encoding.UTF8.GetString(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
            Assert.All(secrets, s => Assert.DoesNotContain(s, bytes, StringComparison.Ordinal));
        }
        Assert.DoesNotContain("길동", created.RequestUri + created.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_finished_is_deleted_when_its_retention_is_over()
    {
        await using var verifier = new TestVerifier();
        await verifier.InitializeAsync();
        var created = await verifier.CreateAsync("over-19");
        (await new TestWallet(verifier).PresentToAsync(created, await verifier.Issuer.IssueLicenceAsync())).Response.Dispose();
        verifier.Clock.Advance(TimeSpan.FromDays(1.1));

        var sweep = verifier.Host.Services.GetServices<IHostedService>().OfType<Transactions.ExpirySweep>().Single();
        await sweep.RunAsync(TestContext.Current.CancellationToken);

        using var response = await verifier.GetAsync($"/verifications/{created.Id}");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Theory]
    [InlineData("port")]
    [InlineData("public url")]
    [InlineData("trust file")]
    [InlineData("trust content")]
    [InlineData("policy")]
    [InlineData("lifetime")]
    public async Task A_bad_option_keeps_the_service_from_starting_and_is_named(string option)
    {
        using var folder = new TempFolder();
        var good = new VerifierHostOptions { DataFolder = folder.Combine("data"), Port = 0 };
        var bad = option switch
        {
            "port" => good with { Port = 70_000 },
            "public url" => good with { PublicUrl = "http://verifier.example" },
            "trust file" => good with { TrustFiles = [folder.Combine("missing.pem")] },
            "trust content" => good with { TrustFiles = [folder.Write("bad.pem", "no certificate")] },
            "policy" => good with { PolicyFolder = Path.GetDirectoryName(folder.Write("own.json", "{\"name\":\"x\"}")) },
            _ => good with { TransactionLifetime = TimeSpan.Zero },
        };

        var e = await Assert.ThrowsAsync<VerifierStartException>(() => VerifierHost.BuildAsync(bad, _ => { }, TestContext.Current.CancellationToken));

        Assert.Contains(option.Split(' ')[0], e.Message, StringComparison.OrdinalIgnoreCase);
        await using var twin = await VerifierHost.BuildAsync(good, _ => { }, TestContext.Current.CancellationToken);
        Assert.NotNull(twin.Ready.ApiKey);
    }

    private static async Task<StringContent> FormAsync(TestVerifier verifier, TestWallet wallet, VerifiedRequest request)
    {
        var response = AuthorizationResponse.Success(
            TestWallet.Token(request.Request, await wallet.PresentAsync(await verifier.Issuer.IssueLicenceAsync(), request.Request)), request.Request.State);
        return new StringContent(Codecs.StrictForm.Encode(await TestWallet.FormAsync(request, response)), new System.Net.Http.Headers.MediaTypeHeaderValue("application/x-www-form-urlencoded"));
    }
}
