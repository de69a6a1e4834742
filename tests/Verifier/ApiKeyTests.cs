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
        var other = verifier.DataFolder + "-replica";
        Directory.CreateDirectory(Path.Combine(other, "keys"));
        foreach (var file in Directory.GetFiles(Path.Combine(verifier.DataFolder, "keys")))
            File.Copy(file, Path.Combine(other, "keys", Path.GetFileName(file)));
        await using var replica = await verifier.StartAsync(o => o with { Connection = connection, DataFolder = other, NewApiKey = true, Scopes = [ApiScopes.Verifications] });
        var (first, second) = (verifier.ApiKey, replica.Ready.ApiKey!);
        // Both replicas have just seen both keys, and remember them.
        foreach (var key in new[] { first, second })
        {
            foreach (var url in new[] { verifier.Url, replica.Ready.Url })
                Assert.Equal(HttpStatusCode.Created, await AskAsync(url, key));
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
            Assert.Equal(HttpStatusCode.Created, await AskAsync(url, second));
        }

        async Task<HttpStatusCode> AskAsync(string url, string key)
        {
            using var answer = await verifier.PostJsonAsync(url + "/verifications", new JsonObject { ["policy"] = "over-19" }, key);
            return answer.StatusCode;
        }
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
}
