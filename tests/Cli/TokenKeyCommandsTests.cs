using System.Globalization;
using Credentials.Codecs;
using Credentials.Keys.Pkcs11;
using Credentials.Tests.Shared;

namespace Credentials.Cli.Tests;

/// <summary>An issuer and its operator, each a process of its own, on one token of SoftHSM.</summary>
[Collection(SoftHsm.Collection)]
public class TokenKeyCommandsTests
{
    private const string Resident = """
        {"family_name":"Kim","given_name":"Given","birth_date":"1990-03-01","certificate_number":"1","issue_date":"2026-01-01",
         "address":{"region":"R","city":"C","street":"S","detail":"D","postal_code":"1"}}
        """;

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
            guard.CancelAfter(TimeSpan.FromMinutes(3));
            while (StrictJson.Parse(await http.GetStringAsync($"{ready.RequireString("url")}/jwks", guard.Token)).RequireArray("keys").GetArrayLength() < 2)
                await Task.Delay(100, guard.Token);
        }

        Assert.Empty(Directory.GetFiles(Path.Combine(data, "keys"), "*.key.pem"));
        using var token = new Pkcs11Token(new() { ModulePath = SoftHsm.ModulePath, TokenLabel = hsm.Label, Pin = () => hsm.Pin });
        foreach (var name in (string[])["root", "audit", "document-signer", "document-signer-2", "status-signer", "status-signer-2"])
            Assert.Single(await token.ListAsync(name, ct));
    }

    [Fact]
    public async Task A_wallet_with_its_keys_in_a_token_receives_and_presents_and_loses_nothing_while_the_token_cannot_be_used()
    {
        var ct = TestContext.Current.CancellationToken;
        using var folder = new TempFolder();
        var hsm = await SoftHsm.TakeTokenAsync(ct);
        await using var issuerProcess = Serve("issuer", "--data", folder.Combine("issuer"));
        var issuer = StrictJson.Parse(await issuerProcess.ReadLineAsync(ct));
        await using var verifierProcess = Serve("verifier", "--data", folder.Combine("verifier"), "--trust", issuer.RequireString("trust"));
        var verifier = StrictJson.Parse(await verifierProcess.ReadLineAsync(ct));
        string[] agency = ["--url", issuer.RequireString("url"), "--api-key", issuer.RequireString("api_key"), "--json"];
        string[] shop = ["--url", verifier.RequireString("url"), "--api-key", verifier.RequireString("api_key"), "--json"];
        var offer = StrictJson.Parse((await CliProgram.RunAsync(["issuer", "offer", "resident_sd_jwt", "--claims", folder.Write("claims.json", Resident), .. agency])).Succeeded());
        string[] home = ["--home", folder.Combine("home")];
        string[] receive = ["wallet", "receive", offer.RequireString("offer_uri"), "--trust-issuer", issuer.RequireString("trust"), "--copies", "2", "--yes", .. home];
        var (right, wrong) = (Wallet(hsm, folder.Write("pin", hsm.Pin + "\n")), Wallet(hsm, folder.Write("wrong", "0000\n")));

        // With another PIN nothing comes, and the offer is not used up.
        var refused = await CliProgram.RunWithAsync(wrong, receive);
        Assert.Equal(3, refused.ExitCode);
        Assert.Contains("wallet.key_locked", refused.Stderr, StringComparison.Ordinal);
        (await CliProgram.RunWithAsync(right, receive)).Succeeded();
        using (var token = new Pkcs11Token(new() { ModulePath = SoftHsm.ModulePath, TokenLabel = hsm.Label, Pin = () => hsm.Pin }))
        {
            var label = (await File.ReadAllTextAsync(folder.Combine("home", "token-keys"), ct)).Trim();
            Assert.True((await token.ListAsync(label + " ES256", ct)).Count >= 2); // one for each copy
        }

        var query = folder.Write("query.json", """
            {"credentials":[{"id":"q","format":"dc+sd-jwt","meta":{"vct_values":["urn:credentials:kr:resident-certificate:1"]},"claims":[{"path":["family_name"]}]}]}
            """);
        var asked = StrictJson.Parse((await CliProgram.RunAsync(["verifier", "request", "--dcql", query, "--purpose", "Test", .. shop])).Succeeded());
        string[] present = ["wallet", "present", asked.RequireString("request_uri"), "--trust-verifier", verifier.RequireString("trust"), "--yes", .. home];
        async Task<string> StateAsync() =>
            StrictJson.Parse((await CliProgram.RunAsync(["verifier", "result", asked.RequireString("id"), .. shop])).Stdout).RequireString("state");

        await CannotPresentAsync(wrong);
        hsm.Remove();
        try
        {
            await CannotPresentAsync(right);
            // What is in it can still be seen.
            Assert.Contains("urn:credentials:kr:resident-certificate:1", (await CliProgram.RunWithAsync(right, ["wallet", "list", "--json", .. home])).Succeeded(), StringComparison.Ordinal);
        }
        finally
        {
            hsm.PutBack();
        }
        (await CliProgram.RunWithAsync(right, present)).Succeeded();
        Assert.Equal("accepted", await StateAsync());

        async Task CannotPresentAsync(Dictionary<string, string> environment)
        {
            var failed = await CliProgram.RunWithAsync(environment, present);
            Assert.True(failed.ExitCode == 3, failed.Stdout + failed.Stderr);
            Assert.Contains("wallet.key_locked", failed.Stderr, StringComparison.Ordinal);
            Assert.Equal("requested", await StateAsync()); // the verifier got nothing, and still waits
        }

        static RunningScript Serve(string service, params string[] options) =>
            CliProgram.Start([service, "serve", .. options, "--port", FreePort.Next().ToString(CultureInfo.InvariantCulture), "--json"]);
    }

    [Fact]
    public async Task A_wallet_that_begins_with_a_token_keeps_to_it_and_one_that_did_not_keeps_to_its_file()
    {
        var ct = TestContext.Current.CancellationToken;
        using var folder = new TempFolder();
        var hsm = await SoftHsm.TakeTokenAsync(ct);
        var right = Wallet(hsm, folder.Write("pin", hsm.Pin + "\n"));
        (await CliProgram.RunAsync("wallet", "list", "--home", folder.Combine("file"))).Succeeded();
        (await CliProgram.RunWithAsync(right, "wallet", "list", "--home", folder.Combine("token"))).Succeeded();
        (await CliProgram.RunWithAsync(right, "wallet", "list", "--home", folder.Combine("token"))).Succeeded();
        Assert.StartsWith("credentials-wallet-", await File.ReadAllTextAsync(folder.Combine("token", "token-keys"), ct), StringComparison.Ordinal);
        Assert.Equal(2, (await CliProgram.RunAsync("wallet", "list", "--home", folder.Combine("token"))).ExitCode);
        Assert.Equal(2, (await CliProgram.RunWithAsync(right, "wallet", "list", "--home", folder.Combine("file"))).ExitCode);
        // What is in it can be seen without the token.
        (await CliProgram.RunWithAsync(Wallet(hsm, folder.Write("wrong", "0000\n")), "wallet", "list", "--home", folder.Combine("token"))).Succeeded();
    }

    private static Dictionary<string, string> Wallet(SoftHsmToken token, string pinFile) => new(SoftHsm.Environment)
    {
        ["CREDENTIALS_PKCS11_MODULE"] = SoftHsm.ModulePath,
        ["CREDENTIALS_PKCS11_TOKEN"] = token.Label,
        ["CREDENTIALS_PKCS11_PIN_FILE"] = pinFile,
    };
}
