using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.StatusLists;
using Credentials.Tests.Shared;

namespace Credentials.Cli.Tests;

public sealed class InspectTests(Forge forge) : IClassFixture<Forge>
{
    private static async Task<JsonElement> InspectAsync(string input) =>
        StrictJson.Parse((await CliProgram.RunWithInputAsync(input, "inspect", "-", "--json")).Succeeded());

    [Fact]
    public async Task Inspect_tells_what_things_are_without_believing_them()
    {
        var presentation = (await CliProgram.RunAsync(
            "present", forge.File(await forge.IssueAsync()), "--disclose", "given_name", "--audience", "a", "--nonce", "n", "--holder-key", forge.HolderFile)).Succeeded();
        foreach (var (input, kind) in new[]
        {
            (await forge.IssueAsync(), "SD-JWT"),
            (presentation, "SD-JWT presentation"),
            (await forge.SignAsync("""{"alg":"ES256","typ":"oauth-authz-req+jwt"}""", "{}"), "request object"),
            (await forge.SignAsync("""{"alg":"ES256"}""", "{}"), "JWT"),
            ("eyJhbGciOiJFQ0RILUVTIn0..AA.AA.AA", "JWE"),
            (StrictJson.ToText(Jwk.Write(forge.Key.PublicKey)), "JWK"),
            ("""{"keys":[]}""", "JWK set"),
            (forge.Certificate.ExportCertificatePem(), "X.509 certificate"),
            (Convert.ToBase64String(forge.Certificate.RawData), "X.509 certificate"),
            ("""{"bits":1,"lst":"eNrbuRgAAhcBXQ"}""", "status list"),
            ("""{"credential_issuer":"https://i.example","credential_configuration_ids":["a"],"grants":{}}""", "credential offer"),
            ("openid-credential-offer://?credential_offer_uri=https%3A%2F%2Fi.example%2Fo%2F1", "credential offer link"),
            ("openid4vp://?client_id=x509_hash%3Aabc&request_uri=https%3A%2F%2Fv.example%2Fr%2F1", "authorization request link"),
            ("""{"credentials":[{"id":"a","format":"dc+sd-jwt","meta":{"vct_values":["x"]}}]}""", "DCQL query"),
            ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "private key (not shown)"),
        })
        {
            var description = await InspectAsync(input);
            Assert.Equal(kind, description.GetProperty("kind").GetString());
            Assert.False(description.GetProperty("verified").GetBoolean());
        }
    }

    [Fact]
    public async Task Inspect_reads_der_files()
    {
        var file = forge.Folder.Combine("signer.der");
        await File.WriteAllBytesAsync(file, forge.Certificate.RawData, TestContext.Current.CancellationToken);
        Assert.Contains("CN=Test Signer", (await CliProgram.RunAsync("inspect", file)).Succeeded(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_reads_status_list_tokens_and_identifier_lists_in_CWT_form()
    {
        var now = new DateTimeOffset(2026, 11, 2, 9, 0, 0, TimeSpan.Zero);
        var list = StatusList.Create(2, 8);
        list[3] = 1;
        var statusContent = new StatusListTokenContent { Uri = "https://s.example/1", List = list, IssuedAt = now, ExpiresAt = now.AddDays(1), Certificates = [forge.Certificate] };
        var identifierContent = new IdentifierListTokenContent
        {
            Uri = "https://s.example/2",
            List = IdentifierList.Create([new byte[] { 0xcc, 0xcc }]),
            IssuedAt = now,
            ExpiresAt = now.AddDays(1),
            KeyId = "12",
        };
        var file = forge.Folder.Combine("list.cwt");
        await File.WriteAllBytesAsync(file, await StatusListToken.IssueCwtAsync(statusContent, forge.Key, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        var status = StrictJson.Parse((await CliProgram.RunAsync("inspect", file, "--json")).Succeeded());
        Assert.Equal("status list token", status.RequireString("kind"));
        Assert.Equal("https://s.example/1", status.GetProperty("payload").RequireString("sub"));
        Assert.Equal("2026-11-02 09:00:00Z", status.GetProperty("times").RequireString("iat"));
        Assert.Equal(1, status.GetProperty("status_list").GetProperty("entries_by_value").RequireIndex("1"));
        Assert.Contains("CN=Test Signer", status.GetProperty("headers").GetProperty("certificates")[0].RequireString("subject"), StringComparison.Ordinal);

        var identifiers = await InspectAsync(StrictBase64Url.Encode(await IdentifierListToken.IssueAsync(identifierContent, forge.Key, TestContext.Current.CancellationToken)));
        Assert.Equal("identifier list", identifiers.RequireString("kind"));
        Assert.Equal("cccc", identifiers.GetProperty("identifier_list").GetProperty("identifiers_hex")[0].GetString());
        Assert.Equal(2, (await CliProgram.RunWithInputAsync("0oRZ", "inspect", "-")).ExitCode);
    }

    [Fact]
    public async Task Inspect_says_in_words_that_nothing_was_verified() =>
        Assert.StartsWith("NOT VERIFIED", (await CliProgram.RunWithInputAsync(await forge.IssueAsync(), "inspect")).Succeeded(), StringComparison.Ordinal);

    [Fact]
    public async Task Inspect_shows_disclosed_claims_with_their_paths()
    {
        var description = await InspectAsync(await forge.IssueAsync());
        Assert.Contains(description.GetProperty("disclosures").EnumerateArray(), claim => claim.GetProperty("path")[0].GetString() == "family_name");
        Assert.Equal("Hong", description.GetProperty("claims").GetProperty("family_name").GetString());
    }

    [Fact]
    [Trait("Row", "JOS-15")]
    public async Task Inspect_never_shows_a_private_key()
    {
        var jwk = await File.ReadAllTextAsync(forge.HolderFile, TestContext.Current.CancellationToken);
        var secret = StrictJson.Parse(jwk).GetProperty("d").GetString()!;
        var description = await InspectAsync(jwk);
        Assert.True(description.GetProperty("private").GetBoolean());
        Assert.DoesNotContain(secret, description.GetRawText(), StringComparison.Ordinal);
    }

    // A link is described, and what it points to is never fetched: nothing listens there, and the command still ends with 0.
    [Theory]
    [InlineData("openid4vp://?client_id=a&request_uri=javascript:alert(1)")]
    [InlineData("openid-credential-offer://?credential_offer_uri=openid4vp://x")]
    [InlineData("https://wallet.example/?credential_offer_uri=http://169.254.169.254/")]
    [Trait("Row", "QRC-01")]
    [Trait("Row", "QRC-03")]
    public async Task Inspect_fetches_nothing(string link) =>
        Assert.False((await InspectAsync(link)).GetProperty("verified").GetBoolean());

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("hello")]
    [InlineData("a.b.c")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("openid4vp://?a=1&a=2")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")]
    [InlineData("MIIBnothing")]
    [InlineData("{\"keys\":[1]}")]
    [InlineData("\u0000\u0001\u0002")]
    [Trait("Row", "QRC-01")]
    public async Task Inspect_refuses_what_it_cannot_read_with_2(string input)
    {
        var result = await CliProgram.RunWithInputAsync(input, "inspect", "--json");
        Assert.Equal(2, result.ExitCode);
        Assert.Empty(result.Stdout);
        Assert.StartsWith("error: ", result.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_shows_text_of_a_stranger_so_that_it_cannot_steer_the_terminal()
    {
        var shown = (await CliProgram.RunWithInputAsync(StrictJson.ToText(new JsonObject { ["a"] = "x\u001b[2J\u202ey" }), "inspect")).Succeeded();
        Assert.DoesNotContain("\u001b", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("\u202e", shown, StringComparison.Ordinal);
    }
}
