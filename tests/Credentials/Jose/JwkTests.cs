using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Software;

namespace Credentials.Tests.Jose;

public class JwkTests
{
    private static JsonObject Good() => Jwk.Write(JwsTestData.Key.PublicKey);

    private static PublicKey Parse(JsonObject jwk) => Jwk.ParsePublic(StrictJson.ToElement(jwk));

    private static string Refuse(JsonObject jwk) => Assert.ThrowsAny<CredentialException>(() => Parse(jwk)).Code;

    private static JsonObject With(string name, JsonNode? value)
    {
        JsonObject jwk = Good();
        jwk[name] = value;
        return jwk;
    }

    [Fact]
    public void A_public_key_survives_the_round_trip()
    {
        foreach (SignatureAlgorithm algorithm in SignatureAlgorithm.All)
        {
            using SoftwareSigningKey key = SoftwareSigningKey.Generate(algorithm);
            Assert.Equal(key.PublicKey, Parse(Jwk.Write(key.PublicKey)));
        }
    }

    [Theory]
    [Trait("Row", "JOS-15")]
    [InlineData("d")]
    [InlineData("k")]
    [InlineData("p")]
    [InlineData("q")]
    [InlineData("dp")]
    [InlineData("dq")]
    [InlineData("qi")]
    [InlineData("oth")]
    public void Private_members_are_refused_and_never_told(string name)
    {
        CredentialException e = Assert.Throws<MalformedDataException>(() => Parse(With(name, "canary")));
        Assert.Equal(JoseCodes.JwkPrivate, e.Code);
        Assert.DoesNotContain("canary", e.ToString(), StringComparison.Ordinal);
        Assert.Equal(JoseCodes.JwkPrivate, Refuse(With(name, null)));
        Parse(With("kid", "canary"));
    }

    [Fact]
    [Trait("Row", "JOS-16")]
    [Trait("Row", "JOS-19")]
    public void Symmetric_and_rsa_keys_are_not_used()
    {
        Assert.Equal(JoseCodes.JwkNotSupported, Refuse(new JsonObject { ["kty"] = "oct" }));
        Assert.Equal(JoseCodes.JwkPrivate, Refuse(new JsonObject { ["kty"] = "oct", ["k"] = "AAAA" }));
        // RSA of any size is refused before a number is read
        Assert.Equal(JoseCodes.JwkNotSupported, Refuse(new JsonObject { ["kty"] = "RSA", ["n"] = StrictBase64Url.Encode(new byte[2048]), ["e"] = "AQAB" }));
        Assert.Equal(JoseCodes.JwkNotSupported, Refuse(With("crv", "secp256k1")));
        Assert.Equal(JoseCodes.JwkNotSupported, Refuse(With("kty", "OKP")));
        Assert.Equal(JoseCodes.JwkMalformed, Refuse(With("kty", null)));
    }

    [Theory]
    [Trait("Row", "JOS-14")]
    [InlineData("x", "AAAA")]
    [InlineData("y", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("x", "_____wAAAAEAAAAAAAAAAAAAAAD_______________8")] // x = p
    [InlineData("x", "")]
    public void Points_off_the_curve_or_of_other_length_are_refused(string name, string value) => Assert.Equal(KeyCodes.Invalid, Refuse(With(name, value)));

    [Fact]
    [Trait("Row", "JOS-14")]
    public void The_point_at_infinity_and_shortened_coordinates_are_refused()
    {
        JsonObject zero = Good();
        zero["x"] = StrictBase64Url.Encode(new byte[32]);
        zero["y"] = StrictBase64Url.Encode(new byte[32]);
        Assert.Equal(KeyCodes.Invalid, Refuse(zero));
        Assert.Equal(KeyCodes.Invalid, Refuse(With("x", StrictBase64Url.Encode(JwsTestData.Key.PublicKey.X[1..]))));
        Assert.Equal(KeyCodes.Invalid, Refuse(With("x", StrictBase64Url.Encode([0, .. JwsTestData.Key.PublicKey.X]))));
    }

    [Fact]
    [Trait("Row", "JOS-18")]
    public void A_key_that_is_meant_for_something_else_is_refused()
    {
        Assert.Equal(JoseCodes.JwkUse, Refuse(With("use", "enc")));
        Assert.Equal(JoseCodes.JwkUse, Refuse(With("key_ops", new JsonArray("sign"))));
        Assert.Equal(JoseCodes.JwkUse, Refuse(With("key_ops", new JsonArray())));
        Assert.Equal(JoseCodes.JwkUse, Refuse(With("key_ops", new JsonArray("verify", "verify"))));
        Assert.Equal(JoseCodes.JwkUse, Refuse(With("alg", "ES384")));
        Assert.Equal(JoseCodes.JwkUse, Refuse(With("alg", "ECDH-ES")));
        Assert.Equal(JoseCodes.JwkMalformed, Refuse(With("key_ops", "verify")));
        JsonObject good = With("use", "sig");
        good["key_ops"] = new JsonArray("verify");
        good["alg"] = "ES256";
        Parse(good);
    }

    [Fact]
    public void A_key_that_is_no_object_or_lacks_a_member_is_malformed()
    {
        foreach (string text in new[] { "[]", "\"text\"", "null", "{}" })
            Assert.Equal(JoseCodes.JwkMalformed, Assert.Throws<MalformedDataException>(() => Jwk.ParsePublic(StrictJson.Parse(text))).Code);
        foreach (string name in new[] { "kty", "crv", "x", "y" })
        {
            JsonObject jwk = Good();
            jwk.Remove(name);
            Assert.Equal(JoseCodes.JwkMalformed, Refuse(jwk));
        }
        foreach (string name in new[] { "use", "alg", "x" }) Assert.Equal(JoseCodes.JwkMalformed, Refuse(With(name, 1)));
        Parse(Good());
    }

    // RFC 7517 §5
    [Fact]
    public void A_set_has_64_keys_at_most_and_is_not_read_before_it_is_asked_for()
    {
        static JsonElement Set(int count) => StrictJson.Parse($$"""{"keys":[{{string.Join(',', Enumerable.Repeat("{}", count))}}]}""");
        Assert.Equal([0, 1, 64], new[] { 0, 1, 64 }.Select(count => Jwk.ParseSet(Set(count)).Count));
        foreach (JsonElement bad in new[] { Set(65), StrictJson.Parse("{}"), StrictJson.Parse("""{"keys":{}}"""), StrictJson.Parse("[]") })
            Assert.Equal(JoseCodes.JwkMalformed, Assert.Throws<MalformedDataException>(() => Jwk.ParseSet(bad)).Code);
    }

    [Fact]
    public void A_key_for_key_agreement_is_written_with_its_use_and_its_thumbprint_is_that_of_its_point()
    {
        using SoftwareKeyAgreementKey key = SoftwareKeyAgreementKey.Generate();
        JsonObject named = Jwk.Write(key.PublicKey, "k1"), bare = Jwk.Write(key.PublicKey);
        Assert.Equal(("EC", "P-256", "enc", "ECDH-ES", "k1"), ((string)named["kty"]!, (string)named["crv"]!, (string)named["use"]!, (string)named["alg"]!, (string)named["kid"]!));
        Assert.Equal(["alg", "crv", "kty", "use", "x", "y"], bare.Select(member => member.Key).Order());
        Assert.Equal(["crv", "kty", "x", "y"], Jwk.WriteEpk(key.PublicKey).Select(member => member.Key).Order());

        // RFC 7638 §3: a point hashes alike whatever it is for.
        PublicKey same = PublicKey.FromCoordinates(SignatureAlgorithm.Es256, key.PublicKey.X.ToArray(), key.PublicKey.Y.ToArray());
        Assert.Equal(Jwk.Thumbprint(same), StrictBase64Url.Encode(Jwk.Thumbprint(key.PublicKey)));
    }

    [Theory]
    [InlineData("""["deriveKey"]""", null)]
    [InlineData("""["deriveBits"]""", null)]
    [InlineData("""["wrapKey","deriveBits"]""", null)]
    [InlineData("""["deriveKey","deriveBits"]""", null)]
    [InlineData("""["wrapKey"]""", JoseCodes.JwkUse)]
    [InlineData("""["deriveKey","deriveKey"]""", JoseCodes.JwkUse)]
    [InlineData("[]", JoseCodes.JwkUse)]
    [InlineData("[1]", JoseCodes.JwkMalformed)]
    public void A_key_for_key_agreement_is_for_that_by_its_operations(string operations, string? code)
    {
        using SoftwareKeyAgreementKey key = SoftwareKeyAgreementKey.Generate();
        JsonObject jwk = Jwk.Write(key.PublicKey);
        jwk["key_ops"] = StrictJson.ToNode(StrictJson.Parse(operations));
        if (code is null) Assert.Equal(key.PublicKey.X.ToArray(), Jwk.ParseKeyAgreement(StrictJson.ToElement(jwk)).X.ToArray());
        else Assert.Equal(code, Assert.Throws<MalformedDataException>(() => Jwk.ParseKeyAgreement(StrictJson.ToElement(jwk))).Code);
    }

    [Fact]
    public void Key_agreement_is_on_P_256_only()
    {
        using SoftwareSigningKey p384 = SoftwareSigningKey.Generate(SignatureAlgorithm.Es384);
        Assert.Equal(JoseCodes.JwkNotSupported, Assert.Throws<NotSupportedCredentialException>(() => Jwk.ParseKeyAgreement(StrictJson.ToElement(Jwk.Write(p384.PublicKey)))).Code);
    }

    [Fact]
    public void A_private_key_must_belong_to_its_public_half()
    {
        using SoftwareSigningKey other = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        JsonObject jwk = JwsTestData.Key.ExportPrivateJwk();
        jwk["d"] = other.ExportPrivateJwk()["d"]!.DeepClone();
        Assert.Equal(KeyCodes.Invalid, Assert.Throws<MalformedDataException>(() => SoftwareSigningKey.FromPrivateJwk(StrictJson.ToElement(jwk))).Code);
    }

    /// <summary>RFC 8037 Appendix A: deterministic signature and thumbprint.</summary>
    [Fact]
    public async Task The_published_ed25519_key_signs_and_hashes_as_published()
    {
        JsonElement jwk = StrictJson.Parse("""{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}""");
        using SoftwareSigningKey key = SoftwareSigningKey.FromPrivateJwk(jwk);
        Assert.Equal("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k", Jwk.Thumbprint(key.PublicKey));
        Assert.Equal(
            "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
            await Jws.SignAsync([], "Example of Ed25519 signing"u8.ToArray(), key, TestContext.Current.CancellationToken));
    }
}
