using System.Text.Json.Nodes;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.OpenId4Vci;

namespace Credentials.Tests.OpenId4Vci;

public class DpopTests
{
    private const string Token = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";
    private static readonly DateTimeOffset s_now = DateTimeOffset.FromUnixTimeMilliseconds(1562262618000);
    private static readonly Uri s_resource = new("https://resource.example.org/protectedresource");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static DpopExpectations Expected(string? accessToken = null, string method = "GET", string? thumbprint = null, bool nonce = false) => new()
    {
        Method = method,
        Url = s_resource,
        Now = s_now,
        Algorithms = ["ES256"],
        NonceRequired = nonce,
        AccessToken = accessToken,
        Thumbprint = thumbprint,
    };

    private static ProtocolException Refused(string jwt, DpopExpectations expected) => Assert.Throws<ProtocolException>(() => DpopProof.Verify(jwt, expected));

    private static async Task<string> ChangedAsync(ISigningKey key, Action<JsonObject, JsonObject> change)
    {
        var header = new JsonObject { ["typ"] = "dpop+jwt", ["jwk"] = Jwk.Write(key.PublicKey) };
        var payload = new JsonObject { ["jti"] = "id", ["htm"] = "GET", ["htu"] = s_resource.OriginalString, ["iat"] = s_now.ToUnixTimeSeconds() };
        change(header, payload);
        return await Jws.SignAsync(header, payload, key, Ct);
    }

    [Fact]
    public void Verify_accepts_the_proofs_of_the_standard()
    {
        // RFC 9449 §4.1 and §7.1.
        const string atToken = "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";
        var proof = DpopProof.Verify(atToken, Expected(method: "POST") with { Url = new Uri("https://server.example.com/token") });
        Assert.Equal("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I", proof.Thumbprint);
        Assert.Equal("-BwC3ESc6acc2lTc", proof.Id);
    }

    [Fact]
    public async Task A_proof_is_verified_as_it_was_made()
    {
        using var key = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        var jwt = await DpopProof.CreateAsync(key, "GET", s_resource, Token, "n1", s_now, Ct);
        var proof = DpopProof.Verify(jwt, Expected(Token, thumbprint: Jwk.Thumbprint(key.PublicKey), nonce: true));
        Assert.Equal((key.PublicKey, "n1", s_now), (proof.Key, proof.Nonce, proof.IssuedAt));
    }

    [Theory]
    [InlineData("https://resource.example.org/protectedresource?q=1#f")]
    [InlineData("https://RESOURCE.example.org/protectedresource")]
    [InlineData("https://resource.example.org:443/protectedresource")]
    [InlineData("HTTPS://resource.example.org/x/../protectedresource")]
    [InlineData("https://resource.example.org/%70rotectedresource")]
    [Trait("Row", "ATT-13")]
    public async Task Another_spelling_of_the_address_is_the_same_address_and_the_same_replay(string htu)
    {
        using var key = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        var plain = DpopProof.Verify(await ChangedAsync(key, (_, _) => { }), Expected());
        var other = DpopProof.Verify(await ChangedAsync(key, (_, payload) => payload["htu"] = htu), Expected());
        Assert.Equal(plain.ReplayHash, other.ReplayHash);
        Assert.NotEqual(plain.ReplayHash, DpopProof.Verify(await ChangedAsync(key, (_, payload) => payload["jti"] = "other"), Expected()).ReplayHash);
    }

    [Theory]
    [InlineData("htu", "https://other.example.org/protectedresource")]
    [InlineData("htu", "https://resource.example.org:8443/protectedresource")]
    [InlineData("htu", "https://resource.example.org/other")]
    [InlineData("htu", "https://resource.example.org/ProtectedResource")]
    [InlineData("htu", "https://resource.example.org/protectedresource/")]
    [InlineData("htu", "http://resource.example.org/protectedresource")]
    [InlineData("htu", "https://user@resource.example.org/protectedresource")]
    [InlineData("htu", "https://resource.example.org\\protectedresource")]
    [InlineData("htu", "/protectedresource")]
    [InlineData("htm", "POST")]
    [InlineData("htm", "get")]
    [Trait("Row", "ATT-12")]
    public async Task A_proof_for_another_request_is_refused(string claim, string value)
    {
        using var key = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        var refused = Refused(await ChangedAsync(key, (_, payload) => payload[claim] = value), Expected());
        Assert.Equal((OpenId4VciCodes.DpopRequest, "invalid_dpop_proof", 400), (refused.Code, refused.Error, refused.HttpStatus));
    }

    [Theory]
    [InlineData(-300, true)]
    [InlineData(-301, false)]
    [InlineData(60, true)]
    [InlineData(61, false)]
    [InlineData(-10, true)]
    [InlineData(10, true)]
    [Trait("Row", "ATT-17")]
    public async Task The_time_of_a_proof_must_be_near(int seconds, bool accepted)
    {
        using var key = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        var jwt = await ChangedAsync(key, (_, payload) => payload["iat"] = s_now.ToUnixTimeSeconds() + seconds);
        if (accepted)
            Assert.Equal("id", DpopProof.Verify(jwt, Expected()).Id);
        else
            Assert.Equal(OpenId4VciCodes.DpopTime, Refused(jwt, Expected()).Code);
    }

    [Fact]
    [Trait("Row", "ATT-14")]
    [Trait("Row", "ATT-15")]
    public async Task A_proof_belongs_to_one_token_and_one_key()
    {
        using var key = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        var without = await DpopProof.CreateAsync(key, "GET", s_resource, null, null, s_now, Ct);
        var other = await DpopProof.CreateAsync(key, "GET", s_resource, "other", null, s_now, Ct);
        foreach (var jwt in new[] { without, other })
        {
            var refused = Refused(jwt, Expected(Token));
            Assert.Equal((OpenId4VciCodes.DpopToken, "invalid_dpop_proof", 401), (refused.Code, refused.Error, refused.HttpStatus));
        }

        using var stranger = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        var foreign = await DpopProof.CreateAsync(stranger, "GET", s_resource, Token, null, s_now, Ct);
        Assert.Equal(OpenId4VciCodes.DpopToken, Refused(foreign, Expected(Token, thumbprint: Jwk.Thumbprint(key.PublicKey))).Code);
        Assert.Equal(stranger.PublicKey, DpopProof.Verify(foreign, Expected(Token)).Key);
    }

    [Fact]
    [Trait("Row", "ATT-18")]
    public async Task A_missing_nonce_is_asked_for()
    {
        using var key = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        var jwt = await DpopProof.CreateAsync(key, "GET", s_resource, null, null, s_now, Ct);
        Assert.Equal(("use_dpop_nonce", 400), (Refused(jwt, Expected(nonce: true)).Error, Refused(jwt, Expected(nonce: true)).HttpStatus));
        Assert.Null(DpopProof.Verify(jwt, Expected()).Nonce);
    }

    [Fact]
    public async Task What_is_no_proof_is_refused()
    {
        using var key = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        using var other = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        using var p384 = SoftwareSigningKey.Generate(SignatureAlgorithm.Es384);
        var jwts = new[]
        {
            "", "a.b.c", new string('a', DpopProof.MaxLength + 1),
            await ChangedAsync(key, (header, _) => header["typ"] = "jwt"),
            await ChangedAsync(key, (header, _) => header.Remove("jwk")),
            await ChangedAsync(key, (header, _) => header["jwk"] = key.ExportPrivateJwk()),
            await ChangedAsync(key, (header, _) => header["jwk"] = Jwk.Write(other.PublicKey)),
            await ChangedAsync(p384, (_, _) => { }),
            await ChangedAsync(key, (_, payload) => payload.Remove("jti")),
            await ChangedAsync(key, (_, payload) => payload["jti"] = new string('a', 513)),
            await ChangedAsync(key, (_, payload) => payload["jti"] = 1),
            await ChangedAsync(key, (_, payload) => payload.Remove("htm")),
            await ChangedAsync(key, (_, payload) => payload.Remove("htu")),
            await ChangedAsync(key, (_, payload) => payload.Remove("iat")),
            await ChangedAsync(key, (_, payload) => payload["iat"] = "now"),
        };
        Assert.All(jwts, jwt => Assert.Equal("invalid_dpop_proof", Refused(jwt, Expected()).Error));
        Assert.Equal("id", DpopProof.Verify(await ChangedAsync(key, (_, payload) => payload["more"] = 1), Expected()).Id);
    }
}
