using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Software;

namespace Credentials.Tests.Jose;

public class JweTests
{
    private static readonly SoftwareKeyAgreementKey s_key = SoftwareKeyAgreementKey.Generate();

    private static ValueTask<string> EncryptAsync(string enc = JweEncryption.A128Gcm, JsonObject? header = null, byte[]? plaintext = null) =>
        Jwe.EncryptAsync(plaintext ?? "secret"u8.ToArray(), s_key.PublicKey, enc, "k1", header);

    private static ValueTask<byte[]> DecryptAsync(string token, params string[] allowed) =>
        Jwe.DecryptAsync(CompactJwe.Parse(token), s_key, allowed.Length > 0 ? allowed : [.. JweEncryption.All]);

    private static async Task<string> RefuseAsync(string token, params string[] allowed) =>
        (await Assert.ThrowsAsync<MalformedDataException>(async () => await DecryptAsync(token, allowed))).Code;

    /// <summary>The token with its header changed, everything else kept.</summary>
    private static string WithHeader(string token, Action<JsonObject> change)
    {
        string[] parts = token.Split('.');
        JsonObject header = (JsonObject)StrictJson.ToNode(StrictJson.Parse(StrictBase64Url.Decode(parts[0])))!;
        change(header);
        parts[0] = StrictBase64Url.Encode(StrictJson.ToUtf8(header));
        return string.Join('.', parts);
    }

    private static string WithPart(string token, int part, Func<byte[], byte[]> change)
    {
        string[] parts = token.Split('.');
        parts[part] = StrictBase64Url.Encode(change(StrictBase64Url.Decode(parts[part])));
        return string.Join('.', parts);
    }

    [Theory]
    [InlineData("A128GCM")]
    [InlineData("A256GCM")]
    public async Task What_is_encrypted_decrypts(string enc)
    {
        string token = await EncryptAsync(enc, new JsonObject { ["apu"] = "QWxpY2U", ["apv"] = "Qm9i" });
        Assert.Equal("k1", CompactJwe.Parse(token).KeyId);
        Assert.Equal("secret"u8.ToArray(), await DecryptAsync(token, enc));
    }

    /// <summary>RFC 7518 Appendix C: the derived key, seen through a token that was encrypted with it.</summary>
    [Fact]
    public async Task The_published_key_agreement_decrypts()
    {
        using SoftwareKeyAgreementKey bob = SoftwareKeyAgreementKey.FromPrivateJwk(StrictJson.Parse(
            """{"kty":"EC","crv":"P-256","x":"weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ","y":"e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck","d":"VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw"}"""));
        const string Header = """{"alg":"ECDH-ES","enc":"A128GCM","apu":"QWxpY2U","apv":"Qm9i","epk":{"kty":"EC","crv":"P-256","x":"gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0","y":"SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps"}}""";
        byte[] derived = StrictBase64Url.Decode("VqqN6vgjbSBcIijNcacQGg");
        string header = StrictBase64Url.Encode(Encoding.ASCII.GetBytes(Header));
        byte[] iv = new byte[12], ciphertext = new byte[2], tag = new byte[16];
        using (System.Security.Cryptography.AesGcm aes = new(derived, 16)) aes.Encrypt(iv, "ok"u8, ciphertext, tag, Encoding.ASCII.GetBytes(header));
        string token = $"{header}..{StrictBase64Url.Encode(iv)}.{StrictBase64Url.Encode(ciphertext)}.{StrictBase64Url.Encode(tag)}";
        Assert.Equal("ok"u8.ToArray(), await Jwe.DecryptAsync(CompactJwe.Parse(token), bob, JweEncryption.All, TestContext.Current.CancellationToken));
    }

    [Fact]
    [Trait("Row", "JWE-01")]
    [Trait("Row", "JWE-02")]
    public async Task Compression_is_refused_before_anything_is_inflated()
    {
        string token = await EncryptAsync(header: new JsonObject { ["zip"] = "DEF" }, plaintext: new byte[200_000]);
        Assert.Equal(JoseCodes.JweCritical, await RefuseAsync(token));
        Assert.Equal(JoseCodes.JweCritical, await RefuseAsync(await EncryptAsync(header: new JsonObject { ["crit"] = new JsonArray("x"), ["x"] = 1 })));
        Assert.Equal(200_000, (await DecryptAsync(await EncryptAsync(plaintext: new byte[200_000]))).Length);
    }

    [Fact]
    [Trait("Row", "JWE-01")]
    public async Task A_token_over_the_cap_is_refused_by_its_length() =>
        Assert.Equal(JoseCodes.JweTooLarge, await RefuseAsync(await EncryptAsync(plaintext: new byte[300_000])));

    [Theory]
    [Trait("Row", "JWE-03")]
    [InlineData("RSA1_5")]
    [InlineData("dir")]
    [InlineData("PBES2-HS256+A128KW")]
    [InlineData("A128KW")]
    [InlineData("ECDH-ES+A128KW")]
    [InlineData("ecdh-es")]
    public async Task Only_direct_key_agreement_is_done(string alg)
    {
        string token = WithHeader(await EncryptAsync(), h => { h["alg"] = alg; h["p2c"] = 2147483647; h["p2s"] = "AAAA"; });
        Assert.Equal(JoseCodes.JweAlgorithm, await RefuseAsync(token));
    }

    [Fact]
    [Trait("Row", "JWE-04")]
    public async Task Only_an_offered_content_encryption_is_done()
    {
        string token = await EncryptAsync(JweEncryption.A128Gcm);
        Assert.Equal(JoseCodes.JweAlgorithm, await RefuseAsync(token, JweEncryption.A256Gcm));
        Assert.Equal(JoseCodes.JweAlgorithm, await RefuseAsync(WithHeader(token, h => h["enc"] = "A128CBC-HS256"), "A128CBC-HS256"));
        Assert.Equal(JoseCodes.JweMalformed, await RefuseAsync(WithHeader(token, h => h.Remove("enc"))));
    }

    [Fact]
    [Trait("Row", "JWE-05")]
    public async Task A_bad_ephemeral_key_looks_like_a_bad_tag()
    {
        string token = await EncryptAsync();
        using SoftwareSigningKey p384 = SoftwareSigningKey.Generate(SignatureAlgorithm.Es384);
        Action<JsonObject>[] changes =
        [
            h => h["epk"]!["x"] = StrictBase64Url.Encode(new byte[32]),
            h => h["epk"] = Jwk.Write(p384.PublicKey),
            h => h["epk"]!["d"] = StrictBase64Url.Encode(new byte[32]),
            h => h["epk"]!["kty"] = "OKP",
            h => h.Remove("epk"),
            h => h["epk"] = "text",
        ];
        foreach (Action<JsonObject> change in changes) Assert.Equal(JoseCodes.JweDecryption, await RefuseAsync(WithHeader(token, change)));
        Assert.Equal(JoseCodes.JweDecryption, await RefuseAsync(WithPart(token, 4, t => { t[0] ^= 1; return t; })));
    }

    [Fact]
    [Trait("Row", "JWE-06")]
    [Trait("Row", "JWE-09")]
    public async Task Every_changed_part_is_refused()
    {
        string token = await EncryptAsync(header: new JsonObject { ["apu"] = "QWxpY2U", ["apv"] = "Qm9i" });
        Assert.Equal(JoseCodes.JweMalformed, await RefuseAsync(WithPart(token, 4, t => t[..4])));
        Assert.Equal(JoseCodes.JweMalformed, await RefuseAsync(WithPart(token, 2, iv => iv[..8])));
        Assert.Equal(JoseCodes.JweDecryption, await RefuseAsync(WithPart(token, 2, iv => { iv[0] ^= 1; return iv; })));
        Assert.Equal(JoseCodes.JweDecryption, await RefuseAsync(WithPart(token, 3, c => { c[0] ^= 1; return c; })));
        Assert.Equal(JoseCodes.JweDecryption, await RefuseAsync(WithHeader(token, h => h["x"] = 1)));
        Assert.Equal(JoseCodes.JweDecryption, await RefuseAsync(WithHeader(token, h => h["apu"] = "Qm9i")));
        Assert.Equal(JoseCodes.JweDecryption, await RefuseAsync(WithHeader(token, h => h["apv"] = "QWxpY2U")));
        Assert.Equal("secret"u8.ToArray(), await DecryptAsync(token));
    }

    [Fact]
    [Trait("Row", "JWE-07")]
    public async Task Decryption_never_falls_back_to_another_kind_of_token()
    {
        string signed = await JwsTestData.SignAsync();
        Assert.Equal(JoseCodes.JweMalformed, await RefuseAsync(signed));
        string inner = await EncryptAsync();
        byte[] plaintext = await DecryptAsync(await EncryptAsync(plaintext: Encoding.ASCII.GetBytes(inner)));
        Assert.Equal(inner, Encoding.ASCII.GetString(plaintext)); // handed over as bytes, never opened a second time
        Assert.Throws<MalformedDataException>(() => StrictJson.ParseObject(plaintext));
    }

    [Fact]
    [Trait("Row", "JWE-01")]
    public async Task A_token_of_the_largest_length_is_read()
    {
        string token = await EncryptAsync();
        Assert.Equal(JoseCodes.JweMalformed, await RefuseAsync(token + new string('.', CompactJwe.MaxLength - token.Length)));
        Assert.Equal(JoseCodes.JweTooLarge, await RefuseAsync(token + new string('.', CompactJwe.MaxLength - token.Length + 1)));
    }

    [Fact]
    public async Task What_is_not_said_is_not_written_and_what_is_given_is_not_changed()
    {
        JsonObject header = new() { ["apu"] = "QWxpY2U" };
        CompactJwe jwe = CompactJwe.Parse(await Jwe.EncryptAsync("x"u8.ToArray(), s_key.PublicKey, JweEncryption.A256Gcm, header: header));
        Assert.Equal(["alg", "apu", "enc", "epk"], jwe.Header.EnumerateObject().Select(member => member.Name).Order());
        Assert.Null(jwe.KeyId);
        Assert.Single(header);
        await Assert.ThrowsAsync<ArgumentException>(async () => await Jwe.EncryptAsync("x"u8.ToArray(), s_key.PublicKey, "A192GCM"));
        Assert.Equal(JoseCodes.JweMalformed, await RefuseAsync(WithHeader(await EncryptAsync(), h => h.Remove("alg"))));
        Assert.Equal(JoseCodes.JweDecryption, await RefuseAsync(WithHeader(await EncryptAsync(), h => h["apu"] = "?")));
    }

    [Fact]
    [Trait("Row", "JWE-08")]
    public async Task Another_sessions_key_does_not_decrypt()
    {
        using SoftwareKeyAgreementKey other = SoftwareKeyAgreementKey.Generate();
        string token = await Jwe.EncryptAsync("secret"u8.ToArray(), other.PublicKey, JweEncryption.A128Gcm, "k1");
        Assert.Equal(JoseCodes.JweDecryption, await RefuseAsync(token));
    }

    [Theory]
    [InlineData("a.b.c.d")]
    [InlineData("a.b.c.d.e.f")]
    [InlineData("....")]
    [InlineData("")]
    public async Task Other_numbers_of_parts_are_refused(string token) => Assert.Equal(JoseCodes.JweMalformed, await RefuseAsync(token));

    [Fact]
    public async Task An_encrypted_key_part_is_refused()
    {
        string[] parts = (await EncryptAsync()).Split('.');
        parts[1] = "AAAA";
        Assert.Equal(JoseCodes.JweMalformed, await RefuseAsync(string.Join('.', parts)));
    }

    [Fact]
    public void Keys_for_signing_are_not_used_for_key_agreement()
    {
        JsonObject jwk = Jwk.Write(s_key.PublicKey);
        JsonElement Read() => StrictJson.ToElement(jwk);
        Jwk.ParseKeyAgreement(Read());
        jwk["use"] = "sig";
        Assert.Equal(JoseCodes.JwkUse, Assert.Throws<MalformedDataException>(() => Jwk.ParseKeyAgreement(Read())).Code);
        jwk["use"] = "enc";
        jwk["alg"] = "ECDH-ES+A256KW";
        Assert.Equal(JoseCodes.JwkUse, Assert.Throws<MalformedDataException>(() => Jwk.ParseKeyAgreement(Read())).Code);
    }
}
