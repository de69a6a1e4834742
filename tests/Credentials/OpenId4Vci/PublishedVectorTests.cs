using System.Text.Json;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.OpenId4Vci;
using Credentials.Tests.Shared;

namespace Credentials.Tests.OpenId4Vci;

public class PublishedVectorTests
{
    private static readonly string _folder = RepositoryRoot.Combine("test-vectors", "published", "openid4vci-1.0");

    public static TheoryData<string> Names => new(Directory.GetFiles(_folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    [Trait("Row", "VCA-15")]
    [Trait("Row", "VCA-17")]
    [Trait("Row", "QRC-01")]
    public void Published_example_comes_out_as_expected(string name)
    {
        var vector = StrictJson.ParseObject(File.ReadAllBytes(Path.Combine(_folder, name + ".json")));
        var (input, expect) = (vector.GetProperty("input"), vector.GetProperty("expect"));
        Action run = vector.RequireString("operation") switch
        {
            "openid4vci.offer-link" => () => CheckLink(input, expect),
            "openid4vci.key-proof" => () => CheckProof(input, expect),
            "openid4vci.issuer-metadata" => () => CheckMetadata(input, expect),
            var other => throw new InvalidOperationException(other),
        };
        if (expect.GetProperty("accepted").GetBoolean())
            run();
        else
            Assert.Equal(expect.RequireString("code"), Assert.ThrowsAny<CredentialException>(run).Code);
    }

    private static void CheckLink(JsonElement input, JsonElement expect)
    {
        var link = CredentialOfferLink.Parse(input.RequireString("link"), allowLoopbackHttp: false);
        Assert.Equal(expect.OptionalString("credential_offer_uri"), link.Reference?.AbsoluteUri);
        if (expect.OptionalObject("credential_offer") is { } offer)
        {
            Assert.Equal(offer.RequireString("credential_issuer"), link.Offer!.CredentialIssuer);
            Assert.Equal(offer.OptionalStringArray("credential_configuration_ids"), link.Offer.ConfigurationIds);
            var grant = offer.GetProperty("grants").GetProperty(OpenId4VciNames.PreAuthorizedCodeGrant);
            Assert.Equal(grant.RequireString("pre-authorized_code"), link.Offer.PreAuthorized!.Code);
            Assert.Equal(grant.GetProperty("tx_code").OptionalString("description"), link.Offer.PreAuthorized.TxCode!.Description);
            // What we write, we read the same.
            var again = CredentialOfferLink.Parse(CredentialOfferLink.ByValue(link.Offer), allowLoopbackHttp: false).Offer!;
            Assert.Equal(StrictJson.ToText(link.Offer.ToJson()), StrictJson.ToText(again.ToJson()));
        }
    }

    private static void CheckProof(JsonElement input, JsonElement expect)
    {
        var proof = KeyProof.Verify(input.RequireString("jwt"), new KeyProofExpectations
        {
            CredentialIssuer = input.RequireString("credential_issuer"),
            ClientId = null,
            Algorithms = ["ES256"],
            NonceRequired = true,
            Now = new DateTimeOffset(2026, 11, 2, 9, 0, 0, TimeSpan.Zero),
        });
        Assert.Equal(expect.RequireString("nonce"), proof.Nonce);
        Assert.Equal(Jwk.ParsePublic(expect.GetProperty("jwk")), proof.HolderKey);
    }

    private static void CheckMetadata(JsonElement input, JsonElement expect)
    {
        var metadata = CredentialIssuerMetadata.Parse(input.GetProperty("metadata"), input.RequireString("credential_issuer"), allowLoopbackHttp: false);
        Assert.Equal(expect.OptionalStringArray("configurations"), metadata.Configurations.Keys);
        Assert.Equal(expect.RequireIndex("batch_size"), metadata.BatchSize);
        Assert.True(metadata.ResponseEncryptionRequired);
        Assert.All(metadata.Configurations.Values, c => Assert.True(c.ProofTypes["jwt"].KeyAttestationRequired));
        var again = CredentialIssuerMetadata.Parse(StrictJson.ToElement(metadata.ToJson()), metadata.CredentialIssuer, allowLoopbackHttp: false);
        Assert.Equal(StrictJson.ToText(metadata.ToJson()), StrictJson.ToText(again.ToJson()));
    }
}
