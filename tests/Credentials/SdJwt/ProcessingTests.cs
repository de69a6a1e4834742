using System.Text.Json.Nodes;
using Credentials.SdJwt;
using Credentials.Tests.Jose;
using static Credentials.Tests.SdJwt.Workshop;

namespace Credentials.Tests.SdJwt;

/// <summary>RFC 9901 §7.1 steps 3 to 5, rule by rule.</summary>
public class ProcessingTests
{
    private static readonly string _name = B64("""["salt-1","given_name","Ana"]""");
    private static readonly string _other = B64("""["salt-2","family_name","Kim"]""");
    private static readonly string _element = B64("""["salt-3","DE"]""");

    private static JsonObject Good => Payload(
        ("_sd", Sd(_name, _other)), ("_sd_alg", "sha-256"), ("nationalities", new JsonArray(Element(_element), "FR")));

    /// <summary>The correct twin of the cases below.</summary>
    private static async Task AcceptGoodAsync()
    {
        var claims = await AcceptAsync(await SdJwtAsync(Good, _name, _other, _element));
        Assert.Equal("Ana", claims.GetProperty("given_name").GetString());
        AssertJson("""["DE","FR"]""", claims.GetProperty("nationalities"));
    }

    [Fact]
    [Trait("Row", "SDJ-01")]
    public async Task Verify_refuses_a_disclosure_no_digest_refers_to()
    {
        await AcceptGoodAsync();
        var stray = B64("""["salt-9","admin",true]""");
        await RefuseOnlyAsync(await SdJwtAsync(Good, _name, stray), "disclosures", SdJwtCodes.DisclosureUnreferenced);
    }

    [Theory]
    [Trait("Row", "SDJ-02")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Verify_refuses_a_digest_that_appears_twice_disclosed_or_not(bool disclosed)
    {
        await AcceptGoodAsync();
        string[] sent = disclosed ? [_name] : [];
        await RefuseAsync(await SdJwtAsync(Payload(("_sd", Sd(_name, _name))), sent), "digests", SdJwtCodes.DigestRepeated);
        await RefuseAsync(await SdJwtAsync(Payload(("_sd", Sd(_name)), ("address", new JsonObject { ["_sd"] = Sd(_name) })), sent),
            "digests", SdJwtCodes.DigestRepeated);
        string[] element = disclosed ? [_element] : [];
        await RefuseAsync(await SdJwtAsync(Payload(("a", new JsonArray(Element(_element))), ("b", new JsonArray(Element(_element)))), element),
            "digests", SdJwtCodes.DigestRepeated);
    }

    [Fact]
    [Trait("Row", "SDJ-02")]
    public async Task Verify_refuses_a_digest_that_appears_again_inside_a_disclosure()
    {
        await AcceptGoodAsync();
        var parent = B64($$"""["salt-4","parent",{"_sd":["{{Digest(_name)}}"]}]""");
        await RefuseAsync(await SdJwtAsync(Payload(("_sd", Sd(parent, _name))), parent, _name), "digests", SdJwtCodes.DigestRepeated);
    }

    [Fact]
    [Trait("Row", "SDJ-02")]
    public async Task A_digest_and_the_name_before_it_are_the_same_however_JSON_spells_them()
    {
        var (digest, escaped) = (Digest(_name), $@"\u{(int)Digest(_name)[0]:x4}{Digest(_name)[1..]}");
        foreach (var (spelled, name, dots) in new[] { (digest, "_sd", "..."), (escaped, "_sd", "..."), (digest, @"\u005fsd", @"\u002e.."), (escaped, @"\u005Fsd", @".\u002E.") })
        {
            var claims = await AcceptAsync(await RawAsync($$"""{"home":{"{{name}}":["{{spelled}}"]},"list":[{"{{dots}}":"{{Digest(_element)}}"}]}""", _name, _element));
            AssertJson("""{"given_name":"Ana"}""", claims.GetProperty("home"));
            AssertJson("""["DE"]""", claims.GetProperty("list"));
            await RefuseAsync(
                await RawAsync($$"""{"home":{"{{name}}":["{{spelled}}"]},"work":{"_sd":["{{digest}}"]} }""", _name), "digests", SdJwtCodes.DigestRepeated);
        }

        // What is no digest may be written in two ways as well, and counts as one.
        await RefuseAsync(await RawAsync("""{"home":{"_sd":["é","\u00e9"]}}"""), "digests", SdJwtCodes.DigestRepeated);
        await AcceptAsync(await RawAsync("""{"home":{"_sd":["é","\u00e8"]}}"""));
    }

    /// <summary>An SD-JWT whose payload has these members, written exactly so.</summary>
    private static async Task<string> RawAsync(string members, params string[] disclosures) =>
        Join(await JwsTestData.SignRawAsync("""{"alg":"ES256","typ":"dc+sd-jwt"}""", IssuerKey, $"{Payload().ToJsonString()[..^1]},{members[1..]}"), disclosures);

    [Fact]
    [Trait("Row", "SDJ-04")]
    public async Task Verify_refuses_a_disclosure_sent_twice()
    {
        await AcceptGoodAsync();
        await RefuseOnlyAsync(await SdJwtAsync(Good, _name, _name), "disclosures", SdJwtCodes.DisclosureRepeated);
    }

    [Fact]
    [Trait("Row", "SDJ-06")]
    public async Task Verify_refuses_two_claims_of_one_name_at_one_level()
    {
        await AcceptGoodAsync();
        var again = B64("""["salt-8","given_name","Eva"]""");
        await RefuseOnlyAsync(await SdJwtAsync(Payload(("_sd", Sd(_name, again))), _name, again), "disclosures", SdJwtCodes.ClaimNameTaken);
        await RefuseOnlyAsync(await SdJwtAsync(Payload(("_sd", Sd(_name)), ("given_name", "Eva")), _name), "disclosures", SdJwtCodes.ClaimNameTaken);

        // The same name at another level is another claim.
        await AcceptAsync(await SdJwtAsync(Payload(("_sd", Sd(_name)), ("child", new JsonObject { ["_sd"] = Sd(again) })), _name, again));
    }

    [Theory]
    [Trait("Row", "SDJ-07")]
    [Trait("Row", "SDJ-08")]
    [Trait("Row", "SDJ-21")]
    [InlineData("_sd")]
    [InlineData("...")]
    [InlineData("_sd_alg")]
    public async Task Verify_refuses_a_disclosed_claim_with_a_reserved_name(string name)
    {
        await AcceptGoodAsync();
        var bad = B64($"""["salt-7","{name}","sha-512"]""");
        await RefuseOnlyAsync(await SdJwtAsync(Payload(("_sd", Sd(bad))), bad), "disclosures", SdJwtCodes.ClaimNameReserved);
    }

    [Fact]
    [Trait("Row", "SDJ-08")]
    [Trait("Row", "SDJ-21")]
    public async Task Verify_refuses_a_nested_hash_algorithm()
    {
        await AcceptGoodAsync();
        await RefuseOnlyAsync(await SdJwtAsync(Payload(("address", new JsonObject { ["_sd_alg"] = "sha-256" }))), "digests", SdJwtCodes.HashClaimMisplaced);
        var inside = B64("""["salt-7","address",{"_sd_alg":"sha-256"}]""");
        await RefuseOnlyAsync(await SdJwtAsync(Payload(("_sd", Sd(inside))), inside), "digests", SdJwtCodes.HashClaimMisplaced);
    }

    [Fact]
    [Trait("Row", "SDJ-09")]
    public async Task Verify_refuses_a_disclosure_in_the_wrong_kind_of_place()
    {
        await AcceptGoodAsync();
        await RefuseOnlyAsync(await SdJwtAsync(Payload(("list", new JsonArray(Element(_name)))), _name), "disclosures", SdJwtCodes.DisclosureMisplaced);
        await RefuseOnlyAsync(await SdJwtAsync(Payload(("_sd", Sd(_element))), _element), "disclosures", SdJwtCodes.DisclosureMisplaced);
    }

    [Theory]
    [Trait("Row", "SDJ-11")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("[null]")]
    [InlineData("""[["nested"]]""")]
    [InlineData("""[{"...":"digest"}]""")]
    public async Task Verify_refuses_digests_that_are_no_list_of_strings(string sd)
    {
        await AcceptGoodAsync();
        await RefuseOnlyAsync(await SdJwtAsync(Payload(("_sd", Node(sd)))), "digests", SdJwtCodes.DigestMalformed);
        await RefuseOnlyAsync(await SdJwtAsync(Payload(("deep", new JsonArray(new JsonObject { ["_sd"] = Node(sd) })))), "digests", SdJwtCodes.DigestMalformed);
    }

    [Theory]
    [Trait("Row", "SDJ-12")]
    [InlineData("""[{"...":"digest","x":1}]""")]
    [InlineData("""[{"...":1}]""")]
    [InlineData("""[{"...":null}]""")]
    [InlineData("""[{"...":["digest"]}]""")]
    [InlineData("""{"...":"digest"}""")]
    public async Task Verify_refuses_a_placeholder_that_is_none(string claim)
    {
        await AcceptGoodAsync();
        await RefuseOnlyAsync(await SdJwtAsync(Payload(("list", Node(claim)))), "digests", SdJwtCodes.DigestMalformed);
    }

    [Fact]
    [Trait("Row", "SDJ-13")]
    public async Task Verify_ignores_and_removes_decoys_and_withheld_claims()
    {
        var payload = Payload(
            ("_sd", Sd(_name, "decoy")), ("_sd_alg", "sha-256"), ("address", new JsonObject { ["_sd"] = Sd(_other) }),
            ("list", new JsonArray(Element(_element), Element("another decoy"))), ("only", new JsonArray(Element("a third"))));

        var claims = await AcceptAsync(await SdJwtAsync(payload, _name));

        Assert.Equal("Ana", claims.GetProperty("given_name").GetString());
        AssertJson("{}", claims.GetProperty("address"));
        AssertJson("[]", claims.GetProperty("list"));
        AssertJson("[]", claims.GetProperty("only"));
        Assert.DoesNotContain("_sd", claims.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("...", claims.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Row", "SDJ-14")]
    [InlineData(16, true)]
    [InlineData(17, false)]
    [InlineData(100, false)]
    public async Task Verify_refuses_disclosures_nested_too_deep(int levels, bool accepted)
    {
        var disclosures = new List<string> { B64("""["salt","end",true]""") };
        while (disclosures.Count < levels)
            disclosures.Add(B64($$"""["salt","level{{disclosures.Count}}",{"_sd":["{{Digest(disclosures[^1])}}"]}]"""));
        var text = await SdJwtAsync(Payload(("_sd", Sd(disclosures[^1]))), [.. disclosures]);

        if (accepted) await AcceptAsync(text);
        else await RefuseAsync(text, "disclosures", SdJwtCodes.TooDeep);
    }

    [Theory]
    [Trait("Row", "SDJ-14")]
    [Trait("Row", "JSN-07")]
    [InlineData(31, true)]
    [InlineData(32, false)]
    public async Task Verify_refuses_disclosures_that_nest_too_deep_together(int depth, bool accepted)
    {
        // Depth counts the payload object, so an array of depth n disclosed at the top ends at n + 1.
        var half = new string('[', depth / 2);
        var inner = B64($"""["salt-1",{half}{half.Replace('[', ']')}]""");
        var rest = depth - (depth / 2);
        var outer = B64($$"""["salt-2","list",{{new string('[', rest)}}{"...":"{{Digest(inner)}}"}{{new string(']', rest)}}]""");
        var text = await SdJwtAsync(Payload(("_sd", Sd(outer))), outer, inner);

        if (accepted) await AcceptAsync(text);
        else await RefuseAsync(text, "disclosures", SdJwtCodes.TooDeep);
    }

    [Theory]
    [InlineData("""{"_sd_alg":"x"}""", """{"...":"x"}""", SdJwtCodes.HashClaimMisplaced)]
    [InlineData("""{"_sd_alg":"x"}""", """[{"...":"x","a":1}]""", SdJwtCodes.HashClaimMisplaced)]
    [InlineData("""{"_sd_alg":"x"}""", """{"_sd":[1]}""", SdJwtCodes.HashClaimMisplaced)]
    [InlineData("""{"_sd_alg":"x"}""", """{"_sd":["x","x"]}""", SdJwtCodes.HashClaimMisplaced)]
    [InlineData("""{"_sd":[1]}""", """{"_sd_alg":"x"}""", SdJwtCodes.DigestMalformed)]
    public async Task Of_several_faults_the_first_is_told(string first, string second, string code) =>
        await RefuseOnlyAsync(await SdJwtAsync(Payload(("a", Node(first)), ("b", Node(second)))), "digests", code);

    [Fact]
    public async Task A_disclosure_sent_twice_is_told_before_what_else_is_wrong_with_disclosures()
    {
        var deep = B64($"""["salt",{new string('[', 31)}{new string(']', 31)}]""");
        var chain = new List<string> { B64("""["salt","end",true]""") };
        while (chain.Count < 17) chain.Add(B64($$"""["salt","level{{chain.Count}}",{"_sd":["{{Digest(chain[^1])}}"]}]"""));
        (JsonObject Payload, string[] Sent, string Code)[] wrong =
        [
            (Payload(("list", new JsonArray(Element(_name)))), [_name], SdJwtCodes.DisclosureMisplaced),
            (Payload(("list", new JsonArray(Element(deep)))), [deep], SdJwtCodes.TooDeep),
            (Payload(("_sd", Sd(chain[^1]))), [.. chain], SdJwtCodes.TooDeep),
        ];
        foreach (var (payload, sent, code) in wrong)
        {
            await RefuseAsync(await SdJwtAsync(payload, sent), "disclosures", code);
            await RefuseAsync(await SdJwtAsync(payload, [.. sent, sent[0]]), "disclosures", SdJwtCodes.DisclosureRepeated);
        }
    }

    [Fact]
    [Trait("Row", "SDJ-15")]
    public async Task Verify_refuses_a_child_without_its_parent()
    {
        var child = B64("""["salt-1","city","Seoul"]""");
        var parent = B64($$"""["salt-2","address",{"_sd":["{{Digest(child)}}"]}]""");
        var jwt = await SignAsync(Payload(("_sd", Sd(parent))));

        AssertJson("""{"city":"Seoul"}""", (await AcceptAsync(Join(jwt, child, parent))).GetProperty("address"));
        await RefuseOnlyAsync(Join(jwt, child), "disclosures", SdJwtCodes.DisclosureUnreferenced);
    }

    [Fact]
    [Trait("Row", "SDJ-16")]
    public async Task Verify_ends_and_refuses_disclosures_that_name_themselves_or_each_other()
    {
        await AcceptGoodAsync();

        // A real circle needs a collision of the hash; what an attacker can write is a digest that names another text.
        var first = B64("""["salt-1","a",{"_sd":["SECOND"]}]""");
        var second = B64($$"""["salt-2","b",{"_sd":["{{Digest(first)}}"]}]""");
        await RefuseAsync(await SdJwtAsync(Payload(("_sd", Sd(second, first))), first, second), "digests", SdJwtCodes.DigestRepeated);
        await RefuseAsync(await SdJwtAsync(Payload(), first, second), "disclosures", SdJwtCodes.DisclosureUnreferenced);
    }

    [Fact]
    [Trait("Row", "SDJ-17")]
    public async Task Verify_accepts_a_parent_whose_child_is_withheld()
    {
        var child = B64("""["salt-1","city","Seoul"]""");
        var parent = B64($$"""["salt-2","address",{"region":"11","_sd":["{{Digest(child)}}"]}]""");

        var claims = await AcceptAsync(await SdJwtAsync(Payload(("_sd", Sd(parent))), parent));

        AssertJson("""{"region":"11"}""", claims.GetProperty("address"));
    }

    [Fact]
    [Trait("Row", "SDJ-18")]
    public async Task Paths_count_the_array_elements_that_are_there()
    {
        var hidden = B64("""["salt-1","A"]""");
        var shown = B64("""["salt-2","B"]""");
        var payload = Payload(("list", new JsonArray(Element(hidden), Element("decoy"), Element(shown), "C")));

        var claims = await AcceptAsync(await SdJwtAsync(payload, shown));

        Assert.Equal("B", Assert.Single(ClaimPath.ParseText("list.0").Select(claims)).GetString());
        Assert.Equal("C", Assert.Single(ClaimPath.ParseText("list.1").Select(claims)).GetString());
        Assert.Empty(ClaimPath.ParseText("list.2").Select(claims));
    }

    [Theory]
    [Trait("Row", "SDJ-19")]
    [InlineData("\"md5\"")]
    [InlineData("\"sha-1\"")]
    [InlineData("\"sha-256-64\"")]
    [InlineData("\"SHA-256\"")]
    [InlineData("\"sha256\"")]
    [InlineData("\"\"")]
    [InlineData("256")]
    [InlineData("null")]
    [InlineData("""["sha-256"]""")]
    public async Task Verify_refuses_a_hash_algorithm_it_does_not_know(string name)
    {
        await AcceptGoodAsync();
        await RefuseAsync(await SdJwtAsync(Payload(("_sd", Sd(_name)), ("_sd_alg", Node(name))), _name), "digests", SdJwtCodes.HashUnsupported);
        await RefuseAsync(await SdJwtAsync(Payload(("_sd_alg", Node(name)))), "digests", SdJwtCodes.HashUnsupported);
    }

    [Theory]
    [Trait("Row", "SDJ-19")]
    [InlineData("sha-256")]
    [InlineData("sha-384")]
    [InlineData("sha-512")]
    public async Task Verify_accepts_the_hash_algorithms_by_their_registered_names(string name)
    {
        var hash = DisclosureHash.FromName(name)!;
        var text = await SdJwtAsync(Payload(("_sd_alg", name), ("_sd", new JsonArray(hash.Digest(_name)))), _name);
        var bound = await BindAsync(text, claims => claims["sd_hash"] = hash.Digest(text));

        Assert.Equal("Ana", (await AcceptAsync(bound, Bound)).GetProperty("given_name").GetString());
    }

    [Theory]
    [Trait("Row", "SDJ-24")]
    [InlineData("iss", "\"https://issuer.example\"")]
    [InlineData("nbf", "1")]
    [InlineData("exp", "1893456000")]
    [InlineData("cnf", "{}")]
    [InlineData("vct", "\"urn:example:licence:1\"")]
    [InlineData("vct#integrity", "\"sha256-x\"")]
    [InlineData("aka_vcts", "[\"urn:other\"]")]
    [InlineData("status", "{}")]
    public async Task Verify_refuses_a_disclosable_claim_that_decides_on_validity(string name, string value)
    {
        var bad = B64($"""["salt-1","{name}",{value}]""");
        var payload = Payload(("_sd", Sd(bad)));
        payload.Remove(name);
        await RefuseAsync(await SdJwtAsync(payload, bad), "disclosures", SdJwtCodes.ProtectedClaimDisclosed);

        // Below the top level the same name is an ordinary one.
        await AcceptAsync(await SdJwtAsync(Payload(("address", new JsonObject { ["_sd"] = Sd(bad) })), bad));
    }

    [Fact]
    [Trait("Row", "SDJ-24")]
    public async Task Verify_refuses_a_disclosable_member_of_a_claim_that_decides_on_validity()
    {
        await AcceptGoodAsync();
        var uri = B64("""["salt-1","uri","https://status.example/1"]""");
        var status = new JsonObject { ["status_list"] = new JsonObject { ["idx"] = 1, ["_sd"] = Sd(uri) } };
        await RefuseAsync(await SdJwtAsync(Payload(("status", status)), uri), "disclosures", SdJwtCodes.ProtectedClaimDisclosed);

        var type = B64("""["salt-1","urn:other"]""");
        await RefuseAsync(await SdJwtAsync(Payload(("aka_vcts", new JsonArray(Element(type)))), type), "disclosures", SdJwtCodes.ProtectedClaimDisclosed);
    }

    [Fact]
    public async Task The_processed_payload_tells_which_claims_came_by_disclosure()
    {
        var credential = SdJwtCredential.Parse(await IssueAsync());

        var paths = credential.ProcessUnverified().Disclosed.Select(claim => claim.Path.ToString()).Order(StringComparer.Ordinal);

        Assert.Equal(
            [
                """["address","city"]""", """["address","street"]""", """["family_name"]""", """["given_name"]""", """["licence","classes",0]""",
                """["licence","classes",1]""", """["licence","number"]""", """["licence"]""", """["members",0,"name"]""", """["members",0]""",
                """["members",1,"name"]""", """["members",1]""",
            ],
            paths);
    }
}
