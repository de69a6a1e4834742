using System.Text;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys.Software;
using Credentials.OpenId4Vp;
using static Credentials.Tests.OpenId4Vp.PresentationParties;

namespace Credentials.Tests.OpenId4Vp;

public sealed class ResponseReaderTests : IDisposable
{
    private static readonly AuthorizationResponse s_answer = AuthorizationResponse.Success(Token(("licence", ["eyJ.x.y~"])), "af0ifjsldkj-0123456789~._");

    private readonly PresentationParties _parties = new();

    public void Dispose() => _parties.Dispose();

    private async Task<ReceivedResponse> ReadAsync(IReadOnlyDictionary<string, string> form, string mode = OpenId4VpNames.DirectPostJwt) =>
        await ResponseReader.ReadAsync(form, _parties.ExpectedResponse(_parties.Request(mode: mode)), TestContext.Current.CancellationToken);

    private async Task<IReadOnlyDictionary<string, string>> EncryptAsync(
        JsonObject payload, SoftwareKeyAgreementKey? key = null, string enc = JweEncryption.A256Gcm, string? kid = "enc-1", JsonObject? header = null) =>
        new Dictionary<string, string>
        {
            ["response"] = await Jwe.EncryptAsync(StrictJson.ToUtf8(payload), (key ?? _parties.EncryptionKey).PublicKey, enc, kid, header),
        };

    private static async Task AssertMalformedAsync(Func<Task> act)
    {
        var e = await Assert.ThrowsAsync<ProtocolException>(act);
        Assert.Equal((OpenId4VpErrors.InvalidRequest, OpenId4VpCodes.ResponseMalformed), (e.Error, e.Code));
    }

    [Theory]
    [InlineData(OpenId4VpNames.DirectPost)]
    [InlineData(OpenId4VpNames.DirectPostJwt)]
    public async Task What_a_wallet_sends_is_what_the_verifier_reads(string mode)
    {
        var request = _parties.Request(mode: mode);
        var verified = RequestVerifier.Verify(await _parties.SignAsync(request), Link(request), _parties.Expected());

        var received = await ReadAsync(await verified.ToFormAsync(s_answer), mode);

        Assert.Equal(s_answer.ToJson().ToJsonString(), received.Response!.ToJson().ToJsonString());
        Assert.True(received.Facts.AllAccept);
        Assert.Equal(verified.Encryption is null ? CheckOutcome.NotApplicable : CheckOutcome.Passed, received.Facts.Decryption);
    }

    [Theory]
    [Trait("Row", "JWE-09")]
    [InlineData(JweEncryption.A128Gcm)]
    [InlineData(JweEncryption.A256Gcm)]
    public async Task Party_information_in_the_header_is_part_of_the_key(string enc)
    {
        var header = new JsonObject { ["apu"] = "d2FsbGV0LW5vbmNl", ["apv"] = "bm9uY2U" };
        var form = await EncryptAsync(s_answer.ToJson(), enc: enc, header: header);
        var parts = form["response"].Split('.');
        var changed = Encoding.UTF8.GetString(StrictBase64Url.Decode(parts[0])).Replace("bm9uY2U", "bm9uY2V", StringComparison.Ordinal);
        var altered = string.Join('.', parts.Skip(1).Prepend(StrictBase64Url.Encode(Encoding.UTF8.GetBytes(changed))));

        Assert.Equal(CheckOutcome.Passed, (await ReadAsync(form)).Facts.Decryption);
        Assert.Equal(CheckOutcome.Failed, (await ReadAsync(new Dictionary<string, string> { ["response"] = altered })).Facts.Decryption);
    }

    [Fact]
    [Trait("Row", "JWE-08")]
    [Trait("Row", "VPV-05")]
    public async Task A_response_to_another_request_s_key_is_not_decrypted()
    {
        using var other = SoftwareKeyAgreementKey.Generate();
        var otherKey = await ReadAsync(await EncryptAsync(s_answer.ToJson(), other));
        var otherKid = await ReadAsync(await EncryptAsync(s_answer.ToJson(), kid: "enc-0"));
        var noKid = await ReadAsync(await EncryptAsync(s_answer.ToJson(), kid: null));

        foreach (var received in new[] { otherKey, otherKid, noKid })
        {
            Assert.Null(received.Response);
            Assert.Equal(new ResponseFacts(CheckOutcome.NotRun, CheckOutcome.Passed, CheckOutcome.Failed), received.Facts);
        }
        Assert.True((await ReadAsync(await EncryptAsync(s_answer.ToJson()))).Facts.AllAccept);
    }

    [Theory]
    [Trait("Row", "VPV-05")]
    [InlineData("a.b.c.d.e")]
    [InlineData("")]
    [InlineData("eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIiwia2lkIjoiZW5jLTEifQ..AAAAAAAAAAAAAAAA.AA.AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("eyJhbGciOiJFQ0RILUVTIiwiZW5jIjoiQTEyOENCQy1IUzI1NiIsImtpZCI6ImVuYy0xIn0..AAAAAAAAAAAAAAAA.AA.AAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Another_algorithm_or_no_jwe_at_all_is_not_decrypted(string response)
    {
        var received = await ReadAsync(new Dictionary<string, string> { ["response"] = response });

        Assert.Equal((null, CheckOutcome.Failed), (received.Response, received.Facts.Decryption));
    }

    [Fact]
    [Trait("Row", "VPV-03")]
    public async Task The_state_must_come_back_unchanged_inside_and_outside()
    {
        AuthorizationResponse With(string? state) => AuthorizationResponse.Success(s_answer.VpToken!, state);
        async Task<CheckOutcome> Plain(string? state) => (await ReadAsync(With(state).ToForm(), OpenId4VpNames.DirectPost)).Facts.State;
        async Task<CheckOutcome> Encrypted(string? inner, string? outer)
        {
            var form = new Dictionary<string, string>(await EncryptAsync(With(inner).ToJson()));
            if (outer is not null) form["state"] = outer;
            return (await ReadAsync(form)).Facts.State;
        }
        var right = s_answer.State!;

        foreach (var wrong in new[] { null, "", "other", right + "x", right.ToUpperInvariant() })
        {
            Assert.Equal(CheckOutcome.Failed, await Plain(wrong));
            Assert.Equal(CheckOutcome.Failed, await Encrypted(wrong, null));
        }
        Assert.Equal(CheckOutcome.Failed, await Encrypted(right, "other"));
        Assert.Equal(CheckOutcome.Failed, await Encrypted(null, right));
        Assert.Equal(CheckOutcome.Passed, await Encrypted(right, right));
        Assert.Equal(CheckOutcome.Passed, await Encrypted(right, null));
        Assert.Equal(CheckOutcome.Passed, await Plain(right));
    }

    [Fact]
    [Trait("Row", "VPW-20")]
    public async Task Presentations_that_come_plain_or_encrypted_against_the_request_are_refused()
    {
        var plain = await ReadAsync(s_answer.ToForm());
        var encrypted = await ReadAsync(await EncryptAsync(s_answer.ToJson()), OpenId4VpNames.DirectPost);

        Assert.Equal(CheckOutcome.Failed, plain.Facts.ResponseMode);
        Assert.Equal(CheckOutcome.Failed, encrypted.Facts.ResponseMode);
        Assert.Null(encrypted.Response);
    }

    [Fact]
    [Trait("Row", "VPV-26")]
    public async Task An_error_may_come_unencrypted()
    {
        var request = _parties.Request();
        var verified = RequestVerifier.Verify(await _parties.SignAsync(request), Link(request), _parties.Expected());
        var refusal = AuthorizationResponse.Refusal(OpenId4VpErrors.AccessDenied, request.State);

        var form = await verified.ToFormAsync(refusal);
        var received = await ReadAsync(form);

        Assert.Equal(["error", "state"], form.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((OpenId4VpErrors.AccessDenied, (VpToken?)null), (received.Response!.Error, received.Response.VpToken));
        Assert.True(received.Facts.AllAccept);
        Assert.True((await ReadAsync(await EncryptAsync(refusal.ToJson()))).Facts.AllAccept);
    }

    [Theory]
    [Trait("Row", "VPV-20")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("access denied")]
    [InlineData("")]
    [InlineData("\u202Eaccess")]
    public async Task An_error_that_is_no_code_is_refused_and_free_text_is_not_kept(string error)
    {
        await AssertMalformedAsync(() => ReadAsync(new Dictionary<string, string> { ["error"] = error }));

        var received = await ReadAsync(new Dictionary<string, string> { ["error"] = "access_denied", ["error_description"] = "<b>x</b>" });
        Assert.Equal("""{"error":"access_denied"}""", received.Response!.ToJson().ToJsonString());
    }

    public static TheoryData<string, string> BadForms => new()
    {
        { "state", "x" }, { "vp_token", "" }, { "vp_token", "[]" }, { "vp_token", "{}" }, { "vp_token", "{" }, { "vp_token", "eyJ.x.y~" },
        { "vp_token", """{"a":"x"}""" }, { "vp_token", """{"a":[]}""" }, { "vp_token", """{"a":["x"],"a":["y"]}""" },
        { "vp_token", """{"a":["x"],"\u0061":["y"]}""" }, { "vp_token", """{"a":["\ud800"]}""" }, { "vp_token", """{"a":["x"]} x""" },
        { "vp_token", $$"""{"a":[{{string.Join(',', Enumerable.Repeat("\"x\"", VpToken.MaxPresentations + 1))}}]}""" },
    };

    [Theory]
    [Trait("Row", "VPV-06")]
    [Trait("Row", "JSN-03")]
    [MemberData(nameof(BadForms))]
    public async Task A_form_that_is_no_response_is_an_invalid_request(string name, string value)
    {
        await AssertMalformedAsync(() => ReadAsync(new Dictionary<string, string> { [name] = value }, OpenId4VpNames.DirectPost));
        Assert.NotNull((await ReadAsync(new Dictionary<string, string> { ["vp_token"] = """{"a":["x"]}""" }, OpenId4VpNames.DirectPost)).Response);
    }

    [Theory]
    [Trait("Row", "VPV-06")]
    [Trait("Row", "JWE-07")]
    [InlineData("""{"vp_token":"{\"a\":[\"x\"]}"}""")]
    [InlineData("""{"vp_token":{"a":["x"]},"error":"access_denied"}""")]
    [InlineData("""{"vp_token":{"a":["x"]},"state":1}""")]
    [InlineData("""{}""")]
    [InlineData("""{"response":"a.b.c.d.e"}""")]
    public async Task What_was_encrypted_is_held_to_the_same_form(string payload)
    {
        var form = await EncryptAsync((JsonObject)StrictJson.ToNode(Json(payload))!);

        await AssertMalformedAsync(() => ReadAsync(form));
    }

    [Fact]
    [Trait("Row", "JWE-07")]
    public async Task A_signed_token_or_text_inside_the_encryption_is_no_response()
    {
        foreach (var text in new[] { "eyJhbGciOiJub25lIn0.e30.", "\"text\"", "[1]", "\xff" })
        {
            var jwe = await Jwe.EncryptAsync(Encoding.Latin1.GetBytes(text), _parties.EncryptionKey.PublicKey, JweEncryption.A128Gcm, "enc-1");
            await AssertMalformedAsync(() => ReadAsync(new Dictionary<string, string> { ["response"] = jwe }));
        }
    }

    [Fact]
    public async Task A_response_is_encrypted_or_plain_and_not_both()
    {
        var both = new Dictionary<string, string>(await EncryptAsync(s_answer.ToJson())) { ["vp_token"] = """{"a":["x"]}""" };

        await AssertMalformedAsync(() => ReadAsync(both));
    }
}
