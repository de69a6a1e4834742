using System.Text;
using Credentials.Codecs;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.OpenId4Vci;

namespace Credentials.Tests.OpenId4Vci;

public class MessageTests
{
    private const string Offer = """{"credential_issuer":"https://a.example","credential_configuration_ids":["x"]}""";

    [Theory]
    [InlineData("")]
    [InlineData("openid-credential-offer://")]
    [InlineData("openid-credential-offer://?")]
    [InlineData("openid-credential-offer://?other=1")]
    [InlineData("openid-credential-offer://openid4vp://?credential_offer_uri=https%3A%2F%2Fa.example")]
    [InlineData("openid-credential-offer://?credential_offer_uri=javascript%3Aalert(1)")]
    [InlineData("openid-credential-offer://?credential_offer_uri=file%3A%2F%2F%2Fetc%2Fpasswd")]
    [InlineData("openid-credential-offer://?credential_offer_uri=http%3A%2F%2F10.0.0.1%2F")]
    [InlineData("openid-credential-offer://?credential_offer_uri=http%3A%2F%2Flocalhost%3A1%2F")]
    [InlineData("openid-credential-offer://?credential_offer_uri=https%3A%2F%2Fuser%3Apw%40a.example%2F")]
    [InlineData("openid-credential-offer://?credential_offer_uri=https%3A%2F%2Fa.example%2F%23f")]
    [InlineData("openid-credential-offer://?credential_offer_uri=https%3A%2F%2Fa.example%2F%00")]
    [InlineData("openid-credential-offer://?credential_offer_uri=https%3A%2F%2Fa.example%2F%E2%80%AE")]
    [InlineData("openid-credential-offer://?credential_offer_uri=%zz")]
    [InlineData("openid-credential-offer://?credential_offer=%5B%5D")]
    [InlineData("openid-credential-offer://?credential_offer=%7B%7D")]
    [InlineData("\u202eopenid-credential-offer://?credential_offer_uri=https%3A%2F%2Fa.example")]
    [InlineData("openid-credential-offer://?credential_offer_uri=https%3A%2F%2Fa.example\n")]
    [InlineData("https://evil.example/?credential_offer_uri=https%3A%2F%2Fa.example")]
    [Trait("Row", "QRC-01")]
    [Trait("Row", "VCA-17")]
    public void Parse_refuses_a_link_that_is_not_one_offer(string link) =>
        Assert.ThrowsAny<CredentialException>(() => CredentialOfferLink.Parse(link, allowLoopbackHttp: false));

    [Fact]
    [Trait("Row", "QRC-01")]
    public void Parse_refuses_a_link_over_the_cap_and_takes_one_at_the_cap()
    {
        const string start = "openid-credential-offer://?credential_offer_uri=https%3A%2F%2Fa.example%2F&x=";
        Assert.NotNull(CredentialOfferLink.Parse(start.PadRight(CredentialOfferLink.MaxLength, 'a'), false).Reference);
        Assert.Throws<MalformedDataException>(() => CredentialOfferLink.Parse(start.PadRight(CredentialOfferLink.MaxLength + 1, 'a'), false));
    }

    [Fact]
    public void Plain_http_to_this_machine_is_a_choice_of_the_host()
    {
        const string link = "openid-credential-offer://?credential_offer_uri=http%3A%2F%2Flocalhost%3A5101%2Foffers%2F1";
        Assert.Equal("http://localhost:5101/offers/1", CredentialOfferLink.Parse(link, allowLoopbackHttp: true).Reference!.AbsoluteUri);
        Assert.Throws<MalformedDataException>(() => CredentialOfferLink.Parse(link.Replace("localhost", "example.com", StringComparison.Ordinal), allowLoopbackHttp: true));
    }

    [Theory]
    [InlineData("https://a.example", "https://a.example/.well-known/openid-credential-issuer")]
    [InlineData("https://a.example/tenant", "https://a.example/.well-known/openid-credential-issuer/tenant")]
    [InlineData("http://localhost:5101", "http://localhost:5101/.well-known/openid-credential-issuer")]
    public void Metadata_is_published_between_host_and_path(string issuer, string location) =>
        Assert.Equal(location, CredentialIssuerMetadata.LocationFor(issuer));

    [Theory]
    [InlineData("https://a.example/")]
    [InlineData("https://A.example")]
    [InlineData("https://a.example/tenant")]
    [InlineData("https://a.example:443")]
    [Trait("Row", "VCA-15")]
    public void Metadata_of_another_identifier_is_refused(string named)
    {
        string Issuer(string id) => $$$"""{"credential_issuer":"{{{id}}}","credential_endpoint":"https://a.example/c","credential_configurations_supported":{}}""";
        string Server(string id) => $$"""{"issuer":"{{id}}","token_endpoint":"https://a.example/t"}""";
        const string expected = "https://a.example";
        Assert.Equal(OpenId4VciCodes.IssuerMismatch, Assert.Throws<MalformedDataException>(() => CredentialIssuerMetadata.Parse(StrictJson.Parse(Issuer(named)), expected, false)).Code);
        Assert.Equal(OpenId4VciCodes.IssuerMismatch, Assert.Throws<MalformedDataException>(() => AuthorizationServerMetadata.Parse(StrictJson.Parse(Server(named)), expected, false)).Code);
        Assert.Equal(expected, CredentialIssuerMetadata.Parse(StrictJson.Parse(Issuer(expected)), expected, false).CredentialIssuer);
        Assert.Equal(expected, AuthorizationServerMetadata.Parse(StrictJson.Parse(Server(expected)), expected, false).Issuer);
    }

    [Theory]
    [InlineData("""{"credentials":"Error"}""")]
    [InlineData("""{"credentials":[]}""")]
    [InlineData("""{"credentials":["text"]}""")]
    [InlineData("""{"credentials":[{"credential":""}]}""")]
    [InlineData("""{"credentials":[{"credential":null}]}""")]
    [InlineData("""{"credentials":[{"credential":"x"}],"transaction_id":"t"}""")]
    [InlineData("""{"transaction_id":"t"}""")]
    [InlineData("""{"credential":"Error"}""")]
    [InlineData("""{}""")]
    [Trait("Row", "VCC-25")]
    public void Parse_refuses_a_response_without_usable_credentials(string json)
    {
        Assert.ThrowsAny<CredentialException>(() => CredentialResponse.Parse(StrictJson.Parse(json)));
        Assert.Equal(["x"], CredentialResponse.Parse(StrictJson.Parse("""{"credentials":[{"credential":"x","new":1}],"new":2}""")).Credentials);
    }

    [Theory]
    [InlineData("a=1&a=2")]
    [InlineData("a=1&%61=2")]
    [InlineData("a=%4")]
    [InlineData("a=%gg")]
    [InlineData("a=%ff")]
    [InlineData("a=%00")]
    [InlineData("a=b c")]
    [Trait("Row", "VCA-20")]
    public void A_form_is_read_strictly(string form)
    {
        Assert.Throws<MalformedDataException>(() => StrictForm.Parse(Encoding.UTF8.GetBytes(form), "test.form"));
        Assert.Equal("b c+é", StrictForm.Parse("a=b+c%2B%C3%A9&&x"u8, "test.form")["a"]);
    }

    [Fact]
    public void A_token_request_is_read_as_it_was_written()
    {
        var request = new TokenRequest { PreAuthorizedCode = "c&=ü", TxCode = "0 1", ClientId = "w", ConfigurationIds = ["x", "y"] };
        var again = TokenRequest.Parse(Encoding.ASCII.GetBytes(request.ToForm()));
        Assert.Equal((request.PreAuthorizedCode, request.TxCode, request.ClientId), (again.PreAuthorizedCode, again.TxCode, again.ClientId));
        Assert.Equal(request.ConfigurationIds, again.ConfigurationIds);
        Assert.DoesNotContain("c&=", again.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(301, false)]
    [InlineData(-301, false)]
    [InlineData(299, true)]
    [InlineData(-299, true)]
    [Trait("Row", "VCC-06")]
    public async Task Without_a_nonce_the_time_of_a_proof_must_be_near(int seconds, bool accepted)
    {
        var now = new DateTimeOffset(2026, 11, 2, 9, 0, 0, TimeSpan.Zero);
        using var key = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        var jwt = await KeyProof.CreateAsync(key, "https://a.example", null, null, now.AddSeconds(seconds), ct: TestContext.Current.CancellationToken);
        var expected = new KeyProofExpectations { CredentialIssuer = "https://a.example", ClientId = null, Algorithms = ["ES256"], NonceRequired = false, Now = now };
        if (accepted)
            Assert.Equal(key.PublicKey, KeyProof.Verify(jwt, expected).HolderKey);
        else
            Assert.Equal(OpenId4VciCodes.ProofTime, Assert.Throws<ProtocolException>(() => KeyProof.Verify(jwt, expected)).Code);
    }

    [Theory]
    [InlineData("""{"tx_code":{"length":0}}""")]
    [InlineData("""{"tx_code":{"length":65}}""")]
    [InlineData("""{"tx_code":{"length":6.0}}""")]
    [InlineData("""{"tx_code":{"input_mode":"voice"}}""")]
    [InlineData("""{"tx_code":true}""")]
    [Trait("Row", "VCA-17")]
    public void Parse_refuses_an_offer_whose_transaction_code_makes_no_sense(string members)
    {
        string With(string grant) => $"{Offer[..^1]},\"grants\":{{\"{OpenId4VciNames.PreAuthorizedCodeGrant}\":{{\"pre-authorized_code\":\"c\",{grant[1..]}}}}}";
        Assert.Throws<MalformedDataException>(() => CredentialOffer.Parse(StrictJson.Parse(With(members)), false));
        Assert.Equal(6, CredentialOffer.Parse(StrictJson.Parse(With("""{"tx_code":{"length":6}}""")), false).PreAuthorized!.TxCode!.Length);
    }
}
