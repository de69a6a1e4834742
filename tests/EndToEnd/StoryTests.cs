using System.Globalization;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.Tests.Shared;

namespace Credentials.EndToEnd.Tests;

/// <summary>The story with every party in a process of its own, over the command line only.</summary>
public class StoryTests
{
    private const string Name = "Canaryfamily";

    [Fact]
    public async Task Issue_restart_present_revoke_and_refuse_over_the_command_line()
    {
        using var folder = new TempFolder();
        var claims = folder.Combine("claims.json");
        await File.WriteAllTextAsync(claims, $$$"""
            {"family_name":"{{{Name}}}","given_name":"Given","birth_date":"1990-03-01","certificate_number":"1","issue_date":"2026-01-01",
             "address":{"region":"R","city":"C","street":"S","detail":"D","postal_code":"1"}}
            """, TestContext.Current.CancellationToken);
        string issuerPort = Port(), verifierPort = Port(), home = folder.Combine("home");
        string[] issuerServe = ["issuer", "serve", "--data", folder.Combine("issuer"), "--port", issuerPort, "--json"];
        var errors = "";

        var issuer = CliProgram.Start(issuerServe);
        var issuerReady = Ready(await issuer.ReadLineAsync(TestContext.Current.CancellationToken));
        string[] verifierServe = ["verifier", "serve", "--data", folder.Combine("verifier"), "--port", verifierPort, "--trust", issuerReady["trust"], "--json"];
        var verifier = CliProgram.Start(verifierServe);
        var verifierReady = Ready(await verifier.ReadLineAsync(TestContext.Current.CancellationToken));
        string[] agency = ["--url", issuerReady["url"], "--api-key", issuerReady["api_key"], "--json"];
        string[] shop = ["--url", verifierReady["url"], "--api-key", verifierReady["api_key"], "--json"];

        var offer = await JsonAsync(["issuer", "offer", "resident_sd_jwt", "--claims", claims, "--tx-code", "--subject", "s1", .. agency]);
        var code = offer.RequireString("tx_code");
        string[] receive = ["wallet", "receive", offer.RequireString("offer_uri"), "--home", home, "--trust-issuer", issuerReady["trust"], "--yes", "--json"];
        var wrong = await CliProgram.RunAsync([.. receive, "--tx-code", code == "000000" ? "111111" : "000000"]);
        Assert.Equal(1, wrong.ExitCode);
        var received = await JsonAsync([.. receive, "--tx-code", code]);
        Assert.True(received.RequireArray("documents")[0].OptionalBoolean("stored"));

        // Both services end cleanly and go on where they were.
        errors += await StopAsync(issuer) + await StopAsync(verifier);
        await using var issuerAgain = CliProgram.Start(issuerServe);
        await using var verifierAgain = CliProgram.Start(verifierServe);
        Assert.False(Ready(await issuerAgain.ReadLineAsync(TestContext.Current.CancellationToken)).ContainsKey("api_key"));
        await verifierAgain.ReadLineAsync(TestContext.Current.CancellationToken);

        Assert.Equal("accepted", await PresentAsync(shop, home, verifierReady["trust"], expectedExit: 0));
        var credential = (await JsonAsync(["issuer", "list", "--subject", "s1", .. agency])).RequireArray("credentials")[0].RequireString("id");
        await JsonAsync(["issuer", "suspend", credential, "--reason", "check", .. agency]);
        Assert.Equal("not_accepted", await PresentAsync(shop, home, verifierReady["trust"], expectedExit: 1));
        await JsonAsync(["issuer", "resume", credential, .. agency]);
        Assert.Equal("accepted", await PresentAsync(shop, home, verifierReady["trust"], expectedExit: 0));
        await JsonAsync(["issuer", "revoke", credential, "--reason", "moved", .. agency]);
        Assert.Equal("not_accepted", await PresentAsync(shop, home, verifierReady["trust"], expectedExit: 1));
        Assert.Equal(1, (await CliProgram.RunAsync(["issuer", "resume", credential, .. agency])).ExitCode); // revoked is final

        var history = (await JsonAsync(["wallet", "history", "--home", home, "--json"])).RequireArray("history");
        Assert.Equal(5, history.GetArrayLength());
        Assert.DoesNotContain(Name, history.GetRawText(), StringComparison.Ordinal);
        errors += issuerAgain.Errors + verifierAgain.Errors;
        foreach (var secret in new[] { Name, "1990-03-01", code, issuerReady["api_key"], verifierReady["api_key"] })
            Assert.DoesNotContain(secret, errors, StringComparison.Ordinal);
    }

    private static async Task<string> PresentAsync(string[] shop, string home, string trust, int expectedExit)
    {
        var created = await JsonAsync(["verifier", "request", "resident-certificate", .. shop]);
        var shown = await CliProgram.RunAsync("wallet", "present", created.RequireString("request_uri"), "--home", home, "--trust-verifier", trust, "--yes", "--json");
        Assert.True(shown.ExitCode == expectedExit, shown.Stderr);
        var result = await CliProgram.RunAsync(["verifier", "result", created.RequireString("id"), .. shop]);
        Assert.Equal(expectedExit, result.ExitCode);
        Assert.Equal(expectedExit == 0, result.Stdout.Contains(Name, StringComparison.Ordinal));
        return StrictJson.Parse(result.Stdout).RequireString("state");
    }

    private static async Task<string> StopAsync(RunningScript service)
    {
        await Shell.RunAsync("kill", ["-TERM", service.Id.ToString(CultureInfo.InvariantCulture)], cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(0, await service.WaitForExitAsync(TestContext.Current.CancellationToken));
        var errors = service.Errors;
        await service.DisposeAsync();
        return errors;
    }

    private static async Task<JsonElement> JsonAsync(string[] command)
    {
        var result = await CliProgram.RunAsync(command);
        Assert.True(result.ExitCode == 0, result.Stderr);
        return StrictJson.Parse(result.Stdout);
    }

    private static Dictionary<string, string> Ready(string line) =>
        StrictJson.Parse(line).EnumerateObject().ToDictionary(member => member.Name, member => member.Value.GetString()!, StringComparer.Ordinal);

    private static string Port() => FreePort.Next().ToString(CultureInfo.InvariantCulture);
}
