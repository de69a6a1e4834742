using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.SdJwt;
using Credentials.Tests.Shared;
using Credentials.X509;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Credentials.Cli.Tests;

/// <summary>key, pki, issue, present, verify: the way of one credential through files.</summary>
public sealed class CredentialCommandsTests(Forge forge) : IClassFixture<Forge>
{
    private Task<ShellResult> IssueAsync(params string[] more) => CliProgram.RunAsync([
        "issue", "--format", "dc+sd-jwt", "--type", "urn:test:1", "--claims", forge.Claims, "--key", forge.KeyFile, "--cert", forge.CertificateFile, .. more]);

    private Task<ShellResult> PresentAsync(string credential, params string[] paths) => CliProgram.RunAsync([
        "present", credential, "--disclose", .. paths, "--audience", "x509_hash:abc", "--nonce", "n-0123456789", "--holder-key", forge.HolderFile]);

    [Theory]
    [InlineData("ES256", "P-256")]
    [InlineData("ES384", "P-384")]
    [InlineData("ES512", "P-521")]
    [InlineData("EdDSA", "Ed25519")]
    public async Task Key_new_makes_a_private_key_that_signs(string algorithm, string curve)
    {
        var jwk = StrictJson.Parse((await CliProgram.RunAsync("key", "new", "--alg", algorithm)).Succeeded());
        Assert.Equal(curve, jwk.GetProperty("crv").GetString());
        var key = forge.File(jwk.GetRawText());
        var credential = (await CliProgram.RunAsync("issue", "--format", "dc+sd-jwt", "--type", "urn:test:1", "--claims", forge.Claims, "--key", key)).Succeeded();
        var result = await CliProgram.RunWithInputAsync(credential, "verify", "--trust", PublicPart(jwk.GetRawText()));
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public async Task Key_new_writes_a_file_for_its_owner_alone_and_never_over_another()
    {
        var path = forge.Folder.Combine("own.jwk");
        var shown = StrictJson.Parse((await CliProgram.RunAsync("key", "new", "--out", path)).Succeeded());
        Assert.False(shown.TryGetProperty("d", out _));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        var before = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(2, (await CliProgram.RunAsync("key", "new", "--out", path)).ExitCode);
        Assert.Equal(before, await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Pki_new_makes_an_authority_whose_signer_is_accepted_under_its_root()
    {
        var pki = forge.Folder.Combine("pki");
        var listed = StrictJson.Parse((await CliProgram.RunAsync("pki", "new", "--out", pki, "--json")).Succeeded());
        Assert.Equal(8, listed.GetProperty("files").GetArrayLength());
        var credential = (await CliProgram.RunAsync(
            "issue", "--format", "dc+sd-jwt", "--type", "urn:test:1", "--claims", forge.Claims,
            "--key", Path.Combine(pki, "document-signer-key.pem"), "--cert", Path.Combine(pki, "document-signer.pem"))).Succeeded();
        Assert.Equal(0, (await CliProgram.RunWithInputAsync(credential, "verify", "-", "--trust", Path.Combine(pki, "root.pem"))).ExitCode);
        Assert.Equal(1, (await CliProgram.RunWithInputAsync(credential, "verify", "-", "--trust", forge.Root)).ExitCode);
        Assert.Equal(2, (await CliProgram.RunAsync("pki", "new", "--out", pki)).ExitCode);
    }

    [Fact]
    public async Task A_presentation_shows_what_was_chosen_and_is_bound_to_audience_and_nonce()
    {
        var credential = forge.File((await IssueAsync("--holder", forge.HolderPublicFile, "--sd", "given_name", "address.city")).Succeeded());
        var presentation = forge.File((await PresentAsync(credential, "[\"address\",\"city\"]")).Succeeded());
        var result = await CliProgram.RunAsync("verify", presentation, "--trust", forge.Root, "--audience", "x509_hash:abc", "--nonce", "n-0123456789", "--json");
        Assert.Equal(0, result.ExitCode);
        var report = StrictJson.Parse(result.Stdout);
        var claims = report.GetProperty("parts")[0].GetProperty("claims");
        Assert.Equal("Jongno", claims.GetProperty("address").GetProperty("city").GetString());
        Assert.False(claims.TryGetProperty("given_name", out _));

        foreach (var (audience, nonce, failed) in new[] { ("x509_hash:abd", "n-0123456789", "kb_audience"), ("x509_hash:abc", "n-0123456780", "kb_nonce") })
        {
            var refused = await CliProgram.RunAsync("verify", presentation, "--trust", forge.Root, "--audience", audience, "--nonce", nonce, "--json");
            Assert.Equal(1, refused.ExitCode);
            Assert.Equal([failed], FailedChecks(refused.Stdout));
        }
    }

    [Fact]
    public async Task An_issuer_may_be_trusted_by_its_url()
    {
        await using var server = QuietServer.CreateBuilder().Build();
        var keys = new JsonObject { ["keys"] = new JsonArray(Jwk.Write(forge.Key.PublicKey)) };
        server.Urls.Add("http://127.0.0.1:0");
        server.MapGet("/.well-known/jwt-vc-issuer/agency", (HttpRequest request) => Results.Json(new JsonObject { ["issuer"] = $"http://{request.Host}/agency", ["jwks"] = keys.DeepClone() }));
        await server.StartAsync(TestContext.Current.CancellationToken);
        var issuer = server.Urls.First() + "/agency";
        var credential = await SdJwtIssuer.IssueAsync(
            new SdJwtContent
            {
                Type = "urn:test:1",
                Claims = new JsonObject { ["iss"] = issuer },
                Disclosable = [],
            },
            forge.Key,
            TestContext.Current.CancellationToken);

        Assert.Equal(0, (await CliProgram.RunWithInputAsync(credential, "verify", "--trust-url", issuer)).ExitCode);
        Assert.Equal(0, (await CliProgram.RunWithInputAsync(credential, "verify", "--trust", forge.Root, "--trust-url", issuer)).ExitCode);
        Assert.Equal(1, (await CliProgram.RunWithInputAsync(credential, "verify", "--trust-url", issuer + "/other")).ExitCode);
        Assert.Equal(2, (await CliProgram.RunWithInputAsync(credential, "verify", "--trust-url", "https://a.example/?q")).ExitCode);
        Assert.Equal(2, (await CliProgram.RunWithInputAsync(credential, "verify")).ExitCode);
    }

    [Theory]
    [InlineData(null, 0, "passed")]
    [InlineData("if-available", 0, "passed")]
    [InlineData("required", 1, "indeterminate")]
    [InlineData("skip", 0, "passed")]
    public async Task Whoever_verifies_says_what_a_missing_revocation_list_means(string? revocation, int exitCode, string outcome)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var authority = CertificateAuthority.Create("Agency", "KR", now, new CertificateContacts(RevocationList: new Uri("http://127.0.0.1:1/crl")));
        using var certificate = authority.IssueDocumentSigner("Signer", forge.Key, now);
        var credential = (await CliProgram.RunAsync(
            "issue", "--format", "dc+sd-jwt", "--type", "urn:test:1", "--claims", forge.Claims, "--key", forge.KeyFile, "--cert", forge.File(certificate.ExportCertificatePem()))).Succeeded();
        string[] more = revocation is null ? [] : ["--revocation", revocation];
        var result = await CliProgram.RunWithInputAsync(credential, ["verify", "--trust", forge.File(authority.Certificate.ExportCertificatePem()), "--json", .. more]);
        Assert.Equal(exitCode, result.ExitCode);
        var check = StrictJson.Parse(result.Stdout).GetProperty("parts")[0].GetProperty("checks").EnumerateArray().Single(one => one.GetProperty("id").GetString() == "issuer_key");
        Assert.Equal((outcome, revocation == "skip" ? null : CrlCodes.Unreachable), (check.GetProperty("outcome").GetString(), check.OptionalString("code")));
    }

    [Fact]
    public async Task A_credential_without_key_binding_is_refused_where_a_nonce_is_given()
    {
        var credential = forge.File((await IssueAsync("--holder", forge.HolderPublicFile)).Succeeded());
        Assert.Equal(0, (await CliProgram.RunAsync("verify", credential, "--trust", forge.Root)).ExitCode);
        var refused = await CliProgram.RunAsync("verify", credential, "--trust", forge.Root, "--audience", "a", "--nonce", "n", "--json");
        Assert.Equal(1, refused.ExitCode);
        Assert.Equal(["kb_signature"], FailedChecks(refused.Stdout));
    }

    [Fact]
    public async Task The_report_of_verify_has_the_members_of_the_contract()
    {
        var credential = (await IssueAsync()).Succeeded();
        var report = StrictJson.Parse((await CliProgram.RunWithInputAsync(credential, "verify", "--trust", forge.Root, "--json")).Succeeded());
        Assert.True(report.GetProperty("accepted").GetBoolean());
        var part = Assert.Single(report.GetProperty("parts").EnumerateArray());
        Assert.Equal("dc+sd-jwt", part.GetProperty("format").GetString());
        Assert.Equal("urn:test:1", part.GetProperty("type").GetString());
        Assert.Equal(
            ["format", "issuer_key", "issuer_signature", "digests", "disclosures", "validity", "type", "holder_key", "kb_signature",
                "kb_audience", "kb_nonce", "kb_time", "kb_sd_hash", "transaction_data", "status", "query"],
            part.GetProperty("checks").EnumerateArray().Select(check => check.GetProperty("id").GetString()));
        Assert.Equal(
            ["state", "response_mode", "decryption", "dcql_satisfied"],
            report.GetProperty("checks").EnumerateArray().Select(check => check.GetProperty("id").GetString()));
        Assert.All(report.GetProperty("checks").EnumerateArray(), check => Assert.Equal("not_applicable", check.GetProperty("outcome").GetString()));
        Assert.Equal("Hong", part.GetProperty("claims").GetProperty("family_name").GetString());
    }

    [Fact]
    public async Task A_refused_credential_shows_no_claims_in_words_or_in_json()
    {
        var credential = forge.File((await IssueAsync("--valid-days", "1")).Succeeded());
        var later = TimeProvider.System.GetUtcNow().AddDays(10).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        var words = await CliProgram.RunAsync("verify", credential, "--trust", forge.Root, "--at", later);
        Assert.Equal(1, words.ExitCode);
        Assert.Contains("NOT ACCEPTED", words.Stdout, StringComparison.Ordinal);
        Assert.DoesNotContain("Hong", words.Stdout, StringComparison.Ordinal);
        var json = await CliProgram.RunAsync("verify", credential, "--trust", forge.Root, "--at", later, "--json");
        Assert.DoesNotContain("Hong", json.Stdout, StringComparison.Ordinal);
        Assert.Equal(["validity"], FailedChecks(json.Stdout));
    }

    [Fact]
    public async Task An_unreachable_status_list_is_indeterminate_and_not_accepted_unless_status_is_skipped()
    {
        var credential = forge.File((await IssueAsync("--status", $"http://localhost:{FreePort.Next()}/list#5")).Succeeded());
        var refused = await CliProgram.RunAsync("verify", credential, "--trust", forge.Root, "--json");
        Assert.Equal(1, refused.ExitCode);
        Assert.Equal("indeterminate", Outcome(refused.Stdout, "status"));
        var skipped = await CliProgram.RunAsync("verify", credential, "--trust", forge.Root, "--status", "skip", "--json");
        Assert.Equal(0, skipped.ExitCode);
        Assert.Equal("not_applicable", Outcome(skipped.Stdout, "status"));
        var offline = await CliProgram.RunAsync("verify", credential, "--trust", forge.Root, "--status", "offline", "--json");
        Assert.Equal(1, offline.ExitCode);
        Assert.Equal("indeterminate", Outcome(offline.Stdout, "status"));
    }

    [Theory]
    [InlineData("jwt_vc_json-ld")]
    [InlineData("ac_vp")]
    public async Task A_format_that_is_not_built_is_refused_as_usage(string format)
    {
        var result = await CliProgram.RunAsync("issue", "--format", format, "--type", "x", "--claims", forge.Claims, "--key", forge.KeyFile);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("not supported", result.Stderr, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--sd", "vct")]
    [InlineData("--sd", "no_such_claim")]
    [InlineData("--status", "https://issuer.example/list")]
    [InlineData("--valid-days", "0")]
    public async Task Issue_refuses_what_would_not_be_a_good_credential(string option, string value) =>
        Assert.Equal(2, (await IssueAsync(option, value)).ExitCode);

    [Fact]
    public async Task A_certificate_of_another_key_is_refused()
    {
        var other = await CliProgram.RunAsync("issue", "--format", "dc+sd-jwt", "--type", "urn:test:1", "--claims", forge.Claims, "--key", forge.HolderFile, "--cert", forge.CertificateFile);
        Assert.Equal(2, other.ExitCode);
    }

    private string PublicPart(string privateJwk)
    {
        var jwk = (JsonObject)StrictJson.ToNode(StrictJson.Parse(privateJwk))!;
        jwk.Remove("d");
        return forge.File(StrictJson.ToText(jwk));
    }

    internal static IEnumerable<string> FailedChecks(string report) =>
        from part in StrictJson.Parse(report).GetProperty("parts").EnumerateArray()
        from check in part.GetProperty("checks").EnumerateArray()
        where check.GetProperty("outcome").GetString() == "failed"
        select check.GetProperty("id").GetString();

    private static string? Outcome(string report, string id) =>
        (from check in StrictJson.Parse(report).GetProperty("parts")[0].GetProperty("checks").EnumerateArray()
         where check.GetProperty("id").GetString() == id
         select check.GetProperty("outcome").GetString()).Single();
}
