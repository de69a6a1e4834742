using System.Text.Json.Nodes;
using Credentials.SdJwt;
using Credentials.SdJwt.TypeMetadata;
using static Credentials.Tests.SdJwt.Workshop;

namespace Credentials.Tests.SdJwt;

/// <summary>Nothing where something is needed is a mistake of the caller, and said at once.</summary>
public class MissingArgumentTests
{
    [Theory]
    [InlineData("", "nonce")]
    [InlineData("audience", "")]
    public void A_key_binding_is_for_somebody_and_for_one_request(string audience, string nonce)
    {
        Assert.ThrowsAny<ArgumentException>(() => KeyBindingExpectation.Required(audience, nonce));
        Assert.Equal(("audience", "nonce"), (KeyBindingExpectation.Required("audience", "nonce").Audience, KeyBindingExpectation.Required("audience", "nonce").Nonce));
    }

    [Fact]
    public async Task Missing_arguments_are_named()
    {
        var credential = SdJwtCredential.Parse(await IssueAsync());
        var content = new SdJwtContent { Claims = new JsonObject(), Disclosable = [], Type = Vct };
        var binding = new KeyBinding(Audience, Nonce, Now);
        var client = new TypeMetadataClient([], null);
        (string Name, Func<object?> Call)[] sync =
        [
            ("credential", () => SdJwtPresenter.Select(null!, [])),
            ("text", () => Disclosure.Parse((string)null!)),
            ("hash", () => credential.Disclosures[0].Digest(null!)),
            ("paths", () => credential.ProcessUnverified().Select(null!)),
            ("text", () => SdJwtCredential.Parse(null!)),
            ("issuer", () => JwtVcIssuerMetadata.LocationOf(null!)),
            ("registry", () => new TypeMetadataClient(null!, null)),
            ("display", () => SvgTemplateReference.ReadAll(null!)),
            ("display", () => PictureReference.ReadLogo(null!)),
            ("metadata", () => SvgTemplate.Fill("<svg/>"u8.ToArray(), null!, Json("{}"))),
        ];
        foreach (var (name, call) in sync) Assert.Equal(name, Assert.Throws<ArgumentNullException>(call).ParamName);

        var ct = TestContext.Current.CancellationToken;
        (string Name, Func<Task> Call)[] async =
        [
            ("text", () => SdJwtVerifier.VerifyAsync(null!, Expected, ct)),
            ("expected", () => SdJwtVerifier.VerifyAsync("text", null!, ct)),
            ("content", () => SdJwtIssuer.IssueAsync(null!, IssuerKey, ct).AsTask()),
            ("key", () => SdJwtIssuer.IssueAsync(content, null!, ct).AsTask()),
            ("content", () => SdJwtIssuer.IssueJsonAsync(null!, [new SdJwtSigner(IssuerKey)], ct).AsTask()),
            ("signers", () => SdJwtIssuer.IssueJsonAsync(content, null!, ct).AsTask()),
            ("binding", () => SdJwtPresenter.PresentAsync(credential, [], null!, HolderKey, ct).AsTask()),
            ("holderKey", () => SdJwtPresenter.PresentAsync(credential, [], binding, null!, ct).AsTask()),
            ("type", () => client.FetchAsync((string)null!, null, Now, ct)),
            ("template", () => client.FetchAsync((SvgTemplateReference)null!, Now, ct)),
            ("issuer", () => new JwtVcIssuerMetadataClient(null!).FetchKeysAsync(null!, null, Now, ct)),
        ];
        foreach (var (name, call) in async) Assert.Equal(name, (await Assert.ThrowsAsync<ArgumentNullException>(call)).ParamName);
    }
}
