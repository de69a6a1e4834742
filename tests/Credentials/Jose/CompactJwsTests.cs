using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Software;
using static Credentials.Tests.Jose.JwsTestData;

namespace Credentials.Tests.Jose;

public class CompactJwsTests
{
    private static string Refuse(string token, int maxLength = CompactJws.DefaultMaxLength) =>
        Assert.Throws<MalformedDataException>(() => CompactJws.Parse(token, maxLength)).Code;

    [Theory]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    [InlineData("EdDSA")]
    public async Task A_signed_token_verifies_with_its_key_and_no_other(string name)
    {
        SignatureAlgorithm algorithm = SignatureAlgorithm.FromJose(name)!;
        using SoftwareSigningKey key = SoftwareSigningKey.Generate(algorithm), other = SoftwareSigningKey.Generate(algorithm);
        CompactJws jws = CompactJws.Parse(await SignAsync(key: key));
        Assert.Equal(name, jws.Algorithm);
        Assert.True(jws.VerifySignature(key.PublicKey));
        Assert.False(jws.VerifySignature(other.PublicKey));
        using SoftwareSigningKey again = SoftwareSigningKey.FromPrivateJwk(StrictJson.ToElement(key.ExportPrivateJwk()));
        Assert.True(CompactJws.Parse(await SignAsync(key: again)).VerifySignature(key.PublicKey));
    }

    [Fact]
    public async Task A_header_that_is_remembered_says_what_it_says_and_nothing_of_the_rest()
    {
        string header = $$"""{"alg":"ES256","typ":"test+jwt","kid":"{{Guid.NewGuid()}}"}""";
        string first = await SignRawAsync(header, payload: """{"n":1}"""), second = await SignRawAsync(header, payload: """{"n":2}""");
        foreach (var (token, number) in new[] { (first, 1), (second, 2), (first, 1) })
        {
            CompactJws jws = CompactJws.Parse(token.AsMemory(), isHeaderShared: true);
            Assert.Equal((number, "test+jwt", CompactJws.Parse(token).KeyId), (jws.PayloadObject.GetProperty("n").GetInt32(), jws.Type, jws.KeyId));
            Assert.True(jws.VerifySignature(Key.PublicKey));
            Assert.Same(jws.ReadHeader, CompactJws.Parse(second.AsMemory(), isHeaderShared: true).ReadHeader);
            Assert.NotSame(jws.ReadHeader, CompactJws.Parse(second).ReadHeader);
        }

        // Whoever sends many others has them forgotten; what is refused is refused each time.
        for (int i = 0; i < 40; i++) CompactJws.Parse((await SignRawAsync($$"""{"alg":"ES256","x":"{{new string('x', 8000)}}","i":{{i}}}""")).AsMemory(), isHeaderShared: true);
        JwsHeader again = CompactJws.Parse(first.AsMemory(), isHeaderShared: true).ReadHeader;
        Assert.Equal(CompactJws.Parse(first).KeyId, again.KeyId);
        string none = await SignRawAsync("""{"alg":"none"}""");
        for (int i = 0; i < 2; i++) Assert.Throws<MalformedDataException>(() => CompactJws.Parse(none.AsMemory(), isHeaderShared: true));
    }

    [Theory]
    [Trait("Row", "JOS-01")]
    [InlineData("""{"alg":"none"}""")]
    [InlineData("""{"alg":"None"}""")]
    [InlineData("""{"alg":"nOnE"}""")]
    [InlineData("""{"typ":"JWT"}""")]
    [InlineData("""{"alg":["ES256"]}""")]
    [InlineData("""{"alg":256}""")]
    [InlineData("""{"alg":null}""")]
    [InlineData("""{"alg":"es256"}""")]
    public async Task Parse_refuses_none_and_other_algorithms(string header)
    {
        Assert.Equal(JoseCodes.JwsAlgorithm, Refuse(await SignRawAsync(header)));
        Assert.True(CompactJws.Parse(await SignRawAsync("""{"alg":"ES256"}""")).VerifySignature(Key.PublicKey));
    }

    [Fact]
    [Trait("Row", "JOS-02")]
    public void Parse_refuses_hmac_keyed_with_any_spelling_of_the_public_key()
    {
        byte[] point = [4, .. Key.PublicKey.X, .. Key.PublicKey.Y];
        string pem = Key.Ecdsa!.ExportSubjectPublicKeyInfoPem();
        byte[][] secrets =
        [
            Encoding.ASCII.GetBytes(pem), Encoding.ASCII.GetBytes("\n " + pem), Key.Ecdsa.ExportSubjectPublicKeyInfo(),
            StrictJson.ToUtf8(Jwk.Write(Key.PublicKey)), point, Encoding.ASCII.GetBytes("ecdsa-sha2-nistp256 " + StrictBase64.Encode(point)),
        ];
        foreach (byte[] secret in secrets)
        {
            string input = $"{StrictBase64Url.Encode("""{"alg":"HS256"}"""u8)}.{StrictBase64Url.Encode("{}"u8)}";
            string token = $"{input}.{StrictBase64Url.Encode(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(input)))}";
            Assert.Equal(JoseCodes.JwsAlgorithm, Refuse(token));
        }
    }

    [Fact]
    [Trait("Row", "JOS-03")]
    public async Task The_header_algorithm_must_be_the_keys_own()
    {
        using SoftwareSigningKey p384 = SoftwareSigningKey.Generate(SignatureAlgorithm.Es384), ed = SoftwareSigningKey.Generate(SignatureAlgorithm.EdDsa);
        Assert.False(CompactJws.Parse(await SignRawAsync("""{"alg":"ES256"}""", p384)).VerifySignature(p384.PublicKey));
        Assert.False(CompactJws.Parse(await SignRawAsync("""{"alg":"ES384"}""")).VerifySignature(Key.PublicKey));
        Assert.False(CompactJws.Parse(await SignRawAsync("""{"alg":"EdDSA"}""")).VerifySignature(Key.PublicKey));
        Assert.False(CompactJws.Parse(await SignRawAsync("""{"alg":"ES256"}""", ed)).VerifySignature(ed.PublicKey));
        Assert.Equal(JoseCodes.JwsAlgorithm, Refuse(await SignRawAsync("""{"alg":"RS256"}""")));
        Assert.True(CompactJws.Parse(await SignRawAsync("""{"alg":"Ed25519"}""", ed)).VerifySignature(ed.PublicKey));
    }

    [Theory]
    [Trait("Row", "JOS-08")]
    [Trait("Row", "JOS-09")]
    [Trait("Row", "JOS-10")]
    [InlineData("""{"alg":"ES256","crit":["exp"],"exp":1}""")]
    [InlineData("""{"alg":"ES256","crit":[]}""")]
    [InlineData("""{"alg":"ES256","crit":"exp"}""")]
    [InlineData("""{"alg":"ES256","crit":["alg"]}""")]
    [InlineData("""{"alg":"ES256","crit":["x","x"],"x":1}""")]
    [InlineData("""{"alg":"ES256","crit":["absent"]}""")]
    [InlineData("""{"alg":"ES256","crit":null}""")]
    [InlineData("""{"alg":"ES256","crit":["b64"],"b64":false}""")]
    [InlineData("""{"alg":"ES256","b64":false}""")]
    [InlineData("""{"alg":"ES256","b64":true}""")]
    public async Task Parse_refuses_critical_extensions(string header)
    {
        Assert.Equal(JoseCodes.JwsCritical, Refuse(await SignRawAsync(header)));
        CompactJws.Parse(await SignRawAsync("""{"alg":"ES256","x":1}"""));
    }

    [Fact]
    [Trait("Row", "JSN-01")]
    [Trait("Row", "JSN-02")]
    public async Task Parse_refuses_a_header_with_equal_names()
    {
        Assert.Equal(JoseCodes.JwsMalformed, Refuse(await SignRawAsync("""{"alg":"ES256","alg":"ES256"}""")));
        Assert.Equal(JoseCodes.JwsMalformed, Refuse(await SignRawAsync("""{"alg":"ES256","\u0061lg":"none"}""")));
    }

    [Theory]
    [Trait("Row", "B64-05")]
    [InlineData("a.b")]
    [InlineData("a.b.c.d")]
    [InlineData("a.b.c.d.e")]
    [InlineData("a.b.c.d.e.f")]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("..")]
    public void Parse_refuses_any_other_number_of_parts(string token) => Assert.Equal(JoseCodes.JwsMalformed, Refuse(token));

    [Fact]
    [Trait("Row", "B64-05")]
    public async Task Parse_refuses_empty_parts()
    {
        string[] parts = (await SignAsync()).Split('.');
        Assert.Equal(JoseCodes.JwsMalformed, Refuse($"{parts[0]}.{parts[1]}."));
        Assert.Equal(JoseCodes.JwsMalformed, Refuse($"{parts[0]}..{parts[2]}"));
        Assert.Equal(JoseCodes.JwsMalformed, Refuse($".{parts[1]}.{parts[2]}"));
        CompactJws.Parse(string.Join('.', parts));
    }

    [Fact]
    [Trait("Row", "B64-01")]
    [Trait("Row", "B64-02")]
    [Trait("Row", "B64-03")]
    [Trait("Row", "B64-10")]
    public async Task Parse_refuses_odd_characters_in_every_part()
    {
        string token = await SignAsync();
        string[] parts = token.Split('.');
        for (int i = 0; i < 3; i++)
            foreach (string odd in new[] { " ", "\n", "\t", "=", "+", "/", "\0", "é", "%7E", "한" })
            {
                string[] changed = [.. parts];
                changed[i] = changed[i].Insert(4, odd);
                Assert.Equal(JoseCodes.JwsMalformed, Refuse(string.Join('.', changed)));
            }
        CompactJws.Parse(token);
    }

    [Fact]
    [Trait("Row", "B64-04")]
    public async Task Parse_refuses_a_second_spelling_of_the_signature()
    {
        string token = await SignAsync(); // 64 bytes: the last character has four spare bits
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        string second = token[..^1] + Alphabet[Alphabet.IndexOf(token[^1], StringComparison.Ordinal) + 1];
        Assert.Equal(JoseCodes.JwsMalformed, Refuse(second));
    }

    [Fact]
    [Trait("Row", "B64-06")]
    public async Task Parse_measures_before_it_looks()
    {
        Assert.Equal(JoseCodes.JwsTooLarge, Refuse(new string('.', 100_000)));
        Assert.Equal(JoseCodes.JwsTooLarge, Refuse(new string('A', 1 << 20)));
        Assert.Equal(JoseCodes.JwsMalformed, Refuse(new string('.', 60_000)));
        string token = await SignAsync();
        CompactJws.Parse(token, token.Length);
        Assert.Equal(JoseCodes.JwsTooLarge, Refuse(token, token.Length - 1));
    }

    [Fact]
    [Trait("Row", "JOS-05")]
    [Trait("Row", "JOS-06")]
    [Trait("Row", "JOS-07")]
    public async Task Keys_that_the_token_brings_are_never_used()
    {
        using SoftwareSigningKey attacker = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        JsonObject header = new()
        {
            ["jwk"] = Jwk.Write(attacker.PublicKey),
            ["jku"] = "http://169.254.169.254/keys",
            ["x5u"] = "http://169.254.169.254/cert",
            ["kid"] = "../../dev/null'; DROP TABLE keys;--",
        };
        CompactJws jws = CompactJws.Parse(await SignAsync(header, attacker));
        Assert.False(jws.VerifySignature(Key.PublicKey)); // the caller's key decides
        header["kid"] = "\0" + new string('k', 1 << 20);
        string big = await SignAsync(header, attacker);
        Assert.Equal(JoseCodes.JwsTooLarge, Refuse(big));
    }

    [Fact]
    [Trait("Row", "JOS-12")]
    public async Task Signatures_that_are_no_points_of_the_curve_order_are_refused()
    {
        string token = await SignAsync();
        string input = token[..token.LastIndexOf('.')];
        byte[] good = StrictBase64Url.Decode(token.AsSpan(input.Length + 1));
        byte[] order = Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");
        byte[] der = Key.Ecdsa!.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        byte[][] bad = [new byte[64], [.. order, .. good[32..]], [.. good[..32], .. order], good[..63], [.. good, 0], der, [.. good[..32], .. new byte[32]]];
        foreach (byte[] signature in bad)
            Assert.False(CompactJws.Parse($"{input}.{StrictBase64Url.Encode(signature)}").VerifySignature(Key.PublicKey));
        Assert.True(CompactJws.Parse(token).VerifySignature(Key.PublicKey));
    }

    [Fact]
    [Trait("Row", "JOS-13")]
    public async Task The_mirrored_signature_verifies_so_replay_keys_are_never_taken_from_it()
    {
        string token = await SignAsync();
        byte[] signature = StrictBase64Url.Decode(token.AsSpan(token.LastIndexOf('.') + 1));
        BigInteger order = BigInteger.Parse("0FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);
        byte[] mirrored = (order - new BigInteger(signature[32..], isUnsigned: true, isBigEndian: true)).ToByteArray(isUnsigned: true, isBigEndian: true);
        byte[] padded = [.. signature[..32], .. new byte[32 - mirrored.Length], .. mirrored];
        string twin = $"{token[..token.LastIndexOf('.')]}.{StrictBase64Url.Encode(padded)}";
        Assert.NotEqual(token, twin);
        Assert.True(CompactJws.Parse(twin).VerifySignature(Key.PublicKey));
    }

    [Fact]
    public async Task A_token_says_what_was_signed()
    {
        JsonObject header = new() { ["typ"] = "test+jwt", ["kid"] = "k1" };
        string token = await SignAsync(header);
        CompactJws jws = CompactJws.Parse(token);
        Assert.Equal((token, "test+jwt", "k1", "ES256"), (jws.Text, jws.Type, jws.KeyId, jws.Algorithm));
        Assert.Equal("""{"sub":"s"}""", Encoding.UTF8.GetString(jws.Payload.Span));
        Assert.Equal("s", jws.PayloadObject.GetProperty("sub").GetString());
        Assert.Equal(["typ", "kid"], header.Select(member => member.Key));
        Assert.Throws<ArgumentNullException>(() => CompactJws.Parse((string)null!));
    }

    [Theory]
    [InlineData("""{"alg":"ES256","typ":1}""")]
    [InlineData("""{"alg":"ES256","kid":1}""")]
    [InlineData("""{"alg":"ES256","x":[[[[[[[[1]]]]]]]]}""")]
    public async Task A_header_of_the_wrong_types_or_nested_too_deep_is_malformed(string header)
    {
        await Assert.ThrowsAsync<MalformedDataException>(async () => CompactJws.Parse(await SignRawAsync(header)));
        CompactJws.Parse(await SignRawAsync("""{"alg":"ES256","kid":"1","typ":"x","x":[[[[[[[1]]]]]]]}"""));
    }

    [Fact]
    [Trait("Row", "JOS-11")]
    public async Task The_type_is_compared_exactly()
    {
        CompactJws jws = CompactJws.Parse(await SignAsync(new JsonObject { ["typ"] = "kb+jwt" }));
        jws.RequireType("dc+sd-jwt", "kb+jwt");
        Assert.Equal(JoseCodes.JwsType, Assert.Throws<MalformedDataException>(() => jws.RequireType("KB+JWT")).Code);
        Assert.Throws<MalformedDataException>(() => CompactJws.Parse(SignRawAsync("""{"alg":"ES256"}""").Result).RequireType("kb+jwt"));
    }

    [Theory]
    [Trait("Row", "SDJ-28")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("x")]
    public async Task A_payload_that_is_no_object_is_refused(string payload)
    {
        CompactJws jws = CompactJws.Parse(await SignRawAsync("""{"alg":"ES256"}""", payload: payload));
        Assert.Equal(JoseCodes.JwsMalformed, Assert.Throws<MalformedDataException>(() => jws.PayloadObject).Code);
    }
}
