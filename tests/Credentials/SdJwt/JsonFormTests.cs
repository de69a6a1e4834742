using System.Text.Json.Nodes;
using Credentials.Jose;
using Credentials.SdJwt;
using Credentials.Trust;
using static Credentials.Tests.SdJwt.Workshop;

namespace Credentials.Tests.SdJwt;

/// <summary>RFC 9901 §8: SD-JWTs as JSON.</summary>
public class JsonFormTests
{
    private static readonly SdJwtExpectations _expected = Json(Expected);
    private static readonly SdJwtExpectations _bound = Json(Bound);

    private static SdJwtExpectations Json(SdJwtExpectations expected) =>
        expected with { Profile = SdJwtProfile.VerifiableCredential with { AcceptsJson = true } };

    /// <summary>A bound presentation, as text of the form.</summary>
    private static async Task<JsonObject> PresentedAsync(SdJwtSerialization form)
    {
        var issued = SdJwtCredential.Parse(await IssueAsync()).As(form);
        var binding = new KeyBinding(Audience, Nonce, Now);
        var text = await SdJwtPresenter.PresentAsync(issued, [ClaimPath.Of("given_name")], binding, HolderKey, TestContext.Current.CancellationToken);
        return Node(text)!.AsObject();
    }

    private static JsonObject Header(JsonObject json) => (json["signatures"]?[0] ?? json)["header"]!.AsObject();

    private static Task<VerificationReport> RefuseAsFormatAsync(string text) => RefuseAsync(text, SdJwtChecks.Format, SdJwtCodes.Malformed, _bound);

    [Theory]
    [InlineData(SdJwtSerialization.FlattenedJson)]
    [InlineData(SdJwtSerialization.GeneralJson)]
    public async Task A_presentation_keeps_the_form_of_its_credential_and_is_accepted(SdJwtSerialization form)
    {
        var json = await PresentedAsync(form);

        Assert.Equal(form == SdJwtSerialization.GeneralJson, json.ContainsKey("signatures"));
        Assert.Equal(form, SdJwtCredential.Parse(json.ToJsonString()).Serialization);
        Assert.Single(Header(json)["disclosures"]!.AsArray());
        var claims = await AcceptAsync(json.ToJsonString(), _bound);
        Assert.Equal("민준", claims.GetProperty("given_name").GetString());
        Assert.False(claims.TryGetProperty("family_name", out _));
    }

    [Fact]
    public async Task A_json_form_and_its_compact_form_are_read_alike_and_turn_into_each_other()
    {
        var compact = await IssueAsync();
        foreach (var form in new[] { SdJwtSerialization.FlattenedJson, SdJwtSerialization.GeneralJson })
        {
            var json = SdJwtCredential.Parse(SdJwtCredential.Parse(compact).As(form).ToString());
            Assert.Equal(compact, json.WithoutKeyBinding);
            Assert.Equal(compact, json.As(SdJwtSerialization.Compact).ToString());
            AssertJson(SdJwtCredential.Parse(compact).UnverifiedClaims(), json.UnverifiedClaims());
        }
    }

    [Fact]
    public async Task One_signer_issues_the_flattened_and_several_the_general_form()
    {
        var content = new SdJwtContent { Type = Vct, Claims = SampleClaims(), Disclosable = [ClaimPath.Of("given_name")], HolderKey = HolderKey.PublicKey };
        SdJwtSigner one = new(IssuerKey) { KeyId = "one" }, two = new(OtherKey) { Certificates = [Authority.IssueDocumentSigner("Second", OtherKey, Now)] };

        var flattened = await SdJwtIssuer.IssueJsonAsync(content, [one], TestContext.Current.CancellationToken);
        var general = await SdJwtIssuer.IssueJsonAsync(content, [one, two], TestContext.Current.CancellationToken);

        Assert.Equal("one", SdJwtCredential.Parse(flattened).IssuerJwt.KeyId);
        Assert.Equal(SdJwtSerialization.FlattenedJson, SdJwtCredential.Parse(flattened).Serialization);
        await AcceptAsync(flattened, _expected);
        Assert.Equal(2, SdJwtCredential.Parse(general).Signatures.Count());
        foreach (var (form, signatures) in new[] { (SdJwtSerialization.GeneralJson, 2), (SdJwtSerialization.FlattenedJson, 1), (SdJwtSerialization.Compact, 1) })
            Assert.Equal(signatures, SdJwtCredential.Parse(general).As(form).Signatures.Count());
        await AcceptAsync(general, _expected);
        await AcceptAsync(general, _expected with { Trust = RootTrust });
        await AcceptAsync(await SdJwtIssuer.IssueJsonAsync(content, [one, two, one, two], TestContext.Current.CancellationToken), _expected);
        foreach (var wrong in new SdJwtSigner[][] { [], [one, two, one, two, one] })
            await Assert.ThrowsAsync<ArgumentException>(async () => await SdJwtIssuer.IssueJsonAsync(content, wrong, TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await SdJwtIssuer.IssueJsonAsync(content with { KeyId = "x" }, [one], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Verify_refuses_a_json_form_where_the_profile_takes_the_compact_form_only()
    {
        var json = (await PresentedAsync(SdJwtSerialization.FlattenedJson)).ToJsonString();
        await AcceptAsync(json, _bound);

        await RefuseOnlyAsync(json, SdJwtChecks.Format, SdJwtCodes.SerializationNotAccepted, Bound);
    }

    [Fact]
    [Trait("Row", "SDJ-27")]
    public async Task Verify_refuses_disclosures_and_key_binding_anywhere_but_in_the_first_unprotected_header()
    {
        foreach (var name in new[] { "disclosures", "kb_jwt" })
        {
            var general = await PresentedAsync(SdJwtSerialization.GeneralJson);
            await AcceptAsync(general.ToJsonString(), _bound);
            var second = general["signatures"]![0]!.DeepClone().AsObject();
            second["header"] = new JsonObject { [name] = Header(general)[name]!.DeepClone() };
            general["signatures"]!.AsArray().Add(second);
            await RefuseAsFormatAsync(general.ToJsonString());

            var parts = (await PresentedAsync(SdJwtSerialization.FlattenedJson)).ToJsonString();
            var value = Header(Node(parts)!.AsObject())[name]!.ToJsonString();
            await RefuseAsFormatAsync(parts.Replace($"\"{name}\":", $"\"{name}\":{value},\"{name}\":", StringComparison.Ordinal));
        }
    }

    [Theory]
    [Trait("Row", "SDJ-27")]
    [InlineData("disclosures", "[]")]
    [InlineData("kb_jwt", "\"a.b.c\"")]
    public async Task Verify_refuses_disclosures_and_key_binding_in_the_protected_header(string name, string value)
    {
        var header = new JsonObject { ["typ"] = "dc+sd-jwt", [name] = Node(value) };
        var good = SdJwtCredential.Parse(Join(await SignAsync(Payload()))).As(SdJwtSerialization.FlattenedJson).ToString();
        await AcceptAsync(good, _expected);

        var jwt = (await SignAsync(Payload(), header)).Split('.');
        var json = new JsonObject { ["protected"] = jwt[0], ["payload"] = jwt[1], ["signature"] = jwt[2] };
        await RefuseAsFormatAsync(json.ToJsonString());
    }

    [Theory]
    [Trait("Row", "SDJ-27")]
    [InlineData("payload", null)]
    [InlineData("payload", "17")]
    [InlineData("protected", null)]
    [InlineData("signature", null)]
    [InlineData("signature", "\"\"")]
    [InlineData("header", "[]")]
    [InlineData("header", "{\"disclosures\":\"x\"}")]
    [InlineData("header", "{\"disclosures\":[1]}")]
    [InlineData("header", "{\"disclosures\":[null]}")]
    [InlineData("header", "{\"disclosures\":[\"\"]}")]
    [InlineData("header", "{\"kb_jwt\":{}}")]
    [InlineData("header", "{\"kb_jwt\":\"\"}")]
    [InlineData("header", "{\"kb_jwt\":\"a.b\"}")]
    [InlineData("header", "{\"kb_jwt\":\"a.b.c~\"}")]
    [InlineData("header", "{\"typ\":\"dc+sd-jwt\"}")]
    [InlineData("header", "{\"alg\":\"none\"}")]
    [InlineData("header", "{\"crit\":[\"exp\"]}")]
    [InlineData("signatures", "[]")]
    [InlineData("signatures", "[{}]")]
    [InlineData("signatures", "{}")]
    public async Task Verify_refuses_a_broken_json_form(string member, string? value)
    {
        var json = await PresentedAsync(SdJwtSerialization.FlattenedJson);
        await AcceptAsync(json.ToJsonString(), _bound);

        json.Remove(member);
        if (value is not null) json[member] = Node(value);
        var report = await VerifyAsync(json.ToJsonString(), _bound);
        Assert.Equal(CheckOutcome.Failed, report.Checks[0].Outcome);
        Assert.All(report.Checks.Skip(1), check => Assert.Equal(SdJwtChecks.Format, check.BlockedBy));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("{\"payload\":\"e30\"}")]
    [InlineData("{\"payload\":\"e30\",\"signatures\":[]}")]
    [InlineData("{\"payload\":\"e30\",\"payload\":\"e30\",\"signatures\":[]}")]
    [InlineData("{\"signatures\":[[[[[[[[[[[[]]]]]]]]]]]]}")]
    public async Task Verify_refuses_json_that_is_no_sd_jwt(string text) => await RefuseAsFormatAsync(text);

    [Fact]
    public async Task Members_that_nobody_knows_and_unprotected_headers_change_nothing()
    {
        var json = await PresentedAsync(SdJwtSerialization.FlattenedJson);
        json["note"] = "hello";
        Header(json)["kid"] = "anything";
        Header(json)["x5c"] = new JsonArray("AAAA");
        Header(json)["jwk"] = Jwk.Write(OtherKey.PublicKey);

        await AcceptAsync(json.ToJsonString(), _bound);
        var credential = SdJwtCredential.Parse(json.ToJsonString());
        var written = Node(credential.ToString())!.AsObject();
        Assert.True(JsonNode.DeepEquals(Header(json), Header(written)), written.ToJsonString());

        // What is shown of it goes with the disclosures and the key binding, and the rest of the header stays.
        var shown = Node(SdJwtPresenter.Select(credential, []).ToString())!.AsObject();
        Assert.Equal(["kid", "x5c", "jwk"], Header(shown).Select(parameter => parameter.Key));
    }

    [Theory]
    [InlineData(SdJwtSerialization.FlattenedJson)]
    [InlineData(SdJwtSerialization.GeneralJson)]
    public async Task A_header_without_parameters_is_left_out(SdJwtSerialization form)
    {
        var shown = SdJwtPresenter.Select(SdJwtCredential.Parse((await PresentedAsync(form)).ToJsonString()), []);
        Assert.DoesNotContain("\"header\"", shown.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("\"header\"", SdJwtCredential.Parse(await SdJwtAsync(Payload())).As(form).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("protected")]
    [InlineData("header")]
    [InlineData("signature")]
    public async Task Members_of_the_flattened_form_have_no_place_in_the_general_one(string member)
    {
        var json = await PresentedAsync(SdJwtSerialization.GeneralJson);
        await AcceptAsync(json.ToJsonString(), _bound);
        json[member] = json["signatures"]![0]![member]!.DeepClone();
        await RefuseAsFormatAsync(json.ToJsonString());
    }

    [Fact]
    [Trait("Row", "B64-08")]
    public async Task Verify_counts_the_signature_of_a_trusted_issuer_and_no_other()
    {
        var first = (await SignAsync(Payload(), key: OtherKey)).Split('.');
        var second = (await SignAsync(Payload(), new JsonObject { ["typ"] = "dc+sd-jwt", ["kid"] = "second" })).Split('.');
        string General(string firstSignature, string secondSignature) => new JsonObject
        {
            ["payload"] = first[1],
            ["signatures"] = new JsonArray(
                new JsonObject { ["protected"] = first[0], ["signature"] = firstSignature },
                new JsonObject { ["protected"] = second[0], ["signature"] = secondSignature }),
        }.ToJsonString();

        var good = await VerifyAsync(General(first[2], second[2]), _expected);
        Assert.True(good.TryGetVerified(out var verified), Describe(good));
        Assert.Equal(IssuerKey.PublicKey, verified.Anchor!.Key);

        // Where both are trusted the first one counts.
        var both = _expected with { Trust = PinnedTrust.With(TrustStore.Create([TrustAnchor.ForKey(OtherKey.PublicKey, TrustPurpose.CredentialIssuer)])) };
        Assert.True((await VerifyAsync(General(first[2], second[2]), both)).TryGetVerified(out verified));
        Assert.Equal(OtherKey.PublicKey, verified.Anchor!.Key);

        // The stranger's signature is good, and nobody asks for strangers' signatures.
        await RefuseOnlyAsync(General(first[2], second[2][..^2] + (second[2].EndsWith("AA", StringComparison.Ordinal) ? "BA" : "AA")), SdJwtChecks.IssuerSignature, SdJwtCodes.SignatureInvalid, _expected);
        await RefuseAsync(General(first[2], first[2]), SdJwtChecks.IssuerSignature, SdJwtCodes.SignatureInvalid, _expected);
    }

    [Fact]
    [Trait("Row", "B64-08")]
    public async Task The_header_of_the_signature_that_counts_decides_on_the_type_of_token()
    {
        var stranger = (await SignAsync(Payload(), key: OtherKey)).Split('.');
        var issuer = (await SignAsync(Payload(), new JsonObject { ["typ"] = "at+jwt" })).Split('.');
        var json = new JsonObject
        {
            ["payload"] = issuer[1],
            ["signatures"] = new JsonArray(
                new JsonObject { ["protected"] = stranger[0], ["signature"] = stranger[2] },
                new JsonObject { ["protected"] = issuer[0], ["signature"] = issuer[2] }),
        };

        await RefuseOnlyAsync(json.ToJsonString(), SdJwtChecks.Type, SdJwtCodes.HeaderType, _expected);
    }

    [Fact]
    [Trait("Row", "B64-09")]
    public async Task Signatures_and_disclosures_are_counted_before_anything_is_verified()
    {
        var jwt = (await SignAsync(Payload())).Split('.');
        string General(int count) => new JsonObject
        {
            ["payload"] = jwt[1],
            ["signatures"] = new JsonArray([.. Enumerable.Range(0, count).Select(_ => new JsonObject { ["protected"] = jwt[0], ["signature"] = jwt[2] })]),
        }.ToJsonString();
        string Flattened(int disclosures) => new JsonObject
        {
            ["payload"] = jwt[1],
            ["protected"] = jwt[0],
            ["signature"] = jwt[2],
            ["header"] = new JsonObject { ["disclosures"] = new JsonArray([.. Enumerable.Range(0, disclosures).Select(i => (JsonNode)B64($"[\"s{i}\",1]"))]) },
        }.ToJsonString();

        await AcceptAsync(General(4), _expected);
        await RefuseAsync(General(5), SdJwtChecks.Format, SdJwtCodes.TooManySignatures, _expected);
        await RefuseAsync(Flattened(500), SdJwtChecks.Disclosures, SdJwtCodes.DisclosureUnreferenced, _expected);
        await RefuseAsync(Flattened(501), SdJwtChecks.Format, SdJwtCodes.TooManyDisclosures, _expected);
        await RefuseAsync("{" + new string(' ', 256 * 1024), SdJwtChecks.Format, SdJwtCodes.TooLarge, _expected);
    }
}
