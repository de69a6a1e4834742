using System.Text.Json.Nodes;
using Credentials.Dids;
using Credentials.Jose;
using Credentials.SdJwt;
using Credentials.W3c;
using static Credentials.Tests.W3c.University;

namespace Credentials.Tests.W3c;

/// <summary>Data Model 1.1 §6.3.1: credentials and presentations as JWTs, accepted where the policy says so.</summary>
public class DataModelV1Tests
{
    private static readonly W3cExpectations s_lenient = Expected with { AcceptsDataModelV1 = true };
    private static readonly W3cExpectations s_lenientBound = Bound with { AcceptsDataModelV1 = true };

    private static async Task<string> IssueV1Async(JsonObject? document = null) => await W3cIssuer.IssueJwtV1Async(Content(document ?? DiplomaV1()), IssuerKey, Ct);

    private static async Task<string> SignAsync(JsonObject payload, string? type = "JWT")
    {
        var header = new JsonObject { ["kid"] = DidKey.VerificationMethodOf(Issuer) };
        if (type is not null) header["typ"] = type;
        return await Jws.SignAsync(header, payload, IssuerKey, Ct);
    }

    private static JsonObject Payload(Action<JsonObject>? change = null)
    {
        var payload = new JsonObject
        {
            ["iss"] = Issuer,
            ["sub"] = Holder,
            ["jti"] = "urn:uuid:1",
            ["nbf"] = Now.AddDays(-9).ToUnixTimeSeconds(),
            ["exp"] = Now.AddDays(9).ToUnixTimeSeconds(),
            ["vc"] = new JsonObject
            {
                ["@context"] = new JsonArray("https://www.w3.org/2018/credentials/v1"),
                ["type"] = new JsonArray("VerifiableCredential", DiplomaType),
                ["credentialSubject"] = new JsonObject { ["degree"] = "BSc" },
            },
        };
        change?.Invoke(payload);
        return payload;
    }

    [Fact]
    public async Task What_is_issued_is_accepted_where_1_1_is()
    {
        var jwt = await IssueV1Async();
        Assert.True((await AcceptAsync(jwt, s_lenient)).TryGetVerified(out var verified));
        Assert.Equal((W3cFormats.JwtV1, DiplomaType, Issuer), (verified.Format, verified.Type, verified.Issuer));
        Assert.Equal("Bachelor of Science", verified.Claims.GetProperty("credentialSubject").GetProperty("degree").GetProperty("name").GetString());
        await RefuseOnlyAsync(jwt, W3cChecks.Format, W3cCodes.MediaType);
        await AcceptAsync(await IssueAsync(), s_lenient);
    }

    [Fact]
    public async Task The_claims_are_put_back_into_the_document()
    {
        foreach (var type in new[] { "JWT", null })
        {
            var claims = await ClaimsAsync(await SignAsync(Payload(), type), s_lenient);
            Assert.Equal(Issuer, claims.GetProperty("issuer").GetString());
            Assert.Equal("urn:uuid:1", claims.GetProperty("id").GetString());
            Assert.Equal("2026-10-24T09:00:00Z", claims.GetProperty("issuanceDate").GetString());
            Assert.Equal("2026-11-11T09:00:00Z", claims.GetProperty("expirationDate").GetString());
            Assert.Equal(Holder, claims.GetProperty("credentialSubject").GetProperty("id").GetString());
        }

        var withObject = await ClaimsAsync(await SignAsync(Payload(p => p["vc"]!["issuer"] = new JsonObject { ["name"] = "University" })), s_lenient);
        Assert.Equal(Issuer, withObject.GetProperty("issuer").GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("issuer")]
    [InlineData("id")]
    [InlineData("issuanceDate")]
    [InlineData("expirationDate")]
    [InlineData("subject")]
    [InlineData("subjects")]
    public async Task A_claim_that_contradicts_the_document_is_refused(string what)
    {
        var jwt = await SignAsync(Payload(p =>
        {
            var vc = p["vc"]!.AsObject();
            switch (what)
            {
                case "issuer": vc["issuer"] = Stranger; break;
                case "id": vc["id"] = "urn:uuid:2"; break;
                case "issuanceDate": vc["issuanceDate"] = "2020-01-01T00:00:00Z"; break;
                case "expirationDate": vc["expirationDate"] = "2090-01-01T00:00:00Z"; break;
                case "subject": vc["credentialSubject"]!["id"] = Stranger; break;
                default: vc["credentialSubject"] = new JsonArray(new JsonObject { ["a"] = 1 }, new JsonObject { ["b"] = 2 }); break;
            }
        }));
        await RefuseOnlyAsync(jwt, W3cChecks.Format, W3cCodes.JwtClaim, s_lenient);
        await AcceptAsync(await SignAsync(Payload(p => (p["vc"]!["issuer"], p["vc"]!["issuanceDate"]) = (Issuer, "2026-10-24T09:00:00.5Z"))), s_lenient);
    }

    [Fact]
    public async Task Times_keys_and_missing_claims_are_refused_as_ever()
    {
        await RefuseOnlyAsync(await SignAsync(Payload(p => p["exp"] = Now.AddDays(-1).ToUnixTimeSeconds())), W3cChecks.Validity, W3cCodes.Expired, s_lenient);
        await RefuseOnlyAsync(await SignAsync(Payload(p => p["nbf"] = Now.AddDays(1).ToUnixTimeSeconds())), W3cChecks.Validity, W3cCodes.NotYetValid, s_lenient);
        await RefuseOnlyAsync(await SignAsync(Payload(p => p.Remove("vc"))), W3cChecks.Format, W3cCodes.JwtClaim, s_lenient);
        await RefuseOnlyAsync(await SignAsync(Payload(p => p.Remove("iss"))), W3cChecks.Format, W3cCodes.JwtClaim, s_lenient);
        await RefuseOnlyAsync(await SignAsync(Payload(p => p["vc"]!["@context"] = new JsonArray("https://www.w3.org/ns/credentials/v2"))), W3cChecks.DataModel, W3cCodes.Version, s_lenient);
        await RefuseOnlyAsync(await SignAsync(Payload(), "vc+jwt"), W3cChecks.Format, W3cCodes.JwtClaim, s_lenient);
    }

    [Fact]
    public async Task A_presentation_of_1_1_has_its_credentials_as_JWTs()
    {
        var presentation = await PresentAsync(Showing(await IssueV1Async()));
        var report = await W3cVerifier.VerifyPresentationAsync(presentation, s_lenientBound, Ct);
        Assert.True(report.IsAccepted, Describe(report));
        Assert.Equal(W3cFormats.JwtV1, report.Parts[0].Subject!.Format);
        AssertCheck(await W3cVerifier.VerifyPresentationAsync(presentation, Bound, Ct), W3cPresentationChecks.Format, W3cCodes.MediaType);

        var others = await PresentAsync(Showing(await IssueV1Async(DiplomaV1(d => d["credentialSubject"]!["id"] = Stranger))));
        AssertOnly((await W3cVerifier.VerifyPresentationAsync(others, s_lenientBound, Ct)).Parts[0], W3cChecks.HolderBinding, W3cCodes.SubjectMismatch);
        var nonce = await PresentAsync(Showing(await IssueV1Async()) with { Nonce = "other" });
        AssertCheck(await W3cVerifier.VerifyPresentationAsync(nonce, s_lenientBound, Ct), W3cPresentationChecks.Nonce, SdJwtCodes.BindingNonce);
    }
}
