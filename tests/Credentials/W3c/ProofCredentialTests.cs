using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.DataIntegrity;
using Credentials.Dids;
using Credentials.JsonLd;
using Credentials.Keys;
using Credentials.SdJwt;
using Credentials.Trust;
using Credentials.W3c;
using static Credentials.Tests.W3c.University;

namespace Credentials.Tests.W3c;

/// <summary>Credentials and presentations with Data Integrity proofs, through the same verifier as the enveloped ones.</summary>
public class ProofCredentialTests
{
    private static ProofOptions Options(string suite = DataIntegrityNames.EcdsaRdfc2019, string? method = null) => new()
    {
        Cryptosuite = suite,
        VerificationMethod = method ?? DidKey.VerificationMethodOf(Issuer),
        Purpose = VerificationRelationship.AssertionMethod,
        Contexts = JsonLdContexts.BuiltIn,
        Created = Now.AddDays(-1),
    };

    private static async Task<string> ProveAsync(JsonObject? document = null, ProofOptions? options = null, ISigningKey? key = null) =>
        (await W3cIssuer.IssueWithProofAsync(document ?? Diploma(), options ?? Options(), key ?? IssuerKey, Ct)).ToJsonString();

    private static async Task<string> PresentAsync(W3cPresentationContent content, ISigningKey? key = null, string suite = DataIntegrityNames.EddsaRdfc2022) =>
        (await W3cPresenter.PresentWithProofAsync(content, suite, JsonLdContexts.BuiltIn, key ?? HolderKey, Ct)).ToJsonString();

    private static Task<VerificationReport> VerifyAsync(string presentation, W3cExpectations? expected = null) =>
        W3cVerifier.VerifyPresentationAsync(presentation, expected ?? Bound, Ct);

    private static string Changed(string json, Action<JsonObject> change)
    {
        var document = StrictJson.ToNode(StrictJson.Parse(json))!.AsObject();
        change(document);
        return document.ToJsonString();
    }

    [Theory]
    [InlineData(DataIntegrityNames.EcdsaRdfc2019)]
    [InlineData(DataIntegrityNames.EcdsaJcs2019)]
    public async Task What_is_proved_is_accepted_without_its_proof(string suite)
    {
        var report = await AcceptAsync(await ProveAsync(options: Options(suite)));
        Assert.True(report.TryGetVerified(out var verified));
        Assert.Equal((W3cFormats.DataIntegrity, DiplomaType, Issuer), (verified.Format, verified.Type, verified.Issuer));
        Assert.False(verified.Claims.TryGetProperty("proof", out _));
        Assert.Equal(2026, verified.Claims.GetProperty("credentialSubject").GetProperty("degree").GetProperty("year").GetInt32());
        Assert.Equal(Issuer, verified.Anchor!.Issuer);
    }

    [Fact]
    [Trait("Row", "LDP-01")]
    public async Task Anything_changed_or_added_after_signing_is_refused()
    {
        var secured = await ProveAsync();
        await RefuseOnlyAsync(Changed(secured, d => d["credentialSubject"]!["degree"]!["year"] = 2025), W3cChecks.IssuerSignature, DataIntegrityCodes.SignatureInvalid);
        await RefuseOnlyAsync(Changed(secured, d => d["credentialSubject"]!["isAdmin"] = true), W3cChecks.IssuerSignature, DataIntegrityCodes.SignatureInvalid);
        await RefuseOnlyAsync(Changed(secured, d => d["@context"]!.AsArray().Add(new JsonObject { ["degree"] = "https://evil.example/#x" })), W3cChecks.IssuerSignature, JsonLdCodes.ContextNotAccepted);
        await AcceptAsync(secured);
    }

    [Fact]
    [Trait("Row", "LDP-14")]
    public async Task A_proof_that_is_removed_or_hidden_is_missed()
    {
        var secured = await ProveAsync();
        await RefuseOnlyAsync(Changed(secured, d => d.Remove("proof")), W3cChecks.Format, W3cCodes.NotSecured);
        await RefuseOnlyAsync(Changed(secured, d => d["proof"] = null), W3cChecks.DataModel, W3cCodes.Proof);
        await RefuseOnlyAsync(Changed(secured, d => d["proof"] = new JsonArray()), W3cChecks.DataModel, W3cCodes.Proof);
        await RefuseOnlyAsync(Changed(secured, d =>
        {
            var proof = d["proof"]!.DeepClone();
            d.Remove("proof");
            d["credentialSubject"]!["proof"] = proof;
        }), W3cChecks.Format, W3cCodes.NotSecured);
        await AcceptAsync(secured);
    }

    [Fact]
    [Trait("Row", "LDP-08")]
    public async Task Every_proof_is_the_issuers()
    {
        var strangers = await ProveAsync(options: Options(method: DidKey.VerificationMethodOf(Stranger)), key: OtherKey);
        await RefuseOnlyAsync(strangers, W3cChecks.IssuerKey, W3cCodes.IssuerMismatch);
        await RefuseOnlyAsync(await ProveAsync(key: OtherKey), W3cChecks.IssuerSignature, DataIntegrityCodes.SignatureInvalid);
        // A stranger's proof beside the issuer's does not make it the stranger's credential, and is not let by either.
        var both = await ProveAsync(StrictJson.ToNode(StrictJson.Parse(await ProveAsync()))!.AsObject(), Options(method: DidKey.VerificationMethodOf(Stranger)), OtherKey);
        await RefuseOnlyAsync(both, W3cChecks.IssuerKey, W3cCodes.IssuerMismatch);
        var twice = await ProveAsync(StrictJson.ToNode(StrictJson.Parse(await ProveAsync()))!.AsObject(), Options(DataIntegrityNames.EcdsaJcs2019));
        await AcceptAsync(twice);
    }

    [Fact]
    public async Task Trust_decides_on_proofs_as_on_signatures()
    {
        var secured = await ProveAsync();
        await RefuseOnlyAsync(secured, W3cChecks.IssuerKey, TrustCodes.NoAnchors, Expected with { Trust = TrustStore.Empty });
        await RefuseOnlyAsync(secured, W3cChecks.IssuerKey, W3cCodes.IssuerKeyNotFetched, Expected with { Identifiers = null }, CheckOutcome.Indeterminate);
        W3cExpectations Pinning(params Credentials.Keys.PublicKey[] keys) => Expected with
        {
            Identifiers = null,
            Trust = TrustStore.Create(keys.Select(key => TrustAnchor.ForKey(key, TrustPurpose.CredentialIssuer, issuer: Issuer))),
        };
        await AcceptAsync(secured, Pinning(IssuerKey.PublicKey));
        await AcceptAsync(secured, Pinning(OtherKey.PublicKey, IssuerKey.PublicKey));
        await RefuseOnlyAsync(secured, W3cChecks.IssuerSignature, DataIntegrityCodes.SignatureInvalid, Pinning(OtherKey.PublicKey));
    }

    [Fact]
    [Trait("Row", "LDP-10")]
    public async Task The_times_of_a_proof_count_with_those_of_the_credential()
    {
        await RefuseOnlyAsync(await ProveAsync(options: Options() with { Created = Now.AddMinutes(2) }), W3cChecks.Validity, DataIntegrityCodes.CreatedInFuture);
        await RefuseOnlyAsync(await ProveAsync(options: Options() with { Expires = Now.AddMinutes(-2) }), W3cChecks.Validity, DataIntegrityCodes.Expired);
        await RefuseOnlyAsync(await ProveAsync(Diploma(d => d["validUntil"] = "2026-11-01T00:00:00Z")), W3cChecks.Validity, W3cCodes.Expired);
        await AcceptAsync(await ProveAsync(options: Options() with { Expires = Now.AddMinutes(2) }));
    }

    [Fact]
    [Trait("Row", "LDP-07")]
    public async Task A_proof_of_a_presentation_is_none_of_a_credential()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => ProveAsync(options: Options() with { Purpose = VerificationRelationship.Authentication }));
        var asHolder = (await DataIntegrityIssuer.AddProofAsync(Element(Diploma()), Options() with { Purpose = VerificationRelationship.Authentication }, IssuerKey, Ct)).ToJsonString();
        await RefuseOnlyAsync(asHolder, W3cChecks.IssuerSignature, DataIntegrityCodes.ProofPurpose);
    }

    [Fact]
    public async Task Proofs_of_other_kinds_are_refused()
    {
        var secured = await ProveAsync();
        await RefuseOnlyAsync(Changed(secured, d => d["proof"]!["cryptosuite"] = "unknown-2030"), W3cChecks.IssuerSignature, DataIntegrityCodes.CryptosuiteNotSupported);
        await RefuseOnlyAsync(Changed(secured, d => d["proof"]!["type"] = "Ed25519Signature2018"), W3cChecks.IssuerSignature, DataIntegrityCodes.ProofType);
    }

    [Fact]
    public async Task Data_model_1_1_is_proved_and_accepted_where_it_is()
    {
        var document = DiplomaV1(d => d["@context"]!.AsArray().Add((JsonNode)W3cNames.DataIntegrityContext));
        var secured = await ProveAsync(document, Options(DataIntegrityNames.EcdsaJcs2019));
        var lenient = Expected with { AcceptsDataModelV1 = true };
        Assert.True((await AcceptAsync(secured, lenient)).TryGetVerified(out var verified));
        Assert.Equal(W3cFormats.DataIntegrityV1, verified.Format);
        await RefuseOnlyAsync(secured, W3cChecks.DataModel, W3cCodes.Version);

        // Its examples context names one that is not known; a proof over the text itself does not depend on what terms mean.
        var presentation = await PresentAsync(Showing(secured), suite: DataIntegrityNames.EddsaJcs2022);
        var report = await VerifyAsync(presentation, Bound with { AcceptsDataModelV1 = true });
        Assert.True(report.IsAccepted, Describe(report));
    }

    [Fact]
    public async Task Terms_must_be_defined_where_the_verifier_says_so()
    {
        var strict = Expected with { RequiresDefinedTerms = true };
        JsonObject OwnContext(params JsonNode[] more) => Diploma(d => d["@context"] = new JsonArray(["https://www.w3.org/ns/credentials/v2", .. more]));
        await AcceptAsync(await IssueAsync(), strict);
        await AcceptAsync(await W3cIssuer.IssueJwtAsync(Content() with { KeyId = "#" + Issuer["did:key:".Length..], HolderKey = HolderKey.PublicKey }, IssuerKey, Ct), strict);
        // No context that is left defines the types, nor the degree.
        var undefined = await IssueAsync(OwnContext());
        await AcceptAsync(undefined);
        await RefuseOnlyAsync(undefined, W3cChecks.DataModel, JsonLdCodes.IriInvalid, strict);
        var nickname = OwnContext();
        nickname["type"] = new JsonArray("VerifiableCredential");
        nickname["credentialSubject"] = new JsonObject { ["id"] = Holder, ["nickname"] = "Ada" };
        await RefuseOnlyAsync(await IssueAsync(nickname), W3cChecks.DataModel, JsonLdCodes.TermUndefined, strict with { Types = null });
        var unknown = await IssueAsync(OwnContext("https://university.example/contexts/v1"));
        await RefuseOnlyAsync(unknown, W3cChecks.DataModel, JsonLdCodes.ContextUnknown, strict);
        var redefined = await IssueAsync(OwnContext("https://www.w3.org/ns/credentials/examples/v2", new JsonObject { ["VerifiableCredential"] = "https://evil.example/#VC" }));
        await RefuseOnlyAsync(redefined, W3cChecks.DataModel, JsonLdCodes.ContextProtected, strict);

        // An issuer that is told the contexts does not sign such a thing.
        await Assert.ThrowsAnyAsync<CredentialException>(async () => await W3cIssuer.IssueJwtAsync(Content(OwnContext()) with { Contexts = JsonLdContexts.BuiltIn }, IssuerKey, Ct));
        Assert.NotEmpty(await W3cIssuer.IssueJwtAsync(Content() with { Contexts = JsonLdContexts.BuiltIn }, IssuerKey, Ct));
    }

    [Fact]
    public async Task A_context_that_is_used_must_be_the_one_of_its_digest()
    {
        const string Url = "https://www.w3.org/ns/credentials/v2";
        JsonObject With(byte[] digest) => Diploma(d => d["relatedResource"] = new JsonObject
        {
            ["id"] = Url,
            ["digestMultibase"] = Multibase.EncodeBase64Url([0x12, 0x20, .. digest]),
        });
        var good = Convert.FromHexString(JsonLdContexts.BuiltIn.Digests[Url]);
        byte[] bad = [.. good[..31], (byte)(good[31] ^ 1)];

        AssertHas(await AcceptAsync(await ProveAsync(With(good))), W3cChecks.RelatedResources, CheckOutcome.Passed);
        await RefuseOnlyAsync(await ProveAsync(With(bad)), W3cChecks.RelatedResources, W3cCodes.ResourceDigest);
        // What a signature covers as it stands uses no context, unless terms are to be checked.
        AssertHas(await AcceptAsync(await IssueAsync(With(bad))), W3cChecks.RelatedResources, CheckOutcome.NotApplicable, W3cCodes.ResourcesNotUsed);
        await RefuseOnlyAsync(await IssueAsync(With(bad)), W3cChecks.RelatedResources, W3cCodes.ResourceDigest, Expected with { RequiresDefinedTerms = true });
    }

    [Theory]
    [InlineData(DataIntegrityNames.EddsaRdfc2022)]
    [InlineData(DataIntegrityNames.EddsaJcs2022)]
    public async Task A_presentation_with_a_proof_binds_credentials_of_every_form(string suite)
    {
        var content = Showing(await ProveAsync(), await IssueAsync());
        var report = await VerifyAsync(await PresentAsync(content, suite: suite));
        Assert.True(report.IsAccepted, Describe(report));
        Assert.Equal([W3cFormats.DataIntegrity, W3cFormats.Jwt], report.Parts.Select(part => part.Subject!.Format));
        Assert.All(report.Checks, check => Assert.Equal(CheckOutcome.Passed, check.Outcome));
    }

    [Fact]
    [Trait("Row", "LDP-15")]
    public async Task A_presentation_with_a_proof_is_for_one_verifier_and_one_request_and_by_its_holder()
    {
        var content = Showing(await ProveAsync());
        async Task RefuseAsync(W3cPresentationContent changed, string check, string code, ISigningKey? key = null, string suite = DataIntegrityNames.EddsaRdfc2022)
        {
            var report = await VerifyAsync(await PresentAsync(changed, key, suite));
            AssertCheck(report, check, code);
            AssertCheck(report.Parts[0], W3cChecks.HolderBinding, code);
            Assert.All(report.Parts, part => Assert.False(part.TryGetVerified(out _)));
        }

        await RefuseAsync(content with { Nonce = "other" }, W3cPresentationChecks.Nonce, SdJwtCodes.BindingNonce);
        await RefuseAsync(content with { Audience = "https://evil.example" }, W3cPresentationChecks.Audience, SdJwtCodes.BindingAudience);
        await RefuseAsync(content with { SignedAt = Now.AddMinutes(-6) }, W3cPresentationChecks.SignedAt, SdJwtCodes.BindingTime);
        await RefuseAsync(content with { SignedAt = Now.AddMinutes(-4), Lifetime = TimeSpan.FromMinutes(1) }, W3cPresentationChecks.SignedAt, DataIntegrityCodes.Expired);
        await RefuseAsync(
            content with { KeyId = DidKey.VerificationMethodOf(Stranger) }, W3cPresentationChecks.HolderKey, W3cCodes.HolderMismatch, OtherKey, DataIntegrityNames.EcdsaRdfc2019);
        var others = Showing(await ProveAsync(Diploma(d => d["credentialSubject"]!["id"] = Stranger)));
        AssertOnly((await VerifyAsync(await PresentAsync(others))).Parts[0], W3cChecks.HolderBinding, W3cCodes.SubjectMismatch);
        Assert.True((await VerifyAsync(await PresentAsync(content with { Holder = null }))).IsAccepted);
        await Assert.ThrowsAsync<ArgumentException>(() => PresentAsync(content with { KeyId = null }));
    }

    [Fact]
    [Trait("Row", "LDP-14")]
    [Trait("Row", "LDP-16")]
    public async Task Of_a_presentation_nothing_counts_that_its_proof_does_not_cover()
    {
        var (one, other) = (await ProveAsync(), await ProveAsync(Diploma(d => d["id"] = "urn:uuid:2")));
        var presentation = await PresentAsync(Showing(one));
        Assert.True((await VerifyAsync(presentation)).IsAccepted);

        // A second credential, good by itself, put in afterwards.
        var added = Changed(presentation, d => d["verifiableCredential"]!.AsArray().Add(StrictJson.ToNode(StrictJson.Parse(other))));
        var report = await VerifyAsync(added);
        AssertCheck(report, W3cPresentationChecks.HolderSignature, DataIntegrityCodes.SignatureInvalid);
        Assert.All(report.Parts, part => Assert.False(part.TryGetVerified(out _)));

        AssertCheck(await VerifyAsync(Changed(presentation, d => d.Remove("proof"))), W3cPresentationChecks.Format, W3cCodes.NotSecured);
        AssertCheck(await VerifyAsync(Changed(presentation, d => d["proof"] = new JsonArray())), W3cPresentationChecks.DataModel, W3cCodes.Proof);
        AssertCheck(await VerifyAsync(Changed(presentation, d => d["@graph"] = new JsonArray(StrictJson.ToNode(StrictJson.Parse(other))))), W3cPresentationChecks.DataModel, W3cCodes.Context);

        // One that was signed with the rest, but is itself without a proof, is not the issuer's.
        var unsecured = await DataIntegrityIssuer.AddProofAsync(
            Element(Presentation(d => d["verifiableCredential"] = new JsonArray(StrictJson.ToNode(StrictJson.Parse(one)), Diploma()))),
            new ProofOptions
            {
                Cryptosuite = DataIntegrityNames.EddsaRdfc2022,
                VerificationMethod = DidKey.VerificationMethodOf(Holder),
                Purpose = VerificationRelationship.Authentication,
                Contexts = JsonLdContexts.BuiltIn,
                Created = Now,
                Domains = [Audience],
                Challenge = Nonce,
            }, HolderKey, Ct);
        report = await VerifyAsync(unsecured.ToJsonString());
        AssertOnly(report.Parts[1], W3cChecks.IssuerKey, W3cCodes.NotSecured);
        Assert.All(report.Parts, part => Assert.False(part.TryGetVerified(out _)));
    }
}
