using Credentials.Codecs;

namespace Credentials.Tests;

public class VerificationReportTests
{
    private static readonly VerifiedCredential s_content =
        new(CredentialFormat.SdJwtVc, "urn:t", StrictJson.Parse("""{"given_name":"canary"}"""));

    private static readonly ReportSubject s_subject = new(CredentialFormat.SdJwtVc, "urn:t", "q");

    private static VerificationReport Single(Action<CheckRecorder> record)
    {
        CheckRecorder recorder = new(["format", "issuer_signature", "query"], ["query"]);
        record(recorder);
        return VerificationReport.ForCredential(s_subject, recorder, () => s_content);
    }

    private static VerificationReport Good() => Single(r => { r.Pass("format"); r.Pass("issuer_signature"); r.NotApplicable("query"); });

    private static CheckRecorder Whole(bool pass)
    {
        CheckRecorder recorder = new(["state", "dcql_satisfied"], ["state", "dcql_satisfied"]);
        recorder.NotApplicable("state");
        if (pass) recorder.Pass("dcql_satisfied"); else recorder.Fail("dcql_satisfied", "dcql.not_satisfied");
        return recorder;
    }

    [Fact]
    public void A_forgotten_check_does_not_accept()
    {
        VerificationReport report = Single(r => { r.Pass("format"); r.NotApplicable("query"); });
        Assert.False(report.IsAccepted);
        Assert.False(report.TryGetVerified(out _));
        Assert.True(Good().IsAccepted);
    }

    [Fact]
    public void Indeterminate_does_not_accept() =>
        Assert.False(Single(r => { r.Pass("format"); r.Indeterminate("issuer_signature", "x.y"); r.NotApplicable("query"); }).IsAccepted);

    [Fact]
    public void Nothing_but_inapplicable_checks_does_not_accept()
    {
        CheckRecorder recorder = new(["query"], ["query"]);
        recorder.NotApplicable("query");
        Assert.False(VerificationReport.ForCredential(s_subject, recorder, () => s_content).IsAccepted);
    }

    [Fact]
    public void Unlisted_repeated_and_wrongly_inapplicable_records_are_programming_errors()
    {
        CheckRecorder recorder = new(["format", "query"], ["query"]);
        Assert.Throws<InvalidOperationException>(() => recorder.Pass("other"));
        Assert.Throws<InvalidOperationException>(() => recorder.NotApplicable("format"));
        recorder.Pass("format");
        Assert.Throws<InvalidOperationException>(() => recorder.Fail("format", "x.y"));
        recorder.Block("format", "query");
        Assert.Throws<InvalidOperationException>(() => recorder.Pass("query"));
    }

    [Fact]
    [Trait("Row", "VPV-09")]
    public void A_refused_whole_gives_no_claims_of_its_good_parts()
    {
        VerificationReport bad = Single(r => { r.Fail("format", "x.y"); r.BlockRest("format"); });
        foreach (VerificationReport whole in new[]
        {
            VerificationReport.ForPresentation(Whole(pass: true), [Good(), bad]),
            VerificationReport.ForPresentation(Whole(pass: false), [Good()]),
        })
        {
            Assert.False(whole.IsAccepted);
            Assert.DoesNotContain(whole.Parts, p => p.TryGetVerified(out _));
            Assert.DoesNotContain("canary", StrictJson.ToText(whole.ToJson()), StringComparison.Ordinal);
        }
        Assert.Contains("canary", StrictJson.ToText(VerificationReport.ForPresentation(Whole(pass: true), [Good()]).ToJson()), StringComparison.Ordinal);
    }

    [Fact]
    public void The_json_form_is_the_contract()
    {
        VerificationReport report = Single(r => { r.Fail("format", "x.y", "RFC 9901 §4"); r.BlockRest("format"); });
        Assert.Equal(
            """{"accepted":false,"parts":[{"format":"dc+sd-jwt","type":"urn:t","query_id":"q","checks":[{"id":"format","outcome":"failed","code":"x.y","section":"RFC 9901 §4"},{"id":"issuer_signature","outcome":"not_run","blocked_by":"format"},{"id":"query","outcome":"not_run","blocked_by":"format"}],"claims":null}],"checks":[]}""",
            StrictJson.ToText(report.ToJson()));
    }
}
