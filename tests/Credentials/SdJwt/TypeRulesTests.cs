using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Credentials.SdJwt;
using Credentials.SdJwt.TypeMetadata;
using Credentials.StatusLists;
using Credentials.Tests.Http;
using Credentials.Trust;

namespace Credentials.Tests.SdJwt;

/// <summary>The check <c>type</c> where the verifier looks at type metadata (SD-JWT VC §5.6, §5.7).</summary>
public class TypeRulesTests
{
    private static TypeMetadataClient Client(params string[] documents) =>
        new(documents.Select(document => new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes(document))), null);

    private static SdJwtExpectations With(params string[] documents) => Workshop.Expected with { TypeMetadata = Client(documents) };

    private static SdJwtExpectations Claims(string claims) => With($$"""{"vct":"{{Workshop.Vct}}","claims":[{{claims}}]}""");

    private static string Sha256(string document) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(document)));

    [Theory]
    [InlineData("""{"path":["given_name"],"mandatory":true,"sd":"always"}""")]
    [InlineData("""{"path":["country"],"mandatory":true,"sd":"never"}""")]
    [InlineData("""{"path":["address"],"mandatory":true,"sd":"never"},{"path":["address","city"],"sd":"always"},{"path":["address","region"],"sd":"never"}""")]
    [InlineData("""{"path":["members",null],"sd":"always"},{"path":["members",null,"name"],"mandatory":true,"sd":"always"},{"path":["members",1,"age"],"sd":"never"}""")]
    [InlineData("""{"path":["licence","classes",0],"sd":"always"}""")]
    [InlineData("""{"path":["nickname"],"sd":"always"},{"path":["nickname","of"],"sd":"never"}""")]
    [InlineData("""{"path":["members",7],"sd":"never"}""")]
    [InlineData("""{"path":["vct"],"mandatory":true,"sd":"never"}""")]
    public async Task A_credential_that_follows_its_type_is_accepted(string claims) =>
        await Workshop.AcceptAsync(await Workshop.IssueAsync(), Claims(claims));

    [Theory]
    [InlineData("""{"path":["given_name"],"sd":"never"}""", SdJwtCodes.TypeMetadataDisclosable)]
    [InlineData("""{"path":["country"],"sd":"always"}""", SdJwtCodes.TypeMetadataDisclosable)]
    [InlineData("""{"path":["address"],"sd":"always"}""", SdJwtCodes.TypeMetadataDisclosable)]
    [InlineData("""{"path":["licence","issued"],"sd":"always"}""", SdJwtCodes.TypeMetadataDisclosable)]
    [InlineData("""{"path":["members",null,"age"],"sd":"always"}""", SdJwtCodes.TypeMetadataDisclosable)]
    [InlineData("""{"path":["members",1],"sd":"never"}""", SdJwtCodes.TypeMetadataDisclosable)]
    [InlineData("""{"path":["licence","classes",null],"sd":"never"}""", SdJwtCodes.TypeMetadataDisclosable)]
    [InlineData("""{"path":["nickname"],"mandatory":true}""", SdJwtCodes.TypeMetadataMandatory)]
    [InlineData("""{"path":["address","postal_code"],"mandatory":true}""", SdJwtCodes.TypeMetadataMandatory)]
    [InlineData("""{"path":["licence","classes",2],"mandatory":true}""", SdJwtCodes.TypeMetadataMandatory)]
    [InlineData("""{"path":["country","code"]}""", SdJwtCodes.TypeMetadataPath)]
    [InlineData("""{"path":["address",0]}""", SdJwtCodes.TypeMetadataPath)]
    [InlineData("""{"path":["members","name"]}""", SdJwtCodes.TypeMetadataPath)]
    [InlineData("""{"path":["given_name",null]}""", SdJwtCodes.TypeMetadataPath)]
    public async Task A_credential_that_breaks_a_rule_of_its_type_is_refused(string claims, string code) =>
        await Workshop.RefuseOnlyAsync(await Workshop.IssueAsync(), SdJwtChecks.Type, code, Claims(claims));

    [Fact]
    public async Task What_is_withheld_is_no_evidence_against_the_issuer()
    {
        var shown = await ShowAsync("country");
        await Workshop.AcceptAsync(shown, Claims("""{"path":["given_name"],"mandatory":true,"sd":"always"},{"path":["address","city"],"mandatory":true}"""));
        // Elements count as they were issued: the first two are withheld, and so selectively disclosable.
        await Workshop.AcceptAsync(shown, Claims("""{"path":["members",1],"mandatory":true,"sd":"always"},{"path":["members",1,"name"],"mandatory":true,"sd":"never"}"""));
        await Workshop.RefuseOnlyAsync(shown, SdJwtChecks.Type, SdJwtCodes.TypeMetadataDisclosable, Claims("""{"path":["members",1],"sd":"never"}"""));
        await Workshop.RefuseOnlyAsync(shown, SdJwtChecks.Type, SdJwtCodes.TypeMetadataMandatory, Claims("""{"path":["members",2],"mandatory":true}"""));

        // Nothing of the address is disclosable in a credential without digests there.
        var plain = await Workshop.SdJwtAsync(Workshop.Payload(("address", new JsonObject { ["region"] = "11" })));
        await Workshop.RefuseOnlyAsync(plain, SdJwtChecks.Type, SdJwtCodes.TypeMetadataMandatory, Claims("""{"path":["address","city"],"mandatory":true}"""));
    }

    [Fact]
    public async Task An_element_after_a_withheld_one_keeps_its_place()
    {
        var shown = await ShowAsync("members.1");
        Assert.Equal(1, (await Workshop.AcceptAsync(shown)).GetProperty("members").GetArrayLength());
        // The one that is shown was issued as the second: its age stands in the clear inside of it.
        await Workshop.AcceptAsync(shown, Claims("""{"path":["members",1,"age"],"mandatory":true,"sd":"never"}"""));
        await Workshop.RefuseOnlyAsync(shown, SdJwtChecks.Type, SdJwtCodes.TypeMetadataDisclosable, Claims("""{"path":["members",1,"age"],"sd":"always"}"""));
        await Workshop.AcceptAsync(shown, Claims("""{"path":["members",0,"age"],"sd":"always"}"""));
    }

    [Fact]
    public async Task Elements_without_digests_follow_rules_too()
    {
        var plain = await Workshop.SdJwtAsync(Workshop.Payload(("list", new JsonArray("a", "b"))));
        await Workshop.AcceptAsync(plain, Claims("""{"path":["list",1],"mandatory":true,"sd":"never"}"""));
        await Workshop.RefuseOnlyAsync(plain, SdJwtChecks.Type, SdJwtCodes.TypeMetadataMandatory, Claims("""{"path":["list",2],"mandatory":true}"""));

        // What may be withheld of two elements may be withheld of one.
        JsonObject Withholding(string decoy) => new() { ["_sd"] = Workshop.Sd(decoy) };
        var withheld = await Workshop.SdJwtAsync(Workshop.Payload(("list", new JsonArray(Withholding("a"), Withholding("b")))));
        await Workshop.AcceptAsync(withheld, Claims("""{"path":["list",null,"name"],"mandatory":true}"""));
    }

    [Fact]
    public async Task Rules_of_extended_types_count_too()
    {
        const string Base = """{"vct":"urn:base","claims":[{"path":["given_name"],"sd":"never"}]}""";
        var child = $$"""{"vct":"{{Workshop.Vct}}","extends":"urn:base"}""";
        await Workshop.RefuseOnlyAsync(await Workshop.IssueAsync(), SdJwtChecks.Type, SdJwtCodes.TypeMetadataDisclosable, With(Base, child));
        await Workshop.AcceptAsync(await Workshop.IssueAsync(), With(Base.Replace("never", "always", StringComparison.Ordinal), child));
    }

    [Fact]
    [Trait("Row", "SVC-06")]
    public async Task The_hash_in_the_credential_must_be_that_of_the_document()
    {
        var document = $$"""{"vct":"{{Workshop.Vct}}"}""";
        async Task<string> NamingAsync(JsonNode? integrity) => await Workshop.SdJwtAsync(Workshop.Payload(("vct#integrity", integrity)));
        await Workshop.AcceptAsync(await NamingAsync(Sha256(document)), With(document));

        var other = await NamingAsync(Sha256("other"));
        await Workshop.RefuseOnlyAsync(other, SdJwtChecks.Type, SdJwtCodes.TypeMetadataIntegrity, With(document));
        var lenient = await Workshop.VerifyAsync(other, With(document) with { RequiresTypeMetadata = false });
        Assert.True(lenient.IsAccepted);
        Assert.Equal(SdJwtCodes.TypeMetadataIntegrity, lenient.Checks.Single(check => check.Id == SdJwtChecks.Type).Code);
        await Workshop.RefuseOnlyAsync(await NamingAsync(1), SdJwtChecks.Type, SdJwtCodes.TypeMalformed, With(document) with { RequiresTypeMetadata = false });
        Assert.True((await Workshop.VerifyAsync(other)).IsAccepted);
    }

    [Fact]
    [Trait("Row", "SVC-04")]
    public async Task A_document_that_cannot_be_had_leaves_the_type_undecided_where_it_is_required()
    {
        var text = await Workshop.IssueAsync();
        var report = await Workshop.VerifyAsync(text, new SdJwtExpectations
        {
            Trust = Workshop.PinnedTrust,
            Now = Workshop.Now,
            KeyBinding = KeyBindingExpectation.NotRequested,
            Status = new StatusPolicy(StatusMode.Offline),
            TypeMetadata = Client(),
        });
        Assert.False(report.IsAccepted);
        var type = report.Checks.Single(check => check.Id == SdJwtChecks.Type);
        Assert.Equal((CheckOutcome.Indeterminate, SdJwtCodes.TypeMetadataUnavailable), (type.Outcome, type.Code));
        Assert.Equal(SdJwtChecks.Type, report.Checks.Single(check => check.Id == SdJwtChecks.Status).BlockedBy);

        var lenient = With() with { RequiresTypeMetadata = false };
        await Workshop.AcceptAsync(text, lenient);
        await Workshop.RefuseOnlyAsync(text, SdJwtChecks.Type, SdJwtCodes.TypeNotExpected, lenient with { Types = ["urn:other"] });
    }

    [Fact]
    [Trait("Row", "SVC-07")]
    public async Task Metadata_that_is_wrong_in_itself_refuses_the_credential_even_where_it_is_not_required()
    {
        string Child(string rule) => $$"""{"vct":"{{Workshop.Vct}}","extends":"urn:base","claims":[{"path":["a"],"sd":"{{rule}}"}]}""";
        string Base(string more) => $$"""{"vct":"urn:base","claims":[{"path":["a"],"sd":"never"}]{{more}}}""";
        var text = await Workshop.IssueAsync();
        SdJwtExpectations Lenient(params string[] documents) => With(documents) with { RequiresTypeMetadata = false };

        await Workshop.AcceptAsync(text, Lenient(Child("never"), Base("")));
        await Workshop.RefuseOnlyAsync(text, SdJwtChecks.Type, SdJwtCodes.TypeMetadataConflict, Lenient(Child("always"), Base("")));
        await Workshop.RefuseOnlyAsync(text, SdJwtChecks.Type, SdJwtCodes.TypeMetadataCycle, Lenient(Child("never"), Base($$""","extends":"{{Workshop.Vct}}" """)));
    }

    [Fact]
    [Trait("Row", "SVC-01")]
    [Trait("Row", "SVC-02")]
    public async Task A_type_that_is_extended_counts_as_asked_for_where_the_issuer_is_trusted_for_it()
    {
        var child = $$"""{"vct":"{{Workshop.Vct}}","extends":"urn:base"}""";
        var expected = With(child, """{"vct":"urn:base"}""") with { Types = ["urn:base"] };
        var text = await Workshop.IssueAsync();

        var report = await Workshop.VerifyAsync(text, expected);
        Assert.True(report.TryGetVerified(out var verified));
        Assert.Equal("urn:base", verified.Type);

        TrustStore For(params string[] types) => TrustStore.Create([TrustAnchor.ForKey(Workshop.IssuerKey.PublicKey, TrustPurpose.CredentialIssuer, types)]);
        await Workshop.AcceptAsync(text, expected with { Trust = For(Workshop.Vct, "urn:base") });
        await Workshop.RefuseOnlyAsync(text, SdJwtChecks.Type, TrustCodes.NotForType, expected with { Trust = For(Workshop.Vct) });
        await Workshop.RefuseAsync(text, SdJwtChecks.IssuerKey, TrustCodes.NotForType, expected with { Trust = For("urn:base") });
        await Workshop.RefuseOnlyAsync(text, SdJwtChecks.Type, SdJwtCodes.TypeNotExpected, expected with { Types = ["urn:another"] });
        await Workshop.RefuseOnlyAsync(text, SdJwtChecks.Type, SdJwtCodes.TypeNotExpected, expected with { TypeMetadata = null });
    }

    [Fact]
    [Trait("Row", "SVC-04")]
    public async Task Nobody_is_asked_about_a_credential_that_is_not_valid_otherwise()
    {
        using var http = FetchExtensions.ToLoopback();
        string body = "";
        await using var server = await LocalServer.StartAsync(context => LocalServer.Body(body)(context));
        var type = server.Url.AbsoluteUri + "type";
        body = $$"""{"vct":"{{type}}"}""";
        var expected = Workshop.Expected with { TypeMetadata = new TypeMetadataClient([], http) };
        var text = await Workshop.IssueAsync(content => content with { Type = type });

        Assert.False((await Workshop.VerifyAsync(text, expected with { Trust = TrustStore.Empty })).IsAccepted);
        var expired = await Workshop.VerifyAsync(text, expected with { Now = Workshop.Now.AddDays(90) });
        Assert.Equal(SdJwtChecks.Validity, expired.Checks.Single(check => check.Id == SdJwtChecks.Type).BlockedBy);
        Assert.False((await Workshop.VerifyAsync(text, expected with { KeyBinding = Workshop.Bound.KeyBinding })).IsAccepted);
        Assert.Empty(server.Requests);

        await Workshop.AcceptAsync(text, expected);
        Assert.Single(server.Requests);
    }

    private static async Task<string> ShowAsync(params string[] paths)
    {
        var credential = SdJwtCredential.Parse(await Workshop.IssueAsync());
        return SdJwtPresenter.Select(credential, paths.Select(ClaimPath.ParseText)).ToString();
    }
}
