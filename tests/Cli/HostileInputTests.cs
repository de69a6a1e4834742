using System.Text;
using Credentials.Codecs;
using Credentials.Tests.Shared;

namespace Credentials.Cli.Tests;

/// <summary>Whatever is given to <c>verify</c> is answered with a report; whatever is given to <c>inspect</c>, with a description or an error.</summary>
public sealed class HostileInputTests(Forge forge) : IClassFixture<Forge>
{
    private async Task RefusedAsync(string credential, params string[] failed)
    {
        var result = await CliProgram.RunWithInputAsync(credential, "verify", "--trust", forge.Root, "--status", "skip", "--json");
        Assert.Equal(1, result.ExitCode);
        Assert.False(StrictJson.Parse(result.Stdout).GetProperty("accepted").GetBoolean());
        Assert.Equal(failed, CredentialCommandsTests.FailedChecks(result.Stdout));
    }

    private async Task AcceptedAsync(string credential) =>
        Assert.Equal(0, (await CliProgram.RunWithInputAsync(credential, "verify", "--trust", forge.Root, "--status", "skip")).ExitCode);

    // The twin of every forged header and payload below: the same texts, nothing changed.
    [Fact]
    public async Task A_correct_header_and_payload_are_accepted() => await AcceptedAsync(await forge.SignAsync(forge.Header, Forge.Payload) + "~");

    [Fact]
    [Trait("Row", "JSN-01")]
    public async Task Verify_refuses_a_header_with_equal_names() =>
        await RefusedAsync(await forge.SignAsync("""{"alg":"none",""" + forge.Header[1..], Forge.Payload) + "~", "format");

    [Fact]
    [Trait("Row", "JSN-02")]
    public async Task Verify_refuses_a_header_with_equal_names_hidden_by_an_escape() =>
        await RefusedAsync(await forge.SignAsync("""{"\u0061lg":"none",""" + forge.Header[1..], Forge.Payload) + "~", "format");

    [Theory]
    [InlineData("""{"vct":"urn:test:1","vct":"urn:test:2"}""")]
    [InlineData("""{"vct":"urn:test:1","cnf":{"jwk":{}},"cnf":{}}""")]
    [InlineData("""{"vct":"urn:test:1"}{"vct":"urn:test:2"}""")]
    [InlineData("""{"vct":"urn:test:1"} x""")]
    [InlineData("""{"vct":"urn:test:1","a":"\ud800"}""")]
    [InlineData("""["urn:test:1"]""")]
    [Trait("Row", "JSN-03")]
    [Trait("Row", "JSN-05")]
    [Trait("Row", "JSN-10")]
    public async Task Verify_refuses_a_payload_that_is_no_strict_json_object(string payload) =>
        await RefusedAsync(await forge.SignAsync(forge.Header, payload) + "~", "format");

    [Fact]
    [Trait("Row", "JSN-04")]
    public async Task Verify_refuses_a_payload_that_is_not_utf8()
    {
        byte[] payload = [.. "{\"vct\":\"urn:test:1\",\"a\":\""u8, 0xff, 0xfe, .. "\"}"u8];
        await RefusedAsync(await forge.SignAsync(Encoding.UTF8.GetBytes(forge.Header), payload) + "~", "format");
    }

    [Theory]
    [InlineData(33)]
    [InlineData(5000)]
    [Trait("Row", "JSN-07")]
    public async Task Verify_refuses_deep_nesting(int depth) => await RefusedAsync(
        await forge.SignAsync(forge.Header, $$"""{"vct":"urn:test:1","a":{{new string('[', depth)}}{{new string(']', depth)}}}""") + "~", "format");

    [Theory]
    [InlineData("1e18", "validity")]
    [InlineData("1e400", "validity")]
    [InlineData("-1", "validity")]
    [InlineData("\"1700000000\"", "validity")]
    [InlineData("null", "validity")]
    [InlineData("true", "validity")]
    [Trait("Row", "JSN-08")]
    public async Task Verify_refuses_a_time_that_is_none(string time, string failed) =>
        await RefusedAsync(await forge.SignAsync(forge.Header, $$"""{"vct":"urn:test:1","iat":1.7e9,"exp":{{time}}}""") + "~", failed);

    [Fact]
    [Trait("Row", "JSN-08")]
    public async Task Verify_accepts_a_time_with_fraction_or_exponent() =>
        await AcceptedAsync(await forge.SignAsync(forge.Header, """{"vct":"urn:test:1","iat":1.7e9,"nbf":1700000000.5}""") + "~");

    [Theory]
    [InlineData("3.9")]
    [InlineData("3.0")]
    [InlineData("\"3\"")]
    [InlineData("9007199254740993")]
    [InlineData("-0")]
    [Trait("Row", "JSN-09")]
    public async Task Verify_refuses_a_status_index_that_is_no_plain_number(string index)
    {
        var payload = $$$$"""{"vct":"urn:test:1","status":{"status_list":{"idx":{{{{index}}}},"uri":"https://status.example/1"}}}""";
        var result = await CliProgram.RunWithInputAsync(await forge.SignAsync(forge.Header, payload) + "~", "verify", "--trust", forge.Root, "--json");
        Assert.Equal(1, result.ExitCode);
        Assert.Equal(["status"], CredentialCommandsTests.FailedChecks(result.Stdout).DefaultIfEmpty("status"));
        Assert.DoesNotContain("\"accepted\": true", result.Stdout, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "JSN-13")]
    public async Task Verify_refuses_too_many_members_and_inspect_too_large_a_document()
    {
        var members = string.Join(',', Enumerable.Range(0, 2001).Select(i => $"\"m{i}\":0"));
        await RefusedAsync(await forge.SignAsync(forge.Header, $$$"""{"vct":"urn:test:1",{{{members}}}}""") + "~", "format");
        var large = forge.File("{\"a\":\"" + new string('x', 9 * 1024 * 1024) + "\"}");
        var result = await CliProgram.RunAsync("inspect", large);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(CliCodes.InputTooLarge, result.Stderr, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(" ")]
    [InlineData("\n")]
    [InlineData("=")]
    [InlineData("+")]
    [InlineData("/")]
    [InlineData("é")]
    [InlineData("%7E")]
    [Trait("Row", "B64-01")]
    [Trait("Row", "B64-02")]
    [Trait("Row", "B64-03")]
    [Trait("Row", "B64-10")]
    public async Task Verify_and_inspect_refuse_odd_characters_in_every_part(string odd)
    {
        var parts = (await forge.IssueAsync()).Split('~');
        await AcceptedAsync(string.Join('~', parts));
        var jwt = parts[0].Split('.');
        foreach (var broken in new[]
        {
            $"{jwt[0].Insert(4, odd)}.{jwt[1]}.{jwt[2]}~{parts[1]}~", $"{jwt[0]}.{jwt[1].Insert(4, odd)}.{jwt[2]}~{parts[1]}~",
            $"{jwt[0]}.{jwt[1]}.{jwt[2].Insert(4, odd)}~{parts[1]}~", $"{parts[0]}~{parts[1].Insert(4, odd)}~",
        })
        {
            await RefusedAsync(broken, "format");
            Assert.Equal(2, (await CliProgram.RunWithInputAsync(broken, "inspect")).ExitCode);
        }
    }

    [Fact]
    [Trait("Row", "B64-04")]
    public async Task Verify_refuses_a_second_spelling_of_the_same_bytes()
    {
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var jwt = await forge.SignAsync(forge.Header, Forge.Payload);
        var twin = jwt[..^1] + alphabet[alphabet.IndexOf(jwt[^1]) ^ 1];
        await AcceptedAsync(jwt + "~");
        await RefusedAsync(twin + "~", "format");
    }

    [Theory]
    [InlineData("a.b~")]
    [InlineData("..~")]
    [InlineData("a.b.~")]
    [InlineData(".b.c~")]
    [InlineData("a..c~")]
    [InlineData("a.b.c.d~")]
    [InlineData("a.b.c.d.e~")]
    [InlineData("~")]
    [InlineData("~~")]
    [InlineData("no-token")]
    [Trait("Row", "B64-05")]
    public async Task Verify_refuses_what_has_not_three_parts(string text) => await RefusedAsync(text, "format");

    [Fact]
    [Trait("Row", "B64-06")]
    public async Task Verify_refuses_a_token_of_dots_and_a_token_that_is_too_long()
    {
        await RefusedAsync(new string('.', 100_000) + "~", "format");
        await RefusedAsync(new string('A', 1024 * 1024) + ".A.A~", "format");
    }

    [Theory]
    [InlineData("\"none\"")]
    [InlineData("\"None\"")]
    [InlineData("\"nOnE\"")]
    [InlineData("null")]
    [InlineData("1")]
    [InlineData("[\"ES256\"]")]
    [InlineData("\"HS256\"")]
    [Trait("Row", "JOS-01")]
    [Trait("Row", "JOS-02")]
    public async Task Verify_refuses_an_algorithm_that_is_none(string algorithm) =>
        await RefusedAsync(await forge.SignAsync(forge.Header.Replace("\"ES256\"", algorithm, StringComparison.Ordinal), Forge.Payload) + "~", "format");

    [Theory]
    [InlineData("ES384")]
    [InlineData("EdDSA")]
    [Trait("Row", "JOS-03")]
    public async Task Verify_refuses_an_algorithm_of_another_key(string algorithm) =>
        await RefusedAsync(await forge.SignAsync(forge.Header.Replace("ES256", algorithm, StringComparison.Ordinal), Forge.Payload) + "~", "issuer_signature");

    [Theory]
    [InlineData("""{"alg":"ES256","typ":"dc+sd-jwt","jwk":{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}}""")]
    [InlineData("""{"alg":"ES256","typ":"dc+sd-jwt","jku":"http://169.254.169.254/keys"}""")]
    [InlineData("""{"alg":"ES256","typ":"dc+sd-jwt","x5u":"http://169.254.169.254/cert"}""")]
    [InlineData("""{"alg":"ES256","typ":"dc+sd-jwt","kid":"../../dev/null"}""")]
    [Trait("Row", "JOS-05")]
    [Trait("Row", "JOS-06")]
    [Trait("Row", "JOS-07")]
    public async Task Verify_takes_no_key_that_the_token_brings_along(string header) =>
        await RefusedAsync(await forge.SignAsync(header, Forge.Payload) + "~", "issuer_key");

    [Theory]
    [InlineData("\"crit\":[\"exp\"],\"exp\":1")]
    [InlineData("\"crit\":[]")]
    [InlineData("\"crit\":\"alg\"")]
    [InlineData("\"crit\":[\"b64\"],\"b64\":false")]
    [Trait("Row", "JOS-08")]
    [Trait("Row", "JOS-09")]
    [Trait("Row", "JOS-10")]
    public async Task Verify_refuses_critical_headers(string critical) =>
        await RefusedAsync(await forge.SignAsync("{" + critical + "," + forge.Header[1..], Forge.Payload) + "~", "format");

    [Theory]
    [InlineData("JWT")]
    [InlineData("kb+jwt")]
    [InlineData("vc+sd-jwt")]
    [InlineData("statuslist+jwt")]
    [Trait("Row", "JOS-11")]
    public async Task Verify_refuses_another_kind_of_token(string type) =>
        await RefusedAsync(await forge.SignAsync(forge.Header.Replace("dc+sd-jwt", type, StringComparison.Ordinal), Forge.Payload) + "~", "type");

    [Fact]
    [Trait("Row", "JOS-12")]
    public async Task Verify_refuses_degenerate_signatures()
    {
        var jwt = await forge.SignAsync(forge.Header, Forge.Payload);
        var input = jwt[..(jwt.LastIndexOf('.') + 1)];
        foreach (var signature in new byte[][] { new byte[64], new byte[63], new byte[65], [0x30, 6, 2, 1, 1, 2, 1, 1] })
            await RefusedAsync(input + StrictBase64Url.Encode(signature) + "~", "issuer_signature");
    }

    [Theory]
    [InlineData("""{"kty":"EC","crv":"P-256","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","y":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}""")]
    [InlineData("""{"kty":"oct","k":"AAAA"}""")]
    [InlineData("""{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}""")]
    [InlineData("""{"kty":"EC"}""")]
    [InlineData("""[]""")]
    [Trait("Row", "JOS-14")]
    [Trait("Row", "JOS-16")]
    public async Task A_holder_key_that_is_no_key_is_refused(string jwk)
    {
        var result = await CliProgram.RunAsync(
            "issue", "--format", "dc+sd-jwt", "--type", "t", "--claims", forge.Claims, "--key", forge.KeyFile, "--holder", forge.File(jwk));
        Assert.Equal(2, result.ExitCode);
        Assert.Empty(result.Stdout);
    }

    [Fact]
    [Trait("Row", "JOS-15")]
    public async Task A_private_key_is_no_trust_anchor()
    {
        var result = await CliProgram.RunWithInputAsync(await forge.IssueAsync(), "verify", "--trust", forge.HolderFile);
        Assert.Equal(2, result.ExitCode);
        var secret = StrictJson.Parse(await File.ReadAllTextAsync(forge.HolderFile, TestContext.Current.CancellationToken)).GetProperty("d").GetString()!;
        Assert.DoesNotContain(secret, result.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "JSN-03")]
    public async Task Issue_refuses_claims_with_equal_names() => Assert.Equal(2, (await CliProgram.RunAsync(
        "issue", "--format", "dc+sd-jwt", "--type", "t", "--claims", forge.File("""{"a":1,"a":2}"""), "--key", forge.KeyFile)).ExitCode);
}
