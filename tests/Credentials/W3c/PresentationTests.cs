using System.Text;
using System.Text.Json.Nodes;
using Credentials.Dids;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.SdJwt;
using Credentials.Trust;
using Credentials.W3c;
using static Credentials.Tests.W3c.University;

namespace Credentials.Tests.W3c;

/// <summary>Presentations as JWTs (Data Model 2.0 §4.13, VC-JOSE-COSE §3.1.2): every credential in it, and who presents them.</summary>
public class PresentationTests
{
    private static Task<VerificationReport> VerifyAsync(string presentation, W3cExpectations? expected = null) =>
        W3cVerifier.VerifyPresentationAsync(presentation, expected ?? Bound, Ct);

    private static async Task<VerificationReport> VerifyAsync(W3cPresentationContent content, W3cExpectations? expected = null, ISigningKey? key = null) =>
        await VerifyAsync(await PresentAsync(content, key), expected);

    /// <summary>Signs a presentation of the test's own making.</summary>
    private static async Task<string> SignAsync(JsonObject document, Action<JsonObject>? header = null, ISigningKey? key = null)
    {
        var complete = new JsonObject { ["typ"] = "vp+jwt", ["kid"] = DidKey.VerificationMethodOf(Holder) };
        header?.Invoke(complete);
        document["aud"] = Audience;
        document["nonce"] = Nonce;
        document["iat"] = Now.ToUnixTimeSeconds();
        return await Jws.SignAsync(complete, document, key ?? HolderKey, Ct);
    }

    private static JsonObject Enveloped(string jwt) => new()
    {
        ["@context"] = "https://www.w3.org/ns/credentials/v2",
        ["type"] = "EnvelopedVerifiableCredential",
        ["id"] = $"data:application/vc+jwt,{jwt}",
    };

    private static void AssertNoClaims(VerificationReport report) => Assert.All(report.Parts, part => Assert.False(part.TryGetVerified(out _)));

    [Fact]
    public async Task What_the_holder_presents_is_accepted()
    {
        var report = await VerifyAsync(Showing(await IssueAsync(), await IssueAsync(Diploma(d => d["type"] = new JsonArray("VerifiableCredential", "Other")))));

        Assert.True(report.IsAccepted, Describe(report));
        Assert.Equal([DiplomaType, "Other"], report.Parts.Select(part => part.Subject!.Type));
        Assert.All(report.Parts, part => Assert.True(part.TryGetVerified(out _)));
        Assert.All(report.Parts, part => AssertHas(part, W3cChecks.HolderBinding, CheckOutcome.Passed));
        Assert.Equal(W3cPresentationChecks.All, report.Checks.Select(check => check.Id));
        Assert.All(report.Checks, check => Assert.Equal(CheckOutcome.Passed, check.Outcome));
    }

    [Fact]
    public async Task A_presentation_without_credentials_is_one()
    {
        var report = await VerifyAsync(Showing());
        Assert.True(report.IsAccepted, Describe(report));
        Assert.Equal([W3cCodes.NoCredential], report.Notes);
    }

    [Fact]
    public async Task A_presentation_is_for_one_verifier_and_one_request_and_now()
    {
        var content = Showing(await IssueAsync());
        async Task RefuseAsync(W3cPresentationContent changed, string check, string code, ISigningKey? key = null)
        {
            var report = await VerifyAsync(changed, key: key);
            AssertCheck(report, check, code);
            AssertNoClaims(report);
            // No part is accepted by itself either.
            AssertCheck(report.Parts[0], W3cChecks.HolderBinding, code);
        }

        await RefuseAsync(content with { Nonce = "other" }, W3cPresentationChecks.Nonce, SdJwtCodes.BindingNonce);
        await RefuseAsync(content with { Audience = "https://evil.example" }, W3cPresentationChecks.Audience, SdJwtCodes.BindingAudience);
        await RefuseAsync(content with { SignedAt = Now.AddSeconds(-301) }, W3cPresentationChecks.SignedAt, SdJwtCodes.BindingTime);
        await RefuseAsync(content with { SignedAt = Now.AddSeconds(61) }, W3cPresentationChecks.SignedAt, SdJwtCodes.BindingTime);
        await RefuseAsync(content with { SignedAt = Now.AddSeconds(-200), Lifetime = TimeSpan.FromSeconds(100) }, W3cPresentationChecks.SignedAt, SdJwtCodes.BindingTime);
        await RefuseAsync(content, W3cPresentationChecks.HolderSignature, SdJwtCodes.BindingSignatureInvalid, OtherKey);
        Assert.True((await VerifyAsync(content with { SignedAt = Now.AddSeconds(-299), Lifetime = TimeSpan.FromSeconds(300) })).IsAccepted);
    }

    [Fact]
    [Trait("Row", "LDP-15")]
    public async Task A_credential_of_another_subject_is_refused()
    {
        var others = await IssueAsync(Diploma(d => d["credentialSubject"]!["id"] = Stranger));
        var report = await VerifyAsync(Showing(others));
        AssertOnly(report.Parts[0], W3cChecks.HolderBinding, W3cCodes.SubjectMismatch);
        AssertNoClaims(report);

        var bearer = await IssueAsync(Diploma(d => d["credentialSubject"]!.AsObject().Remove("id")));
        AssertOnly((await VerifyAsync(Showing(bearer))).Parts[0], W3cChecks.HolderBinding, SdJwtCodes.HolderKeyMissing);

        // One of several subjects is enough: the diploma of twins is either's.
        var twins = await IssueAsync(Diploma(d => d["credentialSubject"] = new JsonArray(new JsonObject { ["id"] = Stranger }, new JsonObject { ["id"] = Holder })));
        Assert.True((await VerifyAsync(Showing(twins))).IsAccepted);
        // Where binding was not asked for, a presentation of somebody else's credential is one.
        Assert.True((await VerifyAsync(Showing(others), Expected)).IsAccepted);
    }

    [Fact]
    [Trait("Row", "LDP-15")]
    public async Task The_holder_is_who_signed()
    {
        var credential = await IssueAsync();
        // A stranger names the holder and signs with the stranger's own key.
        var stolen = Showing(credential) with { KeyId = DidKey.VerificationMethodOf(Stranger) };
        AssertCheck(await VerifyAsync(stolen, key: OtherKey), W3cPresentationChecks.HolderKey, W3cCodes.HolderMismatch);
        AssertCheck(await VerifyAsync(Showing(credential) with { KeyId = null }), W3cPresentationChecks.HolderKey, SdJwtCodes.HolderKeyMissing);
        var contradicting = Presentation(d => (d["iss"], d["verifiableCredential"]) = (Stranger, Enveloped(credential)));
        AssertCheck(await VerifyAsync(await SignAsync(contradicting)), W3cPresentationChecks.HolderKey, W3cCodes.HolderMismatch);

        // Presented honestly as the stranger's, it is somebody else's credential.
        var honest = stolen with { Holder = Stranger };
        AssertOnly((await VerifyAsync(honest, key: OtherKey)).Parts[0], W3cChecks.HolderBinding, W3cCodes.SubjectMismatch);
        // Without a holder, the key's controller is who presents.
        Assert.True((await VerifyAsync(Showing(credential) with { Holder = null })).IsAccepted);
    }

    [Fact]
    public async Task A_key_is_listed_for_authentication()
    {
        const string Id = "did:web:holder.example";
        var document = ControlledIdentifierDocument.Create(Id,
        [
            ("login", HolderKey.PublicKey, [VerificationRelationship.Authentication]), ("sign", OtherKey.PublicKey, [VerificationRelationship.AssertionMethod]),
        ]);
        var expected = Bound with { HolderIdentifiers = new DidResolver(DidMethods.None) { AtHand = [document] } };
        var credential = await IssueAsync(Diploma(d => d["credentialSubject"]!["id"] = Id));
        var content = Showing(credential) with { Holder = Id, KeyId = Id + "#login" };
        Assert.True((await VerifyAsync(content, expected)).IsAccepted);
        AssertCheck(await VerifyAsync(content with { KeyId = Id + "#sign" }, expected, OtherKey), W3cPresentationChecks.HolderKey, DidCodes.Relationship);
        // Who presents chooses no method that the verifier has not switched on.
        AssertCheck(await VerifyAsync(content), W3cPresentationChecks.HolderKey, DidCodes.MethodNotSupported);
        AssertCheck(await VerifyAsync(content, Bound with { HolderIdentifiers = null }), W3cPresentationChecks.HolderKey, DidCodes.MethodNotSupported);
    }

    [Fact]
    public async Task A_credential_that_is_bound_to_a_key_is_presented_with_that_key()
    {
        async Task<string> BoundTo(PublicKey key) => await W3cIssuer.IssueJwtAsync(Content() with { HolderKey = key }, IssuerKey, Ct);
        var anonymous = Showing(await BoundTo(HolderKey.PublicKey)) with { Holder = null, KeyId = null };

        Assert.True((await VerifyAsync(anonymous)).IsAccepted);
        Assert.True((await VerifyAsync(anonymous, Bound with { HolderIdentifiers = null })).IsAccepted);
        AssertCheck(await VerifyAsync(anonymous, key: OtherKey), W3cPresentationChecks.HolderSignature, SdJwtCodes.BindingSignatureInvalid);
        // The subject's DID is the presenter's, the key that the issuer bound it to is not.
        AssertOnly((await VerifyAsync(Showing(await BoundTo(OtherKey.PublicKey)))).Parts[0], W3cChecks.HolderBinding, W3cCodes.SubjectMismatch);
        // Two credentials, each bound to a key of its own: one presentation cannot be both's.
        var mixed = Showing(await BoundTo(HolderKey.PublicKey), await BoundTo(OtherKey.PublicKey)) with { Holder = null, KeyId = null };
        AssertOnly((await VerifyAsync(mixed)).Parts[1], W3cChecks.HolderBinding, W3cCodes.SubjectMismatch);
        AssertCheck(await VerifyAsync(Showing() with { Holder = null, KeyId = null }), W3cPresentationChecks.HolderKey, SdJwtCodes.HolderKeyMissing);
    }

    [Fact]
    [Trait("Row", "LDP-16")]
    public async Task One_bad_credential_beside_good_ones_gives_nothing_away()
    {
        var good = await IssueAsync();
        var bad = await W3cIssuer.IssueJwtAsync(Content(), OtherKey, Ct);
        var report = await VerifyAsync(Showing(good, bad));
        Assert.False(report.IsAccepted);
        Assert.True(report.Parts[0].Checks.All(check => check.Outcome is CheckOutcome.Passed or CheckOutcome.NotApplicable));
        AssertOnly(report.Parts[1], W3cChecks.IssuerSignature, W3cCodes.SignatureInvalid);
        AssertNoClaims(report);
    }

    [Fact]
    [Trait("Row", "LDP-14")]
    [Trait("Row", "LDP-16")]
    public async Task An_unsecured_credential_in_a_signed_presentation_is_refused()
    {
        var good = await IssueAsync();
        var document = Presentation(d => d["verifiableCredential"] = new JsonArray(Enveloped(good), Diploma()));
        var report = await VerifyAsync(await SignAsync(document));
        AssertOnly(report.Parts[1], W3cChecks.IssuerKey, W3cCodes.NotSecured);
        AssertNoClaims(report);

        // Neither is one whose document says @graph: a second document in the first.
        var graph = Presentation(d => d["verifiableCredential"] = new JsonArray(Diploma(c => c["@graph"] = new JsonArray(Diploma()))));
        AssertCheck(await VerifyAsync(await SignAsync(graph)), W3cPresentationChecks.DataModel, W3cCodes.Context);
    }

    [Fact]
    public async Task The_holders_own_word_counts_if_the_holder_is_trusted_as_an_issuer()
    {
        var own = Diploma(d => (d["issuer"], d["credentialSubject"]!["id"]) = (Holder, Holder));
        var presentation = await SignAsync(Presentation(d => d["verifiableCredential"] = new JsonArray(own)));
        AssertOnly((await VerifyAsync(presentation)).Parts[0], W3cChecks.IssuerKey, TrustCodes.UnknownIssuer);

        var trusting = Bound with { Trust = TrustStore.Create([TrustAnchor.ForControlledIdentifier(Holder, TrustPurpose.CredentialIssuer)]) };
        var report = await VerifyAsync(presentation, trusting);
        Assert.True(report.IsAccepted, Describe(report));

        // Somebody else's word in the holder's mouth is none, whoever is trusted.
        var everybody = Bound with { Trust = trusting.Trust.With(Bound.Trust) };
        var others = await SignAsync(Presentation(d => d["verifiableCredential"] = new JsonArray(Diploma())));
        AssertOnly((await VerifyAsync(others, everybody)).Parts[0], W3cChecks.IssuerKey, W3cCodes.NotSecured);
        var forged = await SignAsync(Presentation(d => d["verifiableCredential"] = new JsonArray(own.DeepClone())), key: OtherKey);
        AssertCheck((await VerifyAsync(forged, trusting)).Parts[0], W3cChecks.IssuerKey, W3cCodes.NotSecured);
    }

    [Theory]
    [InlineData("vc+jwt", W3cCodes.MediaType)]
    [InlineData("JWT", W3cCodes.MediaType)]
    [InlineData("vp+sd-jwt", W3cCodes.MediaType)]
    [InlineData("vp+jwt", null)]
    public async Task The_type_of_the_JWT_is_that_of_a_presentation(string type, string? code)
    {
        var report = await VerifyAsync(await SignAsync(Presentation(), h => h["typ"] = type));
        if (code is null) Assert.True(report.IsAccepted, Describe(report));
        else AssertCheck(report, W3cPresentationChecks.Format, code);
    }

    [Fact]
    public async Task A_credential_is_no_presentation_and_a_presentation_no_credential()
    {
        AssertCheck(await VerifyAsync(await IssueAsync()), W3cPresentationChecks.Format, W3cCodes.MediaType);
        await RefuseOnlyAsync(await PresentAsync(Showing(await IssueAsync())), W3cChecks.Format, W3cCodes.MediaType);
        AssertCheck(await VerifyAsync(Presentation().ToJsonString()), W3cPresentationChecks.Format, W3cCodes.NotSecured);
        AssertCheck(await VerifyAsync(await SignAsync(Diploma())), W3cPresentationChecks.DataModel, W3cCodes.Type);
    }

    [Fact]
    public async Task An_enveloped_presentation_is_opened()
    {
        static string Envelope(string url) => new JsonObject
        {
            ["@context"] = "https://www.w3.org/ns/credentials/v2",
            ["type"] = "EnvelopedVerifiablePresentation",
            ["id"] = url,
        }.ToJsonString();
        var jwt = await PresentAsync(Showing(await IssueAsync()));
        Assert.True((await VerifyAsync(Envelope($"data:application/vp+jwt,{jwt}"))).IsAccepted);
        AssertCheck(await VerifyAsync(Envelope($"data:application/vc+jwt,{jwt}")), W3cPresentationChecks.Format, W3cCodes.Enveloped);
        AssertCheck(await VerifyAsync(Envelope(jwt)), W3cPresentationChecks.Format, W3cCodes.Enveloped);
    }

    [Fact]
    public async Task Without_a_request_the_signature_is_still_checked()
    {
        var content = Showing(await IssueAsync());
        var report = await VerifyAsync(content with { SignedAt = Now.AddDays(-1) }, Expected);
        Assert.True(report.IsAccepted, Describe(report));
        AssertHas(report, W3cPresentationChecks.Nonce, CheckOutcome.NotApplicable, SdJwtCodes.BindingNotRequested);
        AssertCheck(await VerifyAsync(content, Expected, OtherKey), W3cPresentationChecks.HolderSignature, SdJwtCodes.BindingSignatureInvalid);
    }

    [Fact]
    public async Task Transaction_data_is_not_confirmed_by_a_W3C_presentation()
    {
        var expected = Bound with { Binding = Bound.Binding with { TransactionData = [new ExpectedTransactionData("eyJ0eXBlIjoicGF5bWVudCJ9")] } };
        AssertOnly((await VerifyAsync(Showing(await IssueAsync()), expected)).Parts[0], W3cChecks.HolderBinding, SdJwtCodes.TransactionDataMismatch);
    }

    [Fact]
    public async Task A_presentation_has_1_MiB_at_most()
    {
        var content = Showing(await IssueAsync());
        var jwt = await PresentAsync(content);
        AssertCheck(await VerifyAsync(jwt, Bound with { Limits = new W3cLimits(MaxPresentationLength: jwt.Length - 1) }), W3cPresentationChecks.Format, W3cCodes.TooLarge);
        Assert.True((await VerifyAsync(jwt, Bound with { Limits = new W3cLimits(MaxPresentationLength: jwt.Length) })).IsAccepted);
        AssertCheck(await VerifyAsync(new string('a', 1024 * 1024 + 1)), W3cPresentationChecks.Format, W3cCodes.TooLarge);
        AssertOnly((await VerifyAsync(jwt, Bound with { Limits = new W3cLimits(MaxCredentialLength: 500) })).Parts[0], W3cChecks.Format, W3cCodes.TooLarge);
    }

    [Fact]
    public async Task A_presenter_takes_only_credentials_of_one_version()
    {
        var ofV1 = DiplomaV1(d => d["proof"] = new JsonObject { ["type"] = "DataIntegrityProof" }).ToJsonString();
        var mixed = Showing(await IssueAsync(), ofV1);
        await Assert.ThrowsAsync<ArgumentException>(() => PresentAsync(mixed));
        await Assert.ThrowsAsync<ArgumentException>(async () => await W3cPresenter.PresentCoseAsync(Showing(ofV1), HolderKey, Ct));
        await Assert.ThrowsAsync<MalformedDataException>(() => PresentAsync(Showing("nothing")));
        Assert.NotEmpty(await PresentAsync(Showing(ofV1)));
    }

    [Fact]
    public async Task A_presented_SD_JWT_leaves_its_key_binding_behind()
    {
        var issued = SdJwtCredential.Parse(await W3cIssuer.IssueSdJwtAsync(Content() with { HolderKey = HolderKey.PublicKey, Disclosable = [ClaimPath.ParseText("name")] }, IssuerKey, Ct));
        var bound = await SdJwtPresenter.PresentAsync(issued, [], new KeyBinding("https://elsewhere.example", "n", Now), HolderKey, Ct);
        var presentation = await PresentAsync(Showing(bound));
        Assert.DoesNotContain(bound.Split('~')[^1], Encoding.UTF8.GetString(CompactJws.Parse(presentation, 1 << 20).Payload.Span), StringComparison.Ordinal);
        Assert.True((await VerifyAsync(presentation)).IsAccepted);
    }
}
