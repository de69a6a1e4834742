using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.SdJwt;
using static Credentials.Tests.SdJwt.Workshop;

namespace Credentials.Tests.SdJwt;

/// <summary>RFC 9901 §4: what is an SD-JWT at all.</summary>
public class CompactFormTests
{
    private const string GivenName = """["c2FsdC1vZi0xMjgtYml0cw","given_name","Ana"]""";

    [Fact]
    public async Task Parse_takes_an_sd_jwt_apart_and_keeps_the_received_text()
    {
        var disclosure = B64("""[ "c2FsdC1vZi0xMjgtYml0cw",  "given_name", "Ana"]""");
        var text = await SdJwtAsync(Payload(("_sd", Sd(disclosure))), disclosure);

        var credential = SdJwtCredential.Parse(await BindAsync(text));

        Assert.Equal(disclosure, Assert.Single(credential.Disclosures).Text);
        Assert.Equal("given_name", credential.Disclosures[0].Name);
        Assert.Equal("c2FsdC1vZi0xMjgtYml0cw", credential.Disclosures[0].Salt);
        Assert.Equal(text, credential.WithoutKeyBinding);
        Assert.NotNull(credential.KeyBindingJwt);
        Assert.Equal(text + credential.KeyBindingJwt, credential.ToString());
        Assert.Equal("Ana", credential.UnverifiedClaims().GetProperty("given_name").GetString());
    }

    [Theory]
    [Trait("Row", "SDJ-25")]
    [InlineData("{jwt}")] // no final tilde
    [InlineData("{jwt}~{d}")]
    [InlineData("{jwt}~~")]
    [InlineData("{jwt}~~{d}~")]
    [InlineData("{jwt}~{d}~~")]
    [InlineData("~{jwt}~")]
    [InlineData("~{jwt}~{d}~")]
    [InlineData("~")]
    [InlineData("~~")]
    [InlineData("")]
    [InlineData("{d}~")]
    [InlineData("{jwt}~{d}~a.b")]
    [InlineData("{jwt}~{d}~a.b.c.d")]
    [InlineData(" {jwt}~{d}~")]
    [InlineData("{jwt}~{d}~\n")]
    [InlineData("{jwt}~{d} ~")]
    public async Task Verify_refuses_broken_tildes(string shape)
    {
        var disclosure = B64(GivenName);
        var jwt = await SignAsync(Payload(("_sd", Sd(disclosure))));
        await AcceptAsync($"{jwt}~{disclosure}~");

        var text = shape.Replace("{jwt}", jwt, StringComparison.Ordinal).Replace("{d}", disclosure, StringComparison.Ordinal);
        var report = await VerifyAsync(text);

        Assert.Equal(CheckOutcome.Failed, report.Checks[0].Outcome);
        Assert.All(report.Checks.Skip(1), check => Assert.Equal("format", check.BlockedBy));
    }

    [Fact]
    [Trait("Row", "SDJ-25")]
    public async Task An_empty_part_is_said_to_be_one()
    {
        var jwt = await SignAsync(Payload());
        foreach (var text in new[] { $"~{jwt}~", $"{jwt}~~" }) await RefuseAsync(text, "format", SdJwtCodes.Malformed);
    }

    [Fact]
    public async Task Claims_that_do_not_fit_together_are_not_given_unverified_either()
    {
        var disclosure = B64(GivenName);
        async Task<string> CodeAsync(JsonNode digests, params string[] disclosures)
        {
            var credential = SdJwtCredential.Parse(await SdJwtAsync(Payload(("_sd", digests)), disclosures));
            return Assert.Throws<MalformedDataException>(() => credential.UnverifiedClaims()).Code;
        }

        Assert.Equal(SdJwtCodes.DigestMalformed, await CodeAsync("x"));
        Assert.Equal(SdJwtCodes.DisclosureRepeated, await CodeAsync(Sd(disclosure), disclosure, disclosure));
        Assert.Equal(SdJwtCodes.DigestMalformed, await CodeAsync("x", disclosure));
    }

    [Theory]
    [Trait("Row", "B64-10")]
    [InlineData("é")]
    [InlineData("\0")]
    [InlineData("%7E")]
    [InlineData("=")]
    [InlineData("+")]
    [InlineData("/")]
    [InlineData("\u0130")]
    public async Task Verify_refuses_text_outside_the_alphabet(string odd)
    {
        var disclosure = B64(GivenName);
        var jwt = await SignAsync(Payload(("_sd", Sd(disclosure))));
        await AcceptAsync($"{jwt}~{disclosure}~");

        await RefuseAsync($"{jwt}~{disclosure}{odd}~", "format", SdJwtCodes.DisclosureMalformed);
        await RefuseAsync($"{jwt}{odd}~{disclosure}~", "format", JoseCodes.JwsMalformed);
    }

    [Theory]
    [Trait("Row", "SDJ-09")]
    [Trait("Row", "SDJ-10")]
    [Trait("Row", "JSN-03")]
    [InlineData("[]")]
    [InlineData("""["salt"]""")]
    [InlineData("""["salt","name","value",1]""")]
    [InlineData("""{"salt":"name"}""")]
    [InlineData("\"salt\"")]
    [InlineData("null")]
    [InlineData("""[1,"name","value"]""")]
    [InlineData("""[null,"name","value"]""")]
    [InlineData("""[["salt"],"name","value"]""")]
    [InlineData("""["salt",1,"value"]""")]
    [InlineData("""["salt",null,"value"]""")]
    [InlineData("""[7,"value"]""")]
    [InlineData("""["salt","name",{"a":1,"a":2}]""")]
    [InlineData("""["salt","name",{"a":1,"\u0061":2}]""")]
    [InlineData("""["salt","name","\ud800"]""")]
    [InlineData("""["salt","name","value"] """ + "x")]
    [InlineData("""["salt","name",""")]
    public async Task Verify_refuses_what_is_no_disclosure(string json)
    {
        var good = B64(GivenName);
        await AcceptAsync(await SdJwtAsync(Payload(("_sd", Sd(good))), good));
        var bad = B64(json);

        await RefuseAsync(await SdJwtAsync(Payload(("_sd", Sd(bad))), bad), "format", SdJwtCodes.DisclosureMalformed);
    }

    [Theory]
    [Trait("Row", "SDJ-28")]
    [Trait("Row", "JSN-03")]
    [InlineData("[1]")]
    [InlineData("\"text\"")]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("""{"vct":"a","vct":"a"}""")]
    [InlineData("""{"a":{"b":1,"\u0062":1}}""")]
    public async Task Verify_refuses_a_signed_payload_that_is_no_strict_json_object(string payload)
    {
        await AcceptAsync(await SdJwtAsync(Payload()));
        var jwt = await Jws.SignAsync(new JsonObject { ["typ"] = "dc+sd-jwt" }, System.Text.Encoding.UTF8.GetBytes(payload), IssuerKey, TestContext.Current.CancellationToken);

        await RefuseAsync(jwt + "~", "format", JoseCodes.JwsMalformed);
    }

    [Fact]
    [Trait("Row", "SDJ-14")]
    public async Task Parse_accepts_500_disclosures_and_refuses_501()
    {
        var disclosures = Enumerable.Range(0, 501).Select(i => B64($"""["salt-{i}",{i}]""")).ToArray();
        var jwt = await SignAsync(Payload(("list", new JsonArray([.. disclosures.Select(d => (JsonNode)Element(d))]))));

        Assert.Equal(500, (await AcceptAsync(Join(jwt, disclosures[..500]))).GetProperty("list").GetArrayLength());
        await RefuseAsync(Join(jwt, disclosures), "format", SdJwtCodes.TooManyDisclosures);
    }

    [Theory]
    [Trait("Row", "SDJ-14")]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task Parse_refuses_text_over_the_limit(int over, bool accepted)
    {
        var disclosure = B64("""["salt","picture","PICTURE"]""".Replace("PICTURE", new string('x', 100_000), StringComparison.Ordinal));
        var text = await SdJwtAsync(Payload(("_sd", Sd(disclosure))), disclosure);
        var expected = Expected with { Limits = new SdJwtLimits(MaxLength: text.Length - over) };

        if (accepted) await AcceptAsync(text, expected);
        else await RefuseAsync(text, "format", SdJwtCodes.TooLarge, expected);
    }

    [Fact]
    [Trait("Row", "SDJ-14")]
    public async Task Verify_refuses_ten_thousand_decoys_and_a_disclosure_of_a_megabyte()
    {
        await AcceptAsync(await SdJwtAsync(Payload(("_sd", new JsonArray([.. Enumerable.Range(0, 500).Select(i => (JsonNode)Digest($"{i}"))])))));
        var decoys = new JsonArray([.. Enumerable.Range(0, 10_000).Select(i => (JsonNode)Digest($"{i}"))]);
        await RefuseAsync(await SdJwtAsync(Payload(("_sd", decoys))), "format", SdJwtCodes.TooLarge);

        var large = StrictBase64Url.Encode(new byte[1 << 20]);
        await RefuseAsync(await SdJwtAsync(Payload(), large), "format", SdJwtCodes.TooLarge);
    }

    [Fact]
    [Trait("Row", "SDJ-26")]
    public async Task Verify_refuses_key_binding_on_a_credential_that_comes_from_its_issuer()
    {
        var text = await IssueAsync();
        var fromIssuer = Expected with { KeyBinding = KeyBindingExpectation.FromIssuer };
        await AcceptAsync(text, fromIssuer);

        await RefuseAsync(await BindAsync(text), "format", SdJwtCodes.KeyBindingUnexpected, fromIssuer);
    }
}
