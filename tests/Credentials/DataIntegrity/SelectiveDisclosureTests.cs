using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.DataIntegrity;
using Credentials.DataIntegrity.Suites;
using Credentials.JsonLd;
using Credentials.Keys;
using Credentials.Keys.Software;

namespace Credentials.Tests.DataIntegrity;

public sealed class SelectiveDisclosureTests : IDisposable
{
    private static readonly string[] _mandatory = ["/issuer", "/validFrom"];

    private readonly Parties _parties = new();

    private Task<JsonObject> IssueAsync(JsonElement document, params string[] mandatory) =>
        _parties.SignAsync(document, DataIntegrityNames.EcdsaSd2023, "p256", options => options with { MandatoryPointers = mandatory });

    private static JsonObject Derive(JsonObject document, params string[] pointers) =>
        DataIntegrityPresenter.Derive(StrictJson.Parse(StrictJson.ToUtf8(document)), pointers, JsonLdContexts.BuiltIn);

    private static JsonElement Document(string members) => StrictJson.Parse($"{{\"@context\":[\"{Parties.V2}\",\"https://www.w3.org/ns/credentials/examples/v2\"],\"type\":[\"VerifiableCredential\"],{members}}}");

    [Fact]
    public async Task What_is_shown_is_verified_and_what_is_not_is_gone()
    {
        var issued = await IssueAsync(Parties.Degree, _mandatory);
        Assert.Equal(_mandatory, DataIntegrityPresenter.MandatoryPointers(StrictJson.ToElement(issued)));
        var shown = Derive(issued, "/credentialSubject/degree/name", "/credentialSubject/courses/1/grade");

        var text = shown.ToJsonString();
        foreach (var kept in new[] { "2025", "Logic", "Rhetoric", "1.3" })
            Assert.DoesNotContain(kept, text, StringComparison.Ordinal);
        var result = await _parties.VerifyAsync(shown);
        Assert.True(result.TryGetDocument(out var document));
        Assert.Equal("Bachelor of Arts", document.Value.GetProperty("credentialSubject").GetProperty("degree").GetProperty("name").GetString());
        Assert.Equal(2.7, document.Value.GetProperty("credentialSubject").GetProperty("courses")[0].GetProperty("grade").GetDouble());
        Assert.Equal(Parties.Issuer, document.Value.GetProperty("issuer").GetString());
        // On the way to what is shown, identifiers and types are shown too.
        Assert.Equal("did:example:holder", document.Value.GetProperty("credentialSubject").GetProperty("id").GetString());
        Assert.Equal("ExampleBachelorDegree", document.Value.GetProperty("credentialSubject").GetProperty("degree").GetProperty("type").GetString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("/credentialSubject")]
    [InlineData("/credentialSubject/courses")]
    [InlineData("/credentialSubject/courses/0")]
    [InlineData("/credentialSubject/degree/type")]
    [InlineData("/type")]
    [InlineData("/id")]
    public async Task Any_part_can_be_shown(string pointer)
    {
        var issued = await IssueAsync(Parties.Degree, _mandatory);

        var result = await _parties.VerifyAsync(Derive(issued, pointer));

        Assert.True(result.TryGetDocument(out var document));
        if (pointer.Length == 0)
            Assert.True(JsonElement.DeepEquals(Parties.Degree, document.Value));
    }

    [Fact]
    public async Task Nodes_without_identifiers_that_look_alike_stay_apart()
    {
        // What is shown of both courses is the same; what is not shown told them apart when they were signed.
        var issued = await IssueAsync(Document("""
            "issuer":"https://university.example/issuers/1","credentialSubject":{"courses":[{"name":"x","grade":1},{"name":"x","grade":2},{"name":"y","grade":3}]}
            """), "/issuer");

        var result = await _parties.VerifyAsync(Derive(issued, "/credentialSubject/courses/0/name", "/credentialSubject/courses/1/name"));

        Assert.True(result.TryGetDocument(out var document));
        Assert.Equal(2, document.Value.GetProperty("credentialSubject").GetProperty("courses").GetArrayLength());
    }

    [Fact]
    public async Task Everything_or_nothing_can_be_mandatory()
    {
        var all = await IssueAsync(Parties.Degree, "");
        Assert.True((await _parties.VerifyAsync(Derive(all))).TryGetDocument(out var document));
        Assert.True(JsonElement.DeepEquals(Parties.Degree, document.Value));

        var none = await IssueAsync(Parties.Degree);
        Assert.True((await _parties.VerifyAsync(Derive(none, "/validFrom"))).IsVerified);
        Assert.Equal(DataIntegrityCodes.Pointer, Assert.Throws<MalformedDataException>(() => Derive(none)).Code);
    }

    [Fact]
    public async Task Pointers_escape_slashes_and_tildes()
    {
        var issued = await IssueAsync(Document("""
            "issuer":"https://university.example/issuers/1","credentialSubject":{"https://example.org/a~b":{"name":"x"},"1":"y"}
            """), "/issuer");

        var shown = Derive(issued, "/credentialSubject/https:~1~1example.org~1a~0b/name", "/credentialSubject/1");

        Assert.True((await _parties.VerifyAsync(shown)).IsVerified);
        Assert.Equal("y", shown["credentialSubject"]!["1"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("/credentialSubject/nothing")]
    [InlineData("/credentialSubject/courses/2")]
    [InlineData("/credentialSubject/courses/-")]
    [InlineData("/credentialSubject/courses/01")]
    [InlineData("/credentialSubject/courses/+1")]
    [InlineData("/credentialSubject/courses/")]
    [InlineData("/credentialSubject/id/x")]
    [InlineData("credentialSubject")]
    [InlineData("/a~2b")]
    [InlineData("/a~")]
    [InlineData("/proof")]
    [InlineData("/proof/created")]
    public async Task A_pointer_to_nothing_is_refused_on_both_sides(string pointer)
    {
        Assert.Equal(DataIntegrityCodes.Pointer, (await Assert.ThrowsAsync<MalformedDataException>(() => IssueAsync(Parties.Degree, pointer))).Code);
        var signed = StrictJson.ToElement(await _parties.SignAsync(DataIntegrityNames.EddsaJcs2022, "ed"));
        Assert.Equal(DataIntegrityCodes.Pointer, (await Assert.ThrowsAsync<MalformedDataException>(() => IssueAsync(signed, pointer))).Code);
        var issued = await IssueAsync(Parties.Degree, _mandatory);
        Assert.Equal(DataIntegrityCodes.Pointer, Assert.Throws<MalformedDataException>(() => Derive(issued, pointer)).Code);
    }

    // RFC 6901 §3: a tilde is followed by 0 or 1, also where a member is called so.
    [Theory]
    [InlineData("a~2b", "a~02b")]
    [InlineData("a~", "a~0")]
    [InlineData("~", "~0")]
    [InlineData("~2", "~02")]
    public async Task A_tilde_that_escapes_nothing_is_refused(string member, string escaped)
    {
        var issued = await IssueAsync(Document($$"""
            "issuer":"https://university.example/issuers/1","credentialSubject":{"{{member}}":"x"}
            """), "/issuer");
        Assert.Equal(DataIntegrityCodes.Pointer, Assert.Throws<MalformedDataException>(() => Derive(issued, $"/credentialSubject/{member}")).Code);
        Assert.Equal("x", Derive(issued, $"/credentialSubject/{escaped}")["credentialSubject"]![member]!.GetValue<string>());
    }

    /// <summary>Without its language, or its type, a value is another one, which was not signed.</summary>
    [Theory]
    [InlineData("""{"@value":"x","@language":"en"}""")]
    [InlineData("""{"@value":"1","@type":"http://www.w3.org/2001/XMLSchema#integer"}""")]
    public async Task A_part_that_says_something_else_than_the_whole_is_not_shown(string value)
    {
        var document = Document($$"""
            "issuer":"https://university.example/issuers/1","credentialSubject":{"text":{{value}}}
            """);
        Assert.Equal(DataIntegrityCodes.NotSelectable, (await Assert.ThrowsAsync<MalformedDataException>(() => IssueAsync(document, "/credentialSubject/text/@value"))).Code);
        var issued = await IssueAsync(document, "/issuer");
        Assert.Equal(DataIntegrityCodes.NotSelectable, Assert.Throws<MalformedDataException>(() => Derive(issued, "/credentialSubject/text/@value")).Code);
        Assert.True((await _parties.VerifyAsync(Derive(issued, "/credentialSubject/text"))).IsVerified);
    }

    [Fact]
    public async Task Caps_hold_where_a_part_is_shown_and_where_it_is_verified()
    {
        var issued = await IssueAsync(Parties.Degree, _mandatory);
        var limits = JsonLdLimits.Default with { Rdf = RdfLimits.Default with { MaxBlankNodes = 1 } };
        Assert.Equal(
            JsonLdCodes.DatasetTooComplex,
            Assert.Throws<MalformedDataException>(() => DataIntegrityPresenter.Derive(StrictJson.ToElement(issued), ["/id"], JsonLdContexts.BuiltIn, limits)).Code);
        Parties.AssertFails(
            await _parties.VerifyAsync(Derive(issued, ""), expected => expected with { Limits = limits }), DataIntegrityChecks.Signature, JsonLdCodes.DatasetTooComplex);
    }

    [Theory]
    [InlineData("""
        "credentialSubject":{"list":{"@list":["a"]}}
        """)]
    [InlineData("""
        "credentialSubject":{"statements":{"@graph":[{"id":"_:b0","name":"x"}]}}
        """)]
    [InlineData("""
        "credentialSubject":[{"name":"x"},{"@context":{"a":"https://example.org/a"},"a":"x"}]
        """)]
    [InlineData("""
        "credentialSubject":{"id":"_:b0","name":"x"}
        """)]
    [InlineData("""
        "credentialSubject":{"@context":{"a":"https://example.org/a"},"a":"x"}
        """)]
    public async Task What_cannot_be_cut_is_not_signed(string member)
    {
        Assert.Equal(DataIntegrityCodes.NotSelectable, (await Assert.ThrowsAsync<MalformedDataException>(() => IssueAsync(Document(member)))).Code);
        Assert.NotNull(await IssueAsync(Document("""
            "credentialSubject":{"name":"x"}
            """)));
    }

    [Theory]
    [Trait("Row", "LDP-17")]
    [InlineData("validFrom", "2025-01-01T00:00:00Z")]
    [InlineData("issuer", "https://attacker.example/1")]
    [InlineData("id", "urn:uuid:00000000-0000-4000-8000-000000000000")]
    public async Task A_value_changed_is_refused(string member, string value)
    {
        var shown = Derive(await IssueAsync(Parties.Degree, _mandatory), "/credentialSubject/degree/name");
        Assert.True((await _parties.VerifyAsync(shown)).IsVerified);
        shown[member] = value;
        Assert.False((await _parties.VerifyAsync(shown)).IsVerified);
    }

    [Fact]
    [Trait("Row", "LDP-17")]
    public async Task What_is_mandatory_cannot_be_left_out()
    {
        var shown = Derive(await IssueAsync(Parties.Degree, _mandatory), "/credentialSubject/degree/name");
        var proof = SdProof.Of(shown);
        Assert.True((await _parties.VerifyAsync(proof.In(shown))).IsVerified);

        var cut = shown.DeepClone().AsObject();
        cut.Remove("validFrom");
        Parties.AssertFails(await _parties.VerifyAsync(cut), DataIntegrityChecks.Signature, DataIntegrityCodes.ProofValue);
        // With one index less the numbers fit, and the hash of what is mandatory is another one.
        for (var i = 0; i < proof.Mandatory.Count; i++)
        {
            var fewer = SdProof.Of(shown);
            fewer.Mandatory = [.. proof.Mandatory.Where((_, index) => index != i).Select(line => line)];
            for (var line = 0; line < fewer.Mandatory.Count; line++)
                if (fewer.Mandatory[line] >= proof.Mandatory[i])
                    fewer.Mandatory[line]--;
            Assert.False((await _parties.VerifyAsync(fewer.In(cut))).IsVerified);
        }
    }

    [Fact]
    [Trait("Row", "LDP-17")]
    public async Task A_statement_of_another_credential_is_not_signed_here()
    {
        var first = Derive(await IssueAsync(Parties.Degree, _mandatory), "/credentialSubject/degree/name");
        var second = Derive(await IssueAsync(Parties.Degree, _mandatory), "/credentialSubject/degree/name");
        var mixed = SdProof.Of(first);
        mixed.Signatures[0] = SdProof.Of(second).Signatures[0];
        Parties.AssertFails(await _parties.VerifyAsync(mixed.In(first)), DataIntegrityChecks.Signature, DataIntegrityCodes.SignatureInvalid);

        // The key of the statements of one with the base signature of another.
        mixed = SdProof.Of(first);
        mixed.PublicKey = SdProof.Of(second).PublicKey;
        mixed.Signatures = SdProof.Of(second).Signatures;
        Parties.AssertFails(await _parties.VerifyAsync(mixed.In(first)), DataIntegrityChecks.Signature, DataIntegrityCodes.SignatureInvalid);

        // A key of the attacker's, with good signatures of its own.
        using var attacker = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        mixed = SdProof.Of(first);
        mixed.PublicKey = Multikey.Encode(attacker.PublicKey);
        Parties.AssertFails(await _parties.VerifyAsync(mixed.In(first)), DataIntegrityChecks.Signature, DataIntegrityCodes.SignatureInvalid);
    }

    [Fact]
    [Trait("Row", "LDP-17")]
    public async Task A_proof_value_whose_parts_do_not_fit_is_refused()
    {
        var issued = await IssueAsync(Document("""
            "issuer":"https://university.example/issuers/1","credentialSubject":{"courses":[{"name":"x","grade":1},{"name":"y","grade":2}]}
            """), "/issuer");
        var shown = Derive(issued, "/credentialSubject");
        // Written anew, with its labels in order, it is the same.
        Assert.Equal(shown.ToJsonString(), SdProof.Of(shown).In(shown).ToJsonString());
        Assert.True((await _parties.VerifyAsync(shown)).IsVerified);
        Assert.Equal(4, SdProof.Of(shown).Labels.Count);

        foreach (var change in new Action<SdProof>[]
        {
            proof => proof.Signatures.Add(proof.Signatures[0]),
            proof => proof.Signatures.RemoveAt(0),
            proof => proof.Signatures[0] = proof.Signatures[0][..63],
            proof => proof.BaseSignature = [.. proof.BaseSignature, 0],
            proof => proof.PublicKey = proof.PublicKey[..34],
            proof => proof.Labels.Remove(0),
            proof => proof.Labels.Add(99, new byte[32]),
            proof => proof.Labels[0] = proof.Labels[1],
            proof => proof.Labels[0] = [],
            proof => proof.Mandatory.Add(proof.Mandatory[0]),
            proof => proof.Mandatory.Add(1000),
            proof => proof.Mandatory.Add(-1),
            proof => proof.Mandatory[0] = long.MaxValue,
            proof => proof.Mandatory[0] = proof.Mandatory.Count + proof.Signatures.Count,
        })
        {
            var proof = SdProof.Of(shown);
            change(proof);
            Parties.AssertFails(await _parties.VerifyAsync(proof.In(shown)), DataIntegrityChecks.Signature, DataIntegrityCodes.ProofValue);
        }

        foreach (var change in new Action<SdProof>[]
        {
            proof => (proof.Labels[0], proof.Labels[1]) = (proof.Labels[1], proof.Labels[0]),
            proof => proof.Labels[0][0] ^= 1,
            proof => proof.BaseSignature[7] ^= 1,
            proof => proof.Signatures[2][7] ^= 1,
            proof => proof.Signatures.Reverse(),
            proof => proof.Mandatory[0]++,
        })
        {
            var proof = SdProof.Of(shown);
            change(proof);
            Assert.False((await _parties.VerifyAsync(proof.In(shown))).IsVerified);
        }
    }

    /// <summary>Two nodes of the document under one signed label would share what was said of one.</summary>
    [Fact]
    [Trait("Row", "LDP-17")]
    public async Task Two_nodes_do_not_share_a_label()
    {
        var shown = Derive(await IssueAsync(Document("""
            "issuer":"https://university.example/issuers/1","credentialSubject":{"name":"x","degree":{"name":"y","grade":1}}
            """), "/issuer"), "/credentialSubject");
        Assert.True((await _parties.VerifyAsync(shown)).IsVerified);
        // The statements about the degree, spread over two.
        shown["credentialSubject"]!["degree"] = new JsonArray(new JsonObject { ["name"] = "y" }, new JsonObject { ["grade"] = 1 });
        var labels = SdProof.Of(shown).Labels.Values.ToArray();
        foreach (var (a, b) in from a in Enumerable.Range(0, labels.Length) from b in Enumerable.Range(0, labels.Length) select (a, b))
        {
            var proof = SdProof.Of(shown);
            for (var i = 0; i < 4; i++)
                proof.Labels[i] = labels[i < labels.Length ? i : a];
            proof.Labels[b] = labels[a];
            Assert.False((await _parties.VerifyAsync(proof.In(shown))).IsVerified);
        }
    }

    [Theory]
    [Trait("Row", "LDP-17")]
    [InlineData("")]
    [InlineData("u")]
    [InlineData("z2V0B")]
    [InlineData("u2V0BhQ")]
    [InlineData("u2V0B9g")]
    [InlineData("u2V0BgA")]
    [InlineData("u2V0ChQ")]
    [InlineData("u2V0BhUBAQEBA")]
    public async Task A_proof_value_that_is_no_derived_proof_is_refused(string value)
    {
        var issued = await IssueAsync(Parties.Degree, _mandatory);
        var shown = Derive(issued);
        Assert.True((await _parties.VerifyAsync(shown)).IsVerified);
        shown["proof"]!["proofValue"] = value;
        var result = await _parties.VerifyAsync(shown);
        Assert.False(result.IsVerified);
        Assert.Contains(result.Checks, check => check is { Id: DataIntegrityChecks.Signature, Code: DataIntegrityCodes.ProofValue });
        Assert.Throws<MalformedDataException>(() => Derive(shown));
    }

    [Theory]
    [Trait("Row", "LDP-17")]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task A_base_proof_with_another_number_of_signatures_is_not_cut(int more)
    {
        var issued = await IssueAsync(Parties.Degree, _mandatory);
        var proof = SdBaseProof.Parse(issued["proof"]!["proofValue"]!.GetValue<string>());
        issued["proof"]!["proofValue"] = proof.Write();
        Assert.True((await _parties.VerifyAsync(Derive(issued, ""))).IsVerified);
        issued["proof"]!["proofValue"] = (proof with { Signatures = [.. more < 0 ? proof.Signatures.SkipLast(1) : proof.Signatures.Append(proof.Signatures[0])] }).Write();
        Assert.Equal(DataIntegrityCodes.ProofValue, Assert.Throws<MalformedDataException>(() => Derive(issued, "")).Code);
    }

    // ECDSA Cryptosuites 1.0 §3.6
    [Theory]
    [Trait("Row", "LDP-17")]
    [InlineData("p384")]
    [InlineData("ed")]
    public void Statements_are_signed_on_P_256(string key)
    {
        Assert.Equal(_parties.Key("p256").PublicKey, EcdsaSdCryptosuite.StatementKey(Multikey.Encode(_parties.Key("p256").PublicKey)));
        Assert.Equal(
            DataIntegrityCodes.ProofValue,
            Assert.Throws<MalformedDataException>(() => EcdsaSdCryptosuite.StatementKey(Multikey.Encode(_parties.Key(key).PublicKey))).Code);
    }

    [Fact]
    [Trait("Row", "LDP-17")]
    public async Task A_base_proof_is_not_for_verifiers_and_a_derived_one_not_for_deriving()
    {
        var issued = await IssueAsync(Parties.Degree, _mandatory);
        Parties.AssertFails(await _parties.VerifyAsync(issued), DataIntegrityChecks.Signature, DataIntegrityCodes.ProofValue);
        var shown = Derive(issued, "/credentialSubject");
        Assert.Equal(DataIntegrityCodes.ProofValue, Assert.Throws<MalformedDataException>(() => Derive(shown, "/credentialSubject")).Code);
        Assert.Equal(
            DataIntegrityCodes.ProofMissing,
            Assert.Throws<MalformedDataException>(() => DataIntegrityPresenter.MandatoryPointers(Parties.Degree)).Code);
    }

    [Fact]
    [Trait("Row", "LDP-17")]
    public async Task The_options_of_the_proof_are_covered_also_after_deriving()
    {
        var shown = Derive(await IssueAsync(Parties.Degree, _mandatory), "/credentialSubject");
        Assert.True((await _parties.VerifyAsync(shown)).IsVerified);
        shown["proof"]!["created"] = "2026-02-01T00:00:00Z";
        Parties.AssertFails(await _parties.VerifyAsync(shown), DataIntegrityChecks.Signature, DataIntegrityCodes.SignatureInvalid);
    }

    [Fact]
    [Trait("Row", "LDP-01")]
    public async Task A_member_added_to_what_is_shown_is_refused()
    {
        var shown = Derive(await IssueAsync(Parties.Degree, _mandatory), "/credentialSubject/degree");
        Assert.True((await _parties.VerifyAsync(shown)).IsVerified);
        shown["credentialSubject"]!["name"] = "x";
        Parties.AssertFails(await _parties.VerifyAsync(shown), DataIntegrityChecks.Signature, DataIntegrityCodes.ProofValue);
    }

    [Theory]
    [InlineData(1000, 1024, true)]
    [InlineData(1001, 1024, false)]
    [InlineData(1, 1025, false)]
    public async Task Pointers_are_bounded(int count, int length, bool isCut)
    {
        var name = new string('x', length - "/credentialSubject/".Length);
        var issued = await IssueAsync(Document($$"""
            "issuer":"https://university.example/issuers/1","credentialSubject":{"{{name}}":"y"}
            """));
        string[] pointers = [.. Enumerable.Repeat($"/credentialSubject/{name}", count)];
        if (isCut) Assert.True((await _parties.VerifyAsync(Derive(issued, pointers))).IsVerified);
        else Assert.Equal(DataIntegrityCodes.Pointer, Assert.Throws<MalformedDataException>(() => Derive(issued, pointers)).Code);
    }

    // What an earlier proof covers would be cut as well.
    [Fact]
    public async Task Selective_disclosure_covers_no_earlier_proof()
    {
        const string First = "urn:uuid:11111111-0000-4000-8000-000000000001";
        var signed = StrictJson.ToElement(await _parties.SignAsync(DataIntegrityNames.EddsaJcs2022, "ed", options => options with { Id = First }));
        Assert.Equal(DataIntegrityCodes.NotSelectable, (await Assert.ThrowsAsync<NotSupportedCredentialException>(
            () => _parties.SignAsync(signed, DataIntegrityNames.EcdsaSd2023, "p256", options => options with { PreviousProofs = [First] }))).Code);

        var both = await _parties.SignAsync(signed, DataIntegrityNames.EcdsaSd2023, "p256");
        var shown = Derive(both, "");
        shown["proof"] = new JsonArray(both["proof"]![0]!.DeepClone(), shown["proof"]!.DeepClone());
        Assert.True((await _parties.VerifyAsync(shown)).IsVerified);
        // What "the whole document" points to are not its proofs.
        var whole = await _parties.SignAsync(signed, DataIntegrityNames.EcdsaSd2023, "p256", options => options with { MandatoryPointers = [""] });
        Assert.True((await _parties.VerifyAsync(Derive(whole))).IsVerified);
        shown["proof"]![1]!["previousProof"] = First;
        Parties.AssertFails(await _parties.VerifyAsync(shown), DataIntegrityChecks.Signature, DataIntegrityCodes.NotSelectable);
    }

    [Fact]
    public async Task Of_two_base_proofs_none_is_the_one_to_be_cut()
    {
        var issued = await IssueAsync(Parties.Degree, _mandatory);
        var twice = await IssueAsync(StrictJson.ToElement(issued), _mandatory);
        Assert.Equal(DataIntegrityCodes.ProofMissing, Assert.Throws<MalformedDataException>(() => Derive(twice, "/id")).Code);
        Assert.NotNull(Derive(issued, "/id"));
    }

    public void Dispose() => _parties.Dispose();
}
