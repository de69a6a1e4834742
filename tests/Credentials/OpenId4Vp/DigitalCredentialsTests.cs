using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Dids;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.OpenId4Vp;
using Credentials.Trust;
using static Credentials.Tests.OpenId4Vp.PresentationParties;

namespace Credentials.Tests.OpenId4Vp;

/// <summary>Requests and answers over the Digital Credentials API (OpenID4VP 1.0 Appendix A).</summary>
public sealed class DigitalCredentialsTests : IDisposable
{
    private const string Origin = "https://verifier.example";

    private readonly PresentationParties _parties = new();

    public void Dispose() => _parties.Dispose();

    private DigitalCredentialsRequest Request(string mode = OpenId4VpNames.DcApiJwt) => new()
    {
        ResponseMode = mode,
        Nonce = "n-0S6_WzA2Mj-0123456789",
        DcqlQuery = NamesQuery,
        ClientMetadata = _parties.Request().ClientMetadata,
        VerifierInfo = [new VerifierInfo("registration_cert", Json("\"abc\""))],
        ExpectedOrigins = [Origin],
    };

    private ClientSigner Signer => ClientSigner.ForCertificate(ClientIdentifier.ForCertificate(_parties.AccessCertificate), _parties.VerifierKey, [_parties.AccessCertificate]);

    private Task<VerifiedDigitalCredentialsRequest> VerifyAsync(string protocol, JsonObject data, string origin = Origin, RequestExpectations? expected = null) =>
        DigitalCredentialsRequestVerifier.VerifyAsync(protocol, StrictJson.ToElement(data), origin, expected ?? _parties.Expected(), TestContext.Current.CancellationToken);

    private async Task<JsonObject> SignAsync(DigitalCredentialsRequest? request = null, DateTimeOffset? at = null) =>
        await (request ?? Request()).SignAsync(Signer, at ?? Now, TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);

    private static async Task AssertRefusedAsync(string code, Func<Task> act) => Assert.Equal(code, (await Assert.ThrowsAsync<ProtocolException>(act)).Code);

    [Fact]
    public async Task An_unsigned_request_is_its_origins_and_what_it_says_about_itself_is_ignored()
    {
        var data = Request().ToJson();
        data["client_id"] = "x509_hash:abc";
        data["expected_origins"] = new JsonArray("https://other.example");
        data["state"] = "s";
        var verified = await VerifyAsync(OpenId4VpNames.UnsignedProtocol, data);
        Assert.Null(verified.ClientId);
        Assert.Null(verified.Anchor);
        Assert.Equal("origin:https://verifier.example", verified.Binding.Audience);
        await AssertRefusedAsync(OpenId4VpCodes.RequestNotSupported, () => VerifyAsync("openid4vp", data));
        data["response_mode"] = "direct_post";
        await AssertRefusedAsync(OpenId4VpCodes.RequestNotSupported, () => VerifyAsync(OpenId4VpNames.UnsignedProtocol, data));
    }

    [Fact]
    [Trait("Row", "VPW-14")]
    public async Task A_signed_request_counts_for_the_origins_that_it_names_exactly()
    {
        var data = await SignAsync();
        var verified = await VerifyAsync(OpenId4VpNames.SignedProtocol, data);
        Assert.Equal(("Test Bank", Signer.ClientId, "origin:https://verifier.example"), (verified.VerifierName, verified.ClientId, verified.Binding.Audience));
        Assert.Equal("registration_cert", verified.Request.VerifierInfo.Single().Format);

        foreach (var origin in new[] { "https://verifier.example:8443", "https://verifier.example/", "https://VERIFIER.example", "http://verifier.example", "https://evil.example", "*" })
            await AssertRefusedAsync(OpenId4VpCodes.Origin, () => VerifyAsync(OpenId4VpNames.SignedProtocol, data, origin));
        foreach (var names in new[] { Array.Empty<string>(), ["*"], ["https://*.example"], ["https://other.example"] })
        {
            var forged = await ForgeAsync(claims => claims["expected_origins"] = new JsonArray([.. names.Select(n => (JsonNode)n)]));
            await AssertRefusedAsync(OpenId4VpCodes.Origin, () => VerifyAsync(OpenId4VpNames.SignedProtocol, forged));
        }
        var without = await ForgeAsync(claims => claims.Remove("expected_origins"));
        await AssertRefusedAsync(OpenId4VpCodes.Origin, () => VerifyAsync(OpenId4VpNames.SignedProtocol, without));
        await Assert.ThrowsAsync<ArgumentException>(() => SignAsync(Request() with { ExpectedOrigins = [] }));
    }

    [Fact]
    [Trait("Row", "VPW-02")]
    [Trait("Row", "VPW-09")]
    public async Task A_signed_request_is_held_to_its_signature_its_times_and_its_recipient()
    {
        using var other = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        var forged = await ForgeAsync(key: other);
        await AssertRefusedAsync(OpenId4VpCodes.RequestSignature, () => VerifyAsync(OpenId4VpNames.SignedProtocol, forged));
        var old = await SignAsync(at: Now.AddMinutes(-10));
        await AssertRefusedAsync(OpenId4VpCodes.RequestTime, () => VerifyAsync(OpenId4VpNames.SignedProtocol, old));
        var elsewhere = await ForgeAsync(claims => claims["aud"] = "https://wallet.example");
        await AssertRefusedAsync(OpenId4VpCodes.RequestAudience, () => VerifyAsync(OpenId4VpNames.SignedProtocol, elsewhere));
        var silent = await ForgeAsync(claims => claims.Remove("aud"));
        await VerifyAsync(OpenId4VpNames.SignedProtocol, silent);
        var good = await SignAsync();
        await AssertRefusedAsync(OpenId4VpCodes.VerifierUntrusted, () => VerifyAsync(OpenId4VpNames.SignedProtocol, good, expected: _parties.Expected() with { Trust = TrustStore.Empty }));
        var plain = await SignAsync(Request(OpenId4VpNames.DcApi));
        await AssertRefusedAsync(OpenId4VpCodes.Encryption, () => VerifyAsync(OpenId4VpNames.SignedProtocol, plain, expected: _parties.Expected() with { Profile = RequestProfile.Haip }));
        await VerifyAsync(OpenId4VpNames.SignedProtocol, good, expected: _parties.Expected() with { Profile = RequestProfile.Haip });
        // As an unsigned request it has no parameters at all.
        await Assert.ThrowsAsync<MalformedDataException>(() => VerifyAsync(OpenId4VpNames.UnsignedProtocol, good));
    }

    [Fact]
    [Trait("Row", "VPW-21")]
    [Trait("Row", "VPW-25")]
    public async Task Of_several_signatures_a_valid_and_trusted_one_is_used()
    {
        using var other = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        var did = DidJwk.Create(other.PublicKey);
        var data = await Request().SignByAllAsync(
            [ClientSigner.ForDid(did, DidJwk.VerificationMethodOf(did), other), Signer], Now, TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
        var byDid = _parties.Expected() with
        {
            Trust = TrustStore.Create([TrustAnchor.ForControlledIdentifier(did, TrustPurpose.Verifier)]),
            Dids = new DidResolver(DidMethods.Jwk),
        };

        Assert.Equal(Signer.ClientId, (await VerifyAsync(OpenId4VpNames.MultiSignedProtocol, data)).ClientId);
        var verified = await VerifyAsync(OpenId4VpNames.MultiSignedProtocol, data, expected: byDid);
        Assert.Equal($"decentralized_identifier:{did}", verified.ClientId!.Full);
        Assert.Equal("registration_cert", verified.Request.VerifierInfo.Single().Format);
        await AssertRefusedAsync(OpenId4VpCodes.Origin, () => VerifyAsync(OpenId4VpNames.MultiSignedProtocol, data, "https://evil.example", byDid));

        // A bad signature is passed over, and none is left when both are bad.
        var signatures = data["request"]!["signatures"]!.AsArray();
        signatures[0]!["signature"] = (string?)signatures[1]!["signature"];
        Assert.Equal(Signer.ClientId, (await VerifyAsync(OpenId4VpNames.MultiSignedProtocol, data)).ClientId);
        await AssertRefusedAsync(OpenId4VpCodes.RequestSignature, () => VerifyAsync(OpenId4VpNames.MultiSignedProtocol, data, expected: byDid));
        signatures[1]!["protected"] = (string?)signatures[0]!["protected"];
        await Assert.ThrowsAnyAsync<CredentialException>(() => VerifyAsync(OpenId4VpNames.MultiSignedProtocol, data));
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"request":"a.b.c"}""")]
    [InlineData("""{"request":{}}""")]
    [InlineData("""{"request":{"payload":"e30","signatures":[]}}""")]
    [InlineData("""{"request":{"payload":"e30","signatures":[1]}}""")]
    [InlineData("""{"request":{"payload":"e30","signatures":[{"protected":"e30","signature":"AA"}]}}""")]
    [InlineData("""{"request":{"payload":"e30","signatures":[{},{},{},{},{},{},{},{},{}]}}""")]
    public async Task What_is_no_signed_request_is_a_typed_refusal(string text)
    {
        foreach (var protocol in new[] { OpenId4VpNames.SignedProtocol, OpenId4VpNames.MultiSignedProtocol, OpenId4VpNames.UnsignedProtocol })
            await Assert.ThrowsAnyAsync<CredentialException>(() => VerifyAsync(protocol, (JsonObject)JsonNode.Parse(text)!));
    }

    [Theory]
    [Trait("Row", "VPV-25")]
    [InlineData(OpenId4VpNames.DcApi)]
    [InlineData(OpenId4VpNames.DcApiJwt)]
    public async Task An_answer_is_read_in_the_mode_that_was_asked_for(string mode)
    {
        var verified = await VerifyAsync(OpenId4VpNames.SignedProtocol, await SignAsync(Request(mode)));
        var token = VpToken.Create([KeyValuePair.Create("licence", (IReadOnlyList<string>)["a~b~"])]);
        var data = StrictJson.ToElement(await verified.ToDataAsync(AuthorizationResponse.Success(token, null)));
        var expected = new ResponseExpectations(mode, null) { DecryptionKey = _parties.EncryptionKey, DecryptionKeyId = "enc-1" };

        var received = await ResponseReader.ReadDataAsync(data, expected, TestContext.Current.CancellationToken);
        Assert.True(received.Facts.AllAccept);
        Assert.Equal("licence", received.Response!.VpToken!.Presentations.Keys.Single());
        var other = expected with { ResponseMode = mode == OpenId4VpNames.DcApi ? OpenId4VpNames.DcApiJwt : OpenId4VpNames.DcApi };
        Assert.Equal(CheckOutcome.Failed, (await ResponseReader.ReadDataAsync(data, other, TestContext.Current.CancellationToken)).Facts.ResponseMode);
        var error = StrictJson.ToElement(await verified.ToDataAsync(AuthorizationResponse.Refusal("access_denied", null)));
        Assert.Equal("access_denied", (await ResponseReader.ReadDataAsync(error, expected, TestContext.Current.CancellationToken)).Response!.Error);
        foreach (var none in new[] { "[]", "{}", """{"response":1}""", """{"response":"a","vp_token":{}}""", """{"response":"a","error":"x"}""", """{"vp_token":"x"}""" })
            await Assert.ThrowsAsync<ProtocolException>(async () => await ResponseReader.ReadDataAsync(Json(none), expected, TestContext.Current.CancellationToken));
    }

    private async Task<JsonObject> ForgeAsync(Action<JsonObject>? claims = null, ISigningKey? key = null)
    {
        var payload = (JsonObject)StrictJson.ToNode(CompactJws.Parse((string)(await SignAsync())["request"]!).PayloadObject)!;
        claims?.Invoke(payload);
        var header = (JsonObject)StrictJson.ToNode(CompactJws.Parse((string)(await SignAsync())["request"]!).Header)!;
        header.Remove("alg");
        return new JsonObject { ["request"] = await Jws.SignAsync(header, payload, key ?? _parties.VerifierKey, TestContext.Current.CancellationToken) };
    }
}
