using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Verifier.Pages;
using Credentials.Verifier.Tests.Setup;
using Credentials.Verifier.Transactions;

namespace Credentials.Verifier.Tests;

/// <summary><c>POST /documents/verify</c> and the words for what it finds.</summary>
public sealed class DocumentTests(TestVerifier verifier) : IClassFixture<TestVerifier>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_document_at_hand_is_accepted_as_text_and_as_bytes(bool asBytes)
    {
        var text = (await verifier.Issuer.IssueLicenceAsync()).Credential;

        var report = await VerifyAsync(new JsonObject { ["document"] = asBytes ? StrictBase64Url.Encode(Encoding.UTF8.GetBytes(text)) : text });

        Assert.True(report.GetProperty("accepted").GetBoolean());
        Assert.Equal("길동", report.GetProperty("parts")[0].GetProperty("claims").GetProperty("given_name").GetString());
        Assert.All(report.GetProperty("checks").EnumerateArray(), c => Assert.Equal("not_applicable", c.GetProperty("outcome").GetString()));
    }

    [Theory]
    [InlineData("over-19", true)]
    [InlineData("resident-certificate", false)]
    public async Task A_policy_is_held_against_the_document(string policy, bool accepted)
    {
        var report = await VerifyAsync(new JsonObject { ["document"] = (await verifier.Issuer.IssueLicenceAsync()).Credential, ["policy"] = policy });

        Assert.Equal(accepted, report.GetProperty("accepted").GetBoolean());
        var claims = report.GetProperty("parts")[0].GetProperty("claims");
        Assert.Equal(accepted ? """{"age_over_19":true}""" : "null", claims.GetRawText());
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("a.b.c~")]
    [InlineData("~")]
    public async Task Something_else_is_a_report_and_not_an_error(string document)
    {
        var report = await VerifyAsync(new JsonObject { ["document"] = document });

        Assert.False(report.GetProperty("accepted").GetBoolean());
        Assert.NotEmpty(report.GetProperty("reasons").EnumerateArray());
    }

    [Fact]
    public async Task Only_a_relying_party_may_ask()
    {
        using var response = await verifier.PostJsonAsync("/documents/verify", new JsonObject { ["document"] = "x" }, "wrong");
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public void Every_check_has_a_sentence_in_both_languages_for_every_outcome()
    {
        var checks = SdJwt.SdJwtChecks.All.Concat(Mdoc.MdocChecks.All).Concat(OpenId4Vp.PresentationChecks.All).Concat(QrDocuments.QrDocumentChecks.All).Concat(W3c.W3cChecks.All).Distinct();
        Assert.All(checks, id => Assert.True(PlainWords.KnowsCheck(id), id));
        foreach (var id in checks)
            foreach (var outcome in new[] { "passed", "failed", "indeterminate", "not_run", "not_applicable" })
            {
                var words = PlainWords.ForCheck(new ReportCheck(null, id, outcome, null));
                Assert.Matches("[가-힣]", words.Korean);
                Assert.Matches("^[A-Z].*[.]$", words.English);
            }
    }

    [Fact]
    public void Every_code_that_a_report_can_carry_has_a_sentence()
    {
        Type[] holders =
        [
            typeof(SdJwt.SdJwtCodes), typeof(Mdoc.MdocCodes), typeof(QrDocuments.QrDocumentCodes), typeof(Cose.CoseCodes), typeof(Keys.KeyCodes),
            typeof(StatusLists.StatusListCodes), typeof(Credentials.Trust.TrustCodes), typeof(X509.X509Codes), typeof(Dcql.DcqlCodes),
        ];
        var codes = holders.SelectMany(t => t.GetFields()).Select(f => (string)f.GetRawConstantValue()!).Where(c => !NotInReports.Contains(c));
        Assert.All(codes, c => Assert.True(PlainWords.KnowsCode(c), c));
    }

    // Codes of reading type metadata and queries, of issuing, of tokens that sign, and a note, not of a check.
    private static readonly string[] NotInReports =
        ["type_metadata.malformed", "qr_document.too_large", "dcql.malformed", "dcql.too_large", "dcql.more_than_asked",
            "svg.malformed", "svg.placeholder", "mdoc.element_unknown", "mdoc.ages_contradict", "mdoc.more_than_asked", "mdoc.data_model",
            Keys.KeyCodes.TokenUnavailable, Keys.KeyCodes.TokenTimeout, Keys.KeyCodes.TokenPin, Keys.KeyCodes.TokenPinLocked, Keys.KeyCodes.TokenKeyMissing, Keys.KeyCodes.TokenRefused];

    private async Task<JsonElement> VerifyAsync(JsonObject body)
    {
        using var response = await verifier.PostJsonAsync("/documents/verify", body);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await TestVerifier.ReadAsync(response);
    }
}
