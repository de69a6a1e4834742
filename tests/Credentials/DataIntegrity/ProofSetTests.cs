using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.DataIntegrity;
using Credentials.Dids;
using Credentials.JsonLd;

namespace Credentials.Tests.DataIntegrity;

public sealed class ProofSetTests : IDisposable
{
    private const string First = "urn:uuid:11111111-0000-4000-8000-000000000001";
    private const string Second = "urn:uuid:11111111-0000-4000-8000-000000000002";

    private readonly Parties _parties = new();

    public static TheoryData<string, string> Suites => Parties.Suites;

    private async Task<JsonObject> AddAsync(JsonObject document, string suite, string key, string? id, params string[] previous) =>
        await _parties.SignAsync(StrictJson.ToElement(document), suite, key, options => options with { Id = id, PreviousProofs = previous });

    /// <summary>A proof by Ed25519, and one by the suite that covers it.</summary>
    private async Task<JsonObject> ChainAsync(string suite, string key) =>
        await AddAsync(await AddAsync(Document(), DataIntegrityNames.EddsaJcs2022, "ed", First), suite, key, Second, First);

    private static JsonObject Document() => StrictJson.ToNode(Parties.Degree)!.AsObject();

    [Theory]
    [MemberData(nameof(Suites))]
    public async Task Each_proof_of_a_set_stands_for_itself(string suite, string key)
    {
        var secured = await AddAsync(await _parties.SignAsync(DataIntegrityNames.EddsaJcs2022, "ed"), suite, key, null);
        Assert.Equal(2, secured["proof"]!.AsArray().Count);
        var result = await _parties.VerifyAsync(secured);
        Assert.True(result.IsVerified);
        Assert.Equal(2, result.Proofs.Count);

        foreach (var i in new[] { 0, 1 })
        {
            var cut = secured.DeepClone().AsObject();
            cut["proof"]!.AsArray().RemoveAt(i);
            Assert.True((await _parties.VerifyAsync(cut)).IsVerified);
        }
    }

    [Theory]
    [Trait("Row", "LDP-12")]
    [MemberData(nameof(Suites))]
    public async Task One_bad_proof_of_a_set_fails_the_document(string suite, string key)
    {
        var secured = await AddAsync(await _parties.SignAsync(DataIntegrityNames.EddsaJcs2022, "ed"), suite, key, null);
        Assert.True((await _parties.VerifyAsync(secured)).IsVerified);
        foreach (var i in new[] { 0, 1 })
        {
            var broken = secured.DeepClone().AsObject();
            broken["proof"]![i]!["created"] = "2026-02-01T00:00:00Z";
            Parties.AssertFails(await _parties.VerifyAsync(broken), DataIntegrityChecks.Signature, DataIntegrityCodes.SignatureInvalid);
            broken["proof"]![i]!["cryptosuite"] = "bbs-2023";
            Parties.AssertFails(await _parties.VerifyAsync(broken), DataIntegrityChecks.Format, DataIntegrityCodes.CryptosuiteNotSupported);
        }
    }

    [Theory]
    [Trait("Row", "LDP-12")]
    [MemberData(nameof(Suites))]
    public async Task A_proof_of_a_chain_covers_the_earlier_one(string suite, string key)
    {
        var secured = await ChainAsync(suite, key);
        var result = await _parties.VerifyAsync(secured);
        Assert.True(result.IsVerified);
        Assert.Contains(result.Checks, check => check is { Id: DataIntegrityChecks.Chain, Outcome: CheckOutcome.Passed });

        // Another good proof under the same identifier is not the one that was covered.
        var replaced = await AddAsync(Document(), DataIntegrityNames.EddsaJcs2022, "ed", First);
        replaced["proof"]!["nonce"] = "x";
        var resigned = await _parties.SignAsync(Parties.Degree, DataIntegrityNames.EddsaJcs2022, "ed", options => options with { Id = First, Nonce = "x" });
        var swapped = secured.DeepClone().AsObject();
        swapped["proof"]![0] = resigned["proof"]!.DeepClone();
        Parties.AssertFails(await _parties.VerifyAsync(swapped), DataIntegrityChecks.Signature, DataIntegrityCodes.SignatureInvalid);
    }

    [Fact]
    [Trait("Row", "LDP-12")]
    public async Task A_chain_with_a_missing_double_or_circular_reference_is_refused()
    {
        var secured = await ChainAsync(DataIntegrityNames.EddsaRdfc2022, "ed");
        Assert.True((await _parties.VerifyAsync(secured)).IsVerified);
        foreach (var change in new Action<JsonArray>[]
        {
            proofs => proofs.RemoveAt(0),
            proofs => proofs[0]!.AsObject().Remove("id"),
            proofs => proofs[1]!["previousProof"] = new JsonArray(First, "urn:uuid:other"),
            proofs => proofs[1]!["previousProof"] = Second,
            proofs => proofs[0]!["previousProof"] = Second,
            proofs => proofs[1]!["id"] = First,
            proofs => proofs.Add(proofs[0]!.DeepClone()),
        })
        {
            var changed = secured.DeepClone().AsObject();
            change(changed["proof"]!.AsArray());
            var result = await _parties.VerifyAsync(changed);
            Parties.AssertFails(result, DataIntegrityChecks.Chain, DataIntegrityCodes.Chain);
            Assert.Contains(result.Checks, check => check is { Id: DataIntegrityChecks.Signature, Outcome: CheckOutcome.NotRun, BlockedBy: DataIntegrityChecks.Chain });
        }
    }

    [Fact]
    public async Task Proofs_are_capped()
    {
        var proof = (await _parties.SignAsync(DataIntegrityNames.EddsaJcs2022, "ed"))["proof"]!;
        var secured = Document();
        secured["proof"] = new JsonArray([.. Enumerable.Repeat(0, 8).Select(_ => proof.DeepClone())]);
        Assert.True((await _parties.VerifyAsync(secured)).IsVerified);
        secured["proof"]!.AsArray().Add(proof.DeepClone());
        Parties.AssertFails(await _parties.VerifyAsync(secured), DataIntegrityChecks.Format, DataIntegrityCodes.TooManyProofs);
    }

    [Fact]
    public async Task A_proof_is_not_added_to_a_chain_that_is_not_there()
    {
        var secured = await AddAsync(Document(), DataIntegrityNames.EddsaJcs2022, "ed", First);

        Assert.Equal(DataIntegrityCodes.Chain, (await Assert.ThrowsAsync<MalformedDataException>(() => AddAsync(secured, DataIntegrityNames.EddsaJcs2022, "ed", null, Second))).Code);
        Assert.Equal(DataIntegrityCodes.Chain, (await Assert.ThrowsAsync<MalformedDataException>(() => AddAsync(secured, DataIntegrityNames.EddsaJcs2022, "ed", First))).Code);
        var unnamed = await AddAsync(secured, DataIntegrityNames.EddsaJcs2022, "ed", null);
        Assert.Equal(DataIntegrityCodes.Chain, (await Assert.ThrowsAsync<MalformedDataException>(() => AddAsync(unnamed, DataIntegrityNames.EddsaJcs2022, "ed", First))).Code);
        Assert.NotNull(await AddAsync(secured, DataIntegrityNames.EddsaJcs2022, "ed", Second, First));
    }

    [Fact]
    [Trait("Row", "LDP-08")]
    public async Task Each_proof_of_a_set_has_a_key_of_its_own_kind()
    {
        var secured = await AddAsync(await _parties.SignAsync(DataIntegrityNames.EddsaJcs2022, "ed"), DataIntegrityNames.EcdsaJcs2019, "p256", null);
        Assert.True((await _parties.VerifyAsync(secured)).IsVerified);
        foreach (var i in new[] { 0, 1 })
        {
            var changed = secured.DeepClone().AsObject();
            changed["proof"]![i]!["verificationMethod"] = $"{Parties.Issuer}#{(i == 0 ? "p256" : "ed")}";
            Parties.AssertFails(await _parties.VerifyAsync(changed), DataIntegrityChecks.Key, DataIntegrityCodes.KeyType);
        }
    }

    // EdDSA Cryptosuites 1.0 §3.3.2 step 4: a context that one proof does not cover is not handed out, whichever proof comes first.
    [Theory]
    [Trait("Row", "LDP-12")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_appended_contexts_those_that_every_proof_covers_are_handed_out(bool isReversed)
    {
        var secured = await _parties.SignAsync(DataIntegrityNames.EddsaJcs2022, "ed");
        secured["@context"]!.AsArray().Add("https://www.w3.org/ns/credentials/undefined-terms/v2");
        secured = await AddAsync(secured, DataIntegrityNames.EcdsaJcs2019, "p256", null);
        if (isReversed)
        {
            var proofs = secured["proof"]!.AsArray();
            secured["proof"] = new JsonArray(proofs[1]!.DeepClone(), proofs[0]!.DeepClone());
        }

        Assert.True((await _parties.VerifyAsync(secured)).TryGetDocument(out var document));
        Assert.True(JsonElement.DeepEquals(Parties.Degree, document.Value));
    }

    [Fact]
    public async Task A_proof_says_what_its_options_say_and_nothing_else()
    {
        var plain = await _parties.SignAsync(DataIntegrityNames.EcdsaRdfc2019, "p256", options => options with { Created = null });
        Assert.Equal(["type", "cryptosuite", "verificationMethod", "proofPurpose", "proofValue"], plain["proof"]!.AsObject().Select(member => member.Key));
        var full = await AddAsync(plain, DataIntegrityNames.EddsaJcs2022, "ed", First);
        full = await _parties.SignAsync(StrictJson.ToElement(full), DataIntegrityNames.EddsaJcs2022, "ed", options => options with
        {
            Expires = Parties.Now,
            Domains = ["a", "b"],
            Challenge = "c",
            Nonce = "n",
            Id = Second,
            PreviousProofs = [First],
        });
        var proof = full["proof"]![2]!.DeepClone().AsObject();
        proof.Remove("proofValue");
        Assert.Equal(
            """
            {"type":"DataIntegrityProof","cryptosuite":"eddsa-jcs-2022","verificationMethod":"https://university.example/issuers/1#ed","proofPurpose":"assertionMethod",
            "id":"urn:uuid:11111111-0000-4000-8000-000000000002","created":"2026-02-28T12:00:00Z","expires":"2026-03-01T12:00:00Z","domain":["a","b"],"challenge":"c","nonce":"n",
            "previousProof":"urn:uuid:11111111-0000-4000-8000-000000000001","@context":["https://www.w3.org/ns/credentials/v2","https://www.w3.org/ns/credentials/examples/v2"]}
            """.ReplaceLineEndings(""), proof.ToJsonString());
        Assert.True((await _parties.VerifyAsync(full)).IsVerified);
    }

    [Fact]
    public async Task What_cannot_be_signed_is_the_callers_mistake()
    {
        var (key, options, ct) = (_parties.Key("ed"), _parties.Options(DataIntegrityNames.EddsaJcs2022, "ed"), TestContext.Current.CancellationToken);
        (string Name, Func<Task> Call)[] calls =
        [
            ("options", () => DataIntegrityIssuer.AddProofAsync(Parties.Degree, null!, key, ct)),
            ("key", () => DataIntegrityIssuer.AddProofAsync(Parties.Degree, options, null!, ct)),
            ("options", () => DataIntegrityIssuer.AddProofAsync(Parties.Degree, options with { Cryptosuite = "bbs-2023" }, key, ct)),
            ("key", () => DataIntegrityIssuer.AddProofAsync(Parties.Degree, options, _parties.Key("p384"), ct)),
            ("options", () => DataIntegrityIssuer.AddProofAsync(Parties.Degree, options with { Purpose = VerificationRelationship.KeyAgreement }, key, ct)),
            ("expected", () => DataIntegrityVerifier.VerifyAsync(Parties.Degree, null!, ct)),
            ("selectivePointers", () => Task.FromResult(DataIntegrityPresenter.Derive(Parties.Degree, null!, JsonLdContexts.BuiltIn))),
        ];
        foreach (var (name, call) in calls) Assert.Equal(name, (await Assert.ThrowsAnyAsync<ArgumentException>(call)).ParamName);
        Assert.Equal(DataIntegrityCodes.ProofMalformed, (await Assert.ThrowsAsync<MalformedDataException>(() => DataIntegrityIssuer.AddProofAsync(StrictJson.Parse("[]"), options, key, ct))).Code);
    }

    [Theory]
    [InlineData(VerificationRelationship.AssertionMethod, "assertionMethod")]
    [InlineData(VerificationRelationship.Authentication, "authentication")]
    [InlineData(VerificationRelationship.CapabilityInvocation, "capabilityInvocation")]
    [InlineData(VerificationRelationship.CapabilityDelegation, "capabilityDelegation")]
    [InlineData(VerificationRelationship.KeyAgreement, null)]
    public async Task Each_purpose_means_its_relationship_in_the_graph_too(VerificationRelationship relationship, string? purpose)
    {
        Assert.Equal(purpose, DataIntegrityNames.PurposeOf(relationship));
        if (purpose is null) return;
        var signed = await _parties.SignAsync(DataIntegrityNames.EddsaRdfc2022, "ed", options => options with { Purpose = relationship });
        var key = _parties.Key("ed").PublicKey;
        Assert.True((await _parties.VerifyAsync(signed, expected => expected with { Purpose = relationship, Keys = (_, _, _) => ValueTask.FromResult(key) })).IsVerified);
    }

    public void Dispose() => _parties.Dispose();
}
