using System.Globalization;
using Credentials.Codecs;
using Credentials.Tests.Shared;
using Microsoft.Data.Sqlite;

namespace Credentials.Cli.Tests;

/// <summary>What an agency's operator does from the command line: a table of people, an account, a look at the audit log.</summary>
public class AgencyCommandsTests
{
    [Fact]
    public async Task A_table_becomes_a_file_for_each_person_once_and_the_log_is_whole_until_somebody_changes_it()
    {
        var ct = TestContext.Current.CancellationToken;
        using var folder = new TempFolder();
        var (data, port) = (folder.Combine("issuer"), FreePort.Next().ToString(CultureInfo.InvariantCulture));
        var example = RepositoryRoot.Combine("spec", "examples", "diploma");
        await using (var service = CliProgram.Start("issuer", "serve", "--data", data, "--port", port, "--catalog", example, "--json"))
        {
            var ready = StrictJson.Parse(await service.ReadLineAsync(ct));
            string[] at = ["--url", ready.RequireString("url"), "--api-key", ready.RequireString("api_key")];
            string[] bulk = ["issuer", "bulk", "diploma", "--csv", Path.Combine(example, "graduates.csv"), "--tx-code", "--out", folder.Combine("out"), .. at];
            Assert.Contains("3 of 3 done, 0 failed", (await CliProgram.RunAsync(bulk)).Succeeded(), StringComparison.Ordinal);
            var second = StrictJson.Parse(await File.ReadAllTextAsync(folder.Combine("out/000002.json"), ct));
            Assert.Equal("2022-1002", second.RequireString("subject"));
            Assert.Equal(6, second.RequireString("tx_code").Length);
            Assert.StartsWith("<svg", await File.ReadAllTextAsync(folder.Combine("out/000002.svg"), ct), StringComparison.Ordinal);

            // Again: the same batch, the same offers.
            (await CliProgram.RunAsync(bulk)).Succeeded();
            Assert.Equal(second.RequireString("offer_id"), StrictJson.Parse(await File.ReadAllTextAsync(folder.Combine("out/000002.json"), ct)).RequireString("offer_id"));

            folder.Write("wrong.csv", (await File.ReadAllTextAsync(Path.Combine(example, "graduates.csv"), ct)).Replace("2002-07-02", "yesterday", StringComparison.Ordinal));
            var some = await CliProgram.RunAsync(["issuer", "bulk", "diploma", "--csv", folder.Combine("wrong.csv"), "--out", folder.Combine("some"), .. at]);
            Assert.Equal(1, some.ExitCode);
            Assert.Contains("2,3,2022-1002,issuer.claims,", await File.ReadAllTextAsync(folder.Combine("some/errors.csv"), ct), StringComparison.Ordinal);
            Assert.Equal(1, (await CliProgram.RunAsync(["issuer", "cancel", "nothing", .. at])).ExitCode);

            string[] add = ["issuer", "staff", "add", "kim", "--data", data, "--roles", "admin,auditor"];
            Assert.Contains("otpauth://totp/", (await CliProgram.RunAsync(add)).Succeeded(), StringComparison.Ordinal);
            Assert.Equal(1, (await CliProgram.RunAsync(add)).ExitCode);
            Assert.Equal(2, (await CliProgram.RunAsync("issuer", "staff", "add", "lee", "--data", data, "--roles", "king")).ExitCode);
        }

        Assert.Contains("whole: ", (await CliProgram.RunAsync("issuer", "audit", "verify", "--data", data)).Succeeded(), StringComparison.Ordinal);
        await using (var database = new SqliteConnection($"Data Source={Path.Combine(data, "issuer.db")};Pooling=False"))
        {
            await database.OpenAsync(ct);
            await using var command = database.CreateCommand();
            command.CommandText = "DROP TRIGGER Audit_no_update; UPDATE Audit SET Actor = 'nobody' WHERE Id = 3";
            await command.ExecuteNonQueryAsync(ct);
        }

        var changed = await CliProgram.RunAsync("issuer", "audit", "verify", "--data", data);
        Assert.Equal(1, changed.ExitCode);
        Assert.StartsWith("entry 3: ", changed.Stdout, StringComparison.Ordinal);
        Assert.Equal(3, (await CliProgram.RunAsync("issuer", "audit", "verify", "--data", data, "--connection", "Host=127.0.0.1;Port=1;Timeout=1")).ExitCode);
    }

    [Fact]
    public async Task A_service_is_backed_up_while_it_runs_and_restored_with_its_journal()
    {
        var ct = TestContext.Current.CancellationToken;
        using var folder = new TempFolder();
        var (data, backup, restored, journal) = (folder.Combine("issuer"), folder.Combine("backup"), folder.Combine("restored"), folder.Combine("journal"));
        var port = FreePort.Next().ToString(CultureInfo.InvariantCulture);
        await using (var service = CliProgram.Start("issuer", "serve", "--data", data, "--port", port, "--json"))
        {
            var ready = StrictJson.Parse(await service.ReadLineAsync(ct));
            string[] at = ["--url", ready.RequireString("url"), "--api-key", ready.RequireString("api_key")];
            Assert.Contains("entries added", (await CliProgram.RunAsync(["issuer", "audit", "export", "--out", journal, .. at])).Succeeded(), StringComparison.Ordinal);
            Assert.Contains(" files of http://localhost:", (await CliProgram.RunAsync("issuer", "backup", "--data", data, "--out", backup)).Succeeded(), StringComparison.Ordinal);
            Assert.Equal(3, (await CliProgram.RunAsync("issuer", "backup", "--data", data, "--out", backup)).ExitCode);
            folder.Write("claims.json", """{"family_name":"홍","given_name":"길동","birth_date":"1990-02-03","document_number":"1","issue_date":"2026-01-02","expiry_date":"2036-01-01","issuing_country":"KR","driving_privileges":[{"vehicle_category_code":"B","issue_date":"2010-01-01"}]}""");
            (await CliProgram.RunAsync(["issuer", "offer", "mdl_sd_jwt", "--claims", folder.Combine("claims.json"), .. at])).Succeeded();
            // Cut off in the middle of a line, as by a crash: the next export mends it.
            await File.AppendAllTextAsync(journal, "{\"id\":", ct);
            Assert.Contains("1 entries added", (await CliProgram.RunAsync(["issuer", "audit", "export", "--out", journal, .. at])).Succeeded(), StringComparison.Ordinal);
            Assert.Contains("0 entries added", (await CliProgram.RunAsync(["issuer", "audit", "export", "--out", journal, .. at])).Succeeded(), StringComparison.Ordinal);
        }

        string[] restore = ["issuer", "restore", "--from", backup, "--data", restored];
        Assert.Equal(2, (await CliProgram.RunAsync(restore)).ExitCode);
        Assert.Equal(2, (await CliProgram.RunAsync([.. restore, "--without-journal", "--journal", journal])).ExitCode);
        Assert.Equal(3, (await CliProgram.RunAsync([.. restore, "--journal", journal, "--connection", "Host=127.0.0.1;Port=1;Timeout=1"])).ExitCode);
        var report = StrictJson.Parse((await CliProgram.RunAsync([.. restore, "--journal", journal, "--json"])).Succeeded());
        Assert.Equal(1, report.RequireIndex("journal_entries"));
        Assert.Equal(3, (await CliProgram.RunAsync([.. restore, "--without-journal"])).ExitCode);
        Assert.Contains("whole: ", (await CliProgram.RunAsync("issuer", "audit", "verify", "--data", restored)).Succeeded(), StringComparison.Ordinal);
        await using var again = CliProgram.Start("issuer", "serve", "--data", restored, "--port", port, "--json");
        Assert.Equal("ready", StrictJson.Parse(await again.ReadLineAsync(ct)).RequireString("event"));
    }

    [Fact]
    public async Task Logs_are_json_when_asked_for_and_say_nothing_of_people_and_secrets()
    {
        var ct = TestContext.Current.CancellationToken;
        using var folder = new TempFolder();
        var port = FreePort.Next().ToString(CultureInfo.InvariantCulture);
        folder.Write("claims.json", """{"family_name":"Kanarienvogel","given_name":"Zeisig","birth_date":"1990-02-03","document_number":"11-22-333333","issue_date":"2026-01-02","expiry_date":"2036-01-01","issuing_country":"KR","driving_privileges":[{"vehicle_category_code":"B","issue_date":"2010-01-01"}]}""");
        await using var service = CliProgram.StartWith([new("Logging__LogLevel__Default", "Trace")], "issuer", "serve", "--data", folder.Combine("issuer"), "--port", port, "--json-logs", "--json");
        var ready = StrictJson.Parse(await service.ReadLineAsync(ct));
        string[] at = ["--url", ready.RequireString("url"), "--api-key", ready.RequireString("api_key")];
        var offer = StrictJson.Parse((await CliProgram.RunAsync(["issuer", "offer", "mdl_sd_jwt", "--claims", folder.Combine("claims.json"), "--tx-code", "--subject", "Stieglitz-7", "--json", .. at])).Succeeded());
        using (var http = new HttpClient())
            (await http.GetAsync(new Uri(offer.RequireString("page")), ct)).Dispose();
        string[] receive = ["wallet", "receive", offer.RequireString("offer_uri"), "--tx-code", offer.RequireString("tx_code"), "--trust-issuer", ready.RequireString("trust"), "--home", folder.Combine("wallet"), "--yes", "--json"];
        (await CliProgram.RunAsync(receive)).Succeeded();
        var issued = StrictJson.Parse((await CliProgram.RunAsync(["issuer", "list", "--json", .. at])).Succeeded()).RequireArray("credentials")[0];
        (await CliProgram.RunAsync(["issuer", "revoke", issued.RequireString("id"), "--reason", "Gimpel", .. at])).Succeeded();

        string[] lines = [.. service.Errors.Split('\n').Where(line => line.Length > 0)];
        Assert.True(lines.Length > 50, $"{lines.Length} lines at the most talkative level");
        foreach (var line in lines)
        {
            var entry = StrictJson.ParseObject(System.Text.Encoding.UTF8.GetBytes(line));
            Assert.EndsWith("Z", entry.RequireString("Timestamp"), StringComparison.Ordinal);
            Assert.NotEqual("", entry.RequireString("Category") + entry.RequireString("LogLevel"));
        }

        var secret = offer.RequireString("page").Split("s=")[1];
        foreach (var word in new[] { "Kanarienvogel", "Zeisig", "1990-02-03", "11-22-333333", "Stieglitz", "Gimpel", offer.RequireString("tx_code"), secret, ready.RequireString("api_key") })
            Assert.DoesNotContain(word, service.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_is_withdrawn_beside_the_running_service_and_what_it_signed_is_listed_and_revoked()
    {
        var ct = TestContext.Current.CancellationToken;
        using var folder = new TempFolder();
        var (data, port) = (folder.Combine("issuer"), FreePort.Next().ToString(CultureInfo.InvariantCulture));
        folder.Write("claims.json", """{"family_name":"홍","given_name":"길동","birth_date":"1990-02-03","document_number":"1","issue_date":"2026-01-02","expiry_date":"2036-01-01","issuing_country":"KR","driving_privileges":[{"vehicle_category_code":"B","issue_date":"2010-01-01"}]}""");
        await using var service = CliProgram.Start("issuer", "serve", "--data", data, "--port", port, "--json");
        var ready = StrictJson.Parse(await service.ReadLineAsync(ct));
        string[] at = ["--url", ready.RequireString("url"), "--api-key", ready.RequireString("api_key")];
        var offer = StrictJson.Parse((await CliProgram.RunAsync(["issuer", "offer", "mdl_sd_jwt", "--claims", folder.Combine("claims.json"), "--json", .. at])).Succeeded());
        (await CliProgram.RunAsync("wallet", "receive", offer.RequireString("offer_uri"), "--trust-issuer", ready.RequireString("trust"), "--home", folder.Combine("wallet"), "--yes")).Succeeded();
        var keys = StrictJson.Parse((await CliProgram.RunAsync("issuer", "keys", "list", "--data", data, "--json")).Succeeded()).RequireArray("keys").EnumerateArray();
        var key = keys.Single(one => one.RequireString("purpose") == "document-signer").RequireString("key_id");

        string[] withdraw = ["issuer", "keys", "withdraw", key, "--data", data, "--reason", "stolen"];
        var listed = (await CliProgram.RunAsync(withdraw)).Succeeded();
        Assert.Contains("  not revoked", listed, StringComparison.Ordinal);
        Assert.Contains("withdrawn", listed, StringComparison.Ordinal);
        var told = StrictJson.Parse((await CliProgram.RunAsync([.. withdraw, "--revoke", "--json"])).Succeeded());
        Assert.Equal((1, "withdrawn"), (told.RequireIndex("revoked"), told.RequireObjectMember("withdrawn").RequireString("state")));
        Assert.True(Assert.Single(told.RequireArray("credentials").EnumerateArray()).GetProperty("revoked").GetBoolean());
        Assert.Equal("active", Assert.Single(told.RequireArray("keys").EnumerateArray()).RequireString("state"));
        Assert.Contains("  revoked  ", (await CliProgram.RunAsync(["issuer", "list", .. at])).Succeeded(), StringComparison.Ordinal);
        Assert.Equal(2, (await CliProgram.RunAsync("issuer", "keys", "withdraw", "nothing", "--data", data, "--reason", "x")).ExitCode);
        Assert.Equal(2, (await CliProgram.RunAsync("issuer", "keys", "withdraw", key, "--data", data)).ExitCode);
    }
}
