using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Issuer.Agency;
using Credentials.Issuer.Http;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Recovery;
using Credentials.Issuer.Tests.Setup;
using Credentials.StatusLists;
using Credentials.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace Credentials.Issuer.Tests;

public class RecoveryTests(PostgresServer postgres)
{
    [Theory]
    [InlineData(Databases.Sqlite)]
    [InlineData(Databases.Postgres)]
    public async Task What_was_revoked_before_or_after_the_backup_is_revoked_after_the_restore_and_no_index_is_given_out_again(string database)
    {
        using var folder = new TempFolder();
        var connection = await Databases.ConnectionAsync(database, postgres);
        var (data, backup, restored) = (folder.Combine("data"), folder.Combine("backup"), folder.Combine("restored"));
        IReadOnlyList<JsonElement> before, all;
        MadeOffer open;
        string url, key, journal;
        await using (var issuer = await RunningIssuer.StartAsync(data, connection))
        {
            (url, key) = (issuer.Url, issuer.ApiKey);
            await issuer.IssueAsync(3, subject: "old");
            before = await issuer.RegisterAsync();
            await RevokeAsync(issuer, before[0]);
            open = await issuer.OfferAsync();
            await IssuerBackup.WriteAsync(data, connection, null, backup, TimeProvider.System, RunningIssuer.Ct);
            await RevokeAsync(issuer, before[1]);
            await issuer.IssueAsync(2, subject: "new");
            all = await issuer.RegisterAsync();
            await RevokeAsync(issuer, all[3]);
            // Redeemed after the back-up: there it is still open.
            await issuer.AccessTokenAsync(open);
            journal = await ExportAsync(issuer, folder);
        }

        var target = await Databases.ConnectionAsync(database, postgres);
        var report = await IssuerRestore.RunAsync(backup, restored, target, [journal], TimeProvider.System, RunningIssuer.Ct);
        Assert.Equal((2, 2, 1), ((int)report["credentials_from_journal"]!, (int)report["status_changes_from_journal"]!, (int)report["offers_cancelled"]!));
        Assert.Empty(report["unknown_credentials"]!.AsArray());

        await using var again = await RunningIssuer.StartAsync(restored, target, url, apiKey: key);
        var register = (await again.RegisterAsync()).ToDictionary(row => row.RequireString("id"));
        Assert.Equal(5, register.Count);
        foreach (var (row, i) in all.Select((row, i) => (row, i)))
        {
            var revoked = i is 0 or 1 or 3;
            Assert.Equal(revoked ? "revoked" : "valid", register[row.RequireString("id")].RequireString("status"));
            Assert.Equal(revoked ? StatusTypes.Invalid : StatusTypes.Valid, await ServedAsync(again, row));
        }

        // Credentials that only the journal knew can be revoked, and those of the back-up cannot come back.
        await RevokeAsync(again, all[4]);
        Assert.Equal(StatusTypes.Invalid, await ServedAsync(again, all[4]));
        using (var undo = await again.ChangeStatusAsync(all[1].RequireString("id"), "valid"))
            Assert.Equal(HttpStatusCode.Conflict, undo.StatusCode);

        // New credentials are in new lists.
        var old = all.Select(row => row.RequireString("status_list")).ToHashSet();
        await again.IssueAsync(3, subject: "later");
        var later = await again.RegisterAsync("?subject=later");
        Assert.Equal(3, later.Count);
        Assert.All(later, row => Assert.DoesNotContain(row.RequireString("status_list"), old));

        // What could be done once could have been done: nothing of it is open.
        Assert.Equal("cancelled", await again.StateAsync(open.Id));
        using (var token = await again.TokenAsync(open.Code))
            await RunningIssuer.AssertErrorAsync(token, HttpStatusCode.BadRequest, "invalid_grant");

        // The log goes on as one, also for an auditor who kept checkpoints of the time after the back-up.
        var kept = await File.ReadAllLinesAsync(Path.Combine(data, AuditCheckpoints.FileName), RunningIssuer.Ct);
        var log = await again.ReadAsync(db => AuditVerification.RunAsync(db, again.Services.GetRequiredService<IssuerKeys>().AuditKey.PublicKey, kept, RunningIssuer.Ct));
        Assert.Empty(log.Findings);
    }

    [Theory]
    [InlineData("gap")]
    [InlineData("changed")]
    [InlineData("another log")]
    [InlineData("no log")]
    public async Task A_journal_that_is_not_whole_restores_nothing(string what)
    {
        using var folder = new TempFolder();
        var (data, backup, restored) = (folder.Combine("data"), folder.Combine("backup"), folder.Combine("restored"));
        string[] lines;
        await using (var issuer = await RunningIssuer.StartAsync(data))
        {
            await issuer.IssueAsync(2);
            await IssuerBackup.WriteAsync(data, null, null, backup, TimeProvider.System, RunningIssuer.Ct);
            foreach (var row in await issuer.RegisterAsync())
                await RevokeAsync(issuer, row);
            lines = await File.ReadAllLinesAsync(await ExportAsync(issuer, folder), RunningIssuer.Ct);
        }

        if (what == "another log")
        {
            using var other = new TempFolder();
            await using var issuer = await RunningIssuer.StartAsync(other.FullPath);
            await issuer.IssueAsync();
            await issuer.IssueAsync();
            lines = await File.ReadAllLinesAsync(await ExportAsync(issuer, folder), RunningIssuer.Ct);
        }

        lines = what switch
        {
            "gap" => [.. lines[..^2], lines[^1]],
            "changed" => [.. lines[..^1], lines[^1].Replace("revoked", "valid", StringComparison.Ordinal)],
            "no log" => ["{}"],
            _ => lines,
        };
        await File.WriteAllLinesAsync(folder.Combine("journal"), lines, RunningIssuer.Ct);
        var refused = await Assert.ThrowsAsync<MalformedDataException>(() => IssuerRestore.RunAsync(backup, restored, null, [folder.Combine("journal")], TimeProvider.System, RunningIssuer.Ct));
        Assert.Equal("issuer.journal", refused.Code);
        Assert.Equal(2, Directory.EnumerateDirectories(folder.FullPath).Count()); // data and back-up
    }

    [Theory]
    [InlineData("changed")]
    [InlineData("missing")]
    [InlineData("extra")]
    [InlineData("broken off")]
    public async Task A_backup_that_is_not_whole_restores_nothing(string what)
    {
        using var folder = new TempFolder();
        var (data, backup, restored) = (folder.Combine("data"), folder.Combine("backup"), folder.Combine("restored"));
        await using (var issuer = await RunningIssuer.StartAsync(data))
            await IssuerBackup.WriteAsync(data, null, null, backup, TimeProvider.System, RunningIssuer.Ct);
        var victim = Path.Combine(backup, "keys", "audit.jwk");
        if (what == "changed")
            await File.AppendAllTextAsync(victim, " ", RunningIssuer.Ct);
        else if (what == "missing")
            File.Delete(victim);
        else if (what == "extra")
            await File.WriteAllTextAsync(Path.Combine(backup, "keys", "other.pem"), "", RunningIssuer.Ct);
        else
            File.Delete(Path.Combine(backup, BackupManifest.FileName));
        var refused = await Assert.ThrowsAsync<MalformedDataException>(() => IssuerRestore.RunAsync(backup, restored, null, [], TimeProvider.System, RunningIssuer.Ct));
        Assert.Equal("issuer.backup", refused.Code);
        Assert.False(Path.Exists(restored));
    }

    [Fact]
    public async Task Keys_stay_encrypted_the_catalogue_comes_along_and_a_folder_in_use_is_left_alone()
    {
        using var folder = new TempFolder();
        var (data, backup, restored) = (folder.Combine("data"), folder.Combine("backup"), folder.Combine("restored"));
        var passphrase = folder.Combine("passphrase");
        await File.WriteAllTextAsync(passphrase, "correct horse battery\n", RunningIssuer.Ct);
        var catalog = RepositoryRoot.Combine("spec", "examples", "diploma");
        await using (var issuer = await RunningIssuer.StartAsync(data, configure: options => (options.KeyPassphraseFile, options.CatalogFolder) = (passphrase, catalog)))
        {
            await IssuerBackup.WriteAsync(data, null, catalog, backup, TimeProvider.System, RunningIssuer.Ct);
            await Assert.ThrowsAsync<IssuerStartException>(() => IssuerBackup.WriteAsync(data, null, null, backup, TimeProvider.System, RunningIssuer.Ct));
            await Assert.ThrowsAsync<IssuerStartException>(() => IssuerRestore.RunAsync(backup, data, null, [], TimeProvider.System, RunningIssuer.Ct));
        }

        foreach (var file in Directory.EnumerateFiles(Path.Combine(backup, "keys"), "*.key.pem"))
            Assert.True(PrivateFiles.IsClosed(await File.ReadAllBytesAsync(file, RunningIssuer.Ct)), file);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(backup));
        Directory.CreateDirectory(restored);
        var report = await IssuerRestore.RunAsync(backup, restored, null, [], TimeProvider.System, RunningIssuer.Ct);
        Assert.Equal(Path.Combine(restored, "catalog"), (string?)report["catalog"]);
        Assert.Equal(Directory.EnumerateFiles(catalog).Count(), Directory.EnumerateFiles(Path.Combine(restored, "catalog")).Count());
        await using var again = await RunningIssuer.StartAsync(
            restored, publicUrl: (string)report["public_url"]!, configure: options => (options.KeyPassphraseFile, options.CatalogFolder) = (passphrase, Path.Combine(restored, "catalog")));
        await Assert.ThrowsAsync<IssuerStartException>(() => RunningIssuer.StartAsync(restored, publicUrl: again.Url));
    }

    [Fact]
    public async Task A_closed_account_and_a_password_that_was_changed_do_not_come_back()
    {
        using var folder = new TempFolder();
        var (data, backup, restored) = (folder.Combine("data"), folder.Combine("backup"), folder.Combine("restored"));
        string url, journal;
        var ids = new List<string>();
        await using (var issuer = await RunningIssuer.StartAsync(data))
        {
            url = issuer.Url;
            await WithStaffAsync(issuer, async staff =>
            {
                foreach (var name in new[] { "kept", "closed", "reset", "reopened" })
                    ids.Add((await staff.AddAsync(name, Staff.StaffRoles.Admin, "test", RunningIssuer.Ct))!.Value.Account.Id);
                await IssuerBackup.WriteAsync(data, null, null, backup, TimeProvider.System, RunningIssuer.Ct);
                await staff.DisableAsync(ids[1], true, "test", RunningIssuer.Ct);
                await staff.ResetAsync(ids[2], "test", RunningIssuer.Ct);
                await staff.DisableAsync(ids[3], true, "test", RunningIssuer.Ct);
                await staff.DisableAsync(ids[3], false, "test", RunningIssuer.Ct);
            });
            journal = await ExportAsync(issuer, folder);
        }

        var report = await IssuerRestore.RunAsync(backup, restored, null, [journal], TimeProvider.System, RunningIssuer.Ct);
        Assert.Equal(ids[2], (string?)Assert.Single(report["closed_accounts"]!.AsArray()));
        await using var again = await RunningIssuer.StartAsync(restored, publicUrl: url);
        var open = await again.ReadAsync(db => Task.FromResult(db.Staff.Where(s => s.DisabledAt == null).Select(s => s.Name).ToHashSet()));
        Assert.Equal(["kept", "reopened"], open.Order());
    }

    private static async Task WithStaffAsync(RunningIssuer issuer, Func<Staff.StaffAccounts, Task> act)
    {
        await using var scope = issuer.Services.CreateAsyncScope();
        await act(scope.ServiceProvider.GetRequiredService<Staff.StaffAccounts>());
    }

    private static async Task RevokeAsync(RunningIssuer issuer, JsonElement row)
    {
        using var change = await issuer.ChangeStatusAsync(row.RequireString("id"), "revoked");
        Assert.Equal(HttpStatusCode.OK, change.StatusCode);
    }

    private static async Task<int> ServedAsync(RunningIssuer issuer, JsonElement row)
    {
        var text = await issuer.Http.GetStringAsync($"/status/{row.RequireString("status_list")}", RunningIssuer.Ct);
        return StatusListToken.Parse(text).UnverifiedList[(int)row.RequireIndex("status_index")];
    }

    /// <summary>What `credentials issuer audit export` writes.</summary>
    private static async Task<string> ExportAsync(RunningIssuer issuer, TempFolder folder)
    {
        var path = folder.Combine($"journal-{Guid.NewGuid():N}");
        using var response = await issuer.AgencyAsync(HttpMethod.Get, "/agency/v1/audit");
        await File.WriteAllLinesAsync(path, (await RunningIssuer.JsonAsync(response)).RequireArray("entries").EnumerateArray().Select(entry => StrictJson.ToText((JsonObject)StrictJson.ToNode(entry)!)), RunningIssuer.Ct);
        return path;
    }
}
