using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.DataIntegrity;
using Credentials.Dids;
using Credentials.Http;
using Credentials.JsonLd;

namespace Credentials.Tests.DataIntegrity;

public sealed class VerifierTests : IDisposable
{
    private readonly Parties _parties = new();

    public static TheoryData<string, string> Suites => Parties.Suites;

    [Theory]
    [MemberData(nameof(Suites))]
    public async Task A_signed_document_is_verified_and_comes_out_without_its_proof(string suite, string key)
    {
        var result = await _parties.VerifyAsync(await _parties.SignAsync(suite, key));

        Assert.True(result.IsVerified);
        Assert.True(result.TryGetDocument(out var document));
        Assert.True(System.Text.Json.JsonElement.DeepEquals(Parties.Degree, document.Value));
        Assert.Equal(DataIntegrityChecks.All, result.Checks.Select(check => check.Id));
        var finding = Assert.Single(result.Proofs);
        Assert.Equal((suite, $"{Parties.Issuer}#{key}"), (finding.Proof.Cryptosuite, finding.Proof.VerificationMethod));
        Assert.Equal(_parties.Key(key).PublicKey, finding.Key);
    }

    [Theory]
    [Trait("Row", "LDP-01")]
    [MemberData(nameof(Suites))]
    public async Task A_member_added_after_signing_is_refused_whether_or_not_a_context_defines_it(string suite, string key)
    {
        // Without a vocabulary for everything, so that there are terms which nothing defines.
        var document = StrictJson.ToNode(Parties.Degree)!.AsObject();
        document["@context"] = new JsonArray(Parties.V2);
        document["type"] = new JsonArray("VerifiableCredential");
        document["credentialSubject"] = new JsonObject { ["id"] = "did:example:holder" };
        var signed = await _parties.SignAsync(StrictJson.ToElement(document), suite, key);
        Assert.True((await _parties.VerifyAsync(signed)).IsVerified);

        foreach (var (name, value) in new (string, JsonNode?)[] { ("undefined", "x"), ("name", "x"), ("description", null), ("evidence", new JsonArray()) })
        {
            var changed = signed.DeepClone().AsObject();
            changed[name] = value?.DeepClone();
            Assert.False((await _parties.VerifyAsync(changed)).IsVerified);
            changed = signed.DeepClone().AsObject();
            changed["credentialSubject"]![name] = value?.DeepClone();
            Assert.False((await _parties.VerifyAsync(changed)).IsVerified);
            changed = signed.DeepClone().AsObject();
            changed["proof"]![name] = value?.DeepClone();
            Assert.False((await _parties.VerifyAsync(changed)).IsVerified);
        }
    }

    [Theory]
    [Trait("Row", "LDP-02")]
    [InlineData("undefined", "x", JsonLdCodes.TermUndefined)]
    [InlineData("credentialSchema", "relative/schema", JsonLdCodes.IriInvalid)]
    [InlineData("name", null, JsonLdCodes.ValueLost)]
    public async Task Neither_signing_nor_verifying_drops_what_has_no_place_in_the_graph(string name, string? value, string code)
    {
        var document = StrictJson.ToNode(Parties.Degree)!.AsObject();
        document["@context"] = new JsonArray(Parties.V2);
        document["type"] = new JsonArray("VerifiableCredential");
        document["credentialSubject"] = new JsonObject { ["id"] = "did:example:holder" };
        var signed = await _parties.SignAsync(StrictJson.ToElement(document), DataIntegrityNames.EddsaRdfc2022, "ed");
        signed[name] = value;
        Parties.AssertFails(await _parties.VerifyAsync(signed), DataIntegrityChecks.Signature, code);

        document[name] = value;
        var refusal = await Assert.ThrowsAsync<MalformedDataException>(() => _parties.SignAsync(StrictJson.ToElement(document), DataIntegrityNames.EddsaRdfc2022, "ed"));
        Assert.Equal(code, refusal.Code);
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public async Task Every_value_of_document_and_proof_is_covered(string suite, string key)
    {
        var signed = await _parties.SignAsync(suite, key, options => options with
        {
            Expires = Parties.Now.AddYears(1),
            Domains = ["https://a.example"],
            Challenge = "c",
            Nonce = "n",
            Id = "urn:uuid:1",
        });
        Assert.True((await _parties.VerifyAsync(signed)).IsVerified);

        foreach (var change in new Action<JsonObject>[]
        {
            document => document["id"] = "urn:uuid:00000000-d8ba-11ed-83dd-0b3aef56cc33",
            document => document["type"]!.AsArray().Add("Extra"),
            document => document["issuer"] = "https://attacker.example/1",
            document => document["validFrom"] = "2025-01-01T00:00:00Z",
            document => document["credentialSubject"]!["id"] = "did:example:other",
            document => document["credentialSubject"]!["degree"]!["name"] = "Doctor of Law",
            document => document["credentialSubject"]!["degree"]!["year"] = 2024,
            document => document["credentialSubject"]!["courses"]![0]!["grade"] = 1.0,
            document => document["credentialSubject"]!["courses"]!.AsArray().RemoveAt(1),
            document => document["credentialSubject"]!.AsObject().Remove("courses"),
            document => document["proof"]!["created"] = "2026-02-28T11:00:00Z",
            document => document["proof"]!.AsObject().Remove("created"),
            document => document["proof"]!["expires"] = "2028-03-01T12:00:00Z",
            document => document["proof"]!.AsObject().Remove("expires"),
            document => document["proof"]!["domain"] = "https://b.example",
            document => document["proof"]!["challenge"] = "d",
            document => document["proof"]!["nonce"] = "o",
            document => document["proof"]!["id"] = "urn:uuid:2",
        })
        {
            var changed = signed.DeepClone().AsObject();
            change(changed);
            Parties.AssertFails(await _parties.VerifyAsync(changed), DataIntegrityChecks.Signature, DataIntegrityCodes.SignatureInvalid);
        }
    }

    [Theory]
    [Trait("Row", "LDP-03")]
    [InlineData(DataIntegrityNames.EddsaRdfc2022)]
    [InlineData(DataIntegrityNames.EddsaJcs2022)]
    public async Task A_context_that_the_rule_does_not_accept_is_refused(string suite)
    {
        var signed = await _parties.SignAsync(suite, "ed");
        foreach (var context in new JsonNode[]
        {
            new JsonArray(Parties.V2, new JsonObject { ["name"] = "https://attacker.example/name" }),
            new JsonArray(Parties.V2, new JsonObject { ["@vocab"] = "https://www.w3.org/ns/credentials/examples#" }),
        })
        {
            var changed = signed.DeepClone().AsObject();
            changed["@context"] = context;
            Parties.AssertFails(await _parties.VerifyAsync(changed), DataIntegrityChecks.Contexts, JsonLdCodes.ContextNotAccepted);
        }

        Parties.AssertFails(
            await _parties.VerifyAsync(signed, expected => expected with { ContextRule = ContextRule.Only(Parties.V2) }), DataIntegrityChecks.Contexts, JsonLdCodes.ContextNotAccepted);
        Parties.AssertFails(
            await _parties.VerifyAsync(signed, expected => expected with { Contexts = JsonLdContexts.None }), DataIntegrityChecks.Contexts, JsonLdCodes.ContextUnknown);
        Assert.True((await _parties.VerifyAsync(signed)).IsVerified);
    }

    /// <summary>The same graph under other names: what was signed as the purpose stands elsewhere, and the member called so is signed as something else.</summary>
    [Fact]
    [Trait("Row", "LDP-03")]
    [Trait("Row", "LDP-07")]
    public async Task Names_of_a_proof_must_mean_what_they_say()
    {
        var document = StrictJson.Parse("""{"@context":[{"name":"https://schema.org/name"},"https://w3id.org/security/data-integrity/v2"],"name":"x"}""");
        var signed = await _parties.SignAsync(document, DataIntegrityNames.EddsaRdfc2022, "ed", options => options with { Purpose = VerificationRelationship.Authentication });
        var anything = (DataIntegrityExpectations expected) => expected with { ContextRule = ContextRule.Anything };
        Assert.True((await _parties.VerifyAsync(signed, expected => anything(expected) with { Purpose = VerificationRelationship.Authentication })).IsVerified);

        var proof = signed["proof"]!.AsObject();
        signed["@context"] = new JsonArray(Node("""
            {"name":"https://schema.org/name","type":"@type","DataIntegrityProof":"https://w3id.org/security#DataIntegrityProof",
             "signed":{"@id":"https://w3id.org/security#proofPurpose","@type":"@id"},"proofPurpose":null,
             "created":{"@id":"http://purl.org/dc/terms/created","@type":"http://www.w3.org/2001/XMLSchema#dateTime"},
             "cryptosuite":{"@id":"https://w3id.org/security#cryptosuite","@type":"https://w3id.org/security#cryptosuiteString"},
             "verificationMethod":{"@id":"https://w3id.org/security#verificationMethod","@type":"@id"}}
            """));
        proof["signed"] = "https://w3id.org/security#authenticationMethod";
        proof["proofPurpose"] = "assertionMethod";
        Assert.False((await _parties.VerifyAsync(signed, anything)).IsVerified);

        // With a meaning that adds nothing to the graph it is the check of meanings alone that refuses it.
        signed["@context"]![0]!["proofPurpose"] = Node("""{"@id":"https://w3id.org/security#proofPurpose","@type":"@vocab"}""");
        signed["@context"]![0]!["assertionMethod"] = "https://w3id.org/security#authenticationMethod";
        Parties.AssertFails(await _parties.VerifyAsync(signed, anything), DataIntegrityChecks.Signature, DataIntegrityCodes.ProofMeaning);
    }

    /// <summary>A member that nothing reads, but that by the contexts says the same as one that is read, and says a number.</summary>
    [Fact]
    [Trait("Row", "LDP-03")]
    public async Task A_number_under_another_name_is_not_what_a_proof_says()
    {
        var document = StrictJson.Parse("""{"@context":[{"name":"https://schema.org/name","answer":"https://w3id.org/security#challenge"},"https://w3id.org/security/data-integrity/v2"],"name":"x"}""");
        var signed = await _parties.SignAsync(document, DataIntegrityNames.EddsaRdfc2022, "ed", options => options with { Challenge = "5" });
        var anything = (DataIntegrityExpectations expected) => expected with { ContextRule = ContextRule.Anything };
        Assert.True((await _parties.VerifyAsync(signed, anything)).IsVerified);
        signed["proof"]!.AsObject().Remove("challenge");
        signed["proof"]!["answer"] = 5;
        Parties.AssertFails(await _parties.VerifyAsync(signed, anything), DataIntegrityChecks.Signature, DataIntegrityCodes.ProofMeaning);
    }

    [Theory]
    [Trait("Row", "LDP-07")]
    [InlineData("authentication")]
    [InlineData("assertion")]
    [InlineData("keyAgreement")]
    [InlineData("https://w3id.org/security#assertionMethod")]
    public async Task Another_purpose_is_refused(string purpose)
    {
        var signed = await _parties.SignAsync(DataIntegrityNames.EddsaRdfc2022, "ed");
        Assert.True((await _parties.VerifyAsync(signed)).IsVerified);
        signed["proof"]!["proofPurpose"] = purpose;

        Parties.AssertFails(await _parties.VerifyAsync(signed), DataIntegrityChecks.Purpose, DataIntegrityCodes.ProofPurpose);
    }

    [Fact]
    [Trait("Row", "LDP-07")]
    public async Task A_proof_made_to_authenticate_makes_no_statement()
    {
        var signed = await _parties.SignAsync(DataIntegrityNames.EddsaJcs2022, "ed", options => options with { Purpose = VerificationRelationship.Authentication });

        Parties.AssertFails(await _parties.VerifyAsync(signed), DataIntegrityChecks.Purpose, DataIntegrityCodes.ProofPurpose);
        Assert.True((await _parties.VerifyAsync(signed, expected => expected with { Purpose = VerificationRelationship.Authentication })).IsVerified);
    }

    [Theory]
    [Trait("Row", "LDP-08")]
    [InlineData("https://university.example/issuers/1#p256", VerificationRelationship.Authentication)]
    [InlineData("https://university.example/issuers/1#gone", VerificationRelationship.AssertionMethod)]
    [InlineData("https://other.example/issuers/1#ed", VerificationRelationship.AssertionMethod)]
    public async Task A_key_that_is_not_listed_for_the_purpose_is_refused(string method, VerificationRelationship purpose)
    {
        var signed = await _parties.SignAsync(DataIntegrityNames.EcdsaJcs2019, "p256", options => options with { VerificationMethod = method, Purpose = purpose });

        Parties.AssertFails(await _parties.VerifyAsync(signed, expected => expected with { Purpose = purpose }), DataIntegrityChecks.Key, DidCodes.MethodMissing);
        Assert.True((await _parties.VerifyAsync(await _parties.SignAsync(DataIntegrityNames.EcdsaJcs2019, "p256"))).IsVerified);
    }

    [Fact]
    [Trait("Row", "LDP-08")]
    public async Task A_key_of_another_kind_than_the_suite_uses_is_refused()
    {
        var signed = await _parties.SignAsync(DataIntegrityNames.EcdsaJcs2019, "p256", options => options with { VerificationMethod = $"{Parties.Issuer}#ed" });

        Parties.AssertFails(await _parties.VerifyAsync(signed), DataIntegrityChecks.Key, DataIntegrityCodes.KeyType);
        await Assert.ThrowsAsync<ArgumentException>(() => _parties.SignAsync(DataIntegrityNames.EcdsaJcs2019, "ed"));
    }

    [Fact]
    public async Task A_key_that_cannot_be_fetched_leaves_the_question_open()
    {
        var signed = await _parties.SignAsync(DataIntegrityNames.EddsaJcs2022, "ed");
        var result = await _parties.VerifyAsync(signed, expected => expected with { Keys = (_, _, _) => throw new FetchException(HttpCodes.Unreachable, "Nobody there.") });

        Assert.False(result.IsVerified);
        Assert.Contains(result.Checks, check => check is { Id: DataIntegrityChecks.Key, Outcome: CheckOutcome.Indeterminate, Code: HttpCodes.Unreachable, Section: "Controlled Identifiers 1.0 §3.3" });
        Assert.Contains(result.Checks, check => check is { Id: DataIntegrityChecks.Signature, Outcome: CheckOutcome.NotRun, BlockedBy: DataIntegrityChecks.Key });
    }

    [Theory]
    [Trait("Row", "LDP-09")]
    [InlineData("cryptosuite", "eddsa-rdfc-2020", DataIntegrityCodes.CryptosuiteNotSupported)]
    [InlineData("cryptosuite", "bbs-2023", DataIntegrityCodes.CryptosuiteNotSupported)]
    [InlineData("cryptosuite", "EDDSA-JCS-2022", DataIntegrityCodes.CryptosuiteNotSupported)]
    [InlineData("cryptosuite", null, DataIntegrityCodes.ProofMalformed)]
    [InlineData("type", "Ed25519Signature2018", DataIntegrityCodes.ProofType)]
    [InlineData("type", "Ed25519Signature2020", DataIntegrityCodes.ProofType)]
    [InlineData("type", "dataIntegrityProof", DataIntegrityCodes.ProofType)]
    [InlineData("type", null, DataIntegrityCodes.ProofMalformed)]
    [InlineData("verificationMethod", null, DataIntegrityCodes.ProofMalformed)]
    [InlineData("proofPurpose", null, DataIntegrityCodes.ProofMalformed)]
    [InlineData("proofValue", null, DataIntegrityCodes.ProofMalformed)]
    [InlineData("challenge", "", DataIntegrityCodes.ProofMalformed)]
    public async Task A_proof_of_another_kind_or_without_a_required_member_is_refused(string member, string? value, string code)
    {
        var signed = await _parties.SignAsync(DataIntegrityNames.EddsaJcs2022, "ed");
        Assert.True((await _parties.VerifyAsync(signed)).IsVerified);
        signed["proof"]![member] = value;
        Parties.AssertFails(await _parties.VerifyAsync(signed), DataIntegrityChecks.Format, code);
        if (value is not null)
            return;
        signed["proof"]!.AsObject().Remove(member);
        Parties.AssertFails(await _parties.VerifyAsync(signed), DataIntegrityChecks.Format, code);
        signed["proof"]![member] = new JsonArray("x");
        Parties.AssertFails(await _parties.VerifyAsync(signed), DataIntegrityChecks.Format, code);
    }

    [Fact]
    [Trait("Row", "LDP-09")]
    public async Task A_suite_that_the_verifier_does_not_accept_is_refused()
    {
        var signed = await _parties.SignAsync(DataIntegrityNames.EddsaJcs2022, "ed");

        Parties.AssertFails(
            await _parties.VerifyAsync(signed, expected => expected with { Cryptosuites = [DataIntegrityNames.EddsaRdfc2022] }), DataIntegrityChecks.Format, DataIntegrityCodes.CryptosuiteNotSupported);
        Assert.True((await _parties.VerifyAsync(signed, expected => expected with { Cryptosuites = [DataIntegrityNames.EddsaJcs2022] })).IsVerified);
    }

    [Theory]
    [Trait("Row", "LDP-10")]
    [InlineData("created", "2026-03-01T12:01:01Z", DataIntegrityChecks.Time, DataIntegrityCodes.CreatedInFuture)]
    [InlineData("created", "9999-12-31T23:59:59.9999999Z", DataIntegrityChecks.Time, DataIntegrityCodes.CreatedInFuture)]
    [InlineData("created", "2026-02-28T12:00:00", DataIntegrityChecks.Format, DataIntegrityCodes.ProofMalformed)]
    [InlineData("created", "2026-02-30T12:00:00Z", DataIntegrityChecks.Format, DataIntegrityCodes.ProofMalformed)]
    [InlineData("created", "1772366400", DataIntegrityChecks.Format, DataIntegrityCodes.ProofMalformed)]
    [InlineData("expires", "2026-03-01T11:59:00Z", DataIntegrityChecks.Time, DataIntegrityCodes.Expired)]
    [InlineData("expires", "2026-03-01T12:00:00+01:00", DataIntegrityChecks.Time, DataIntegrityCodes.Expired)]
    [InlineData("expires", "0001-01-01T00:00:00Z", DataIntegrityChecks.Time, DataIntegrityCodes.Expired)]
    [InlineData("expires", "2027-03-01", DataIntegrityChecks.Format, DataIntegrityCodes.ProofMalformed)]
    public async Task A_proof_outside_of_its_time_is_refused(string member, string time, string check, string code)
    {
        var signed = await _parties.SignAsync(DataIntegrityNames.EddsaJcs2022, "ed", options => options with { Expires = Parties.Now.AddDays(1) });
        Assert.True((await _parties.VerifyAsync(signed)).IsVerified);
        signed["proof"]![member] = time;

        Parties.AssertFails(await _parties.VerifyAsync(signed), check, code);
    }

    [Fact]
    [Trait("Row", "LDP-10")]
    public async Task Times_have_their_edges_at_the_skew_and_need_not_be_there()
    {
        Assert.True((await _parties.VerifyAsync(await _parties.SignAsync(DataIntegrityNames.EddsaJcs2022, "ed", options => options with { Created = null }))).IsVerified);
        foreach (var (created, isGood) in new[] { (60, true), (61, false) })
        {
            var signed = await _parties.SignAsync(DataIntegrityNames.EddsaJcs2022, "ed", options => options with { Created = Parties.Now.AddSeconds(created) });
            Assert.Equal(isGood, (await _parties.VerifyAsync(signed)).IsVerified);
        }

        foreach (var (expires, isGood) in new[] { (-59, true), (-60, false) })
        {
            var signed = await _parties.SignAsync(DataIntegrityNames.EddsaJcs2022, "ed", options => options with { Expires = Parties.Now.AddSeconds(expires) });
            Assert.Equal(isGood, (await _parties.VerifyAsync(signed)).IsVerified);
        }

        var backwards = await _parties.SignAsync(DataIntegrityNames.EddsaJcs2022, "ed", options => options with { Created = Parties.Now, Expires = Parties.Now.AddSeconds(-30) });
        Parties.AssertFails(await _parties.VerifyAsync(backwards), DataIntegrityChecks.Time, DataIntegrityCodes.Expired);
        var brief = await _parties.SignAsync(DataIntegrityNames.EddsaJcs2022, "ed", options => options with { Created = Parties.Now, Expires = Parties.Now });
        Assert.True((await _parties.VerifyAsync(brief)).IsVerified);
    }

    [Fact]
    public async Task Domain_and_challenge_are_the_expected_ones_where_they_are_asked_for()
    {
        var signed = await _parties.SignAsync(
            DataIntegrityNames.EddsaRdfc2022, "ed", options => options with { Domains = ["https://a.example", "https://b.example"], Challenge = "1234" });

        Assert.True((await _parties.VerifyAsync(signed)).IsVerified);
        Assert.True((await _parties.VerifyAsync(signed, expected => expected with { Domains = ["https://b.example", "https://a.example"], Challenge = "1234" })).IsVerified);
        Parties.AssertFails(await _parties.VerifyAsync(signed, expected => expected with { Domains = ["https://a.example"] }), DataIntegrityChecks.Domain, DataIntegrityCodes.Domain);
        Parties.AssertFails(await _parties.VerifyAsync(signed, expected => expected with { Challenge = "1235" }), DataIntegrityChecks.Challenge, DataIntegrityCodes.Challenge);
        var silent = await _parties.SignAsync(DataIntegrityNames.EddsaRdfc2022, "ed");
        Parties.AssertFails(await _parties.VerifyAsync(silent, expected => expected with { Domains = ["https://a.example"] }), DataIntegrityChecks.Domain, DataIntegrityCodes.Domain);
        Parties.AssertFails(await _parties.VerifyAsync(silent, expected => expected with { Challenge = "1234" }), DataIntegrityChecks.Challenge, DataIntegrityCodes.Challenge);
    }

    [Theory]
    [Trait("Row", "LDP-13")]
    [MemberData(nameof(Suites))]
    public async Task A_proof_value_in_another_form_is_refused(string suite, string key)
    {
        var signed = await _parties.SignAsync(suite, key);
        var value = signed["proof"]!["proofValue"]!.GetValue<string>();
        var signature = Multibase.DecodeBase58Btc(value);
        using var other = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var der = other.SignData(signature, System.Security.Cryptography.HashAlgorithmName.SHA256, System.Security.Cryptography.DSASignatureFormat.Rfc3279DerSequence);
        // Each of these has another length than the signature whatever its bytes are: a "z" at its start, or zeros, would make some of them one.
        var bare = value[1] == 'z' ? "y" + value[2..] : value[1..];
        foreach (var wrong in new[]
        {
            "", "z", bare, "u" + value[1..], Multibase.EncodeBase64Url(signature), value + "111111", value[..^4], value.Replace(value[3], '0'),
            Multibase.EncodeBase58Btc(signature.AsSpan(1)), Multibase.EncodeBase58Btc([0, .. signature]), Multibase.EncodeBase58Btc([.. signature, 0]), Multibase.EncodeBase58Btc(der),
            "z" + new string('2', 5000),
        })
        {
            var changed = signed.DeepClone().AsObject();
            changed["proof"]!["proofValue"] = wrong;
            Parties.AssertFails(await _parties.VerifyAsync(changed), DataIntegrityChecks.Signature, DataIntegrityCodes.ProofValue);
        }

        signature[5] ^= 1;
        signed["proof"]!["proofValue"] = Multibase.EncodeBase58Btc(signature);
        Parties.AssertFails(await _parties.VerifyAsync(signed), DataIntegrityChecks.Signature, DataIntegrityCodes.SignatureInvalid);
    }

    [Fact]
    [Trait("Row", "LDP-14")]
    public async Task A_document_without_a_proof_at_its_top_is_refused()
    {
        var signed = await _parties.SignAsync(DataIntegrityNames.EddsaJcs2022, "ed");
        Assert.True((await _parties.VerifyAsync(signed)).IsVerified);
        var proof = signed["proof"]!.DeepClone();

        foreach (var (change, code) in new (Action<JsonObject> Change, string Code)[]
        {
            (document => document.Remove("proof"), DataIntegrityCodes.ProofMissing),
            (document => document["proof"] = null, DataIntegrityCodes.ProofMissing),
            (document => document["proof"] = new JsonArray(), DataIntegrityCodes.ProofMissing),
            (document => document["proof"] = "z", DataIntegrityCodes.ProofMissing),
            (document => document["proof"] = new JsonObject(), DataIntegrityCodes.ProofMalformed),
            (document => document["proof"] = new JsonArray(null, null), DataIntegrityCodes.ProofMalformed),
            (document => document["proof"] = new JsonArray(new JsonArray(proof.DeepClone())), DataIntegrityCodes.ProofMalformed),
            (document =>
            {
                document.Remove("proof");
                document["credentialSubject"]!["proof"] = proof.DeepClone();
            }, DataIntegrityCodes.ProofMissing),
        })
        {
            var changed = signed.DeepClone().AsObject();
            change(changed);
            Parties.AssertFails(await _parties.VerifyAsync(changed), DataIntegrityChecks.Format, code);
        }

        Parties.AssertFails(await _parties.VerifyAsync(new JsonArray(signed.DeepClone())), DataIntegrityChecks.Format, DataIntegrityCodes.ProofMissing);
    }

    [Fact]
    public async Task Contexts_that_a_JCS_proof_does_not_cover_are_not_handed_out()
    {
        var signed = await _parties.SignAsync(DataIntegrityNames.EddsaJcs2022, "ed");
        signed["@context"]!.AsArray().Add("https://www.w3.org/ns/credentials/undefined-terms/v2");
        var result = await _parties.VerifyAsync(signed);
        Assert.True(result.TryGetDocument(out var document));
        Assert.True(System.Text.Json.JsonElement.DeepEquals(Parties.Degree, document.Value));

        signed["@context"] = new JsonArray(Parties.V2, "https://www.w3.org/ns/credentials/undefined-terms/v2");
        Parties.AssertFails(await _parties.VerifyAsync(signed), DataIntegrityChecks.Signature, DataIntegrityCodes.ProofContext);
    }

    [Fact]
    public async Task A_number_comes_out_as_it_was_signed()
    {
        var document = StrictJson.Parse("""{"amount":9007199254740992}""");
        var signed = await _parties.SignAsync(document, DataIntegrityNames.EddsaJcs2022, "ed");
        // JCS rounds to a double, so that the signature holds for both spellings.
        signed["amount"] = Node("9007199254740993");
        var result = await _parties.VerifyAsync(signed);

        Assert.True(result.TryGetDocument(out var covered));
        Assert.Equal("9007199254740992", covered.Value.GetProperty("amount").GetRawText());
    }

    [Theory]
    [InlineData("cryptosuite", "bbs-2023", DataIntegrityChecks.Format, "Data Integrity 1.0 §2.1")]
    [InlineData("@context", "https://example.org/unknown", DataIntegrityChecks.Contexts, "Data Integrity 1.0 §4.6")]
    [InlineData("proofPurpose", "authentication", DataIntegrityChecks.Purpose, "Data Integrity 1.0 §4.4")]
    [InlineData("expires", "2020-01-01T00:00:00Z", DataIntegrityChecks.Time, "Data Integrity 1.0 §2.1")]
    [InlineData("domain", "https://b.example", DataIntegrityChecks.Domain, "Data Integrity 1.0 §4.4")]
    [InlineData("challenge", "d", DataIntegrityChecks.Challenge, "Data Integrity 1.0 §4.4")]
    [InlineData("previousProof", "urn:uuid:2", DataIntegrityChecks.Chain, "Data Integrity 1.0 §4.5")]
    [InlineData("verificationMethod", "https://other.example#ed", DataIntegrityChecks.Key, "Controlled Identifiers 1.0 §3.3")]
    [InlineData("verificationMethod", $"{Parties.Issuer}#p256", DataIntegrityChecks.Key, "Data Integrity 1.0 §4.4")]
    [InlineData("nonce", "o", DataIntegrityChecks.Signature, "Data Integrity 1.0 §4.4")]
    [InlineData("proofValue", "u", DataIntegrityChecks.Signature, "Data Integrity 1.0 §4.4")]
    public async Task A_failed_check_names_the_section_of_its_rule(string member, string value, string check, string section)
    {
        var signed = await _parties.SignAsync(DataIntegrityNames.EddsaJcs2022, "ed", options => options with { Domains = ["https://a.example"], Challenge = "c" });
        (member == "@context" ? signed : signed["proof"]!.AsObject())[member] = value;
        var result = await _parties.VerifyAsync(signed, expected => expected with { Domains = ["https://a.example"], Challenge = "c" });
        Assert.Equal((CheckOutcome.Failed, section), result.Checks.Where(one => one.Id == check).Select(one => (one.Outcome, one.Section)).Single());
        if (check != DataIntegrityChecks.Format) return;
        Assert.All(result.Checks.Skip(1), one => Assert.Equal((CheckOutcome.NotRun, DataIntegrityChecks.Format), (one.Outcome, one.BlockedBy)));
        Assert.Empty(result.Proofs);
    }

    // Data Integrity 1.0 §2.1: a text, or texts that differ; bounded here.
    [Fact]
    public async Task The_members_of_a_proof_are_bounded()
    {
        var signed = await _parties.SignAsync(DataIntegrityNames.EddsaJcs2022, "ed");
        foreach (var (value, isRead) in new (JsonNode Value, bool)[]
        {
            (JsonValue.Create(new string('x', 4096))!, true),
            (JsonValue.Create(new string('x', 4097))!, false),
            (JsonValue.Create(1), false),
            (new JsonArray([.. Enumerable.Range(0, 16).Select(i => (JsonNode)$"{i}")]), true),
            (new JsonArray([.. Enumerable.Range(0, 17).Select(i => (JsonNode)$"{i}")]), false),
            (new JsonArray(new string('x', 4096)), true),
            (new JsonArray(new string('x', 4097)), false),
            (new JsonArray("a", ""), false),
            (new JsonArray("a", "a"), false),
            (new JsonArray("a", 1), false),
            (new JsonArray(), false),
        })
        {
            var changed = signed.DeepClone().AsObject();
            changed["proof"]!["domain"] = value;
            Parties.AssertFails(
                await _parties.VerifyAsync(changed), isRead ? DataIntegrityChecks.Signature : DataIntegrityChecks.Format, isRead ? DataIntegrityCodes.SignatureInvalid : DataIntegrityCodes.ProofMalformed);
        }

        signed["proof"]!["nonce"] = "";
        Parties.AssertFails(await _parties.VerifyAsync(signed), DataIntegrityChecks.Format, DataIntegrityCodes.ProofMalformed);
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(60, true)]
    [InlineData(61, false)]
    public void Clocks_may_be_a_minute_apart_at_most(int seconds, bool isAllowed)
    {
        if (isAllowed) Assert.Equal(seconds, (_parties.Expected with { ClockSkew = TimeSpan.FromSeconds(seconds) }).ClockSkew.TotalSeconds);
        else Assert.Throws<ArgumentOutOfRangeException>(() => _parties.Expected with { ClockSkew = TimeSpan.FromSeconds(seconds) });
    }

    // EdDSA Cryptosuites 1.0 §3.3.2 step 4: the contexts of the document begin with those of the proof.
    [Theory]
    [InlineData("""["a","b"]""", """["a","b"]""", true)]
    [InlineData("""["a","b"]""", """["a", "b", "c"]""", true)]
    [InlineData("""["a","b"]""", """["a"]""", false)]
    [InlineData("""["a","b"]""", """["b","a"]""", false)]
    [InlineData("""["a","b"]""", "\"a\"", false)]
    [InlineData("\"a\"", """["a"]""", true)]
    [InlineData("\"a\"", """["a","b"]""", true)]
    [InlineData("\"a\"", "\"b\"", false)]
    [InlineData("\"a\"", null, false)]
    [InlineData("""[{"x":"y"}]""", """[{ "x": "y" }]""", true)]
    public async Task Contexts_may_be_appended_to_those_that_were_signed(string contexts, string? appended, bool isGood)
    {
        var signed = await _parties.SignAsync(StrictJson.Parse($$"""{"@context": {{contexts}}, "name": "x"}"""), DataIntegrityNames.EddsaJcs2022, "ed");
        if (appended is null) signed.Remove("@context");
        else signed["@context"] = Node(appended);
        var result = await _parties.VerifyAsync(signed, expected => expected with { ContextRule = ContextRule.Anything });
        var signature = result.Checks.Single(check => check.Id == DataIntegrityChecks.Signature);
        Assert.Equal(isGood ? null : DataIntegrityCodes.ProofContext, signature.Code);
        if (!isGood) return;
        Assert.True(result.TryGetDocument(out var covered));
        Assert.True(System.Text.Json.JsonElement.DeepEquals(StrictJson.Parse(contexts), covered.Value.GetProperty("@context")));
    }

    private static JsonNode Node(string json) => StrictJson.ToNode(StrictJson.Parse(json))!;

    public void Dispose() => _parties.Dispose();
}
