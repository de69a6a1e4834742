using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Recovery;
using Credentials.Issuer.Storage;
using Credentials.Issuer.Tests.Setup;
using Credentials.Jose;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.Tests.Shared;
using Credentials.X509;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Credentials.Issuer.Tests;

/// <summary>A key that somebody else may have: withdrawn, replaced, and what it signed found and revoked.</summary>
public class KeyWithdrawalTests(PostgresServer postgres)
{
    [Theory]
    [InlineData(Databases.Sqlite)]
    [InlineData(Databases.Postgres)]
    public async Task A_withdrawn_key_signs_no_more_is_not_published_and_what_it_signed_is_found_and_revoked(string database)
    {
        using var folder = new TempFolder();
        var (clock, connection) = (new TestClock(), await Databases.ConnectionAsync(database, postgres));
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, connection, clock: clock);
        var keys = issuer.Services.GetRequiredService<IssuerKeys>();

        // One that was followed long ago, and one that is withdrawn.
        await IssueAsync(issuer, clock, "first");
        var first = keys.Document;
        await DoAsync(folder, connection, clock, (changes, _) => changes.RotateAsync(SignerFolder.DocumentSigner, clock.Now.AddMinutes(10), 1, RunningIssuer.Ct));
        await LookAsync(issuer);
        clock.Advance(TimeSpan.FromHours(2));
        await LookAsync(issuer);
        await IssueAsync(issuer, clock, "second");
        await IssueAsync(issuer, clock, "second");
        var second = keys.Document;
        Assert.NotEqual(first.KeyId, second.KeyId);
        clock.Advance(TimeSpan.FromHours(1));

        var (withdrawn, until) = await DoAsync(folder, connection, clock, (changes, _) => changes.WithdrawAsync(second.KeyId, "a laptop was stolen", RunningIssuer.Ct));
        Assert.False(File.Exists(folder.Combine("keys", second.Name + ".key.pem")));
        await LookAsync(issuer);
        Assert.Equal("withdrawn", keys.StateOf(keys.Signers.Single(signer => signer.KeyId == second.KeyId)));
        clock.Now = until;
        var after = await IssueAsync(issuer, clock, "third");
        var third = keys.Document;
        Assert.Equal(third.Certificate.RawData, X5c.Of(SdJwtCredential.Parse(after).IssuerJwt)![0].RawData);
        Assert.DoesNotContain(third.KeyId, new[] { first.KeyId, second.KeyId });
        Assert.Equal([first.KeyId, third.KeyId], await JwksAsync(issuer));

        // It is told what was signed with it; the same again for one that is withdrawn.
        await DoAsync(folder, connection, clock, async (changes, db) =>
        {
            Assert.Equal(until, (await changes.WithdrawAsync(second.KeyId, "again", RunningIssuer.Ct)).Until);
            var signed = new SignedCredentials(db, withdrawn, until);
            var ids = (await issuer.RegisterAsync("?subject=second")).Select(row => (row.RequireString("id"), false)).ToList();
            Assert.Equal(ids, await signed.ListAsync().ToListAsync(RunningIssuer.Ct));
            Assert.Equal(2, await signed.RevokeAsync("a laptop was stolen", clock, RunningIssuer.Ct));
            Assert.Equal(0, await signed.RevokeAsync("a laptop was stolen", clock, RunningIssuer.Ct));
            Assert.All(await signed.ListAsync().ToListAsync(RunningIssuer.Ct), row => Assert.True(row.IsRevoked));
            var unknown = await Assert.ThrowsAsync<MalformedDataException>(() => changes.WithdrawAsync("nothing", "x", RunningIssuer.Ct));
            Assert.Equal("issuer.key_unknown", unknown.Code);
            return 0;
        });
        foreach (var (subject, status) in new[] { ("first", "valid"), ("second", "revoked"), ("third", "valid") })
        {
            foreach (var row in await issuer.RegisterAsync($"?subject={subject}"))
            {
                Assert.Equal(status, row.RequireString("status"));
                Assert.Equal(status == "revoked" ? StatusTypes.Invalid : StatusTypes.Valid, await ServedAsync(issuer, row));
            }
        }

        using var audit = await issuer.AgencyAsync(HttpMethod.Get, "/agency/v1/audit");
        var entries = (await RunningIssuer.JsonAsync(audit)).RequireArray("entries").EnumerateArray().ToList();
        var entry = Assert.Single(entries, e => e.RequireString("action") == "keys.withdraw");
        Assert.Equal((second.KeyId, "a laptop was stolen"), (entry.RequireString("subject"), entry.RequireObjectMember("detail").RequireString("reason")));
        Assert.Equal(2, entries.Count(e => e.RequireString("action") == "credential.status"));
    }

    [Fact]
    public async Task Status_lists_are_signed_anew_when_their_key_is_withdrawn()
    {
        using var folder = new TempFolder();
        var clock = new TestClock();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, clock: clock);
        await IssueAsync(issuer, clock, "one");
        var row = Assert.Single(await issuer.RegisterAsync());
        var path = $"/status/{row.RequireString("status_list")}";
        var old = X5c.Of(CompactJws.Parse(await issuer.Http.GetStringAsync(path, RunningIssuer.Ct)))![0];
        var key = Jwk.Thumbprint(Credentials.Keys.PublicKey.FromCertificate(old));
        await DoAsync(folder, null, clock, (changes, _) => changes.WithdrawAsync(key, "lost", RunningIssuer.Ct));
        await LookAsync(issuer);
        using var change = await issuer.ChangeStatusAsync(row.RequireString("id"), "suspended");
        Assert.Equal(HttpStatusCode.OK, change.StatusCode);
        var token = await issuer.Http.GetStringAsync(path, RunningIssuer.Ct);
        Assert.NotEqual(old.RawData, X5c.Of(CompactJws.Parse(token))![0].RawData);
        Assert.Equal(StatusTypes.Suspended, StatusListToken.Parse(token).UnverifiedList[(int)row.RequireIndex("status_index")]);
    }

    [Fact]
    public async Task A_restore_does_not_bring_a_withdrawn_key_back()
    {
        using var folder = new TempFolder();
        var (data, backup, restored, journal) = (folder.Combine("data"), folder.Combine("backup"), folder.Combine("restored"), folder.Combine("journal"));
        string url, key;
        await using (var issuer = await RunningIssuer.StartAsync(data))
        {
            url = issuer.Url;
            key = issuer.Services.GetRequiredService<IssuerKeys>().Document.KeyId;
            await IssuerBackup.WriteAsync(data, null, null, backup, TimeProvider.System, RunningIssuer.Ct);
            await KeyOperator.DoAsync(data, null, TimeProvider.System, changes => changes.WithdrawAsync(key, "stolen", RunningIssuer.Ct));
            using var audit = await issuer.AgencyAsync(HttpMethod.Get, "/agency/v1/audit");
            var entries = (await RunningIssuer.JsonAsync(audit)).RequireArray("entries").EnumerateArray();
            await File.WriteAllLinesAsync(journal, entries.Select(entry => StrictJson.ToText((JsonObject)StrictJson.ToNode(entry)!)), RunningIssuer.Ct);
        }

        var report = await IssuerRestore.RunAsync(backup, restored, null, [journal], TimeProvider.System, RunningIssuer.Ct);
        Assert.Equal(key, (string?)Assert.Single(report["withdrawn_keys"]!.AsArray()));
        Assert.False(File.Exists(Path.Combine(restored, "keys", "document-signer.key.pem")));
        // Its successor was made after the back-up: another is made, and the service goes on.
        await Assert.ThrowsAsync<Http.IssuerStartException>(() => RunningIssuer.StartAsync(restored, publicUrl: url));
        await KeyOperator.DoAsync(restored, null, TimeProvider.System, changes => changes.RotateAsync(SignerFolder.DocumentSigner, TimeProvider.System.GetUtcNow(), 1, RunningIssuer.Ct));
        await using var again = await RunningIssuer.StartAsync(restored, publicUrl: url);
        Assert.NotEqual(key, again.Services.GetRequiredService<IssuerKeys>().Document.KeyId);
        Assert.DoesNotContain(key, await JwksAsync(again));
    }

    private static Task LookAsync(RunningIssuer issuer) => issuer.Services.GetRequiredService<KeyWatch>().LookAsync(RunningIssuer.Ct);

    [Fact]
    public async Task A_withdrawn_certificate_is_on_the_revocation_list_that_the_certificates_name()
    {
        using var folder = new TempFolder();
        var clock = new TestClock();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, publicUrl: "https://issuer.example/agency", clock: clock);
        var keys = issuer.Services.GetRequiredService<IssuerKeys>();
        var first = keys.Document;
        Assert.Equal(["https://issuer.example/agency/crl"], CrlDistributionPoints.Of(first.Certificate));

        var before = await ListAsync(issuer, keys, clock);
        Assert.Equal(0, before.Count);
        await DoAsync(folder, null, clock, (changes, _) => changes.WithdrawAsync(first.KeyId, "a laptop was stolen", RunningIssuer.Ct));
        await LookAsync(issuer);
        var after = await ListAsync(issuer, keys, clock);
        Assert.True(after.Contains(first.Certificate));
        Assert.False(after.Contains(keys.Document.Certificate));

        // Made anew long before it ends; and where the authority's key is elsewhere, the last one is served as long as it is there.
        clock.Advance(SignerRevocationList.Lifetime / 2);
        var later = await ListAsync(issuer, keys, clock);
        Assert.True(later.ThisUpdate > after.ThisUpdate);
        File.Delete(folder.Combine("keys", "root.key.pem"));
        clock.Advance(SignerRevocationList.Lifetime / 2);
        Assert.Equal(later.ThisUpdate, (await ListAsync(issuer, keys, clock)).ThisUpdate);
    }

    private static async Task<CertificateRevocationList> ListAsync(RunningIssuer issuer, IssuerKeys keys, TestClock clock)
    {
        using var answer = await issuer.Http.GetAsync("/agency/crl", RunningIssuer.Ct);
        Assert.Equal("application/pkix-crl", answer.Content.Headers.ContentType?.MediaType);
        var list = CertificateRevocationList.Parse(await answer.Content.ReadAsByteArrayAsync(RunningIssuer.Ct));
        Assert.Null(list.FindProblem(keys.Root, clock.Now));
        return list;
    }

    private static async Task<T> DoAsync<T>(TempFolder folder, string? connection, TimeProvider clock, Func<SignerChanges, IssuerDbContext, Task<T>> change)
    {
        using var keys = IssuerKeys.Load(folder.FullPath, clock, null);
        await using var db = await ExistingDatabase.OpenAsync(folder.FullPath, connection, RunningIssuer.Ct);
        return await change(new SignerChanges(db, keys, clock), db);
    }

    private static async Task<string> IssueAsync(RunningIssuer issuer, TestClock clock, string subject)
    {
        var token = await issuer.AccessTokenAsync(await issuer.OfferAsync(false, subject, "mdl_sd_jwt"));
        using var response = await issuer.CredentialAsync(token, [await Proofs.MakeAsync(Proofs.NewKey(), issuer.Url, await issuer.NonceAsync(), clock.Now)]);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return OpenId4Vci.CredentialResponse.Parse(await RunningIssuer.JsonAsync(response)).Credentials[0];
    }

    private static async Task<List<string>> JwksAsync(RunningIssuer issuer) =>
        [.. StrictJson.Parse(await issuer.Http.GetStringAsync("/jwks", RunningIssuer.Ct)).RequireArray("keys").EnumerateArray().Select(key => key.RequireString("kid"))];

    private static async Task<int> ServedAsync(RunningIssuer issuer, JsonElement row)
    {
        await issuer.Services.GetRequiredService<Status.StatusPublisher>().WaitUntilPublishedAsync(row.RequireString("status_list"), RunningIssuer.Ct);
        var text = await issuer.Http.GetStringAsync($"/status/{row.RequireString("status_list")}", RunningIssuer.Ct);
        return StatusListToken.Parse(text).UnverifiedList[(int)row.RequireIndex("status_index")];
    }
}
