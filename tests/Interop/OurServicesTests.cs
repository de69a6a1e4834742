using System.Globalization;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.Tests.Shared;

namespace Credentials.Interop.Tests;

/// <summary>A wallet made of published npm libraries against our issuer and our verifier.</summary>
public class OurServicesTests
{
    [Fact]
    public async Task A_wallet_of_others_takes_our_offer_and_answers_our_requests()
    {
        NodeScript.SkipWhenMissing();
        using var folder = new TempFolder();
        await using var issuer = CliProgram.Start("issuer", "serve", "--data", folder.Combine("issuer"), "--port", Port(), "--json");
        var agency = Ready(await issuer.ReadLineAsync(TestContext.Current.CancellationToken));
        await using var verifier = CliProgram.Start(
            "verifier", "serve", "--data", folder.Combine("verifier"), "--port", Port(), "--trust", agency["trust"], "--json");
        var shop = Ready(await verifier.ReadLineAsync(TestContext.Current.CancellationToken));
        var claims = folder.Write("claims.json", """
            {"family_name":"Hong","given_name":"Gildong","birth_date":"1990-03-01","document_number":"1","issue_date":"2025-01-01",
             "expiry_date":"2035-01-01","issuing_country":"KR",
             "driving_privileges":[{"vehicle_category_code":"B","issue_date":"2025-01-01","expiry_date":"2035-01-01"}]}
            """);
        var offer = await CommandAsync("issuer", "offer", "mdl_sd_jwt", "--claims", claims, "--tx-code", "--url", agency["url"], "--api-key", agency["api_key"], "--json");
        var wallet = folder.Combine("wallet.json");

        var wrong = await ScriptAsync("wallet-receive.mjs", offer.RequireString("offer_uri"), "--trust", agency["trust"], "--wallet", wallet, "--tx-code", "wrong1");
        Assert.False(wrong.OptionalBoolean("ok"));
        Passed(await ScriptAsync(
            "wallet-receive.mjs", offer.RequireString("offer_uri"), "--trust", agency["trust"], "--wallet", wallet,
            "--tx-code", offer.RequireString("tx_code"), "--batch", "2"));

        foreach (var (mode, prefix) in new[] { ("direct_post", "x509_hash"), ("direct_post.jwt", "x509_hash"), ("direct_post.jwt", "x509_san_dns") })
            Assert.Equal("accepted", await AnswerAsync(shop, wallet, mode, prefix));
        foreach (var spoil in new[] { "nonce", "audience", "key", "disclosure" })
            Assert.Equal("not_accepted", await AnswerAsync(shop, wallet, "direct_post.jwt", "x509_hash", "--spoil", spoil));
    }

    [Fact]
    public async Task A_wallet_of_others_takes_one_licence_as_mdoc_and_as_sd_jwt()
    {
        NodeScript.SkipWhenMissing();
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.Combine("issuer"));
        var offer = await issuer.OfferAsync("""
            {"mdl":{"family_name":"Hong","given_name":"Gildong","birth_date":"1990-03-01","document_number":"1","issue_date":"2025-01-01","expiry_date":"2035-01-01",
             "issuing_country":"KR","issuing_authority":"Police","portrait":"data:image/jpeg;base64,/9j/4P/Z",
             "driving_privileges":[{"vehicle_category_code":"B","issue_date":"2025-01-01","expiry_date":"2035-01-01"}]}}
            """, "mdl_sd_jwt", "mdl_mdoc");
        var told = await ScriptAsync("wallet-receive.mjs", offer.RequireString("offer_uri"), "--trust", issuer.Trust, "--wallet", folder.Combine("wallet.json"), "--batch", "2");
        Passed(told);
        var result = told.GetProperty("result");
        Assert.Equal(4, result.RequireIndex("stored"));
        var licence = result.GetProperty("elements").GetProperty("org.iso.18013.5.1");
        Assert.Equal(("Gildong", "1990-03-01", "ROK"), (licence.RequireString("given_name"), licence.RequireString("birth_date"), licence.RequireString("un_distinguishing_sign")));
        Assert.True(licence.GetProperty("age_over_21").GetBoolean());
    }

    private static async Task<string> AnswerAsync(Dictionary<string, string> shop, string wallet, string mode, string prefix, params string[] more)
    {
        var created = await CommandAsync(
            "verifier", "request", "over-19", "--response-mode", mode, "--client-id-prefix", prefix, "--url", shop["url"], "--api-key", shop["api_key"], "--json");
        Passed(await ScriptAsync("wallet-present.mjs", [created.RequireString("request_uri"), "--wallet", wallet, "--trust", shop["trust"], .. more]));
        var result = await CliProgram.RunAsync("verifier", "result", created.RequireString("id"), "--url", shop["url"], "--api-key", shop["api_key"], "--json");
        return StrictJson.Parse(result.Stdout).RequireString("state");
    }

    private static async Task<JsonElement> ScriptAsync(string script, params string[] arguments) =>
        StrictJson.Parse((await NodeScript.RunAsync("scripts/" + script, arguments, cancellationToken: TestContext.Current.CancellationToken)).Stdout);

    private static void Passed(JsonElement told) => Assert.True(told.OptionalBoolean("ok"), told.GetRawText());

    private static async Task<JsonElement> CommandAsync(params string[] command)
    {
        var result = await CliProgram.RunAsync(command);
        Assert.True(result.ExitCode == 0, result.Stderr);
        return StrictJson.Parse(result.Stdout);
    }

    private static Dictionary<string, string> Ready(string line) =>
        StrictJson.Parse(line).EnumerateObject().ToDictionary(member => member.Name, member => member.Value.GetString()!, StringComparer.Ordinal);

    private static string Port() => FreePort.Next().ToString(CultureInfo.InvariantCulture);
}
