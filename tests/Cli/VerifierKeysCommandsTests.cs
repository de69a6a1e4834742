using System.Globalization;
using Credentials.Codecs;
using Credentials.Tests.Shared;

namespace Credentials.Cli.Tests;

/// <summary>The API keys of relying parties from the command line, beside the running service.</summary>
public class VerifierKeysCommandsTests
{
    [Fact]
    public async Task One_key_is_revoked_beside_the_running_service_and_no_key_is_ever_shown()
    {
        var ct = TestContext.Current.CancellationToken;
        using var folder = new TempFolder();
        var (data, port) = (folder.Combine("verifier"), FreePort.Next().ToString(CultureInfo.InvariantCulture));
        Assert.Equal(3, (await CliProgram.RunAsync("verifier", "keys", "list", "--data", data)).ExitCode);
        Assert.False(Directory.Exists(data));
        folder.Write("parties.json", """{ "parties": [ { "id": "shop", "name": "Hanbit Shop" } ] }""");
        await using var service = CliProgram.Start(
            "verifier", "serve", "--data", data, "--port", port, "--parties", folder.Combine("parties.json"), "--scopes", "verifications", "documents", "--api-key-name", "till 3", "--json");
        var ready = StrictJson.Parse(await service.ReadLineAsync(ct));
        var (own, shop) = (ready.RequireString("api_key"), ready.RequireObjectMember("api_keys").RequireString("shop"));
        string[] ask = ["verifier", "request", "over-19", "--url", ready.RequireString("url"), "--api-key"];
        (await CliProgram.RunAsync([.. ask, own])).Succeeded();

        var listed = (await CliProgram.RunAsync("verifier", "keys", "list", "--data", data, "--json")).Succeeded();
        Assert.DoesNotContain(own, listed, StringComparison.Ordinal);
        Assert.DoesNotContain(shop, listed, StringComparison.Ordinal);
        var keys = StrictJson.Parse(listed).RequireArray("keys").EnumerateArray().ToList();
        Assert.Equal(["default", "shop"], keys.Select(key => key.RequireString("relying_party")));
        Assert.Equal(["verifications", "documents"], keys[0].RequireArray("scopes").EnumerateArray().Select(scope => scope.GetString()!));
        Assert.Equal(5, keys[1].RequireArray("scopes").GetArrayLength());
        Assert.All(keys, key => Assert.Null(key.Member("revoked_at")));
        Assert.Equal(["till 3", null], keys.Select(key => key.OptionalString("name", "test")));
        Assert.Equal([true, false], keys.Select(key => key.Member("last_used_at") is not null));

        // `--` because an id may begin like an option.
        string[] revoke = ["verifier", "keys", "revoke", "--data", data, "--json", "--"];
        var revoked = StrictJson.Parse((await CliProgram.RunAsync([.. revoke, keys[0].RequireString("id")])).Succeeded());
        Assert.Equal(keys[0].RequireString("id"), revoked.RequireString("id"));
        Assert.NotNull(revoked.Member("revoked_at"));

        var refused = await CliProgram.RunAsync([.. ask, own]);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("verifier.request_unauthorized", refused.Stderr, StringComparison.Ordinal);
        (await CliProgram.RunAsync([.. ask, shop])).Succeeded();

        var lines = (await CliProgram.RunAsync("verifier", "keys", "list", "--data", data)).Succeeded().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Contains("  revoked 2", lines[0], StringComparison.Ordinal);
        Assert.EndsWith("  till 3", lines[0].TrimEnd('\r'), StringComparison.Ordinal);
        Assert.All(lines, line => Assert.Contains("  used 2", line, StringComparison.Ordinal));
        Assert.Contains("  valid ", lines[1], StringComparison.Ordinal);
        var unknown = await CliProgram.RunAsync([.. revoke, "nothing"]);
        Assert.Equal(1, unknown.ExitCode);
        Assert.Contains("there is no API key with this id", unknown.Stderr, StringComparison.Ordinal);
        Assert.Equal(3, (await CliProgram.RunAsync("verifier", "keys", "list", "--data", data, "--connection", "Host=127.0.0.1;Port=1;Timeout=1")).ExitCode);
        Assert.Equal(3, (await CliProgram.RunAsync("verifier", "keys", "list", "--data", data, "--connection", "nonsense")).ExitCode);
    }
}
