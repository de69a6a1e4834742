using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.OpenId4Vp;
using Credentials.Tests.X509;
using Credentials.Trust;
using Credentials.X509;
using static Credentials.Tests.OpenId4Vp.PresentationParties;

namespace Credentials.Tests.OpenId4Vp;

public sealed class RequestVerifierTests : IDisposable
{
    private readonly PresentationParties _parties = new();

    public void Dispose() => _parties.Dispose();

    private VerifiedRequest Verify(string requestObject, AuthorizationRequest? announced = null, RequestExpectations? expected = null) =>
        RequestVerifier.Verify(requestObject, Link(announced ?? _parties.Request()), expected ?? _parties.Expected());

    private static void AssertRefused(string code, Action act, string error = OpenId4VpErrors.InvalidRequest)
    {
        var e = Assert.Throws<ProtocolException>(act);
        Assert.Equal((code, error), (e.Code, e.Error));
    }

    private async Task AssertRefusedAsync(string code, Action<JsonObject> claims)
    {
        var forged = await _parties.ForgeAsync(claims);
        AssertRefused(code, () => Verify(forged));
    }

    [Fact]
    public async Task A_signed_request_is_shown_with_the_name_in_the_certificate()
    {
        var verified = Verify(await _parties.SignAsync(_parties.Request()));

        Assert.True(verified.IsTrusted);
        Assert.Equal("Test Bank", verified.VerifierName);
        Assert.Equal("Name of my own", verified.Request.ClientMetadata!.UnverifiedClientName);
        Assert.Equal(("enc-1", JweEncryption.A256Gcm), (verified.Encryption!.KeyId, verified.Encryption.Algorithm));
        Assert.Equal(_parties.Request().ToJson().ToJsonString(), verified.Request.ToJson().ToJsonString());
    }

    [Fact]
    public async Task The_correct_forgery_is_accepted_so_that_the_others_prove_something() =>
        Assert.True(Verify(await _parties.ForgeAsync()).IsTrusted);

    [Fact]
    [Trait("Row", "VPW-01")]
    public void An_unsigned_request_is_refused_where_a_signature_is_required()
    {
        var signedPrefix = _parties.Request();
        var unsigned = signedPrefix with { ClientId = ClientIdentifier.ForResponseUri(signedPrefix.ResponseUri) };

        AssertRefused(OpenId4VpCodes.SignatureRequired, () => RequestVerifier.VerifyUnsigned(signedPrefix, _parties.Expected()));
        AssertRefused(OpenId4VpCodes.SignatureRequired,
            () => RequestVerifier.VerifyUnsigned(unsigned, _parties.Expected() with { Profile = RequestProfile.Haip }));
        var verified = RequestVerifier.VerifyUnsigned(unsigned, _parties.Expected());
        Assert.Equal((false, (string?)null), (verified.IsTrusted, verified.VerifierName));
    }

    [Fact]
    [Trait("Row", "VPW-02")]
    public async Task A_request_object_with_a_bad_signature_is_refused()
    {
        using var other = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        var forged = await _parties.ForgeAsync(key: other);
        var good = await _parties.ForgeAsync();
        var flipped = good[..^8] + (good[^8] == 'A' ? 'B' : 'A') + good[^7..];
        var unsigned = good[..good.LastIndexOf('.')] + ".";

        AssertRefused(OpenId4VpCodes.RequestSignature, () => Verify(forged));
        AssertRefused(OpenId4VpCodes.RequestSignature, () => Verify(flipped));
        Assert.Equal(JoseCodes.JwsMalformed, Assert.Throws<MalformedDataException>(() => Verify(unsigned)).Code);
    }

    [Fact]
    [Trait("Row", "VPW-02")]
    [Trait("Row", "JOS-05")]
    [Trait("Row", "JOS-06")]
    public async Task A_key_that_the_request_object_brings_along_is_no_key()
    {
        var forged = await _parties.ForgeAsync(header: header =>
        {
            header.Remove("x5c");
            header["jwk"] = Jwk.Write(_parties.VerifierKey.PublicKey);
            header["jku"] = "https://169.254.169.254/";
            header["x5u"] = "https://169.254.169.254/";
        });

        AssertRefused(OpenId4VpCodes.RequestSignature, () => Verify(forged));
    }

    [Theory]
    [Trait("Row", "VPW-03")]
    [InlineData("verifier.example")]
    [InlineData("https://verifier.example")]
    [InlineData("x509_san_uri:https://verifier.example")]
    [InlineData("origin:https://verifier.example")]
    [InlineData("decentralized_identifier:verifier.example")]
    [InlineData("openid_federation:https://verifier.example")]
    [InlineData("verifier_attestation:")]
    [InlineData("X509_HASH:abc")]
    [InlineData("x509_hash:")]
    [InlineData(":x")]
    [InlineData("")]
    [InlineData("x509_san_dns:a b")]
    public void A_client_identifier_of_another_kind_is_refused(string clientId)
    {
        AssertRefused(OpenId4VpCodes.ClientIdPrefix, () => ClientIdentifier.Parse(clientId));
        Assert.Equal(ClientIdPrefix.X509SanDns, ClientIdentifier.Parse("x509_san_dns:verifier.example").Prefix);
    }

    [Fact]
    [Trait("Row", "VPW-04")]
    public async Task The_link_must_name_the_client_of_the_request_object()
    {
        var signed = await _parties.SignAsync(_parties.Request());
        var other = _parties.Request() with { ClientId = ClientIdentifier.ForDnsName("verifier.example") };

        AssertRefused(OpenId4VpCodes.ClientIdMismatch, () => Verify(signed, other));
        Assert.True(Verify(signed).IsTrusted);
    }

    [Fact]
    [Trait("Row", "VPW-04")]
    public async Task Parameters_beside_the_request_object_are_not_used()
    {
        var request = _parties.Request();
        var link = RequestUri.Parse($"{RequestUri.ByValue(request.ClientId, await _parties.SignAsync(request))}&nonce=other&response_uri=https%3A%2F%2Fevil.example");

        var verified = RequestVerifier.Verify(link.RequestObject!, link, _parties.Expected());

        Assert.Null(link.Unsigned);
        Assert.Equal((request.Nonce, request.ResponseUri), (verified.Request.Nonce, verified.Request.ResponseUri));
    }

    [Fact]
    [Trait("Row", "VPW-05")]
    public async Task The_client_identifier_must_be_the_certificate_s()
    {
        var hash = ClientIdentifier.Parse("x509_hash:Uvo3HtuIxuhC92rShpgqcT3YXwrqRxWEviRiA0OZszk");
        var name = ClientIdentifier.ForDnsName("other.example");
        var san = _parties.Request() with { ClientId = ClientIdentifier.ForDnsName("verifier.example") };

        var wrongHash = await _parties.ForgeAsync(claims => claims["client_id"] = hash.Full);
        var wrongName = await _parties.ForgeAsync(claims => (claims["client_id"], claims["response_uri"]) = (name.Full, "https://other.example/r"));

        AssertRefused(OpenId4VpCodes.ClientIdMismatch, () => Verify(wrongHash, _parties.Request() with { ClientId = hash }));
        AssertRefused(OpenId4VpCodes.ClientIdMismatch, () => Verify(wrongName, _parties.Request() with { ClientId = name }));
        Assert.True(Verify(await _parties.SignAsync(san), san).IsTrusted);
    }

    [Theory]
    [Trait("Row", "VPW-05")]
    [Trait("Row", "X5-14")]
    [InlineData("*.example", "verifier.example")]
    [InlineData("verifier.example.", "verifier.example")]
    [InlineData("verifier.example\0.evil", "verifier.example")]
    [InlineData("other.example", "verifier.example")]
    [InlineData("127.0.0.1", "127.0.0.1")]
    public async Task A_client_known_by_name_needs_exactly_that_name_in_its_certificate(string inCertificate, string client)
    {
        AssertRefused(OpenId4VpCodes.ClientIdMismatch, await NamedAsync(SubjectAlternativeNamesTests.Dns(inCertificate), client));
        var twin = await NamedAsync(SubjectAlternativeNamesTests.Dns("Verifier.example"), "verifier.example");
        twin();
    }

    [Fact]
    [Trait("Row", "X5-14")]
    public async Task A_certificate_with_malformed_names_is_a_typed_refusal()
    {
        foreach (var value in SubjectAlternativeNamesTests.Malformed)
        {
            var e = Assert.ThrowsAny<CredentialException>(await NamedAsync(SubjectAlternativeNamesTests.Raw(value), "verifier.example"));
            Assert.Contains(e.Code, new[] { X509Codes.Malformed, OpenId4VpCodes.VerifierUntrusted });
        }
    }

    /// <summary>Verifies a request of a client known by name, with a certificate that has these names.</summary>
    private async Task<Action> NamedAsync(X509Extension names, string client)
    {
        var root = TestPki.Root("Named");
        var leaf = root.Leaf(new TestPki.Options { Extra = names }, name: client);
        using var key = SoftwareSigningKey.FromPkcs8Pem(leaf.Key.ExportPkcs8PrivateKeyPem());
        var request = _parties.Request() with { ClientId = ClientIdentifier.ForDnsName(client), ResponseUri = new Uri($"https://{client}/response/1") };
        var signed = await _parties.ForgeAsync(
            claims => (claims["client_id"], claims["response_uri"]) = (request.ClientId.Full, request.ResponseUri.AbsoluteUri),
            header => header["x5c"] = X5c.ToJson([leaf.Certificate]), key);
        var expected = _parties.Expected() with { Trust = TrustStore.Create([TrustAnchor.ForCertificate(root.Certificate, TrustPurpose.Verifier)]) };
        return () => Verify(signed, request, expected);
    }

    [Fact]
    [Trait("Row", "VPW-05")]
    [Trait("Row", "TRU-01")]
    public async Task A_chain_that_no_verifier_authority_stands_above_is_refused()
    {
        var signed = await _parties.SignAsync(_parties.Request());
        var anchorIncluded = await _parties.ForgeAsync(header: header => header["x5c"] = X5c.ToJson([_parties.AccessCertificate, _parties.VerifierRoot.Certificate]));
        var asIssuer = TrustStore.Create([TrustAnchor.ForCertificate(_parties.VerifierRoot.Certificate, TrustPurpose.CredentialIssuer)]);

        foreach (var trust in new[] { TrustStore.Empty, _parties.IssuerTrust, asIssuer })
            AssertRefused(OpenId4VpCodes.VerifierUntrusted, () => Verify(signed, expected: new RequestExpectations(trust, Now)), OpenId4VpErrors.InvalidClient);
        AssertRefused(OpenId4VpCodes.VerifierUntrusted, () => Verify(anchorIncluded), OpenId4VpErrors.InvalidClient);
        var later = _parties.Expected() with { Now = Now.AddDays(500) };
        AssertRefused(OpenId4VpCodes.VerifierUntrusted, () => Verify(signed, expected: later), OpenId4VpErrors.InvalidClient);
    }

    [Fact]
    [Trait("Row", "VPW-05")]
    public async Task A_self_signed_certificate_grants_no_trust()
    {
        using var root = CertificateAuthority.Create("Self", "KR", Now.AddDays(-1));
        var clientId = ClientIdentifier.ForCertificate(root.Certificate);
        var forged = await _parties.ForgeAsync(
            claims => claims["client_id"] = clientId.Full, header => header["x5c"] = X5c.ToJson([root.Certificate]), root.Key);

        AssertRefused(OpenId4VpCodes.VerifierUntrusted, () => Verify(forged, _parties.Request() with { ClientId = clientId }), OpenId4VpErrors.InvalidClient);
    }

    [Fact]
    [Trait("Row", "VPW-06")]
    public async Task The_response_address_must_belong_to_a_client_that_is_known_by_address_or_name()
    {
        var san = ClientIdentifier.ForDnsName("verifier.example");
        var elsewhere = await _parties.ForgeAsync(claims => (claims["client_id"], claims["response_uri"]) = (san.Full, "https://evil.example/response/1"));
        var hashElsewhere = await _parties.ForgeAsync(claims => claims["response_uri"] = "https://other-host.example/response/1");

        AssertRefused(OpenId4VpCodes.ClientIdMismatch, () => Verify(elsewhere, _parties.Request() with { ClientId = san }));
        // §5.9.3 has no rule on the host for x509_hash.
        Assert.Equal("other-host.example", Verify(hashElsewhere).Request.ResponseUri.Host);
        AssertRefused(OpenId4VpCodes.ClientIdMismatch, () => Unsigned(json => json["response_uri"] = "https://verifier.example/response/2"));
        Assert.Equal("/response/1", Unsigned(json => json.Remove("response_uri")).ResponseUri.AbsolutePath);
    }

    private AuthorizationRequest Unsigned(Action<JsonObject> change)
    {
        var request = _parties.Request();
        var json = (request with { ClientId = ClientIdentifier.ForResponseUri(request.ResponseUri) }).ToJson();
        change(json);
        return AuthorizationRequest.Parse(StrictJson.ToElement(json));
    }

    [Fact]
    [Trait("Row", "VPW-06")]
    public async Task A_client_known_by_its_address_cannot_sign()
    {
        var request = _parties.Request();
        var clientId = ClientIdentifier.ForResponseUri(request.ResponseUri);
        var forged = await _parties.ForgeAsync(claims => claims["client_id"] = clientId.Full);

        AssertRefused(OpenId4VpCodes.ClientIdPrefix, () => Verify(forged, request with { ClientId = clientId }));
    }

    [Theory]
    [Trait("Row", "VPW-09")]
    [Trait("Row", "JOS-11")]
    [InlineData("JWT")]
    [InlineData("jwt")]
    [InlineData("kb+jwt")]
    [InlineData("dc+sd-jwt")]
    [InlineData("vc+sd-jwt")]
    [InlineData("openid4vci-proof+jwt")]
    [InlineData("statuslist+jwt")]
    [InlineData("dpop+jwt")]
    [InlineData("verifier-attestation+jwt")]
    [InlineData("application/oauth-authz-req+jwt")]
    [InlineData("OAuth-Authz-Req+JWT")]
    [InlineData(null)]
    public async Task A_token_of_another_type_is_no_request_object(string? type)
    {
        var forged = await _parties.ForgeAsync(header: header =>
        {
            header.Remove("typ");
            if (type is not null) header["typ"] = type;
        });

        Assert.Equal(JoseCodes.JwsType, Assert.Throws<MalformedDataException>(() => Verify(forged)).Code);
    }

    [Theory]
    [Trait("Row", "VPW-09")]
    [Trait("Row", "JOS-21")]
    [InlineData("""null""")]
    [InlineData("\"https://self-issued.me/v2/\"")]
    [InlineData("\"https://Self-Issued.me/v2\"")]
    [InlineData("\"https://other.example\"")]
    [InlineData("""["https://self-issued.me/v2","https://other.example"]""")]
    [InlineData("""5""")]
    public async Task A_request_object_for_somebody_else_is_refused(string audience) =>
        await AssertRefusedAsync(OpenId4VpCodes.RequestAudience, claims => claims["aud"] = StrictJson.ToNode(StrictJson.Parse(audience)));

    [Fact]
    [Trait("Row", "VPW-09")]
    [Trait("Row", "JOS-20")]
    public async Task Expiry_counts_with_a_minute_of_skew_and_age_does_not()
    {
        async Task<string> With(string name, TimeSpan at) => await _parties.ForgeAsync(claims => claims[name] = NumericDate.From(Now + at));

        foreach (var (name, at) in new[] { ("exp", -60), ("exp", -61), ("nbf", 61) })
        {
            var forged = await With(name, TimeSpan.FromSeconds(at));
            AssertRefused(OpenId4VpCodes.RequestTime, () => Verify(forged));
        }
        foreach (var (name, at) in new[] { ("exp", -59), ("nbf", 59), ("nbf", 60), ("iat", -86400) })
            Assert.True(Verify(await With(name, TimeSpan.FromSeconds(at))).IsTrusted);
    }

    [Fact]
    [Trait("Row", "VPW-11")]
    public async Task The_wallet_s_nonce_must_come_back()
    {
        var expected = _parties.Expected() with { WalletNonce = "qPmxiNFCR3QTm19POc8u" };
        var absent = await _parties.SignAsync(_parties.Request());
        var other = await _parties.SignAsync(_parties.Request() with { WalletNonce = "qpmxinfcr3qtm19poc8u" });
        var right = await _parties.SignAsync(_parties.Request() with { WalletNonce = "qPmxiNFCR3QTm19POc8u" });

        AssertRefused(OpenId4VpCodes.WalletNonce, () => Verify(absent, expected: expected));
        AssertRefused(OpenId4VpCodes.WalletNonce, () => Verify(other, expected: expected));
        Assert.True(Verify(right, expected: expected).IsTrusted);
    }

    [Fact]
    [Trait("Row", "VPW-20")]
    [Trait("Row", "JWE-10")]
    public async Task Unusable_encryption_keys_are_passed_over_and_no_usable_one_refuses_the_request()
    {
        var good = StrictJson.ToNode(_parties.Request().ClientMetadata!.Jwks[0])!;
        var unusable = new JsonArray(
            StrictJson.ToNode(Json("""{"kty":"AKP","kid":"a","use":"enc","alg":"ML-KEM-768","pub":"AA"}""")),
            StrictJson.ToNode(Json("""{"kty":"OKP","kid":"b","use":"enc","crv":"X25519","alg":"ECDH-ES","x":"WPX7wnwq10hFNK9aDSyG1QlLswE_CJY14LdhcFUIVVc"}""")),
            StrictJson.ToNode(Json("""{"kty":"EC","kid":"c","use":"enc","crv":"P-256","alg":"ECDH-ES","x":"AA","y":"AA"}""")),
            With(good, "use", "sig"), With(good, "alg", "ECDH-ES+A256KW"), With(good, "kty", "unknown"), "text");
        var mixed = (JsonArray)unusable.DeepClone();
        mixed.Add(good.DeepClone());
        async Task<string> Offering(JsonArray keys) => await _parties.ForgeAsync(claims => claims["client_metadata"]!["jwks"] = new JsonObject { ["keys"] = keys });

        var none = await Offering(unusable);
        var noneAtAll = await _parties.ForgeAsync(claims => claims.Remove("client_metadata"));
        var otherAlgorithms = await _parties.ForgeAsync(claims => claims["client_metadata"]!["encrypted_response_enc_values_supported"] = new JsonArray("A128CBC-HS256"));

        Assert.Equal("enc-1", Verify(await Offering(mixed)).Encryption!.KeyId);
        foreach (var refused in new[] { none, noneAtAll, otherAlgorithms })
            AssertRefused(OpenId4VpCodes.Encryption, () => Verify(refused));
    }

    private static JsonNode With(JsonNode key, string name, string value)
    {
        var copy = key.DeepClone();
        copy[name] = value;
        return copy;
    }

    [Fact]
    [Trait("Row", "VPW-20")]
    public async Task A_plain_answer_is_refused_by_the_profile_and_shown_as_such_elsewhere()
    {
        var plain = await _parties.SignAsync(_parties.Request(mode: OpenId4VpNames.DirectPost));
        var haip = _parties.Expected() with { Profile = RequestProfile.Haip };

        AssertRefused(OpenId4VpCodes.Encryption, () => Verify(plain, expected: haip));
        Assert.Null(Verify(plain).Encryption);
        Assert.NotNull(Verify(await _parties.SignAsync(_parties.Request()), expected: haip).Encryption);
    }

    [Fact]
    public async Task The_profile_takes_x509_hash_by_reference_only()
    {
        var san = _parties.Request() with { ClientId = ClientIdentifier.ForDnsName("verifier.example") };
        var sanSigned = await _parties.SignAsync(san);
        var signed = await _parties.SignAsync(_parties.Request());
        var haip = _parties.Expected() with { Profile = RequestProfile.Haip };

        AssertRefused(OpenId4VpCodes.ClientIdPrefix, () => Verify(sanSigned, san, haip));
        AssertRefused(OpenId4VpCodes.RequestNotSupported, () => RequestVerifier.Verify(signed, RequestUri.ByValue(_parties.Request().ClientId, signed), haip));
    }

    [Fact]
    [Trait("Row", "VPW-22")]
    public async Task An_attestation_about_the_verifier_is_never_taken_as_verified()
    {
        var verified = Verify(await _parties.ForgeAsync(claims => claims["verifier_info"] = new JsonArray(
            new JsonObject { ["format"] = "jwt", ["data"] = "forged.attestation.x" })));
        var malformed = await _parties.ForgeAsync(claims => claims["verifier_info"] = new JsonArray(new JsonObject { ["format"] = "jwt" }));

        Assert.Equal("Test Bank", verified.VerifierName);
        Assert.Equal("forged.attestation.x", Assert.Single(verified.Request.VerifierInfo).UnverifiedData.GetString());
        Assert.Throws<MalformedDataException>(() => Verify(malformed));
    }
}
