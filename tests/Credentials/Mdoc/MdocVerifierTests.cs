using Credentials.Codecs;
using Credentials.Cose;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.Mdoc;
using Credentials.StatusLists;
using Credentials.Tests.Mdoc.Proximity;
using Credentials.Tests.Shared;
using Credentials.Trust;

namespace Credentials.Tests.Mdoc;

public sealed class MdocVerifierTests : IDisposable
{
    private static readonly SessionTranscript s_session = SessionTranscript.FromEncoded(CborWriting.Encode(writer =>
    {
        writer.WriteStartArray(3);
        writer.WriteNull();
        writer.WriteNull();
        writer.WriteTextString("session");
        writer.WriteEndArray();
    }));

    private readonly MdocAgency _agency = new(new TestClock().Now);

    public void Dispose() => _agency.Dispose();

    [Fact]
    public async Task What_is_issued_is_accepted_with_all_its_elements()
    {
        var issued = await _agency.IssueAsync();
        var report = await MdocVerifier.VerifyAsync(issued.Encode(), _agency.Expectations, TestContext.Current.CancellationToken);

        Assert.True(report.IsAccepted, StrictJson.ToText(report.ToJson()));
        Assert.True(report.TryGetVerified(out var verified));
        var licence = verified.Claims.GetProperty(MdocNames.MdlNamespace);
        Assert.Equal("Kim", licence.GetProperty("family_name").GetString());
        Assert.Equal("1990-05-01", licence.GetProperty("birth_date").GetString());
        Assert.Equal("AAECAw", licence.GetProperty("portrait").GetString());
        Assert.True(licence.GetProperty("age_over_19").GetBoolean());
        Assert.Equal(_agency.Device.PublicKey, verified.HolderKey);
        Assert.Equal(issued.SecurityObject.Validity.ValidUntil, verified.ExpiresAt);
        Assert.Equal(_agency.Trust.Anchors[0], verified.Anchor);
    }

    // ISO/IEC 18013-5 Annex D.4.1.2, D.5.3: a device MAC that others made, and ours of the same session and keys.
    [Fact]
    public async Task The_published_response_is_accepted_and_made_again()
    {
        var ct = TestContext.Current.CancellationToken;
        var (input, trust, now) = (AnnexD.Response.RequireObjectMember("input"), AnnexD.TrustOf(AnnexD.Response, TrustPurpose.CredentialIssuer), AnnexD.NowOf(AnnexD.Response));
        using var reader = input.Key("reader_private_jwk");
        var expected = new MdocExpectations
        {
            Trust = trust,
            Now = now,
            DeviceAuth = DeviceAuthExpectation.Required(AnnexD.TranscriptOf(input), reader),
            Status = new StatusPolicy(StatusMode.Skip),
        };
        var report = await MdocVerifier.VerifyAsync(input.Bytes("mdoc_hex"), expected, ct);
        Assert.True(report.IsAccepted, StrictJson.ToText(report.ToJson()));

        var published = DeviceResponse.Parse(input.Bytes("mdoc_hex"));
        using var device = input.Key("device_private_jwk");
        var made = await MdocPresenter.AuthenticateAsync(published.Documents[0].IssuerSigned, (_, _) => true, AnnexD.TranscriptOf(input), device, reader.PublicKey, ct);
        Assert.Equal(published.Encode(), MdocPresenter.Respond(made).Encode());
        Assert.Equal(input.Bytes("mdoc_hex"), published.Encode());
    }

    [Fact]
    public async Task A_failed_check_names_the_section_of_its_rule()
    {
        var good = new MdocForge(_agency);
        using var thief = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        var elements = EncodedCbor.Wrap(Convert.FromHexString("a1616ea1616501"));
        var signature = await CoseSign1.SignAsync(new byte[1], thief, isDetached: true, ct: TestContext.Current.CancellationToken);
        var document = new MdocDocument(MdocNames.MdlDocType, await _agency.IssueAsync(), DeviceSigned.Create(elements, "deviceSignature", signature));
        var (plain, bound) = (_agency.Expectations, _agency.Expectations with { DeviceAuth = DeviceAuthExpectation.Required(s_session) });
        await AssertSectionAsync(MdocChecks.Format, "ISO/IEC 18013-5 §8.3.2.1.2.2", good with { Version = "2.0" }, plain);
        await AssertSectionAsync(MdocChecks.Format, "ISO/IEC 18013-5 §7.2.1", good with { Items = [MdocForge.Element(0, "birth_date", "1990-05-01")] }, plain);
        await AssertSectionAsync(MdocChecks.IssuerChain, "ISO/IEC 18013-5 §9.3.1", good with { Headers = headers => headers.Clear() }, plain);
        await AssertSectionAsync(MdocChecks.IssuerChain, "ISO/IEC 18013-5 §9.3.1", good with { Items = [MdocForge.Element(0, "issuing_country", "US")] }, plain);
        await AssertSectionAsync(MdocChecks.IssuerSignature, "ISO/IEC 18013-5 §9.3.1", good with { Signer = thief }, plain);
        await AssertSectionAsync(MdocChecks.DocType, "ISO/IEC 18013-5 §9.3.1", good, plain with { DocTypes = [] });
        await AssertSectionAsync(MdocChecks.ValueDigests, "ISO/IEC 18013-5 §9.1.2.5", good with { DigestAlgorithm = "MD5" }, plain);
        await AssertSectionAsync(MdocChecks.Validity, "ISO/IEC 18013-5 §9.3.1", good with { ValidUntil = good.At(-1) }, plain);
        await AssertSectionAsync(MdocChecks.Query, "OpenID4VP 1.0 §6", good, plain with { Query = (_, _) => "test.code" });
        await AssertSectionAsync(MdocChecks.DeviceAuth, "ISO/IEC 18013-5 §9.1.3", good, bound);
        var report = await MdocVerifier.VerifyAsync(document, bound, TestContext.Current.CancellationToken);
        Assert.Equal("ISO/IEC 18013-5 §9.1.2.4", report.Checks.Single(check => check.Id == MdocChecks.KeyAuthorizations).Section);
    }

    [Fact]
    public async Task What_cannot_be_read_keeps_every_other_check_from_running()
    {
        var report = await MdocVerifier.VerifyAsync(new byte[] { 0xa0 }, _agency.Expectations with { QueryId = "q" }, TestContext.Current.CancellationToken);
        Assert.Equal([MdocChecks.Format], report.Checks.Where(check => check.Outcome == CheckOutcome.Failed).Select(check => check.Id));
        Assert.All(report.Checks.Skip(1), check => Assert.Equal((CheckOutcome.NotRun, MdocChecks.Format), (check.Outcome, check.BlockedBy)));
        Assert.Equal(new ReportSubject(CredentialFormat.Mdoc, null, "q"), report.Subject);
    }

    [Fact]
    public async Task Each_request_is_answered_by_a_document_of_its_own()
    {
        var ct = TestContext.Current.CancellationToken;
        var expected = _agency.Expectations with { DeviceAuth = DeviceAuthExpectation.Required(s_session) };
        var request = DeviceRequest.Create(Ask("family_name"), Ask("given_name"));
        var document = await MdocPresenter.SignAsync(await _agency.IssueAsync(), (_, _) => true, s_session, _agency.Device, ct);
        var both = await MdocVerifier.VerifyAsync(MdocPresenter.Respond(document, document), request, expected, ct);
        Assert.Equal(["""{"org.iso.18013.5.1":{"family_name":"Kim"}}""", """{"org.iso.18013.5.1":{"given_name":"Min"}}"""], both.Select(InPersonParties.ClaimsOf));

        var one = await MdocVerifier.VerifyAsync(MdocPresenter.Respond(document), request, expected, ct);
        Assert.Equal([true, false], one.Select(answer => answer.IsAccepted));
        Assert.Null(one[1].Report);
        Assert.Equal([(MdocNames.MdlNamespace, "given_name")], one[1].Missing);
    }

    [Fact]
    public async Task Of_a_document_that_is_refused_nothing_is_said_to_be_more_than_asked()
    {
        var ct = TestContext.Current.CancellationToken;
        using var thief = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        var document = await MdocPresenter.SignAsync(await _agency.IssueAsync(), (_, _) => true, s_session, thief, ct);
        var answer = Assert.Single(await MdocVerifier.VerifyAsync(
            MdocPresenter.Respond(document), DeviceRequest.Create(Ask("family_name")), _agency.Expectations with { DeviceAuth = DeviceAuthExpectation.Required(s_session) }, ct));
        Assert.False(answer.IsAccepted);
        Assert.Equal([], answer.Report!.Notes);
    }

    [Fact]
    public async Task A_presentation_over_OpenID4VP_shows_only_the_chosen_paths()
    {
        var ct = TestContext.Current.CancellationToken;
        ClaimPath[] chosen = [ClaimPath.Of(MdocNames.MdlNamespace, "given_name"), ClaimPath.Of("org.example", "family_name")];
        var text = await MdocPresenter.PresentAsync(await _agency.IssueAsync(), chosen, s_session, _agency.Device, ct);
        var report = await MdocVerifier.VerifyAsync(StrictBase64Url.Decode(text, "test"), _agency.Expectations with { DeviceAuth = DeviceAuthExpectation.Required(s_session) }, ct);
        Assert.True(report.TryGetVerified(out var verified));
        Assert.Equal("""{"org.iso.18013.5.1":{"given_name":"Min"}}""", verified.Claims.GetRawText());
    }

    [Fact]
    public async Task A_signed_presentation_shows_only_what_was_selected()
    {
        var ct = TestContext.Current.CancellationToken;
        var document = await MdocPresenter.SignAsync(await _agency.IssueAsync(), (_, element) => element == "age_over_19", s_session, _agency.Device, ct);
        var bytes = MdocPresenter.Respond(document).Encode();
        var report = await MdocVerifier.VerifyAsync(bytes, _agency.Expectations with { DeviceAuth = DeviceAuthExpectation.Required(s_session) }, ct);

        Assert.True(report.IsAccepted, StrictJson.ToText(report.ToJson()));
        Assert.True(report.TryGetVerified(out var verified));
        Assert.Equal("""{"org.iso.18013.5.1":{"age_over_19":true}}""", verified.Claims.GetRawText());
        Assert.Equal(bytes, DeviceResponse.Parse(bytes).Encode());
    }

    [Fact]
    public async Task A_presentation_with_a_device_mac_is_accepted_by_the_reader_of_the_session()
    {
        var ct = TestContext.Current.CancellationToken;
        using var reader = SoftwareKeyAgreementKey.Generate();
        using var device = SoftwareKeyAgreementKey.FromPrivateJwk(StrictJson.ToElement(_agency.Device.ExportPrivateJwk()));
        var document = await MdocPresenter.AuthenticateAsync(await _agency.IssueAsync(), (_, _) => true, s_session, device, reader.PublicKey, ct);
        var response = MdocPresenter.Respond(document).Encode();

        Assert.True((await MdocVerifier.VerifyAsync(response, _agency.Expectations with { DeviceAuth = DeviceAuthExpectation.Required(s_session, reader) }, ct)).IsAccepted);
        using var another = SoftwareKeyAgreementKey.Generate();
        var refused = await MdocVerifier.VerifyAsync(response, _agency.Expectations with { DeviceAuth = DeviceAuthExpectation.Required(s_session, another) }, ct);
        Assert.Equal(MdocCodes.DeviceAuthInvalid, refused.Checks.Single(check => check.Outcome == CheckOutcome.Failed).Code);
    }

    private static ItemsRequest Ask(string element) => InPersonParties.Ask(MdocNames.MdlDocType, MdocNames.MdlNamespace, element);

    private async Task AssertSectionAsync(string id, string section, MdocForge forge, MdocExpectations expected)
    {
        var report = await MdocVerifier.VerifyAsync(await forge.MakeAsync(), expected, TestContext.Current.CancellationToken);
        Assert.Equal((CheckOutcome.Failed, section), report.Checks.Where(check => check.Id == id).Select(check => (check.Outcome, check.Section)).Single());
    }
}
