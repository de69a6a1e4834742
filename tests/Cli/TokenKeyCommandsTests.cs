using System.Globalization;
using Credentials.Codecs;
using Credentials.Keys.Pkcs11;
using Credentials.Tests.Shared;

namespace Credentials.Cli.Tests;

/// <summary>An issuer and its operator, each a process of its own, on one token of SoftHSM.</summary>
[Collection(SoftHsm.Collection)]
public class TokenKeyCommandsTests
{
    [Fact]
    public async Task The_operator_certifies_a_new_key_with_the_root_that_the_service_made_in_the_token()
    {
        var ct = TestContext.Current.CancellationToken;
        using var folder = new TempFolder();
        var hsm = await SoftHsm.TakeTokenAsync(ct);
        var (data, port) = (folder.Combine("issuer"), FreePort.Next().ToString(CultureInfo.InvariantCulture));
        Dictionary<string, string> With(string pin) => new(SoftHsm.Environment)
        {
            ["Issuer__Pkcs11__Module"] = SoftHsm.ModulePath,
            ["Issuer__Pkcs11__TokenLabel"] = hsm.Label,
            ["Issuer__Pkcs11__PinFile"] = pin,
            ["Issuer__Pkcs11__Timeout"] = "00:01:00",
        };

        var (right, wrong) = (With(folder.Write("pin", hsm.Pin + "\n")), With(folder.Write("wrong", "0000\n")));
        var refused = await CliProgram.RunWithAsync(wrong, "issuer", "serve", "--data", data, "--port", port);
        Assert.Equal(3, refused.ExitCode);
        Assert.Contains("key.token_pin", refused.Stderr, StringComparison.Ordinal);
        await using (var service = CliProgram.StartWith(right, "issuer", "serve", "--data", data, "--port", port, "--json"))
        {
            var ready = StrictJson.Parse(await service.ReadLineAsync(ct));
            var list = (await CliProgram.RunWithAsync(right, "issuer", "keys", "list", "--data", data, "--json")).Succeeded();
            Assert.Equal(2, StrictJson.Parse(list).RequireArray("keys").GetArrayLength());
            (await CliProgram.RunWithAsync(right, "issuer", "keys", "rotate", "--data", data)).Succeeded();
            Assert.StartsWith(
                "-----BEGIN CERTIFICATE REQUEST-----", (await CliProgram.RunWithAsync(right, "issuer", "keys", "request", "--purpose", "status-signer", "--data", data)).Succeeded(), StringComparison.Ordinal);
            var without = await CliProgram.RunAsync("issuer", "keys", "list", "--data", data);
            Assert.Equal(3, without.ExitCode);
            Assert.Contains("key.json", without.Stderr, StringComparison.Ordinal);
            Assert.Equal(3, (await CliProgram.RunWithAsync(wrong, "issuer", "keys", "rotate", "--data", data)).ExitCode);

            // The service takes up what the operator's process made in the token.
            using var http = new HttpClient();
            using var guard = CancellationTokenSource.CreateLinkedTokenSource(ct);
            guard.CancelAfter(TimeSpan.FromSeconds(60));
            while (StrictJson.Parse(await http.GetStringAsync($"{ready.RequireString("url")}/jwks", guard.Token)).RequireArray("keys").GetArrayLength() < 2)
                await Task.Delay(100, guard.Token);
        }

        Assert.Empty(Directory.GetFiles(Path.Combine(data, "keys"), "*.key.pem"));
        using var token = new Pkcs11Token(new() { ModulePath = SoftHsm.ModulePath, TokenLabel = hsm.Label, Pin = () => hsm.Pin });
        foreach (var name in (string[])["root", "audit", "document-signer", "document-signer-2", "status-signer", "status-signer-2"])
            Assert.Single(await token.ListAsync(name, ct));
    }

    [Fact]
    public async Task A_wallet_that_begins_with_a_token_keeps_to_it_and_one_that_did_not_keeps_to_its_file()
    {
        var ct = TestContext.Current.CancellationToken;
        using var folder = new TempFolder();
        var hsm = await SoftHsm.TakeTokenAsync(ct);
        Dictionary<string, string> With(string pin) => new(SoftHsm.Environment)
        {
            ["CREDENTIALS_PKCS11_MODULE"] = SoftHsm.ModulePath,
            ["CREDENTIALS_PKCS11_TOKEN"] = hsm.Label,
            ["CREDENTIALS_PKCS11_PIN_FILE"] = pin,
        };

        var right = With(folder.Write("pin", hsm.Pin + "\n"));
        (await CliProgram.RunAsync("wallet", "list", "--home", folder.Combine("file"))).Succeeded();
        (await CliProgram.RunWithAsync(right, "wallet", "list", "--home", folder.Combine("token"))).Succeeded();
        (await CliProgram.RunWithAsync(right, "wallet", "list", "--home", folder.Combine("token"))).Succeeded();
        Assert.StartsWith("credentials-wallet-", await File.ReadAllTextAsync(folder.Combine("token", "token-keys"), ct), StringComparison.Ordinal);
        Assert.Equal(2, (await CliProgram.RunAsync("wallet", "list", "--home", folder.Combine("token"))).ExitCode);
        Assert.Equal(2, (await CliProgram.RunWithAsync(right, "wallet", "list", "--home", folder.Combine("file"))).ExitCode);
        // What is in it can be seen without the token.
        (await CliProgram.RunWithAsync(With(folder.Write("wrong", "0000\n")), "wallet", "list", "--home", folder.Combine("token"))).Succeeded();
    }
}
