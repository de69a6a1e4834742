using System.Globalization;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.Tests.Shared;

namespace Credentials.Interop.Tests;

/// <summary>Our wallet against an issuer and a verifier made of published npm libraries.</summary>
public class OurWalletTests
{
    [Fact]
    public async Task Our_wallet_takes_the_offer_of_others_and_answers_their_requests()
    {
        NodeScript.SkipWhenMissing();
        using var folder = new TempFolder();
        string pki = folder.Combine("pki"), root = Path.Combine(pki, "root.pem"), home = folder.Combine("home");
        (await CliProgram.RunAsync("pki", "new", "--out", pki, "--dns", "localhost")).Succeeded();

        var bad = await ReceiveAsync(pki, root, folder.Combine("other"), "--bad");
        Assert.Equal(1, bad.ExitCode);
        Assert.Contains("wallet.credential_not_accepted", bad.Stdout, StringComparison.Ordinal);
        (await ReceiveAsync(pki, root, home)).Succeeded();

        foreach (var mode in new[] { "direct_post", "direct_post.jwt" })
        {
            await using var verifier = NodeScript.Start("scripts/verifier.mjs", ["--port", Port(), "--pki", pki, "--mode", mode]);
            var request = Event(await verifier.ReadLineAsync(TestContext.Current.CancellationToken)).RequireString("request");
            (await CliProgram.RunAsync("wallet", "present", request, "--trust-verifier", root, "--home", home, "--yes", "--json")).Succeeded();
            var result = Event(await verifier.ReadLineAsync(TestContext.Current.CancellationToken));
            Assert.True(result.OptionalBoolean("ok"), result.GetRawText());
            Assert.Equal("Gildong", result.RequireString("given_name"));
        }
    }

    private static async Task<ShellResult> ReceiveAsync(string pki, string root, string home, params string[] more)
    {
        await using var issuer = NodeScript.Start("scripts/issuer.mjs", ["--port", Port(), "--pki", pki, .. more]);
        var ready = Event(await issuer.ReadLineAsync(TestContext.Current.CancellationToken));
        return await CliProgram.RunAsync(
            "wallet", "receive", ready.RequireString("offer"), "--tx-code", ready.RequireString("tx_code"), "--copies", "2",
            "--trust-issuer", root, "--home", home, "--yes", "--json");
    }

    private static JsonElement Event(string line) => StrictJson.Parse(line);

    private static string Port() => FreePort.Next().ToString(CultureInfo.InvariantCulture);
}
