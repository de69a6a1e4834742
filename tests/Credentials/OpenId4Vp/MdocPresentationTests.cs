using System.Security.Cryptography;
using Credentials.Codecs;
using Credentials.Dcql;
using Credentials.Keys.Software;
using Credentials.Mdoc;
using Credentials.OpenId4Vp;
using Credentials.StatusLists;
using Credentials.Tests.Mdoc;

namespace Credentials.Tests.OpenId4Vp;

/// <summary>mdocs in responses: the device signs for exactly one request (OpenID4VP 1.0 B.2).</summary>
public sealed class MdocPresentationTests : IDisposable
{
    private const string ClientId = "x509_san_dns:verifier.example";
    private const string Nonce = "n-0S6_WzA2Mj-0123456789";
    private const string ResponseUri = "https://verifier.example/response/1";

    private static readonly DateTimeOffset _now = new(2026, 11, 2, 9, 0, 0, TimeSpan.Zero);

    private readonly MdocAgency _agency = new(_now);
    private readonly SoftwareKeyAgreementKey _encryption = SoftwareKeyAgreementKey.Generate();
    private readonly SoftwareKeyAgreementKey _other = SoftwareKeyAgreementKey.Generate();

    public void Dispose()
    {
        _agency.Dispose();
        _encryption.Dispose();
        _other.Dispose();
    }

    private static DcqlQuery Query(string doctype = MdocNames.MdlDocType, string claims = """{"path":["org.iso.18013.5.1","age_over_19"],"values":[true]}""") =>
        DcqlQuery.Parse(StrictJson.Parse($$"""
            {"credentials":[{"id":"licence","format":"mso_mdoc","meta":{"doctype_value":"{{doctype}}"},"claims":[{{claims}}]}]}
            """));

    private RequestBinding Asked => RequestBinding.ForRedirect(ClientId, Nonce, ResponseUri, _encryption.PublicKey);

    private async Task<string> PresentAsync(SessionTranscript transcript, params string[] elements) => await MdocPresenter.PresentAsync(
        await _agency.IssueAsync(), elements.Select(element => ClaimPath.Of(MdocNames.MdlNamespace, element)), transcript, _agency.Device,
        TestContext.Current.CancellationToken);

    private async Task<VerificationReport> VerifyAsync(string presentation, DcqlQuery? query = null, RequestBinding? binding = null) =>
        await VpTokenVerifier.VerifyAsync(
            VpToken.Create([KeyValuePair.Create("licence", (IReadOnlyList<string>)[presentation])]),
            new PresentationExpectations
            {
                Query = query ?? Query(),
                Binding = binding ?? Asked,
                Response = new ResponseFacts(CheckOutcome.Passed, CheckOutcome.Passed, CheckOutcome.Passed),
                Trust = _agency.Trust,
                Status = new StatusPolicy(StatusMode.Skip),
                StatusClient = null,
                Now = _now,
            },
            TestContext.Current.CancellationToken);

    private static string? Code(VerificationReport report, string check) => report.Parts[0].Checks.Single(one => one.Id == check).Code;

    [Fact]
    public async Task An_mdoc_that_answers_the_query_is_accepted_and_gives_what_was_asked_for()
    {
        var report = await VerifyAsync(await PresentAsync(Asked.Transcript, "age_over_19"));

        Assert.True(report.IsAccepted, report.ToJson().ToJsonString());
        Assert.True(report.Parts[0].TryGetVerified(out var verified));
        Assert.Equal("""{"org.iso.18013.5.1":{"age_over_19":true}}""", verified.Claims.GetRawText());
        Assert.Empty(report.Parts[0].Notes);
    }

    [Fact]
    public void Where_nothing_is_encrypted_the_transcript_has_null_and_not_empty_bytes()
    {
        Assert.Equal(
            SessionTranscript.ForOpenId4Vp(ClientId, Nonce, null, ResponseUri).Bytes.ToArray(),
            RequestBinding.ForRedirect(ClientId, Nonce, ResponseUri, encryptionKey: null).Transcript.Bytes.ToArray());
        Assert.Equal(
            SessionTranscript.ForDigitalCredentials("https://verifier.example", Nonce, null).Bytes.ToArray(),
            RequestBinding.ForDigitalCredentials("https://verifier.example", Nonce, encryptionKey: null).Transcript.Bytes.ToArray());
        Assert.NotEqual(
            SessionTranscript.ForOpenId4Vp(ClientId, Nonce, ReadOnlyMemory<byte>.Empty, ResponseUri).Bytes.ToArray(),
            RequestBinding.ForRedirect(ClientId, Nonce, ResponseUri, encryptionKey: null).Transcript.Bytes.ToArray());
    }

    [Fact]
    public async Task What_was_shown_beyond_the_query_is_noted_and_not_passed_on()
    {
        var report = await VerifyAsync(await PresentAsync(Asked.Transcript, "age_over_19", "family_name"));

        Assert.True(report.Parts[0].TryGetVerified(out var verified));
        Assert.Equal("""{"org.iso.18013.5.1":{"age_over_19":true}}""", verified.Claims.GetRawText());
        Assert.Equal([DcqlCodes.MoreThanAsked], report.Parts[0].Notes);
    }

    [Fact]
    [Trait("Row", "MDD-01")]
    [Trait("Row", "MDD-02")]
    public async Task A_signature_for_a_request_that_differs_in_one_thing_is_refused()
    {
        RequestBinding[] others =
        [
            RequestBinding.ForRedirect(ClientId, Nonce + "1", ResponseUri, _encryption.PublicKey),
            RequestBinding.ForRedirect("x509_san_dns:other.example", Nonce, ResponseUri, _encryption.PublicKey),
            RequestBinding.ForRedirect(ClientId, Nonce, ResponseUri + "/", _encryption.PublicKey),
            RequestBinding.ForRedirect(ClientId, Nonce, ResponseUri, _other.PublicKey),
            RequestBinding.ForRedirect(ClientId, Nonce, ResponseUri, null),
            RequestBinding.ForDigitalCredentials("https://verifier.example", Nonce, _encryption.PublicKey),
        ];
        foreach (var other in others)
        {
            var report = await VerifyAsync(await PresentAsync(other.Transcript, "age_over_19"));

            Assert.False(report.IsAccepted);
            Assert.Equal(MdocCodes.DeviceAuthInvalid, Code(report, MdocChecks.DeviceAuth));
            Assert.True((await VerifyAsync(await PresentAsync(other.Transcript, "age_over_19"), binding: other)).IsAccepted);
        }
    }

    [Fact]
    public void An_answer_that_is_not_encrypted_is_bound_with_null_in_place_of_the_key()
    {
        var info = CborWriting.Encode(writer =>
        {
            writer.WriteStartArray(4);
            writer.WriteTextString(ClientId);
            writer.WriteTextString(Nonce);
            writer.WriteNull();
            writer.WriteTextString(ResponseUri);
            writer.WriteEndArray();
        });
        var handover = CborValue.Decode(RequestBinding.ForRedirect(ClientId, Nonce, ResponseUri, null).Transcript.Bytes).GetArray(3)[2].GetArray(2);

        Assert.Equal(SHA256.HashData(info), handover[1].GetBytes().ToArray());
    }

    [Fact]
    [Trait("Row", "MDD-02")]
    public async Task A_signature_for_another_origin_is_refused()
    {
        var presentation = await PresentAsync(RequestBinding.ForDigitalCredentials("https://verifier.example", Nonce, null).Transcript, "age_over_19");

        Assert.True((await VerifyAsync(presentation, binding: RequestBinding.ForDigitalCredentials("https://verifier.example", Nonce, null))).IsAccepted);
        Assert.False((await VerifyAsync(presentation, binding: RequestBinding.ForDigitalCredentials("https://verifier.example:444", Nonce, null))).IsAccepted);
    }

    [Fact]
    [Trait("Row", "MDD-04")]
    public async Task The_handover_of_the_older_draft_is_refused()
    {
        // ISO/IEC TS 18013-7:2024 B.4.4: hashes of client identifier and response address, each with a nonce of the device's, and the nonce.
        const string deviceNonce = "bWRvYy1ub25jZS0x";
        var draft = SessionTranscript.FromEncoded(CborWriting.Encode(writer =>
        {
            writer.WriteStartArray(3);
            writer.WriteNull();
            writer.WriteNull();
            writer.WriteStartArray(3);
            writer.WriteByteString(Hash(ClientId, deviceNonce));
            writer.WriteByteString(Hash(ResponseUri, deviceNonce));
            writer.WriteTextString(Nonce);
            writer.WriteEndArray();
            writer.WriteEndArray();
        }));

        Assert.Equal(MdocCodes.DeviceAuthInvalid, Code(await VerifyAsync(await PresentAsync(draft, "age_over_19")), MdocChecks.DeviceAuth));

        static byte[] Hash(string first, string second) => SHA256.HashData(CborWriting.Encode(writer =>
        {
            writer.WriteStartArray(2);
            writer.WriteTextString(first);
            writer.WriteTextString(second);
            writer.WriteEndArray();
        }));
    }

    [Fact]
    public async Task An_mdoc_without_its_device_is_no_answer()
    {
        var report = await VerifyAsync((await _agency.IssueAsync()).ToBase64Url());

        Assert.Equal(MdocCodes.DeviceAuthMissing, Code(report, MdocChecks.DeviceAuth));
        Assert.False(report.IsAccepted);
    }

    [Fact]
    public async Task Another_document_type_or_value_or_a_missing_element_is_no_answer()
    {
        var presentation = await PresentAsync(Asked.Transcript, "age_over_19");

        var type = await VerifyAsync(presentation, Query("org.iso.23220.photoid.1"));
        var value = await VerifyAsync(presentation, Query(claims: """{"path":["org.iso.18013.5.1","age_over_19"],"values":[false]}"""));
        var missing = await VerifyAsync(presentation, Query(claims: """{"path":["org.iso.18013.5.1","family_name"]}"""));

        Assert.Equal(MdocCodes.DocTypeNotExpected, Code(type, MdocChecks.DocType));
        Assert.Equal(DcqlCodes.ValueMismatch, Code(value, MdocChecks.Query));
        Assert.Equal(DcqlCodes.ClaimMissing, Code(missing, MdocChecks.Query));
    }

    [Theory]
    [InlineData("")]
    [InlineData("oA")] // an empty map
    [InlineData("not base64url!")]
    [InlineData("eyJhbGciOiJFUzI1NiJ9.e30.AA~")]
    public async Task What_is_no_mdoc_gives_a_report_and_no_exception(string text)
    {
        var report = await VerifyAsync(text);

        Assert.False(report.IsAccepted);
        Assert.Equal(CheckOutcome.Failed, report.Parts[0].Checks.Single(one => one.Id == MdocChecks.Format).Outcome);
    }

    [Fact]
    public async Task A_document_at_hand_is_told_apart_from_an_SD_JWT_and_needs_no_device()
    {
        var expected = new DocumentExpectations
        {
            Trust = _agency.Trust,
            Status = new StatusPolicy(StatusMode.Skip),
            StatusClient = null,
            Now = _now,
            Binding = null,
        };
        var issued = (await _agency.IssueAsync()).ToBase64Url();

        var report = await VpTokenVerifier.VerifyDocumentAsync($" {issued}\n", expected, TestContext.Current.CancellationToken);
        var bound = await VpTokenVerifier.VerifyDocumentAsync(issued, expected with { Binding = Asked }, TestContext.Current.CancellationToken);

        Assert.True(report.IsAccepted, report.ToJson().ToJsonString());
        Assert.Equal(CheckOutcome.NotApplicable, report.Parts[0].Checks.Single(one => one.Id == MdocChecks.DeviceAuth).Outcome);
        Assert.False(bound.IsAccepted);
        Assert.Equal((CredentialFormat.Mdoc, MdocNames.MdlDocType), (DocumentText.FormatOf(issued), DocumentText.UnverifiedTypeOf(issued)));
        Assert.Equal(CredentialFormat.SdJwtVc, DocumentText.FormatOf("eyJhbGciOiJFUzI1NiJ9.e30.AA~"));
    }

    [Fact]
    public void A_transaction_cannot_be_authorized_by_an_mdoc()
    {
        Assert.False(TransactionData.CanBeAuthorizedBy(Query().Credentials[0]));
        Assert.True(TransactionData.CanBeAuthorizedBy(PresentationParties.NamesQuery.Credentials[0]));
    }

    [Fact]
    public void The_intention_to_keep_an_element_is_read_and_written()
    {
        var query = Query(claims: """{"path":["org.iso.18013.5.1","portrait"],"intent_to_retain":true},{"path":["org.iso.18013.5.1","sex"]}""");

        Assert.Equal([true, null], query.Credentials[0].Claims!.Select(claim => claim.IntentToRetain));
        Assert.Equal([true, null], DcqlQuery.Parse(StrictJson.ToElement(query.ToJson())).Credentials[0].Claims!.Select(claim => claim.IntentToRetain));
        Assert.Throws<MalformedDataException>(() => Query(claims: """{"path":["org.iso.18013.5.1","sex"],"intent_to_retain":"yes"}"""));
    }
}
