using Credentials.Codecs;
using Credentials.Keys.Software;
using Credentials.Mdoc;
using Credentials.Tests.Shared;

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
}
