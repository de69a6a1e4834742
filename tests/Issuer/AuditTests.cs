using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Issuer.Agency;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Storage;
using Credentials.Issuer.Tests.Setup;
using Credentials.Jose;
using Credentials.Tests.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Credentials.Issuer.Tests;

public class AuditTests(PostgresServer postgres)
{
    [Theory]
    [InlineData(Databases.Sqlite)]
    [InlineData(Databases.Postgres)]
    [Trait("Row", "REL-18")]
    public async Task A_log_nobody_touched_is_whole_and_the_database_refuses_to_change_it(string database)
    {
        using var folder = new TempFolder();
        await using var issuer = await FilledAsync(folder, database);
        var result = await VerifyAsync(issuer, folder);
        Assert.Empty(result.Findings);
        Assert.True(result.Entries >= 6);
        Assert.True(result.Checkpoints >= 1);
        foreach (var sql in new[] { "DELETE FROM \"Audit\" WHERE \"Id\" = 2", "UPDATE \"Audit\" SET \"Actor\" = 'x'", "DELETE FROM \"AuditCheckpoints\"", "UPDATE \"AuditCheckpoints\" SET \"Statement\" = 'x'" })
            await Assert.ThrowsAnyAsync<Exception>(() => ExecuteAsync(issuer, sql));
    }

    // Whoever owns the database can switch its triggers off.
    [Theory]
    [InlineData(Databases.Sqlite, "UPDATE \"Audit\" SET \"Detail\" = 'x' WHERE \"Id\" = 3", 3)]
    [InlineData(Databases.Sqlite, "UPDATE \"Audit\" SET \"Actor\" = 'wallet' WHERE \"Id\" = 4", 4)]
    [InlineData(Databases.Sqlite, "UPDATE \"Audit\" SET \"At\" = \"At\" - 1 WHERE \"Id\" = 1", 1)]
    [InlineData(Databases.Sqlite, "UPDATE \"Audit\" SET \"Hash\" = NULL WHERE \"Id\" = 4", 4)]
    [InlineData(Databases.Sqlite, "DELETE FROM \"Audit\" WHERE \"Id\" = 3", 3)]
    [InlineData(Databases.Sqlite, "DELETE FROM \"Audit\" WHERE \"Id\" = 1", 1)]
    [InlineData(Databases.Sqlite, "UPDATE \"Audit\" SET \"Id\" = CASE \"Id\" WHEN -3 THEN 4 ELSE 3 END WHERE \"Id\" IN (-3, -4)", 3)]
    [InlineData(Databases.Sqlite, "DELETE FROM \"Audit\" WHERE \"Id\" > 4", 5)]
    [InlineData(Databases.Sqlite, "DELETE FROM \"Audit\"", 1)]
    [InlineData(Databases.Postgres, "UPDATE \"Audit\" SET \"Detail\" = 'x' WHERE \"Id\" = 3", 3)]
    [InlineData(Databases.Postgres, "DELETE FROM \"Audit\" WHERE \"Id\" = 3", 3)]
    [InlineData(Databases.Postgres, "DELETE FROM \"Audit\" WHERE \"Id\" > 4", 5)]
    [Trait("Row", "REL-18")]
    public async Task Change_removal_reordering_and_truncation_are_found_at_their_entry(string database, string sql, long entry)
    {
        using var folder = new TempFolder();
        await using var issuer = await FilledAsync(folder, database);
        await UnlockAsync(issuer);
        if (sql.Contains("-3", StringComparison.Ordinal))
            await ExecuteAsync(issuer, "UPDATE \"Audit\" SET \"Id\" = -\"Id\" WHERE \"Id\" IN (3, 4)");
        await ExecuteAsync(issuer, sql);
        var result = await VerifyAsync(issuer, folder);
        Assert.Equal(entry, result.Findings[0].Entry);
    }

    [Fact]
    [Trait("Row", "REL-18")]
    public async Task A_log_written_anew_or_cut_off_with_its_checkpoints_contradicts_the_checkpoints_that_were_kept()
    {
        using var folder = new TempFolder();
        await using var issuer = await FilledAsync(folder, Databases.Sqlite);
        var kept = await File.ReadAllLinesAsync(folder.Combine(AuditCheckpoints.FileName), RunningIssuer.Ct);
        await UnlockAsync(issuer);
        await ExecuteAsync(issuer, "DELETE FROM \"AuditCheckpoints\"");
        // The whole chain again, without the second entry: it is perfect in itself.
        await issuer.ReadAsync(async db =>
        {
            var entries = await db.Audit.AsNoTracking().Where(a => a.Id != 2).OrderBy(a => a.Id).ToListAsync(RunningIssuer.Ct);
            await db.Audit.ExecuteDeleteAsync(RunningIssuer.Ct);
            var (hash, id) = (AuditChain.Start, 0L);
            foreach (var old in entries)
            {
                var entry = AuditChain.Link(hash, ++id, DateTimeOffset.FromUnixTimeMilliseconds(old.At), old.Actor, old.Action, old.Subject, old.Detail);
                db.Audit.Add(entry);
                hash = entry.Hash!;
            }

            return await db.SaveChangesAsync(RunningIssuer.Ct);
        });
        Assert.Empty((await VerifyAsync(issuer, [])).Findings);
        Assert.NotEmpty((await VerifyAsync(issuer, kept)).Findings);

        await ExecuteAsync(issuer, "DELETE FROM \"Audit\" WHERE \"Id\" > 2");
        Assert.Empty((await VerifyAsync(issuer, [])).Findings);
        Assert.Contains((await VerifyAsync(issuer, kept)).Findings, finding => finding.Entry == 3 && finding.What.Contains("cut off", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Row", "REL-18")]
    public async Task A_checkpoint_of_another_key_or_kind_is_no_checkpoint()
    {
        using var folder = new TempFolder();
        await using var issuer = await FilledAsync(folder, Databases.Sqlite);
        var statement = CompactJws.Parse((await File.ReadAllLinesAsync(folder.Combine(AuditCheckpoints.FileName), RunningIssuer.Ct))[^1]);
        var payload = (JsonObject)StrictJson.ToNode(statement.PayloadObject)!;
        var own = issuer.Services.GetRequiredService<IssuerKeys>().AuditKey;
        async Task<AuditVerification> WithAsync(Credentials.Keys.ISigningKey key, string type) =>
            await VerifyAsync(issuer, [await Jws.SignAsync(new JsonObject { ["typ"] = type }, (JsonObject)payload.DeepClone(), key)]);
        Assert.Empty((await WithAsync(own, AuditCheckpoints.Type)).Findings);
        Assert.NotEmpty((await WithAsync(Proofs.NewKey(), AuditCheckpoints.Type)).Findings);
        Assert.NotEmpty((await WithAsync(own, "JWT")).Findings);
        Assert.NotEmpty((await VerifyAsync(issuer, ["not a checkpoint"])).Findings);
    }

    [Fact]
    [Trait("Row", "REL-18")]
    public async Task The_chain_begins_over_the_entries_that_are_older_than_it()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        await issuer.OfferAsync();
        await UnlockAsync(issuer);
        await ExecuteAsync(issuer, "DELETE FROM \"AuditCheckpoints\"");
        await ExecuteAsync(issuer, "UPDATE \"Audit\" SET \"Hash\" = NULL");
        await issuer.OfferAsync();
        await issuer.OfferAsync();
        Assert.Empty((await VerifyAsync(issuer, [])).Findings);
        await ExecuteAsync(issuer, "UPDATE \"Audit\" SET \"Actor\" = 'x' WHERE \"Id\" = 1");
        Assert.Equal(3, (await VerifyAsync(issuer, [])).Findings[0].Entry); // the first entry with a hash
    }

    [Theory]
    [InlineData(Databases.Sqlite)]
    [InlineData(Databases.Postgres)]
    [Trait("Row", "REL-18")]
    public async Task Entries_made_at_the_same_time_make_one_chain(string database)
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, await Databases.ConnectionAsync(database, postgres));
        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => issuer.OfferAsync()));
        var result = await VerifyAsync(issuer, folder);
        Assert.Empty(result.Findings);
        Assert.Equal(41, result.Entries);
    }

    [Fact]
    public async Task An_auditor_gets_a_checkpoint_and_the_chain_over_the_agency_api()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        await issuer.OfferAsync();
        using var response = await issuer.AgencyAsync(HttpMethod.Get, "/agency/v1/audit/checkpoint");
        var answer = await RunningIssuer.JsonAsync(response);
        var jws = CompactJws.Parse(answer.RequireString("checkpoint"));
        Assert.True(jws.VerifySignature(Jwk.ParsePublic(answer.RequireObjectMember("jwk"))));
        using var log = await issuer.AgencyAsync(HttpMethod.Get, "/agency/v1/audit");
        var last = (await RunningIssuer.JsonAsync(log)).RequireArray("entries").EnumerateArray().Last();
        Assert.Equal(last.RequireString("hash"), jws.PayloadObject.RequireString("hash"));
        Assert.Equal(last.RequireIndex("id"), jws.PayloadObject.RequireIndex("entry"));
    }

    private async Task<RunningIssuer> FilledAsync(TempFolder folder, string database)
    {
        var issuer = await RunningIssuer.StartAsync(folder.FullPath, await Databases.ConnectionAsync(database, postgres));
        for (var i = 0; i < 4; i++)
            await issuer.OfferAsync();
        await issuer.IssueAsync();
        await CheckpointAsync(issuer);
        return issuer;
    }

    private static Task<AuditCheckpoint?> CheckpointAsync(RunningIssuer issuer) =>
        issuer.ReadAsync(db => issuer.Services.GetRequiredService<AuditCheckpoints>().WriteAsync(db, RunningIssuer.Ct));

    private static async Task<AuditVerification> VerifyAsync(RunningIssuer issuer, TempFolder folder) =>
        await VerifyAsync(issuer, File.Exists(folder.Combine(AuditCheckpoints.FileName)) ? await File.ReadAllLinesAsync(folder.Combine(AuditCheckpoints.FileName), RunningIssuer.Ct) : []);

    private static Task<AuditVerification> VerifyAsync(RunningIssuer issuer, string[] statements) => issuer.ReadAsync(db =>
        AuditVerification.RunAsync(db, issuer.Services.GetRequiredService<IssuerKeys>().AuditKey.PublicKey, statements, RunningIssuer.Ct));

    private static Task<int> ExecuteAsync(RunningIssuer issuer, string sql) => issuer.ReadAsync(db => db.Database.ExecuteSqlRawAsync(sql, RunningIssuer.Ct));

    private static async Task UnlockAsync(RunningIssuer issuer)
    {
        var isPostgres = await issuer.ReadAsync(db => Task.FromResult(db.Database.IsNpgsql()));
        string[] statements = isPostgres
            ? ["DROP FUNCTION audit_only_grows() CASCADE"]
            : ["DROP TRIGGER Audit_no_update", "DROP TRIGGER Audit_no_delete", "DROP TRIGGER AuditCheckpoints_no_update", "DROP TRIGGER AuditCheckpoints_no_delete"];
        foreach (var sql in statements)
            await ExecuteAsync(issuer, sql);
    }
}
