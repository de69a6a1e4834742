using Credentials.Codecs;
using Credentials.Dcql;
using Credentials.OpenId4Vp;
using Credentials.QrDocuments;
using Credentials.StatusLists;
using Credentials.Tests.QrDocuments;
using Credentials.Tests.Shared;

namespace Credentials.Tests.OpenId4Vp;

/// <summary>Printed documents at the one door for documents, and held against what a policy asks for.</summary>
public sealed class PrintedDocumentTests : IDisposable
{
    private readonly QrAgency _agency = new(new TestClock().Now);

    public void Dispose() => _agency.Dispose();

    private DocumentExpectations Expected => new()
    {
        Trust = _agency.Expectations.Trust,
        Status = new StatusPolicy(StatusMode.Offline),
        StatusClient = null,
        Now = _agency.Now,
        Binding = null,
    };

    private static Task<VerificationReport> VerifyAsync(string text, DocumentExpectations expected) =>
        VpTokenVerifier.VerifyDocumentAsync(text, expected, TestContext.Current.CancellationToken);

    private static VerificationReport Part(VerificationReport report) => Assert.Single(report.Parts);

    private static CredentialQuery Query(string format, string type, string claims, bool isHolderBound = false) => DcqlQuery.Parse(StrictJson.Parse($$"""
        { "credentials": [ { "id": "paper", "format": "{{format}}", "meta": { "vct_values": ["{{type}}"] },
          "require_cryptographic_holder_binding": {{(isHolderBound ? "true" : "false")}}, "claims": [ {{claims}} ] } ] }
        """)).Credentials[0];

    [Fact]
    public async Task Both_formats_are_known_by_their_prefix_with_white_space_around_them()
    {
        foreach (var (text, format, type) in new[]
        {
            (await _agency.IssueAsync(), CredentialFormat.QrCwt, QrAgency.Type),
            (await _agency.IssueHcertAsync(), CredentialFormat.Hcert, QrDocumentNames.DccType),
        })
        {
            Assert.Equal(type, DocumentText.UnverifiedTypeOf(text));
            var report = await VerifyAsync($" {text}\r\n", Expected);
            Assert.True(report.IsAccepted, StrictJson.ToText(report.ToJson()));
            Assert.Equal(new ReportSubject(format, type, null), Part(report).Subject);
            Assert.All(report.Checks, check => Assert.Equal(CheckOutcome.NotApplicable, check.Outcome));
        }
    }

    [Theory]
    [InlineData("HC1:")]
    [InlineData("QD9:NCF")]
    [InlineData("QD1:://:~.$")]
    public async Task A_spoilt_document_is_still_a_printed_one(string text)
    {
        Assert.Null(DocumentText.UnverifiedTypeOf(text));
        var part = Part(await VerifyAsync(text, Expected));
        Assert.Equal(QrDocumentChecks.All, part.Checks.Select(check => check.Id));
        Assert.Equal(CheckOutcome.Failed, part.Checks[0].Outcome);
    }

    [Fact]
    public async Task A_policy_gets_what_it_asks_for_and_no_more()
    {
        var query = Query(CredentialFormat.QrCwt, QrAgency.Type, """{ "path": ["family_name"] }, { "path": ["address", "city"] }""");
        var report = await VerifyAsync(await _agency.IssueAsync(), Expected with { Query = query });

        Assert.True(report.IsAccepted, StrictJson.ToText(report.ToJson()));
        Assert.True(Part(report).TryGetVerified(out var verified));
        Assert.Equal("""{"family_name":"김","address":{"city":"종로구"}}""", StrictJson.ToText(StrictJson.ToNode(verified.Claims)!));
        Assert.Equal([DcqlCodes.MoreThanAsked], Part(report).Notes);
        Assert.Equal("paper", Part(report).Subject?.QueryId);
    }

    [Fact]
    public async Task Whoever_asks_for_all_of_it_is_not_told_that_there_is_more()
    {
        var content = _agency.Content with { Claims = StrictJson.Parse("""{ "a": { "b": 1 }, "c": [ { "d": true } ], "e": [] }""") };
        foreach (var (claims, notes) in new (string, string[])[]
        {
            ("""{ "path": ["a"] }, { "path": ["c"] }, { "path": ["e"] }""", []),
            ("""{ "path": ["a", "b"] }, { "path": ["c", null, "d"] }, { "path": ["e"] }""", []),
            ("""{ "path": ["a"] }, { "path": ["c"] }""", [DcqlCodes.MoreThanAsked]),
        })
        {
            var report = await VerifyAsync(await _agency.IssueAsync(content), Expected with { Query = Query(CredentialFormat.QrCwt, QrAgency.Type, claims) });
            Assert.True(report.IsAccepted, StrictJson.ToText(report.ToJson()));
            Assert.Equal(notes, Part(report).Notes);
        }
    }

    [Fact]
    public async Task A_policy_is_answered_by_its_format_its_type_and_its_claims()
    {
        const string Name = """{ "path": ["family_name"] }""";
        var text = await _agency.IssueAsync();
        foreach (var (query, check, code) in new[]
        {
            (Query(CredentialFormat.SdJwtVc, QrAgency.Type, Name), QrDocumentChecks.Query, DcqlCodes.FormatMismatch),
            (Query(CredentialFormat.QrCwt, "urn:other", Name), QrDocumentChecks.Type, QrDocumentCodes.TypeNotExpected),
            (Query(CredentialFormat.QrCwt, QrAgency.Type, """{ "path": ["nationality"] }"""), QrDocumentChecks.Query, DcqlCodes.ClaimMissing),
            (Query(CredentialFormat.QrCwt, QrAgency.Type, """{ "path": ["family_name"], "values": ["이"] }"""), QrDocumentChecks.Query, DcqlCodes.ValueMismatch),
            (Query(CredentialFormat.QrCwt, QrAgency.Type, Name, isHolderBound: true), QrDocumentChecks.Query, DcqlCodes.HolderBindingMissing),
        })
        {
            var part = Part(await VerifyAsync(text, Expected with { Query = query }));
            var failed = part.Checks.First(one => one.Outcome == CheckOutcome.Failed);
            Assert.Equal((check, code), (failed.Id, failed.Code));
            Assert.False(part.TryGetVerified(out _));
        }
    }

    [Fact]
    public async Task Where_the_holder_must_prove_itself_no_paper_will_do()
    {
        var text = await _agency.IssueAsync();
        Assert.True((await VerifyAsync(text, Expected)).IsAccepted);
        var report = await VerifyAsync(text, Expected with { Binding = RequestBinding.ForRedirect("x509_hash:abc", "n-0123456789", "", encryptionKey: null) });
        Assert.Equal((QrDocumentChecks.HolderBinding, QrDocumentCodes.NoHolderBinding), QrAgency.Fault(Part(report)));
    }

    [Fact]
    public void Wallets_are_never_asked_for_paper()
    {
        Assert.DoesNotContain(CredentialFormat.QrCwt, VpTokenVerifier.Formats);
        Assert.DoesNotContain(CredentialFormat.Hcert, VpTokenVerifier.Formats);
        Assert.Superset(VpTokenVerifier.Formats.ToHashSet(), VpTokenVerifier.DocumentFormats.ToHashSet());
    }

    [Theory]
    [InlineData(CredentialFormat.QrCwt)]
    [InlineData(CredentialFormat.Hcert)]
    public async Task A_wallet_that_answers_with_paper_is_not_heard(string format)
    {
        using var parties = new PresentationParties();
        var query = DcqlQuery.Parse(StrictJson.Parse($$"""
            { "credentials": [ { "id": "paper", "format": "{{format}}", "meta": { "vct_values": ["x"] }, "require_cryptographic_holder_binding": false } ] }
            """));
        var token = PresentationParties.Token(("paper", [await _agency.IssueAsync()]));
        var refusal = await Assert.ThrowsAsync<NotSupportedCredentialException>(() =>
            VpTokenVerifier.VerifyAsync(token, parties.ExpectedPresentation(parties.Request(query)), TestContext.Current.CancellationToken));
        Assert.Equal(OpenId4VpCodes.FormatNotSupported, refusal.Code);
    }
}
