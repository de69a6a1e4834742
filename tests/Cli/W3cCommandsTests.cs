using System.Text.Json;
using Credentials.Codecs;
using Credentials.Dids;
using Credentials.Tests.Shared;

namespace Credentials.Cli.Tests;

/// <summary>issue, present, verify and inspect for every form of W3C credentials.</summary>
public sealed class W3cCommandsTests(Forge forge) : IClassFixture<Forge>
{
    private const string Claims = """
        {"@context":["https://www.w3.org/ns/credentials/v2","urn:credentials:contexts:certificates:1"],"type":["VerifiableCredential","UniversityDegreeCredential"],
         "credentialSubject":{"familyName":"홍","degree":"BSc","graduationYear":2026}}
        """;

    private static string ClaimsV1 => Claims.Replace(
        "\"https://www.w3.org/ns/credentials/v2\"", "\"https://www.w3.org/2018/credentials/v1\",\"https://w3id.org/security/data-integrity/v2\"", StringComparison.Ordinal);

    private string Trusted => forge.File(DidKey.Create(forge.Key.PublicKey) + "\n");

    private async Task<string> IssueAsync(string format, params string[] more) => (await CliProgram.RunAsync(
        ["issue", "--format", format, "--claims", forge.File(format is "jwt_vc_json" or "ldp_vc" ? ClaimsV1 : Claims), "--key", forge.KeyFile, "--holder", forge.HolderPublicFile, .. more])).Succeeded().Trim();

    [Theory]
    [InlineData("vc+jwt")]
    [InlineData("vc+sd-jwt")]
    [InlineData("vc+cose")]
    [InlineData("vc")]
    [InlineData("vc", "ecdsa-jcs-2019")]
    [InlineData("jwt_vc_json")]
    [InlineData("ldp_vc")]
    public async Task A_credential_is_issued_presented_verified_and_inspected_in_every_form(string format, string? suite = null)
    {
        var isV1 = format is "jwt_vc_json" or "ldp_vc";
        var credential = await IssueAsync(format, suite is null ? [] : ["--suite", suite]);
        string[] lenient = isV1 ? ["--data-model-1.1"] : [];
        var alone = await CliProgram.RunWithInputAsync(credential, ["verify", "-", "--trust", Trusted, "--json", .. lenient]);
        Assert.True(alone.ExitCode == 0, alone.Stdout + alone.Stderr);
        Assert.Equal(format, StrictJson.Parse(alone.Stdout).GetProperty("parts")[0].RequireString("format"));
        if (isV1)
            Assert.Equal(1, (await CliProgram.RunWithInputAsync(credential, "verify", "-", "--trust", Trusted)).ExitCode);
        Assert.Equal(1, (await CliProgram.RunWithInputAsync(credential, ["verify", "-", "--trust", forge.Root, .. lenient])).ExitCode);

        var inspected = StrictJson.Parse((await CliProgram.RunWithInputAsync(credential, "inspect", "-", "--json")).Succeeded());
        Assert.Equal(("W3C credential", format), (inspected.RequireString("kind"), inspected.RequireString("secured")));
        Assert.Equal(JsonValueKind.Null, inspected.GetProperty("problem").ValueKind);

        string[] disclose = format == "vc+sd-jwt" ? ["--disclose", "credentialSubject.degree"] : [];
        var presentation = (await CliProgram.RunAsync(
            ["present", forge.File(credential), .. disclose, "--audience", "https://shop.example", "--nonce", "n-1", "--holder-key", forge.HolderFile])).Succeeded().Trim();
        string[] verify = ["verify", "-", "--trust", Trusted, "--audience", "https://shop.example", "--json", .. lenient];
        var good = await CliProgram.RunWithInputAsync(presentation, [.. verify, "--nonce", "n-1"]);
        Assert.True(good.ExitCode == 0, good.Stdout + good.Stderr);
        Assert.Equal(1, (await CliProgram.RunWithInputAsync(presentation, [.. verify, "--nonce", "n-2"])).ExitCode);
    }

    [Fact]
    public async Task What_is_not_named_stays_out_of_a_derived_credential()
    {
        var credential = await IssueAsync("vc", "--suite", "ecdsa-sd-2023");
        // A base proof is for its holder alone.
        Assert.Equal(1, (await CliProgram.RunWithInputAsync(credential, "verify", "-", "--trust", Trusted)).ExitCode);
        var inspected = StrictJson.Parse((await CliProgram.RunWithInputAsync(credential, "inspect", "-", "--json")).Succeeded());
        Assert.Contains(inspected.RequireArray("proofs")[0].RequireArray("mandatory").EnumerateArray(), pointer => pointer.ValueEquals("/issuer"));

        var derived = (await CliProgram.RunAsync("present", forge.File(credential), "--disclose", "credentialSubject.degree", "credentialSubject.graduationYear")).Succeeded().Trim();
        Assert.DoesNotContain("홍", derived, StringComparison.Ordinal);
        var report = await CliProgram.RunWithInputAsync(derived, "verify", "-", "--trust", Trusted, "--json");
        Assert.True(report.ExitCode == 0, report.Stdout);
        Assert.Equal("BSc", StrictJson.Parse(report.Stdout).GetProperty("parts")[0].GetProperty("claims").GetProperty("credentialSubject").RequireString("degree"));

        var presentation = (await CliProgram.RunAsync(
            "present", forge.File(credential), "--disclose", "credentialSubject.degree", "--audience", "a", "--nonce", "n", "--holder-key", forge.HolderFile)).Succeeded().Trim();
        Assert.Equal(0, (await CliProgram.RunWithInputAsync(presentation, "verify", "-", "--trust", Trusted, "--audience", "a", "--nonce", "n")).ExitCode);
        Assert.Equal("W3C presentation", StrictJson.Parse((await CliProgram.RunWithInputAsync(presentation, "inspect", "-", "--json")).Succeeded()).RequireString("kind"));
    }

    [Fact]
    public async Task Mistakes_are_told()
    {
        var whole = forge.File(await IssueAsync("vc"));
        Assert.Equal(2, (await CliProgram.RunAsync("present", whole, "--disclose", "credentialSubject.degree")).ExitCode);
        Assert.Equal(2, (await CliProgram.RunAsync("present", whole, "--audience", "a")).ExitCode);
        Assert.Equal(2, (await CliProgram.RunAsync("issue", "--format", "vc+jwt", "--claims", forge.File(Claims), "--key", forge.KeyFile, "--suite", "ecdsa-jcs-2019")).ExitCode);
        Assert.NotEqual(0, (await CliProgram.RunAsync("issue", "--format", "vc", "--claims", forge.File("""{"nickname":"x"}"""), "--key", forge.KeyFile)).ExitCode);
        Assert.NotEqual(0, (await CliProgram.RunAsync("issue", "--format", "vc", "--claims", forge.File(Claims), "--key", forge.KeyFile, "--suite", "eddsa-rdfc-2022")).ExitCode);
    }
}
