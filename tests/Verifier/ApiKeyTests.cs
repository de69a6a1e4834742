using System.Net;
using System.Text.Json.Nodes;
using Credentials.Tests.Shared;
using Credentials.Verifier.Http;
using Credentials.Verifier.Storage;
using Credentials.Verifier.Tests.Setup;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Verifier.Tests;

/// <summary>One key of a relying party is ended while its others go on.</summary>
public sealed class ApiKeyTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_revoked_key_ends_at_every_replica_and_its_neighbour_goes_on()
    {
        var connection = await postgres.CreateDatabaseAsync(Ct);
        await using var verifier = new TestVerifier { Alter = o => o with { Connection = connection } };
        await verifier.InitializeAsync();
        await using var replica = await StartReplicaAsync(verifier, o => o with { Connection = connection, NewApiKey = true, Scopes = [ApiScopes.Verifications] });
        var (first, second) = (verifier.ApiKey, replica.Ready.ApiKey!);
        // Both replicas have just seen both keys, and remember them.
        foreach (var key in new[] { first, second })
        {
            foreach (var url in new[] { verifier.Url, replica.Ready.Url })
                Assert.Equal(HttpStatusCode.Created, await AskAsync(verifier, url, key));
        }

        await using (var db = await ExistingDatabase.OpenAsync(verifier.DataFolder, connection, Ct))
        {
            var id = (await db.ApiKeys.SingleAsync(key => key.Hash == RandomToken.Hash(first), Ct)).Id;
            var revoked = await ApiKeys.RevokeAsync(db, id, verifier.Clock.Now, Ct);
            Assert.Equal(verifier.Clock.Now.ToUnixTimeMilliseconds(), revoked?.RevokedAt);
            // The second time changes nothing, the time of the first neither.
            Assert.Equal(revoked?.RevokedAt, (await ApiKeys.RevokeAsync(db, id, verifier.Clock.Now.AddHours(1), Ct))?.RevokedAt);
            Assert.Null(await ApiKeys.RevokeAsync(db, "nothing", verifier.Clock.Now, Ct));
        }

        verifier.Clock.Advance(RecentApiKeys.Kept);
        foreach (var url in new[] { verifier.Url, replica.Ready.Url })
        {
            using var refused = await verifier.PostJsonAsync(url + "/verifications", new JsonObject { ["policy"] = "over-19" }, first);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
            Assert.Equal(VerifierCodes.RequestUnauthorized, TestVerifier.Text(await TestVerifier.ReadAsync(refused), "code"));
            Assert.Equal(HttpStatusCode.Created, await AskAsync(verifier, url, second));
        }
    }

    [Fact]
    public async Task A_key_tells_its_name_and_to_the_hour_its_last_use_at_any_replica()
    {
        var connection = await postgres.CreateDatabaseAsync(Ct);
        await using var verifier = new TestVerifier { Alter = o => o with { Connection = connection, ApiKeyName = "창구 3" } };
        await verifier.InitializeAsync();
        await using var replica = await StartReplicaAsync(verifier, o => o with { Connection = connection, NewApiKey = true, ApiKeyName = "till 4" });
        await using var db = await ExistingDatabase.OpenAsync(verifier.DataFolder, connection, Ct);
        Assert.Equal([("till 4", null), ("창구 3", null)], await ListAsync());

        var first = Now();
        await AskBothAsync(verifier.ApiKey);
        Assert.Equal([("till 4", null), ("창구 3", first)], await ListAsync());

        // Within the hour it is used without being written down, whichever replica it comes to.
        verifier.Clock.Advance(ApiKeys.UseResolution - TimeSpan.FromSeconds(2));
        await AskBothAsync(verifier.ApiKey);
        Assert.Equal([("till 4", null), ("창구 3", first)], await ListAsync());

        verifier.Clock.Advance(TimeSpan.FromSeconds(2));
        var second = Now();
        Assert.Equal(HttpStatusCode.Created, await AskAsync(verifier, replica.Ready.Url, verifier.ApiKey));
        verifier.Clock.Advance(TimeSpan.FromSeconds(2));
        await AskBothAsync(verifier.ApiKey);
        var third = Now();
        await AskBothAsync(replica.Ready.ApiKey!);
        Assert.Equal([("till 4", third), ("창구 3", second)], await ListAsync());

        // A wrong key is nobody's use.
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(verifier, verifier.Url, "nobody's"));
        Assert.Equal([("till 4", third), ("창구 3", second)], await ListAsync());

        long? Now() => verifier.Clock.Now.ToUnixTimeMilliseconds();

        async Task AskBothAsync(string key)
        {
            foreach (var url in new[] { verifier.Url, replica.Ready.Url })
                Assert.Equal(HttpStatusCode.Created, await AskAsync(verifier, url, key));
        }

        async Task<List<(string?, long?)>> ListAsync() =>
            [.. (await db.ApiKeys.AsNoTracking().ToListAsync(Ct)).Select(key => (key.Name, key.LastUsedAt)).OrderBy(key => key.Name, StringComparer.Ordinal)];
    }

    [Fact]
    public async Task Whose_only_key_was_revoked_is_not_let_in_by_a_restart_but_by_the_operator()
    {
        await using var verifier = new TestVerifier();
        await verifier.InitializeAsync();
        await using (var db = await ExistingDatabase.OpenAsync(verifier.DataFolder, null, Ct))
            Assert.NotNull(await ApiKeys.RevokeAsync(db, (await db.ApiKeys.SingleAsync(Ct)).Id, verifier.Clock.Now, Ct));

        await verifier.RestartAsync();

        Assert.Null(verifier.Host.Ready.ApiKey);
        using (var refused = await verifier.PostJsonAsync("/verifications", new JsonObject { ["policy"] = "over-19" }))
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);

        verifier.Alter = o => o with { NewApiKey = true };
        await verifier.RestartAsync();
        using var asked = await verifier.PostJsonAsync("/verifications", new JsonObject { ["policy"] = "over-19" }, verifier.Host.Ready.ApiKey);
        Assert.Equal(HttpStatusCode.Created, asked.StatusCode);
    }

    /// <summary>Another process on the same database, with copies of the keys.</summary>
    private static Task<VerifierHost> StartReplicaAsync(TestVerifier verifier, Func<VerifierHostOptions, VerifierHostOptions> alter)
    {
        var folder = verifier.DataFolder + "-replica";
        Directory.CreateDirectory(Path.Combine(folder, "keys"));
        foreach (var file in Directory.GetFiles(Path.Combine(verifier.DataFolder, "keys")))
            File.Copy(file, Path.Combine(folder, "keys", Path.GetFileName(file)));
        return verifier.StartAsync(o => alter(o) with { DataFolder = folder });
    }

    private static async Task<HttpStatusCode> AskAsync(TestVerifier verifier, string url, string key)
    {
        using var answer = await verifier.PostJsonAsync(url + "/verifications", new JsonObject { ["policy"] = "over-19" }, key);
        return answer.StatusCode;
    }
}
