using System.Text;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys.Software;
using Credentials.OpenId4Vci;

namespace Credentials.Tests.OpenId4Vci;

public class AuthorizationMessageTests
{
    private const string Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    private static IssuanceAuthorizationRequest Request => new()
    {
        ClientId = "wallet & co",
        RedirectUri = "https://w.example/cb?x=1",
        CodeChallenge = Challenge,
        State = "s&t",
        Scopes = ["a", "b"],
        ConfigurationIds = ["x", "y"],
        IssuerState = "i",
        DpopThumbprint = "t",
    };

    private static byte[] Form(IEnumerable<KeyValuePair<string, string>> parameters) => Encoding.ASCII.GetBytes(StrictForm.Encode(parameters));

    [Fact]
    public void The_challenge_is_that_of_the_standard()
    {
        // RFC 7636 Appendix B.
        Assert.Equal(Challenge, Pkce.ChallengeFor("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
        Assert.True(Pkce.Verify("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", Challenge));
        Assert.False(Pkce.Verify("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXK", Challenge));
        Assert.False(Pkce.Verify("short", Pkce.ChallengeFor("short")));
        Assert.True(Pkce.IsVerifier(Pkce.CreateVerifier()));
        Assert.NotEqual(Pkce.CreateVerifier(), Pkce.CreateVerifier());
    }

    [Fact]
    public void A_request_is_read_as_it_was_written()
    {
        var again = IssuanceAuthorizationRequest.Parse(Form(Request.ToParameters()));
        Assert.Equal(Request.ToParameters(), again.ToParameters());
        Assert.Equal(["x", "y"], again.ConfigurationIds);
        Assert.Equal("https://as.example/a?b=1&client_id=w&request_uri=urn%3Ax", IssuanceAuthorizationRequest.AddressFor(new Uri("https://as.example/a?b=1"), "w", "urn:x").AbsoluteUri);
    }

    [Theory]
    [InlineData("code_challenge", null, "invalid_request")]
    [InlineData("code_challenge", "short", "invalid_request")]
    [InlineData("code_challenge_method", null, "invalid_request")]
    [InlineData("code_challenge_method", "plain", "invalid_request")]
    [InlineData("code_challenge_method", "s256", "invalid_request")]
    [InlineData("response_type", null, "invalid_request")]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("client_id", null, "invalid_request")]
    [InlineData("redirect_uri", null, "invalid_request")]
    [InlineData("request_uri", "urn:x", "invalid_request")]
    [InlineData("request", "e30.e30.", "request_not_supported")]
    [InlineData("authorization_details", "{}", "invalid_authorization_details")]
    [InlineData("authorization_details", "[]", "invalid_authorization_details")]
    [InlineData("authorization_details", """[{"type":"other"}]""", "invalid_authorization_details")]
    [Trait("Row", "VCA-10")]
    [Trait("Row", "VCA-11")]
    public void A_request_that_lacks_what_is_needed_or_asks_for_less_is_refused(string name, string? value, string error)
    {
        var parameters = Request.ToParameters().Where(parameter => parameter.Key != name).ToList();
        if (value is not null)
            parameters.Add(new(name, value));
        Assert.Equal(error, Assert.Throws<ProtocolException>(() => IssuanceAuthorizationRequest.Parse(Form(parameters))).Error);
    }

    [Fact]
    public void A_parameter_that_comes_twice_refuses_the_request() => Assert.Throws<ProtocolException>(
        () => IssuanceAuthorizationRequest.Parse(Form([.. Request.ToParameters(), new("client_id", "wallet & co")])));

    [Fact]
    [Trait("Row", "VCA-14")]
    public void An_answer_is_taken_from_the_server_that_was_asked_only()
    {
        const string redirect = "https://w.example/cb?x=1";
        var answer = new IssuanceAuthorizationResponse { Code = "c&d", State = "s", Issuer = "https://as.example" };
        string Address(IssuanceAuthorizationResponse response) => response.ToRedirect(redirect).OriginalString;
        IssuanceAuthorizationResponse Parse(string address, string state = "s", bool required = true) =>
            IssuanceAuthorizationResponse.Parse(address, redirect, state, "https://as.example", required);

        Assert.Equal("c&d", Parse(Address(answer)).Code);
        Assert.DoesNotContain("c&d", answer.ToString(), StringComparison.Ordinal);
        Assert.Equal(OpenId4VciCodes.IssuerMismatch, Assert.Throws<MalformedDataException>(() => Parse(Address(answer with { Issuer = "https://evil.example" }))).Code);
        Assert.Equal(OpenId4VciCodes.IssuerMismatch, Assert.Throws<MalformedDataException>(() => Parse($"{redirect}&code=c&state=s")).Code);
        Assert.Equal("c", Parse($"{redirect}&code=c&state=s", required: false).Code);
        Assert.Equal("access_denied", Parse(Address(answer with { Code = null, Error = "access_denied" })).Error);
        foreach (var address in new[]
        {
            Address(answer with { State = "other" }), Address(answer with { State = null }), Address(answer with { Code = null }),
            Address(answer with { Error = "access_denied" }), "https://evil.example/cb?x=1&code=c&state=s", Address(answer) + "#f", Address(answer) + "&state=s",
        })
        {
            Assert.Throws<MalformedDataException>(() => Parse(address));
        }
    }

    [Theory]
    [InlineData("grant_type=authorization_code")]
    [InlineData("grant_type=refresh_token")]
    [InlineData("grant_type=refresh_token&refresh_token=")]
    [InlineData("grant_type=password&username=a")]
    [InlineData("code=c")]
    public void A_token_request_without_its_code_is_refused(string form) => Assert.Throws<ProtocolException>(() => TokenRequest.Parse(Encoding.ASCII.GetBytes(form)));

    [Fact]
    public void Token_messages_are_read_as_they_were_written()
    {
        foreach (var request in new[]
        {
            new TokenRequest { Code = "c", RedirectUri = "https://w.example/cb", CodeVerifier = "v", ClientId = "w", ConfigurationIds = ["x"] },
            new TokenRequest { RefreshToken = "r", Scopes = ["a", "b"] },
        })
        {
            Assert.Equal(request.ToForm(), TokenRequest.Parse(Encoding.ASCII.GetBytes(request.ToForm())).ToForm());
        }

        Assert.Throws<InvalidOperationException>(() => new TokenRequest { Code = "c", RefreshToken = "r" }.ToForm());
        Assert.Throws<InvalidOperationException>(() => new TokenRequest().ToForm());
        var response = new TokenResponse("t", "DPoP", TimeSpan.FromMinutes(5), [new AuthorizationDetail("x", ["i"])]) { RefreshToken = "r", Scope = "a" };
        var again = TokenResponse.Parse(StrictJson.ToElement(response.ToJson()));
        Assert.Equal(("r", "a", "i"), (again.RefreshToken, again.Scope, again.AuthorizationDetails[0].Identifiers[0]));
    }

    [Fact]
    public void Answers_of_the_other_endpoints_are_read_as_they_were_written()
    {
        var pushed = PushedAuthorizationResponse.Parse(StrictJson.ToElement(new PushedAuthorizationResponse("urn:x", TimeSpan.FromSeconds(60)).ToJson()));
        Assert.Equal(("urn:x", 60), (pushed.RequestUri, pushed.ExpiresIn.TotalSeconds));
        Assert.Throws<MalformedDataException>(() => PushedAuthorizationResponse.Parse(StrictJson.Parse("""{"request_uri":"urn:x","expires_in":0}""")));
        Assert.Equal("c", ChallengeResponse.Parse(StrictJson.ToElement(new ChallengeResponse("c").ToJson())).Challenge);
        Assert.Throws<MalformedDataException>(() => ChallengeResponse.Parse(StrictJson.Parse("{}")));

        var metadata = new AuthorizationServerMetadata
        {
            Issuer = "https://a.example",
            TokenEndpoint = "https://a.example/token",
            PushedAuthorizationRequestEndpoint = "https://a.example/par",
            RequiresPushedAuthorizationRequests = true,
            NamesItselfInResponses = true,
            CodeChallengeMethods = ["S256"],
            DpopAlgorithms = ["ES256"],
            AuthorizationDetailsTypes = ["openid_credential"],
            ChallengeEndpoint = "https://a.example/challenge",
            ClientAttestationAlgorithms = ["ES256"],
            ClientAttestationPopAlgorithms = ["ES384"],
        };
        var json = StrictJson.ToElement(metadata.ToJson());
        Assert.Equal(json.GetRawText(), StrictJson.ToText(AuthorizationServerMetadata.Parse(json, "https://a.example", false).ToJson()));
    }

    [Theory]
    [InlineData("""{"notification_id":"n"}""")]
    [InlineData("""{"event":"credential_accepted"}""")]
    [InlineData("""{"notification_id":"n","event":"Credential_Accepted"}""")]
    [InlineData("""{"notification_id":"n","event":"credential_accepted","event_description":"\""}""")]
    [InlineData("""{"notification_id":"n","event":"credential_accepted","event_description":"한"}""")]
    [InlineData("[]")]
    [Trait("Row", "VCC-18")]
    public void A_notification_that_is_none_is_refused(string json)
    {
        Assert.Equal("invalid_notification_request", Assert.Throws<ProtocolException>(() => NotificationRequest.Parse(Encoding.UTF8.GetBytes(json))).Error);
        var good = new NotificationRequest("n", NotificationEvent.Deleted, "no space");
        Assert.Equal(good, NotificationRequest.Parse(StrictJson.ToUtf8(good.ToJson())));
    }

    [Fact]
    [Trait("Row", "VCC-14")]
    [Trait("Row", "VCC-27")]
    public async Task Messages_are_encrypted_both_ways_and_an_answer_only_for_an_encrypted_request()
    {
        using var issuer = SoftwareKeyAgreementKey.Generate();
        using var wallet = SoftwareKeyAgreementKey.Generate();
        var request = new CredentialRequest
        {
            ConfigurationId = "x",
            JwtProofs = ["p"],
            ResponseEncryption = new CredentialResponseEncryption(wallet.PublicKey, JweEncryption.A128Gcm, "w1"),
        };
        var offered = RequestEncryptionMetadata.For(issuer.PublicKey, "i1", isRequired: false);
        var jwe = Encoding.ASCII.GetBytes(await EncryptedRequest.CreateAsync(request.ToJson(), offered));
        var plain = await EncryptedRequest.DecryptAsync(jwe, issuer, "i1", TestContext.Current.CancellationToken);
        var read = CredentialRequest.Parse(plain, JsonLimits.Default, wasEncrypted: true);
        Assert.Equal("invalid_encryption_parameters", Assert.Throws<ProtocolException>(() => CredentialRequest.Parse(plain, JsonLimits.Default)).Error);
        Assert.Equal("invalid_encryption_parameters", Assert.Throws<ProtocolException>(() => DeferredCredentialRequest.Parse(
            StrictJson.ToUtf8(new DeferredCredentialRequest("t", request.ResponseEncryption).ToJson()), wasEncrypted: false)).Error);

        var answer = await read.ResponseEncryption!.EncryptAsync("{}"u8.ToArray());
        var parsed = CompactJwe.Parse(answer);
        Assert.Equal("w1", parsed.KeyId);
        Assert.Equal("{}"u8.ToArray(), await Jwe.DecryptAsync(parsed, wallet, [JweEncryption.A128Gcm], TestContext.Current.CancellationToken));

        await Assert.ThrowsAsync<ProtocolException>(async () => await EncryptedRequest.DecryptAsync(jwe, wallet, "i1", TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<ProtocolException>(async () => await EncryptedRequest.DecryptAsync(jwe, issuer, "i2", TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<ProtocolException>(async () => await EncryptedRequest.DecryptAsync("{}"u8.ToArray(), issuer, "i1", TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<NotSupportedCredentialException>(async () => await EncryptedRequest.CreateAsync(request.ToJson(), offered with { Keys = [] }));
    }

    [Theory]
    [InlineData("jwk", null)]
    [InlineData("enc", null)]
    [InlineData("enc", "A128CBC-HS256")]
    [InlineData("alg", "RSA-OAEP")]
    [InlineData("alg", null)]
    [InlineData("zip", "DEF")]
    [InlineData("d", "AA")]
    [Trait("Row", "VCC-14")]
    public void A_wish_for_encryption_that_cannot_be_met_is_refused(string name, string? value)
    {
        using var wallet = SoftwareKeyAgreementKey.Generate();
        var json = new DeferredCredentialRequest("t", new CredentialResponseEncryption(wallet.PublicKey, JweEncryption.A256Gcm)).ToJson();
        var encryption = json["credential_response_encryption"]!.AsObject();
        var owner = name is "alg" or "d" ? encryption["jwk"]!.AsObject() : encryption;
        owner.Remove(name);
        if (value is not null)
            owner[name] = value;
        Assert.Equal("invalid_encryption_parameters", Assert.Throws<ProtocolException>(() => DeferredCredentialRequest.Parse(StrictJson.ToUtf8(json), wasEncrypted: true)).Error);
    }

    [Fact]
    public void The_metadata_of_encryption_is_read_as_it_was_written()
    {
        using var key = SoftwareKeyAgreementKey.Generate();
        var metadata = new CredentialIssuerMetadata
        {
            CredentialIssuer = "https://a.example",
            CredentialEndpoint = "https://a.example/c",
            RequestEncryption = RequestEncryptionMetadata.For(key.PublicKey, "k", isRequired: true),
            ResponseEncryption = ResponseEncryptionMetadata.For(isRequired: false),
            Configurations = new Dictionary<string, CredentialConfiguration>(),
        };
        var json = StrictJson.ToElement(metadata.ToJson());
        var again = CredentialIssuerMetadata.Parse(json, "https://a.example", false);
        Assert.True(again.RequestEncryptionRequired);
        Assert.False(again.ResponseEncryptionRequired);
        Assert.Equal(json.GetRawText(), StrictJson.ToText(again.ToJson()));
        var incomplete = (JsonObject)StrictJson.ToNode(json)!;
        incomplete["credential_request_encryption"]!.AsObject().Remove("jwks");
        Assert.Throws<MalformedDataException>(() => CredentialIssuerMetadata.Parse(StrictJson.ToElement(incomplete), "https://a.example", false));
    }
}
