using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Dcql;
using Credentials.OpenId4Vp;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.Trust;
using static Credentials.Tests.OpenId4Vp.PresentationParties;

namespace Credentials.Tests.OpenId4Vp;

public sealed class VpTokenVerifierTests : IDisposable
{
    private readonly PresentationParties _parties = new();

    public void Dispose() => _parties.Dispose();

    private static string? Code(VerificationReport report, string check) => report.Checks.Single(item => item.Id == check).Code;

    private static CheckOutcome Outcome(VerificationReport report, string check) => report.Checks.Single(item => item.Id == check).Outcome;

    private static JsonElement Claims(VerificationReport part)
    {
        Assert.True(part.TryGetVerified(out var verified));
        return verified.Claims;
    }

    private static void AssertClaims(string expected, VerificationReport part) =>
        Assert.True(JsonElement.DeepEquals(Json(expected), Claims(part)), Claims(part).GetRawText());

    private static void AssertNoClaims(VerificationReport report)
    {
        Assert.False(report.IsAccepted);
        Assert.All(report.Parts, part => Assert.False(part.TryGetVerified(out _)));
        Assert.All(report.ToJson()["parts"]!.AsArray(), part => Assert.Null(part!["claims"]));
    }

    private async Task<VerificationReport> VerifyAsync(DcqlQuery query, params (string Id, string[] Presentations)[] entries) =>
        await VpTokenVerifier.VerifyAsync(Token(entries), _parties.ExpectedPresentation(_parties.Request(query)), TestContext.Current.CancellationToken);

    private async Task<string> PresentAsync(DcqlQuery query, SdJwtCredential credential, params string[] paths) =>
        await _parties.PresentAsync(credential, _parties.Request(query), paths);

    [Fact]
    public async Task Verify_accepts_what_was_asked_for_and_gives_its_claims()
    {
        var presentation = await PresentAsync(NamesQuery, await _parties.IssueAsync(), "family_name", "given_name");

        var report = await VerifyAsync(NamesQuery, ("licence", [presentation]));

        Assert.True(report.IsAccepted, report.ToJson().ToString());
        var part = Assert.Single(report.Parts);
        Assert.Equal(new ReportSubject("dc+sd-jwt", Licence, "licence"), part.Subject);
        AssertClaims("""{"family_name":"Kim","given_name":"Minji"}""", part);
        Assert.Empty(part.Notes);
        Assert.All(report.Checks, check => Assert.Equal(CheckOutcome.Passed, check.Outcome));
        Assert.Equal(["state", "response_mode", "decryption", "dcql_satisfied"], report.Checks.Select(check => check.Id));
    }

    [Fact]
    [Trait("Row", "VPV-08")]
    public async Task Claims_beyond_the_query_are_noted_and_not_passed_on()
    {
        var presentation = await PresentAsync(NamesQuery, await _parties.IssueAsync(), "family_name", "given_name", "address.city");

        var report = await VerifyAsync(NamesQuery, ("licence", [presentation]));

        var part = Assert.Single(report.Parts);
        AssertClaims("""{"family_name":"Kim","given_name":"Minji"}""", part);
        Assert.Equal([DcqlCodes.MoreThanAsked], part.Notes);
    }

    [Theory]
    [Trait("Row", "VPV-08")]
    [InlineData("""{"path":["age_over_19"]}""", DcqlCodes.ClaimMissing)]
    [InlineData("""{"path":["family_name"],"values":["Park"]}""", DcqlCodes.ValueMismatch)]
    [InlineData("""{"path":["family_name"],"values":["Kim"]}""", null)]
    [InlineData("""{"path":["family_name"]}""", null)]
    public async Task A_claim_or_value_that_is_missing_fails_the_query(string claim, string? code)
    {
        var query = Query($$"""{"credentials":[{"id":"c","format":"dc+sd-jwt","meta":{"vct_values":["{{Licence}}"]},"claims":[{{claim}}]}]}""");
        var presentation = await PresentAsync(query, await _parties.IssueAsync(), "family_name");

        var report = await VerifyAsync(query, ("c", [presentation]));

        Assert.Equal(code is null, report.IsAccepted);
        Assert.Equal(code, Code(report.Parts[0], "query"));
        if (code is not null) AssertNoClaims(report);
    }

    [Fact]
    [Trait("Row", "VPV-08")]
    public async Task Another_type_than_asked_for_is_refused()
    {
        var presentation = await PresentAsync(NamesQuery, await _parties.IssueAsync(Resident), "family_name", "given_name");

        var report = await VerifyAsync(NamesQuery, ("licence", [presentation]));

        AssertNoClaims(report);
        Assert.Equal(SdJwtCodes.TypeNotExpected, Code(report.Parts[0], "type"));
    }

    [Fact]
    [Trait("Row", "VPV-08")]
    public async Task A_missing_credential_leaves_the_query_unsatisfied_and_an_optional_one_does_not()
    {
        const string Two = """
            {"credentials":[{"id":"a","format":"dc+sd-jwt","meta":{"vct_values":["urn:credentials:kr:mdl:1"]},"claims":[{"path":["family_name"]}]},
              {"id":"b","format":"dc+sd-jwt","meta":{"vct_values":["urn:credentials:kr:mdl:1"]}}]
            """;
        var all = Query(Two + "}");
        var optional = Query(Two + """,  "credential_sets":[{"options":[["a"]]},{"options":[["b"]],"required":false}]}""");
        var presentation = await PresentAsync(all, await _parties.IssueAsync(), "family_name");

        var missing = await VerifyAsync(all, ("a", [presentation]));
        var enough = await VerifyAsync(optional, ("a", [presentation]));

        AssertNoClaims(missing);
        Assert.Equal(DcqlCodes.NotSatisfied, Code(missing, "dcql_satisfied"));
        Assert.True(enough.IsAccepted);
    }

    [Fact]
    [Trait("Row", "VPV-07")]
    public async Task Two_credentials_are_refused_unless_several_were_asked_for()
    {
        var several = Query("""
            {"credentials":[{"id":"licence","format":"dc+sd-jwt","meta":{"vct_values":["urn:credentials:kr:mdl:1"]},"multiple":true,
              "claims":[{"path":["family_name"]}]}]}
            """);
        string[] two = [
            await PresentAsync(NamesQuery, await _parties.IssueAsync(), "family_name", "given_name"),
            await PresentAsync(NamesQuery, await _parties.IssueAsync(), "family_name", "given_name"),
        ];

        var refused = await Assert.ThrowsAsync<ProtocolException>(() => VerifyAsync(NamesQuery, ("licence", two)));
        var accepted = await VerifyAsync(several, ("licence", two));

        Assert.Equal((OpenId4VpErrors.InvalidRequest, DcqlCodes.MultipleNotAllowed), (refused.Error, refused.Code));
        Assert.True(accepted.IsAccepted);
        Assert.Equal(2, accepted.Parts.Count);
    }

    [Fact]
    [Trait("Row", "VPV-06")]
    public async Task An_id_that_was_not_asked_for_is_an_invalid_request()
    {
        var presentation = await PresentAsync(NamesQuery, await _parties.IssueAsync(), "family_name", "given_name");

        var other = await Assert.ThrowsAsync<ProtocolException>(() => VerifyAsync(NamesQuery, ("Licence", [presentation])));
        var extra = await Assert.ThrowsAsync<ProtocolException>(() => VerifyAsync(NamesQuery, ("licence", [presentation]), ("x", [presentation])));

        Assert.All([other, extra], e => Assert.Equal((OpenId4VpErrors.InvalidRequest, DcqlCodes.UnknownId), (e.Error, e.Code)));
    }

    [Fact]
    [Trait("Row", "VPV-09")]
    public async Task A_bad_second_credential_takes_the_claims_of_the_first_with_it()
    {
        var query = Query("""
            {"credentials":[{"id":"a","format":"dc+sd-jwt","meta":{"vct_values":["urn:credentials:kr:mdl:1"]},"claims":[{"path":["family_name"]}]},
              {"id":"b","format":"dc+sd-jwt","meta":{"vct_values":["urn:credentials:kr:resident-certificate:1"]},"claims":[{"path":["given_name"]}]}]}
            """);
        var good = await PresentAsync(query, await _parties.IssueAsync(), "family_name");
        var second = await PresentAsync(query, await _parties.IssueAsync(Resident), "given_name");
        var otherNonce = await _parties.PresentAsync(
            await _parties.IssueAsync(Resident), _parties.Request(query), ["given_name"],
            new KeyBinding(_parties.Request().ClientId.Full, "another-nonce", Now));

        var refused = await VerifyAsync(query, ("a", [good]), ("b", [otherNonce]));
        var accepted = await VerifyAsync(query, ("a", [good]), ("b", [second]));

        AssertNoClaims(refused);
        Assert.Equal("binding.nonce", Code(refused.Parts[1], "kb_nonce"));
        Assert.Equal(CheckOutcome.Passed, Outcome(refused, "dcql_satisfied"));
        Assert.True(accepted.IsAccepted);
    }

    [Fact]
    [Trait("Row", "VPV-10")]
    public async Task The_verifier_itself_checks_the_authorities_it_asked_for()
    {
        DcqlQuery Asking(string authority) => Query($$"""
            {"credentials":[{"id":"c","format":"dc+sd-jwt","meta":{"vct_values":["{{Licence}}"]},"claims":[{"path":["family_name"]}],
              "trusted_authorities":[{"type":"aki","values":["{{authority}}"]}]}]}
            """);
        var ours = Asking(_parties.IssuerAuthority);
        var others = Asking("s9tIpPmhxdiuNkHMEWNpYim8S8Y");
        var presentation = await PresentAsync(ours, await _parties.IssueAsync(), "family_name");

        var accepted = await VerifyAsync(ours, ("c", [presentation]));
        var refused = await VerifyAsync(others, ("c", [presentation]));

        Assert.True(accepted.IsAccepted);
        AssertNoClaims(refused);
        Assert.Equal(DcqlCodes.AuthorityMismatch, Code(refused.Parts[0], "query"));
    }

    [Fact]
    [Trait("Row", "VPV-11")]
    public async Task Without_a_configured_authority_nobody_is_accepted()
    {
        var presentation = await PresentAsync(NamesQuery, await _parties.IssueAsync(), "family_name", "given_name");
        var expected = _parties.ExpectedPresentation(_parties.Request());

        foreach (var trust in new[] { TrustStore.Empty, _parties.VerifierTrust })
        {
            var report = await VpTokenVerifier.VerifyAsync(
                Token(("licence", [presentation])), expected with { Trust = trust }, TestContext.Current.CancellationToken);
            AssertNoClaims(report);
            Assert.Equal(TrustCodes.NoAnchors, Code(report.Parts[0], "issuer_key"));
        }
    }

    [Fact]
    [Trait("Row", "VPV-02")]
    public async Task An_answer_to_another_request_or_for_another_verifier_is_refused()
    {
        var request = _parties.Request();
        var credential = await _parties.IssueAsync();
        async Task<VerificationReport> With(KeyBinding binding) => await VerifyAsync(
            NamesQuery, ("licence", [await _parties.PresentAsync(credential, request, ["family_name", "given_name"], binding)]));

        var otherNonce = await With(new KeyBinding(request.ClientId.Full, "nonce-of-session-b", Now));
        var otherAudience = await With(new KeyBinding(request.ClientId.Name, request.Nonce, Now));
        var right = await With(new KeyBinding(request.ClientId.Full, request.Nonce, Now));

        Assert.Equal(CheckOutcome.Failed, Outcome(otherNonce.Parts[0], "kb_nonce"));
        Assert.Equal(CheckOutcome.Failed, Outcome(otherAudience.Parts[0], "kb_audience"));
        Assert.True(right.IsAccepted);
    }

    [Fact]
    public async Task An_array_element_asked_for_by_position_is_found_though_the_others_are_withheld()
    {
        var query = Query("""
            {"credentials":[{"id":"c","format":"dc+sd-jwt","meta":{"vct_values":["urn:credentials:kr:mdl:1"]},"claims":[{"path":["nationalities",2]}]}]}
            """);
        var presentation = await PresentAsync(query, await _parties.IssueAsync(), "nationalities.2");

        var report = await VerifyAsync(query, ("c", [presentation]));

        AssertClaims("""{"nationalities":["DE"]}""", Assert.Single(report.Parts));
        Assert.Empty(report.Parts[0].Notes);
    }

    [Fact]
    public async Task Without_holder_binding_asked_for_a_bare_credential_is_accepted_and_only_then()
    {
        const string Credential = """{"id":"c","format":"dc+sd-jwt","meta":{"vct_values":["urn:credentials:kr:mdl:1"]},"claims":[{"path":["family_name"]}]""";
        var unbound = Query($$"""{"credentials":[{{Credential}},"require_cryptographic_holder_binding":false}]}""");
        var bound = Query($$"""{"credentials":[{{Credential}}}]}""");
        var bare = SdJwtPresenter.Select(await _parties.IssueAsync(bound: false), [ClaimPath.Of("family_name")]).ToString();

        Assert.True((await VerifyAsync(unbound, ("c", [bare]))).IsAccepted);
        AssertNoClaims(await VerifyAsync(bound, ("c", [bare])));
    }

    [Fact]
    public async Task Facts_about_the_response_are_reported_and_refuse_it()
    {
        var request = _parties.Request();
        var presentation = await PresentAsync(NamesQuery, await _parties.IssueAsync(), "family_name", "given_name");
        var token = Token(("licence", [presentation]));
        var expected = _parties.ExpectedPresentation(request);
        async Task<VerificationReport> With(VpToken? vpToken, CheckOutcome state, CheckOutcome mode, CheckOutcome decryption) =>
            await VpTokenVerifier.VerifyAsync(
                vpToken, expected with { Response = new ResponseFacts(state, mode, decryption) }, TestContext.Current.CancellationToken);

        var state = await With(token, CheckOutcome.Failed, CheckOutcome.Passed, CheckOutcome.Passed);
        var mode = await With(token, CheckOutcome.Passed, CheckOutcome.Failed, CheckOutcome.NotApplicable);
        var undecrypted = await With(null, CheckOutcome.NotRun, CheckOutcome.Passed, CheckOutcome.Failed);
        var plain = await With(token, CheckOutcome.NotApplicable, CheckOutcome.Passed, CheckOutcome.NotApplicable);

        AssertNoClaims(state);
        Assert.Equal(OpenId4VpCodes.StateMismatch, Code(state, "state"));
        AssertNoClaims(mode);
        Assert.Equal(OpenId4VpCodes.ResponseMode, Code(mode, "response_mode"));
        AssertNoClaims(undecrypted);
        Assert.Equal(OpenId4VpCodes.Decryption, Code(undecrypted, "decryption"));
        Assert.Equal(["decryption", "decryption"], undecrypted.Checks.Select(check => check.BlockedBy).OfType<string>());
        Assert.True(plain.IsAccepted);
    }

    [Fact]
    public async Task A_transaction_must_be_confirmed_by_one_of_the_credentials_it_names()
    {
        var payment = TransactionData.Create(new JsonObject { ["type"] = "payment", ["credential_ids"] = new JsonArray("licence"), ["amount"] = "10" });
        var other = TransactionData.Create(new JsonObject { ["type"] = "payment", ["credential_ids"] = new JsonArray("licence"), ["amount"] = "1000" });
        var request = _parties.Request() with { TransactionData = [payment] };
        var credential = await _parties.IssueAsync();
        async Task<VerificationReport> With(params string[] confirmed) => await VpTokenVerifier.VerifyAsync(
            Token(("licence", [await _parties.PresentAsync(
                credential, request, ["family_name", "given_name"],
                new KeyBinding(request.ClientId.Full, request.Nonce, Now) { TransactionData = confirmed })])),
            _parties.ExpectedPresentation(request), TestContext.Current.CancellationToken);

        Assert.True((await With(payment.Encoded)).IsAccepted);
        foreach (var report in new[] { await With(), await With(other.Encoded), await With(payment.Encoded, other.Encoded) })
        {
            AssertNoClaims(report);
            Assert.Equal(SdJwtCodes.TransactionDataMismatch, Code(report.Parts[0], "transaction_data"));
        }
    }

    [Fact]
    public async Task Verify_document_needs_no_session_and_gives_all_claims()
    {
        var credential = await _parties.IssueAsync();
        var expected = new DocumentExpectations
        {
            Trust = _parties.IssuerTrust,
            Status = new StatusPolicy(StatusMode.Skip),
            StatusClient = null,
            Now = Now,
            Binding = null,
        };

        var whole = await VpTokenVerifier.VerifyDocumentAsync($" {credential}\n", expected, TestContext.Current.CancellationToken);
        var asked = await VpTokenVerifier.VerifyDocumentAsync(
            credential.ToString(), expected with { Query = NamesQuery.Credentials[0] }, TestContext.Current.CancellationToken);
        var garbage = await VpTokenVerifier.VerifyDocumentAsync("garbage", expected, TestContext.Current.CancellationToken);

        Assert.True(whole.IsAccepted, whole.ToJson().ToString());
        Assert.All(whole.Checks, check => Assert.Equal((CheckOutcome.NotApplicable, OpenId4VpCodes.NoSession), (check.Outcome, check.Code)));
        Assert.Equal("KR", Claims(whole.Parts[0]).GetProperty("issuing_country").GetString());
        AssertClaims("""{"family_name":"Kim","given_name":"Minji"}""", asked.Parts[0]);
        AssertNoClaims(garbage);
    }

    [Theory]
    [Trait("Row", "VPV-06")]
    [InlineData("""["x"]""")]
    [InlineData("""{}""")]
    [InlineData("""{"licence":"x"}""")]
    [InlineData("""{"licence":[]}""")]
    [InlineData("""{"licence":[1]}""")]
    [InlineData("""{"licence":[null]}""")]
    [InlineData("\"eyJ\"")]
    [InlineData("null")]
    public void A_vp_token_of_another_form_is_an_invalid_request(string json)
    {
        var e = Assert.Throws<ProtocolException>(() => VpToken.Parse(StrictJson.Parse(json)));

        Assert.Equal((OpenId4VpErrors.InvalidRequest, OpenId4VpCodes.ResponseMalformed), (e.Error, e.Code));
    }

    [Fact]
    [Trait("Row", "VPV-06")]
    public async Task An_object_where_the_format_has_a_string_is_an_invalid_request()
    {
        var token = VpToken.Parse(StrictJson.Parse("""{"licence":[{"a":1}]}"""));

        var e = await Assert.ThrowsAsync<ProtocolException>(
            () => VpTokenVerifier.VerifyAsync(token, _parties.ExpectedPresentation(_parties.Request()), TestContext.Current.CancellationToken));

        Assert.Equal(OpenId4VpErrors.InvalidRequest, e.Error);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("~")]
    [InlineData("a.b.c~")]
    [InlineData("")]
    public async Task A_presentation_that_cannot_be_read_gives_a_report_and_no_exception(string text)
    {
        var report = await VerifyAsync(NamesQuery, ("licence", [text]));

        AssertNoClaims(report);
        Assert.Equal(CheckOutcome.Failed, Outcome(report.Parts[0], "format"));
    }
}
