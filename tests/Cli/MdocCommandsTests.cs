using System.Text.Json;
using Credentials.Codecs;
using Credentials.Mdoc;
using Credentials.Mdoc.Proximity;
using Credentials.Tests.Shared;

namespace Credentials.Cli.Tests;

/// <summary>issue, present, verify and inspect with mdocs.</summary>
public sealed class MdocCommandsTests(Forge forge) : IClassFixture<Forge>
{
    private const string Audience = "x509_hash:abc";
    private const string Nonce = "n-0123456789";
    private const string ResponseUri = "https://verifier.example/response";

    internal const string Claims = """
        {"org.iso.18013.5.1":{"family_name":"Hong","given_name":"Gildong","birth_date":"1990-03-01","issue_date":"2026-01-02","expiry_date":"2031-01-02",
          "issuing_country":"KR","issuing_authority":"Seoul","document_number":"11-26-1","portrait":"AAECAw","un_distinguishing_sign":"ROK",
          "driving_privileges":[{"vehicle_category_code":"B"}],"age_over_19":true},
         "org.example.kr":{"family_name":"홍"}}
        """;

    private Task<ShellResult> IssueAsync(params string[] more) => CliProgram.RunAsync([
        "issue", "--format", "mso_mdoc", "--type", MdocNames.MdlDocType, "--claims", forge.File(Claims), "--key", forge.KeyFile, "--cert", forge.CertificateFile, .. more]);

    private Task<ShellResult> PresentAsync(string mdoc, string holderFile, params string[] elements) => CliProgram.RunAsync([
        "present", mdoc, "--disclose", .. elements, "--audience", Audience, "--nonce", Nonce, "--response-uri", ResponseUri, "--holder-key", holderFile]);

    private async Task<string> IssuedAsync() => forge.File((await IssueAsync("--holder", forge.HolderPublicFile)).Succeeded());

    private Task<ShellResult> VerifyAsync(string file, params string[] more) => CliProgram.RunAsync(["verify", file, "--trust", forge.Root, "--json", .. more]);

    [Fact]
    public async Task A_presentation_shows_what_was_chosen_and_is_bound_to_the_whole_request()
    {
        var presentation = forge.File((await PresentAsync(await IssuedAsync(), forge.HolderFile, "age_over_19", "[\"org.example.kr\",\"family_name\"]")).Succeeded());

        var accepted = await VerifyAsync(presentation, "--audience", Audience, "--nonce", Nonce, "--response-uri", ResponseUri);

        Assert.True(accepted.ExitCode == 0, accepted.Stdout + accepted.Stderr);
        var part = StrictJson.Parse(accepted.Stdout).GetProperty("parts")[0];
        Assert.Equal(("mso_mdoc", MdocNames.MdlDocType), (part.GetProperty("format").GetString(), part.GetProperty("type").GetString()));
        Assert.Equal("""{"org.iso.18013.5.1":{"age_over_19":true},"org.example.kr":{"family_name":"홍"}}""", JsonSerializer.Serialize(
            part.GetProperty("claims"), new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        foreach (var (audience, nonce, address) in new[] { ("x509_hash:abd", Nonce, ResponseUri), (Audience, "n-0123456780", ResponseUri), (Audience, Nonce, ResponseUri + "/") })
        {
            var refused = await VerifyAsync(presentation, "--audience", audience, "--nonce", nonce, "--response-uri", address);
            Assert.Equal(1, refused.ExitCode);
            Assert.Equal(["device_auth"], CredentialCommandsTests.FailedChecks(refused.Stdout));
        }
    }

    [Fact]
    public async Task A_file_is_taken_as_text_as_bytes_and_as_hexadecimal()
    {
        var bytes = StrictBase64Url.Decode((await IssueAsync("--holder", forge.HolderPublicFile)).Succeeded().Trim());
        var binary = forge.Folder.Combine("mdoc.cbor");
        await File.WriteAllBytesAsync(binary, bytes, TestContext.Current.CancellationToken);

        Assert.Equal(0, (await VerifyAsync(binary)).ExitCode);
        Assert.Equal(0, (await VerifyAsync(forge.File(Convert.ToHexString(bytes)))).ExitCode);
        Assert.Equal(1, (await VerifyAsync(binary, "--audience", Audience, "--nonce", Nonce)).ExitCode); // nobody signed for a request
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(binary, bytes, TestContext.Current.CancellationToken);
        var refused = await VerifyAsync(binary);
        Assert.Equal(["issuer_signature"], CredentialCommandsTests.FailedChecks(refused.Stdout));
    }

    [Fact]
    public async Task What_is_missing_or_does_not_fit_is_told_and_nothing_is_made()
    {
        var mdoc = await IssuedAsync();
        ShellResult[] refused =
        [
            await IssueAsync(), // no holder
            await IssueAsync("--holder", forge.HolderPublicFile, "--sd", "family_name"),
            await CliProgram.RunAsync("issue", "--format", "mso_mdoc", "--type", MdocNames.MdlDocType, "--claims", forge.File(Claims), "--key", forge.KeyFile, "--holder", forge.HolderPublicFile),
            await CliProgram.RunAsync("issue", "--format", "mso_mdoc", "--type", MdocNames.MdlDocType, "--claims", forge.Claims, "--key", forge.KeyFile, "--cert", forge.CertificateFile, "--holder", forge.HolderPublicFile),
            await PresentAsync(mdoc, forge.HolderFile, "family_name"), // in two namespaces
            await PresentAsync(mdoc, forge.HolderFile, "shoe_size"),
            await PresentAsync(mdoc, forge.KeyFile, "age_over_19"), // somebody else's key
        ];
        Assert.All(refused, result =>
        {
            Assert.Equal((2, ""), (result.ExitCode, result.Stdout));
            Assert.StartsWith("error: ", result.Stderr, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Inspect_shows_an_mdoc_and_a_presentation_of_it()
    {
        var mdoc = await IssuedAsync();
        var issued = StrictJson.Parse((await CliProgram.RunAsync("inspect", mdoc, "--json")).Succeeded());
        var presentation = forge.File((await PresentAsync(mdoc, forge.HolderFile, "age_over_19")).Succeeded());
        var presented = StrictJson.Parse((await CliProgram.RunAsync("inspect", presentation, "--json")).Succeeded());
        var words = (await CliProgram.RunAsync("inspect", presentation)).Succeeded();

        Assert.Equal(("mdoc", MdocNames.MdlDocType), (issued.GetProperty("kind").GetString(), issued.GetProperty("doctype").GetString()));
        Assert.Equal("1990-03-01", issued.GetProperty("claims").GetProperty(MdocNames.MdlNamespace).GetProperty("birth_date").GetString());
        Assert.Equal("P-256", issued.GetProperty("signed").GetProperty("device_key").GetProperty("crv").GetString());
        Assert.Contains("Test Signer", issued.GetProperty("issuer_signature").GetProperty("certificates")[0].GetProperty("subject").GetString(), StringComparison.Ordinal);
        Assert.Equal("mdoc device response", presented.GetProperty("kind").GetString());
        var document = presented.GetProperty("documents")[0];
        Assert.Equal("signature", document.GetProperty("device").GetProperty("proof").GetString());
        Assert.False(document.GetProperty("claims").GetProperty(MdocNames.MdlNamespace).TryGetProperty("birth_date", out _));
        Assert.StartsWith("NOT VERIFIED", words, StringComparison.Ordinal);
        Assert.Contains("age_over_19: true", words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("device_engagement_qr", "device_engagement_hex", "device engagement", "Bluetooth LE")]
    [InlineData("device_response", "mdoc_hex", "mdoc device response", "family_name")]
    public async Task Inspect_shows_the_structures_that_are_published(string vector, string member, string kind, string shown)
    {
        var path = Directory.GetFiles(RepositoryRoot.Combine("test-vectors", "published", "iso18013-5-annex-d"), $"*{vector}*.json").Order(StringComparer.Ordinal).First();
        var hex = StrictJson.Parse(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).GetProperty("input").GetProperty(member).GetString()!;

        var text = StrictBase64Url.Encode(Convert.FromHexString(hex));
        List<string> inputs = [hex, text];
        if (member.StartsWith("device", StringComparison.Ordinal))
            inputs.Add("mdoc:" + text);
        foreach (var input in inputs)
        {
            var description = StrictJson.Parse((await CliProgram.RunWithInputAsync(input, "inspect", "--json")).Succeeded());
            Assert.Equal(kind, description.GetProperty("kind").GetString());
            Assert.Contains(shown, description.GetRawText(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Inspect_shows_the_engagement_of_a_reader()
    {
        using var invitation = ReaderInvitation.Create([new NfcRetrieval(255, 256)]);
        var description = StrictJson.Parse((await CliProgram.RunWithInputAsync(invitation.Engagement.ToText(), "inspect", "--json")).Succeeded());
        Assert.Equal("reader engagement", description.GetProperty("kind").GetString());
        Assert.Equal("NFC", description.GetProperty("reached_by")[0].GetProperty("method").GetString());
        Assert.Equal(StrictBase64Url.Encode(invitation.Engagement.EReaderKey!.X), description.GetProperty("ephemeral_reader_key").GetProperty("x").GetString());
    }

    [Theory]
    [InlineData("a1")] // cut off
    [InlineData("a16776657273696f6e63312e30ff")] // something behind it
    [InlineData("bf6776657273696f6e63312e30ff616100")]
    [InlineData("mdoc:AAAA")]
    [InlineData("mdoc://AAAA")]
    public async Task Inspect_refuses_broken_bytes_with_2(string input) =>
        Assert.Equal(2, (await CliProgram.RunWithInputAsync(input, "inspect", "--json")).ExitCode);
}
