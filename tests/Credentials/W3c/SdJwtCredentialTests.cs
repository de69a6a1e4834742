using System.Text.Json.Nodes;
using Credentials.Dids;
using Credentials.SdJwt;
using Credentials.W3c;
using static Credentials.Tests.W3c.University;

namespace Credentials.Tests.W3c;

/// <summary>VC-JOSE-COSE §3.2: credentials as SD-JWTs, shown in part.</summary>
public class SdJwtCredentialTests
{
    private static readonly ClaimPath[] s_disclosable = [ClaimPath.ParseText("credentialSubject.degree.name"), ClaimPath.ParseText("credentialSubject.degree.year"), ClaimPath.ParseText("name")];

    private static async Task<string> IssueAsync(W3cContent? content = null) =>
        await W3cIssuer.IssueSdJwtAsync(content ?? Content() with { Disclosable = s_disclosable }, IssuerKey, Ct);

    private static string Show(string issued, params string[] paths) =>
        SdJwtPresenter.Select(SdJwtCredential.Parse(issued), paths.Select(ClaimPath.ParseText)).ToString();

    [Fact]
    public async Task What_is_shown_is_accepted_and_nothing_else_is_there()
    {
        var claims = await ClaimsAsync(Show(await IssueAsync(), "credentialSubject.degree.year"));

        var degree = claims.GetProperty("credentialSubject").GetProperty("degree");
        Assert.Equal(2026, degree.GetProperty("year").GetInt32());
        Assert.False(degree.TryGetProperty("name", out _));
        Assert.False(claims.TryGetProperty("name", out _));
        Assert.False(claims.TryGetProperty("_sd", out _));

        var report = await AcceptAsync(await IssueAsync());
        Assert.True(report.TryGetVerified(out var verified));
        Assert.Equal((W3cFormats.SdJwt, DiplomaType), (verified.Format, verified.Type));
        AssertHas(report, W3cChecks.Digests, CheckOutcome.Passed);
        AssertHas(report, W3cChecks.Disclosures, CheckOutcome.Passed);
    }

    [Theory]
    [InlineData("@context")]
    [InlineData("type")]
    [InlineData("issuer")]
    [InlineData("validFrom")]
    [InlineData("validUntil")]
    [InlineData("credentialStatus")]
    [InlineData("credentialStatus.statusListIndex")]
    [InlineData("credentialSchema")]
    [InlineData("relatedResource")]
    [InlineData("proof")]
    [InlineData("credentialSubject")]
    [InlineData("cnf")]
    [InlineData("iss")]
    public async Task An_issuer_makes_nothing_disclosable_that_decides_on_validity(string path)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => IssueAsync(Content() with { Disclosable = [ClaimPath.ParseText(path)] }));
        await IssueAsync(Content() with { Disclosable = [ClaimPath.ParseText("credentialSubject.id")] });
    }

    [Fact]
    public async Task Foreign_and_repeated_disclosures_are_refused()
    {
        var issued = await IssueAsync();
        var foreign = SdJwtCredential.Parse(await IssueAsync()).Disclosures[0].Text;
        var own = SdJwtCredential.Parse(issued).Disclosures[0].Text;

        await RefuseOnlyAsync(issued + foreign + "~", W3cChecks.Disclosures, SdJwtCodes.DisclosureUnreferenced);
        await RefuseOnlyAsync(issued + own + "~", W3cChecks.Disclosures, SdJwtCodes.DisclosureRepeated);
    }

    [Fact]
    public async Task A_subject_of_which_nothing_is_shown_has_no_claims()
    {
        var content = Content(Diploma(d => d["credentialSubject"] = new JsonObject { ["year"] = 2026, ["grade"] = "A" }));
        var issued = await IssueAsync(content with { Disclosable = [ClaimPath.ParseText("credentialSubject.year"), ClaimPath.ParseText("credentialSubject.grade")] });
        await RefuseOnlyAsync(Show(issued), W3cChecks.DataModel, W3cCodes.Subject);
        await AcceptAsync(Show(issued, "credentialSubject.grade"));
    }

    [Fact]
    public async Task Other_types_and_json_forms_are_refused()
    {
        var content = new SdJwtContent { HeaderType = "vc+sd-jwt", Claims = Diploma(), Disclosable = s_disclosable, KeyId = DidKey.VerificationMethodOf(Issuer) };
        await AcceptAsync(await SdJwtIssuer.IssueAsync(content, IssuerKey, Ct));
        foreach (var type in new[] { "vp+sd-jwt", "vc+jwt", "example+sd-jwt" })
            await RefuseOnlyAsync(await SdJwtIssuer.IssueAsync(content with { HeaderType = type }, IssuerKey, Ct), W3cChecks.Format, W3cCodes.MediaType);
        var json = SdJwtCredential.Parse(await SdJwtIssuer.IssueAsync(content, IssuerKey, Ct)).As(SdJwtSerialization.FlattenedJson).ToString();
        await RefuseOnlyAsync(json, W3cChecks.Format, W3cCodes.NotSecured);
        var claim = Diploma(d => d["vc"] = new JsonObject());
        await RefuseOnlyAsync(await SdJwtIssuer.IssueAsync(content with { Claims = claim }, IssuerKey, Ct), W3cChecks.Format, W3cCodes.JwtClaim);
    }

    [Fact]
    public async Task A_key_binding_JWT_binds_the_credential_without_a_presentation_around_it()
    {
        var issued = SdJwtCredential.Parse(await IssueAsync(Content() with { Disclosable = s_disclosable, HolderKey = HolderKey.PublicKey }));
        async Task<string> Bound_(KeyBinding binding, Credentials.Keys.ISigningKey key) =>
            await SdJwtPresenter.PresentAsync(issued, [ClaimPath.ParseText("credentialSubject.degree.year")], binding, key, Ct);
        var good = await Bound_(new KeyBinding(Audience, Nonce, Now), HolderKey);

        Assert.True((await AcceptAsync(good, Bound)).TryGetVerified(out var verified));
        Assert.Equal(HolderKey.PublicKey, verified.HolderKey);
        await RefuseOnlyAsync(await Bound_(new KeyBinding(Audience, "other", Now), HolderKey), W3cChecks.HolderBinding, SdJwtCodes.BindingNonce, Bound);
        await RefuseOnlyAsync(await Bound_(new KeyBinding("https://evil.example", Nonce, Now), HolderKey), W3cChecks.HolderBinding, SdJwtCodes.BindingAudience, Bound);
        await RefuseOnlyAsync(await Bound_(new KeyBinding(Audience, Nonce, Now.AddMinutes(-6)), HolderKey), W3cChecks.HolderBinding, SdJwtCodes.BindingTime, Bound);
        await RefuseOnlyAsync(await Bound_(new KeyBinding(Audience, Nonce, Now), OtherKey), W3cChecks.HolderBinding, SdJwtCodes.BindingSignatureInvalid, Bound);
        await RefuseOnlyAsync(issued.ToString(), W3cChecks.HolderBinding, SdJwtCodes.BindingMissing, Bound);
        await RefuseOnlyAsync(good, W3cChecks.Format, SdJwtCodes.KeyBindingUnexpected, Expected with { Binding = KeyBindingExpectation.FromIssuer });

        // The subject's DID alone does not say whose signature a key binding JWT has.
        var unbound = SdJwtCredential.Parse(await IssueAsync());
        var presented = await SdJwtPresenter.PresentAsync(unbound, [], new KeyBinding(Audience, Nonce, Now), HolderKey, Ct);
        await RefuseOnlyAsync(presented, W3cChecks.HolderBinding, SdJwtCodes.HolderKeyMissing, Bound);
    }
}
