using System.Formats.Cbor;
using System.Text;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Cose;
using Credentials.Dids;
using Credentials.Keys;
using Credentials.SdJwt;
using Credentials.W3c;
using static Credentials.Tests.W3c.University;

namespace Credentials.Tests.W3c;

/// <summary>VC-JOSE-COSE §3.3 and §5.3: credentials and presentations in COSE_Sign1.</summary>
public class CoseCredentialTests
{
    private static Task<VerificationReport> VerifyAsync(byte[] message, W3cExpectations? expected = null) =>
        W3cVerifier.VerifyCredentialAsync(message, expected ?? Expected, Ct);

    private static byte[] Encoded(Action<CborWriter> write) => CborWriting.Encode(write);

    private static async Task<byte[]> SignAsync(
        JsonObject? document = null, string? type = "application/vc+cose", string? contentType = "application/vc", Action<CborWriter>? claims = null,
        ISigningKey? key = null, byte[]? kid = null, bool isDetached = false, bool unprotectedClaims = false)
    {
        List<CoseHeader> headers = [];
        if (contentType is not null) headers.Add(CoseHeader.ContentType(contentType));
        headers.Add(CoseHeader.KeyId(kid ?? Encoding.UTF8.GetBytes(DidKey.VerificationMethodOf(Issuer))));
        CoseHeader? cwt = claims is null ? null : new CoseHeader(CoseNames.CwtClaims, Encoded(claims));
        if (cwt is { } inside && !unprotectedClaims) headers.Add(inside);
        if (type is not null) headers.Add(CoseHeader.Type(type));
        return await CoseSign1.SignAsync(
            StrictJson.ToUtf8(document ?? Diploma()), key ?? IssuerKey, headers, cwt is { } outside && unprotectedClaims ? [outside] : [], isDetached, Ct);
    }

    private static void Claim(CborWriter writer, long label, Action write)
    {
        writer.WriteStartMap(1);
        writer.WriteInt64(label);
        write();
        writer.WriteEndMap();
    }

    [Fact]
    public async Task What_is_issued_is_accepted_with_its_tag_and_without()
    {
        var message = await W3cIssuer.IssueCoseAsync(Content() with { SignatureExpiresAt = Now.AddDays(1), HolderKey = OtherKey.PublicKey }, IssuerKey, Ct);
        Assert.Equal(0xd2, message[0]);

        foreach (var form in new[] { message, message[1..] })
        {
            Assert.True((await VerifyAsync(form)).TryGetVerified(out var verified));
            Assert.Equal((W3cFormats.Cose, DiplomaType, Issuer), (verified.Format, verified.Type, verified.Issuer));
            Assert.Equal(OtherKey.PublicKey, verified.HolderKey);
            Assert.Equal("Bachelor of Science", verified.Claims.GetProperty("credentialSubject").GetProperty("degree").GetProperty("name").GetString());
        }

        await Assert.ThrowsAsync<MalformedDataException>(async () => await W3cIssuer.IssueCoseAsync(Content(Diploma(d => d.Remove("issuer"))), IssuerKey, Ct));
    }

    [Theory]
    [InlineData("application/vc+cose", "application/vc", null)]
    [InlineData("application/vc+cose", "vc", null)]
    [InlineData("application/vc+cose", null, null)]
    [InlineData("application/vc+cose", "very/bad", W3cCodes.MediaType)]
    [InlineData("application/vc+cose", "application/vp", W3cCodes.MediaType)]
    [InlineData("really/bad", "application/vc", W3cCodes.MediaType)]
    [InlineData("application/vp+cose", "application/vc", W3cCodes.MediaType)]
    [InlineData("vc+cose", "application/vc", W3cCodes.MediaType)]
    [InlineData(null, "application/vc", W3cCodes.MediaType)]
    public async Task The_types_in_the_header_are_those_of_a_credential(string? type, string? contentType, string? code)
    {
        var report = await VerifyAsync(await SignAsync(type: type, contentType: contentType));
        if (code is null) Assert.True(report.IsAccepted, Describe(report));
        else AssertOnly(report, W3cChecks.Format, code);
    }

    [Fact]
    public async Task Other_messages_are_refused()
    {
        AssertOnly(await VerifyAsync(await SignAsync(isDetached: true)), W3cChecks.Format, W3cCodes.Malformed);
        AssertOnly(await VerifyAsync([0xd1, .. await SignAsync()]), W3cChecks.Format, CoseCodes.Malformed);
        AssertOnly(await VerifyAsync([.. await SignAsync(), 0]), W3cChecks.Format, CoseCodes.Malformed);
        AssertOnly(await VerifyAsync(await SignAsync(kid: [0xff, 0xfe])), W3cChecks.Format, CoseCodes.Malformed);
        AssertOnly(await VerifyAsync(await SignAsync(key: OtherKey)), W3cChecks.IssuerSignature, W3cCodes.SignatureInvalid);
        AssertOnly(await VerifyAsync(await SignAsync(Diploma(d => d.Remove("type")))), W3cChecks.DataModel, W3cCodes.Type);
    }

    [Fact]
    public async Task Claims_in_the_protected_header_are_held_against_the_document_and_the_time()
    {
        Assert.True((await VerifyAsync(await SignAsync(claims: w => Claim(w, 1, () => w.WriteTextString(Issuer))))).IsAccepted);
        AssertOnly(await VerifyAsync(await SignAsync(claims: w => Claim(w, 1, () => w.WriteTextString(Stranger)))), W3cChecks.IssuerKey, W3cCodes.IssuerMismatch);
        AssertOnly(
            await VerifyAsync(await SignAsync(claims: w => Claim(w, 4, () => w.WriteInt64(Now.AddMinutes(-2).ToUnixTimeSeconds())))),
            W3cChecks.Validity, W3cCodes.SignatureExpired);
        AssertOnly(
            await VerifyAsync(await SignAsync(claims: w => Claim(w, 6, () => w.WriteInt64(Now.AddMinutes(2).ToUnixTimeSeconds())))),
            W3cChecks.Validity, W3cCodes.SignedInFuture);
        AssertOnly(await VerifyAsync(await SignAsync(claims: w => Claim(w, 4, () => w.WriteTextString("tomorrow")))), W3cChecks.Format, W3cCodes.TimeMalformed);
        // What is not protected says nothing.
        Assert.True((await VerifyAsync(await SignAsync(claims: w => Claim(w, 1, () => w.WriteTextString(Stranger)), unprotectedClaims: true))).IsAccepted);
    }

    [Fact]
    public async Task A_presentation_in_COSE_binds_credentials_of_every_form()
    {
        var credentials = new List<ReadOnlyMemory<byte>>
        {
            await W3cIssuer.IssueCoseAsync(Content(), IssuerKey, Ct),
            Encoding.UTF8.GetBytes(await IssueAsync()),
            Encoding.UTF8.GetBytes(await W3cIssuer.IssueSdJwtAsync(Content() with { Disclosable = [ClaimPath.ParseText("name")] }, IssuerKey, Ct)),
        };
        var content = Showing() with { Credentials = credentials, Lifetime = TimeSpan.FromMinutes(5) };
        async Task<VerificationReport> Verify(W3cPresentationContent shown, ISigningKey? key = null) =>
            await W3cVerifier.VerifyPresentationAsync(await W3cPresenter.PresentCoseAsync(shown, key ?? HolderKey, Ct), Bound, Ct);

        var report = await Verify(content);
        Assert.True(report.IsAccepted, Describe(report));
        Assert.Equal([W3cFormats.Cose, W3cFormats.Jwt, W3cFormats.SdJwt], report.Parts.Select(part => part.Subject!.Format));
        Assert.All(report.Checks, check => Assert.Equal(CheckOutcome.Passed, check.Outcome));

        AssertCheck(await Verify(content with { Nonce = "other" }), W3cPresentationChecks.Nonce, SdJwtCodes.BindingNonce);
        AssertCheck(await Verify(content with { Audience = "https://evil.example" }), W3cPresentationChecks.Audience, SdJwtCodes.BindingAudience);
        AssertCheck(await Verify(content with { SignedAt = Now.AddMinutes(-6) }), W3cPresentationChecks.SignedAt, SdJwtCodes.BindingTime);
        AssertCheck(await Verify(content, OtherKey), W3cPresentationChecks.HolderSignature, SdJwtCodes.BindingSignatureInvalid);
    }
}
