using System.Text;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.DataIntegrity;
using Credentials.Dcql;
using Credentials.Dids;
using Credentials.JsonLd;
using Credentials.OpenId4Vp;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.W3c;
using static Credentials.Tests.W3c.University;

namespace Credentials.Tests.OpenId4Vp;

/// <summary>W3C credentials as OpenID4VP 1.0 Appendix B.1 presents them, and as our profile of data model 2.0 does.</summary>
public class W3cPresentationTests
{
    private const string Client = "x509_hash:verifier";
    private const string RequestNonce = "n-0S6_WzA2Mj";

    private static readonly RequestBinding s_binding = RequestBinding.ForRedirect(Client, RequestNonce, "https://verifier.example/response", encryptionKey: null);

    private static DcqlQuery Query(string format, string type, bool binding = true, string path = "degree") => DcqlQuery.Parse(StrictJson.Parse($$"""
        {"credentials":[{"id":"d","format":"{{format}}","meta":{"type_values":[["{{type}}"]]},
          "require_cryptographic_holder_binding":{{(binding ? "true" : "false")}},"claims":[{"path":["credentialSubject","{{path}}"]}]}]}
        """));

    private static W3cPresentationContent Answer(string credential) => Showing(credential) with { Audience = Client, Nonce = RequestNonce };

    private static async Task<VerificationReport> VerifyAsync(DcqlQuery query, JsonNode presentation) => await VpTokenVerifier.VerifyAsync(
        VpToken.Parse(Element(new JsonObject { ["d"] = new JsonArray(presentation) })),
        new PresentationExpectations
        {
            Query = query,
            Binding = s_binding,
            Response = new ResponseFacts(CheckOutcome.Passed, CheckOutcome.Passed, CheckOutcome.Passed),
            Trust = Expected.Trust,
            Status = new StatusPolicy(StatusMode.Offline),
            StatusClient = null,
            Now = Now,
        },
        Ct);

    private static async Task<string> ProveAsync(JsonObject document) => (await W3cIssuer.IssueWithProofAsync(document, new ProofOptions
    {
        Cryptosuite = DataIntegrityNames.EcdsaRdfc2019,
        VerificationMethod = DidKey.VerificationMethodOf(Issuer),
        Purpose = VerificationRelationship.AssertionMethod,
        Contexts = JsonLdContexts.BuiltIn,
        Created = Now.AddDays(-1),
    }, IssuerKey, Ct)).ToJsonString();

    /// <summary>A diploma of data model 1.1 whose contexts are all known.</summary>
    private static JsonObject KnownV1() => DiplomaV1(document =>
    {
        document["@context"] = new JsonArray(W3cNames.BaseContextV1, W3cNames.DataIntegrityContext, "urn:credentials:contexts:certificates:1");
        document["credentialSubject"] = new JsonObject { ["id"] = Holder, ["degree"] = "Bachelor of Science", ["graduationYear"] = 2026 };
    });

    private static async Task<JsonNode> PresentV1Async(string? audience = null)
    {
        var jwt = await W3cIssuer.IssueJwtV1Async(Content(DiplomaV1()), IssuerKey, Ct);
        return await W3cPresenter.PresentJwtAsync(Answer(jwt) with { Audience = audience ?? Client }, HolderKey, Ct);
    }

    [Fact]
    public async Task A_jwt_of_data_model_1_1_is_shown_in_a_presentation()
    {
        // The examples context is not known here: its types stay as they are, and so are asked for.
        var report = await VerifyAsync(Query(CredentialFormat.JwtVcJson, DiplomaType), await PresentV1Async());
        Assert.True(report.IsAccepted, Describe(report));
        Assert.True(report.Parts[0].TryGetVerified(out var verified));
        Assert.Equal(CredentialFormat.JwtVcJson, verified.Format);
        Assert.Equal("""{"credentialSubject":{"degree":{"name":"Bachelor of Science","type":"BachelorDegree","year":2026}}}""", Encoding.UTF8.GetString(Jcs.Canonicalize(verified.Claims)));
    }

    [Fact]
    public async Task Data_integrity_is_shown_as_an_object_with_a_proof_of_its_own()
    {
        var credential = await ProveAsync(KnownV1());
        var presentation = await W3cPresenter.PresentWithProofAsync(Answer(credential), DataIntegrityNames.EddsaRdfc2022, JsonLdContexts.BuiltIn, HolderKey, Ct);
        var query = Query(CredentialFormat.LdpVc, "urn:credentials:certificates:1#UniversityDegreeCredential");
        var report = await VerifyAsync(query, presentation.DeepClone());
        Assert.True(report.IsAccepted, Describe(report));
        Assert.Contains(DcqlCodes.MoreThanAsked, report.Parts[0].Notes);

        // As a text it is no answer of this format.
        await Assert.ThrowsAsync<ProtocolException>(() => VerifyAsync(query, JsonValue.Create(presentation.ToJsonString())));
        // Nor is the credential alone, which anybody could have copied.
        var alone = await VerifyAsync(query, StrictJson.ToNode(StrictJson.Parse(credential))!);
        Assert.False(alone.IsAccepted);
        AssertHas(alone.Parts[0], W3cChecks.Format, CheckOutcome.Failed, alone.Parts[0].Checks[0].Code);
        Assert.True((await VerifyAsync(Query(CredentialFormat.LdpVc, "urn:credentials:certificates:1#UniversityDegreeCredential", binding: false), StrictJson.ToNode(StrictJson.Parse(credential))!)).IsAccepted);
    }

    [Theory]
    [InlineData(CredentialFormat.VcJwt)]
    [InlineData(CredentialFormat.VcDataIntegrity)]
    public async Task Data_model_2_0_goes_by_the_profile_of_ours(string format)
    {
        var isJwt = format == CredentialFormat.VcJwt;
        var credential = isJwt ? await IssueAsync() : await ProveAsync(Diploma());
        JsonNode presentation = isJwt
            ? await W3cPresenter.PresentJwtAsync(Answer(credential), HolderKey, Ct)
            : await W3cPresenter.PresentWithProofAsync(Answer(credential), DataIntegrityNames.EddsaRdfc2022, JsonLdContexts.BuiltIn, HolderKey, Ct);
        const string Type = "https://www.w3.org/ns/credentials/examples#UniversityDegreeCredential";
        Assert.True((await VerifyAsync(Query(format, Type), presentation.DeepClone())).IsAccepted);
        // The type by its short name is not what it is after its context was applied.
        var report = await VerifyAsync(Query(format, DiplomaType), presentation.DeepClone());
        AssertOnly(report.Parts[0], W3cChecks.Query, DcqlCodes.TypeMismatch);
        // A format asks for its own data model.
        var other = await VerifyAsync(Query(isJwt ? CredentialFormat.JwtVcJson : CredentialFormat.LdpVc, Type), presentation.DeepClone());
        Assert.False(other.IsAccepted);
    }

    [Fact]
    public async Task A_presentation_is_for_this_request_and_shows_one_credential()
    {
        var query = Query(CredentialFormat.JwtVcJson, DiplomaType);
        var report = await VerifyAsync(query, await PresentV1Async("x509_hash:somebody-else"));
        AssertOnly(report.Parts[0], W3cChecks.HolderBinding, SdJwtCodes.BindingAudience);
        var one = await W3cIssuer.IssueJwtV1Async(Content(DiplomaV1()), IssuerKey, Ct);
        var two = await W3cPresenter.PresentJwtAsync(Showing(one, one) with { Audience = Client, Nonce = RequestNonce }, HolderKey, Ct);
        report = await VerifyAsync(query, two);
        AssertOnly(report.Parts[0], W3cChecks.Format, W3cCodes.SeveralCredentials);
        report = await VerifyAsync(Query(CredentialFormat.JwtVcJson, DiplomaType, path: "thesis"), await PresentV1Async());
        AssertOnly(report.Parts[0], W3cChecks.Query, DcqlCodes.ClaimMissing);
    }

    [Fact]
    public void Of_type_values_every_type_of_one_alternative_must_be_there()
    {
        var secured = SecuredDocument.ParseCredential(Encoding.UTF8.GetBytes(KnownV1().ToJsonString()), acceptV1: true);
        var candidate = DcqlCandidate.ForW3c(secured, secured.UnverifiedDocument, JsonLdContexts.BuiltIn);
        bool Matches(string typeValues) => DcqlMatcher.Match(
            DcqlQuery.Parse(StrictJson.Parse($$$"""{"credentials":[{"id":"d","format":"ldp_vc","meta":{"type_values":{{{typeValues}}} } }]}""")), [candidate]).Sets[0].Options[0].Members[0].Matches.Count == 1;
        const string Degree = "\"urn:credentials:certificates:1#UniversityDegreeCredential\"";
        Assert.True(Matches($"[[{Degree}]]"));
        Assert.True(Matches($"[[\"https://www.w3.org/2018/credentials#VerifiableCredential\",{Degree}]]"));
        Assert.True(Matches($"[[\"urn:x:1\"],[{Degree}]]"));
        Assert.False(Matches($"[[\"urn:x:1\",{Degree}]]"));
        Assert.False(Matches("[[\"UniversityDegreeCredential\"]]"));
        foreach (var malformed in (string[])["[]", "[[]]", "\"x\"", "[\"x\"]", "[[1]]"])
            Assert.Equal(DcqlCodes.Malformed, Code(() => Matches(malformed)));
    }

    [Fact]
    public void The_request_says_which_algorithms_and_suites_are_verified()
    {
        var formats = Element(VpFormats.ToJson([CredentialFormat.JwtVcJson, CredentialFormat.LdpVc]));
        Assert.Contains(formats.RequireObjectMember("jwt_vc_json").RequireArray("alg_values").EnumerateArray(), alg => alg.ValueEquals("ES256"));
        Assert.Equal("DataIntegrityProof", formats.RequireObjectMember("ldp_vc").RequireArray("proof_type_values")[0].GetString());
        Assert.Equal(5, formats.RequireObjectMember("ldp_vc").RequireArray("cryptosuite_values").GetArrayLength());
    }

    [Fact]
    public async Task A_document_tells_what_it_is()
    {
        Assert.Equal(CredentialFormat.VcJwt, DocumentText.FormatOf(await IssueAsync()));
        Assert.Equal(DiplomaType, DocumentText.UnverifiedTypeOf(await IssueAsync()));
        Assert.Equal(CredentialFormat.JwtVcJson, DocumentText.FormatOf((await PresentV1Async()).GetValue<string>()));
        Assert.Equal(CredentialFormat.VcDataIntegrity, DocumentText.FormatOf(await ProveAsync(Diploma())));
        var cose = StrictBase64Url.Encode(await W3cIssuer.IssueCoseAsync(Content(), IssuerKey, Ct));
        Assert.Equal(CredentialFormat.VcCose, DocumentText.FormatOf(cose));
        foreach (var text in new[] { await IssueAsync(), await ProveAsync(Diploma()), cose })
        {
            var report = await VpTokenVerifier.VerifyDocumentAsync(text, new DocumentExpectations
            {
                Trust = Expected.Trust,
                Status = new StatusPolicy(StatusMode.Offline),
                StatusClient = null,
                Now = Now,
                Binding = null,
            }, Ct);
            Assert.True(report.IsAccepted, Describe(report));
        }
    }
}
