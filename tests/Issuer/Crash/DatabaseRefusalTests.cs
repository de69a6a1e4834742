using System.Net;
using Credentials.Codecs;
using Credentials.Issuer.Tests.Setup;
using Credentials.OpenId4Vci;
using Credentials.Tests.Shared;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Credentials.Issuer.Tests.Crash;

/// <summary>A database that takes everything but the last write of an issuance, which comes after signing; and one whose disk is full.</summary>
public class DatabaseRefusalTests(PostgresServer postgres)
{
    [Theory]
    [InlineData("TRIGGER refuse BEFORE INSERT ON \"Issuances\"")]
    [InlineData("TRIGGER refuse BEFORE INSERT ON \"Credentials\"")]
    [InlineData("TRIGGER refuse BEFORE UPDATE ON \"Offers\"")]
    // At the commit, when every statement has gone well.
    [InlineData("CONSTRAINT TRIGGER refuse AFTER INSERT ON \"Credentials\" DEFERRABLE INITIALLY DEFERRED")]
    [Trait("Row", "REL-06")]
    [Trait("Row", "REL-13")]
    public async Task What_the_database_does_not_keep_is_not_given_out_and_the_same_request_succeeds_later(string trigger)
    {
        var ct = TestContext.Current.CancellationToken;
        using var folder = new TempFolder();
        var connection = await postgres.CreateDatabaseAsync(ct);
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, connection);
        await ExecuteAsync(connection, "CREATE FUNCTION refuse() RETURNS trigger AS 'BEGIN RAISE EXCEPTION USING ERRCODE = ''disk_full''; END' LANGUAGE plpgsql", ct);
        await RefuseAndAllowAsync(
            issuer,
            () => ExecuteAsync(connection, $"CREATE {trigger} FOR EACH ROW EXECUTE FUNCTION refuse()", ct),
            () => ExecuteAsync(connection, "DROP FUNCTION refuse() CASCADE", ct));
    }

    [Fact]
    [Trait("Row", "REL-13")]
    public async Task With_a_full_disk_under_the_data_folder_nothing_is_given_out_and_the_same_request_succeeds_later()
    {
        using var folder = new TempFolder();
        using var disk = await SmallDisk.MountAsync(folder.FullPath, 24, TestContext.Current.CancellationToken);
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        await RefuseAndAllowAsync(issuer, () => Task.Run(disk.Fill), () => Task.Run(disk.Free));
    }

    private static async Task RefuseAndAllowAsync(RunningIssuer issuer, Func<Task> refuse, Func<Task> allow)
    {
        await issuer.IssueAsync();
        var token = await issuer.AccessTokenAsync(await issuer.OfferAsync());
        var body = StrictJson.ToText(new CredentialRequest { ConfigurationId = "mdl_sd_jwt", JwtProofs = await Proofs.MakeAsync(issuer.Url, await issuer.NonceAsync(), 2) }.ToJson());
        var before = await CountAsync(issuer);
        await refuse();
        using (var refused = await issuer.CredentialAsync(token, body))
        {
            Assert.NotNull(refused.Headers.RetryAfter);
            await RunningIssuer.AssertErrorAsync(refused, HttpStatusCode.ServiceUnavailable, "temporarily_unavailable");
        }

        await allow();
        Assert.Equal(before, await CountAsync(issuer));
        using var given = await issuer.CredentialAsync(token, body);
        Assert.Equal(HttpStatusCode.OK, given.StatusCode);
        Assert.Equal(2, CredentialResponse.Parse(await RunningIssuer.JsonAsync(given)).Credentials.Count);
        var (credentials, issuances, reserved, audited) = before;
        Assert.Equal((credentials + 2, issuances + 1, reserved + 2, audited + 1), await CountAsync(issuer));
    }

    private static Task<(int Credentials, int Issuances, int Reserved, int Audited)> CountAsync(RunningIssuer issuer) => issuer.ReadAsync(async db => (
        await db.Credentials.CountAsync(RunningIssuer.Ct), await db.Issuances.CountAsync(RunningIssuer.Ct), await db.StatusLists.SumAsync(list => list.Next, RunningIssuer.Ct),
        await db.Audit.CountAsync(entry => entry.Action == "credential.issue", RunningIssuer.Ct)));

    private static async Task ExecuteAsync(string connection, string sql, CancellationToken ct)
    {
        await using var database = new NpgsqlConnection(connection);
        await database.OpenAsync(ct);
        await using var command = new NpgsqlCommand(sql, database);
        await command.ExecuteNonQueryAsync(ct);
    }
}
