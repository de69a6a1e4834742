using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Software;

namespace Credentials.Tests.Keys;

public class MultikeyTests
{
    // W3C Controlled Identifiers 1.0, Appendix "Multikey Examples".
    [Theory]
    [InlineData(
        "zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv",
        """{"kty":"EC","crv":"P-256","x":"igrFmi0whuihKnj9R3Om1SoMph72wUGeFaBbzG2vzns","y":"efsX5b10x8yjyrj4ny3pGfLcY7Xby1KzgqOdqnsrJIM"}""")]
    [InlineData(
        "z82LkvCwHNreneWpsgPEbV3gu1C6NFJEBg4srfJ5gdxEsMGRJUz2sG9FE42shbn2xkZJh54",
        """{"kty":"EC","crv":"P-384","x":"CA-iNoHDg1lL8pvX3d1uvExzVfCz7Rn6tW781Ub8K5MrDf2IMPyL0RTDiaLHC1JT","y":"Kpnrn8DkXUD3ge4mFxi-DKr0DYO2KuJdwNBrhzLRtfMa3WFMZBiPKUPfJj8dYNl_"}""")]
    [InlineData(
        "z6Mkf5rGMoatrSj1f4CyvuHBeXJELe9RPdzo2PKGNCKVtZxP",
        """{"kty":"OKP","crv":"Ed25519","x":"CV-aGlld3nVdgnhoZK0D36Wk-9aIMlZjZOK2XhPMnkQ"}""")]
    public void Parse_and_write_agree_with_the_published_keys(string multikey, string jwk)
    {
        var key = Multikey.Parse(multikey);

        Assert.Equal(Jwk.ParsePublic(StrictJson.Parse(jwk)), key);
        Assert.Equal(multikey, Multikey.Write(key));
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    [InlineData("EdDSA")]
    public void Fresh_keys_come_back_as_they_were(string algorithm)
    {
        // Sixteen keys: y is even for some and odd for others, and a short y has zeros in front.
        for (var i = 0; i < 16; i++)
        {
            using var key = SoftwareSigningKey.Generate(SignatureAlgorithm.FromJose(algorithm)!);
            Assert.Equal(key.PublicKey, Multikey.Parse(Multikey.Write(key.PublicKey)));
        }
    }

    [Theory]
    [Trait("Row", "DID-06")]
    [InlineData("eb01")] // BLS12-381 G2
    [InlineData("8624")] // SM2
    [InlineData("8626")] // a secret key on P-256
    [InlineData("8026")] // a secret Ed25519 key
    [InlineData("ed")]
    [InlineData("")]
    public void Decode_rejects_other_multicodec_numbers(string prefix)
    {
        // RFC 8032 §7.1, test 1: one of 256 others begins with what makes "ed" the number of Ed25519.
        var key = PublicKey.FromCoordinates(SignatureAlgorithm.EdDsa, Convert.FromHexString("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"), []);
        var encoded = Multikey.Encode(key);

        var refusal = Assert.Throws<NotSupportedCredentialException>(() => Multikey.Decode([.. Convert.FromHexString(prefix), .. encoded.AsSpan(2)]));
        Assert.Equal(KeyCodes.NotSupported, refusal.Code);
        Assert.Equal(key, Multikey.Decode([0xed, 0x01, .. encoded.AsSpan(2)]));
    }

    [Theory]
    [Trait("Row", "DID-06")]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    [InlineData("EdDSA")]
    public void Decode_rejects_a_key_of_another_length_or_form(string algorithm)
    {
        using var key = SoftwareSigningKey.Generate(SignatureAlgorithm.FromJose(algorithm)!);
        var encoded = Multikey.Encode(key.PublicKey);
        List<byte[]> wrong = [encoded[..^1], [.. encoded, 0], encoded[..2]];
        if (algorithm != "EdDSA")
        {
            wrong.Add([.. encoded.AsSpan(0, 2), 4, .. key.PublicKey.X, .. key.PublicKey.Y]); // uncompressed
            wrong.Add([.. encoded.AsSpan(0, 2), 5, .. key.PublicKey.X]);
            wrong.Add([.. encoded.AsSpan(0, 3), .. Enumerable.Repeat((byte)0xff, key.PublicKey.X.Length)]); // x over the prime
        }

        Assert.All(wrong, bytes => Assert.Equal(KeyCodes.Invalid, Assert.Throws<MalformedDataException>(() => Multikey.Decode(bytes)).Code));
        Assert.Equal(key.PublicKey, Multikey.Decode(encoded));
    }

    [Fact]
    [Trait("Row", "DID-06")]
    public void Decode_rejects_an_x_that_no_point_has()
    {
        // Half of all x have no point: among 64 in a row some have one and some have none.
        var outcomes = Enumerable.Range(0, 64).Select(last =>
        {
            var bytes = new byte[35];
            (bytes[0], bytes[1], bytes[2], bytes[^1]) = (0x80, 0x24, 2, (byte)last);
            try
            {
                return Multikey.Decode(bytes).X[^1] == last;
            }
            catch (MalformedDataException e) when (e.Code == KeyCodes.Invalid)
            {
                return false;
            }
        }).ToArray();

        Assert.InRange(outcomes.Count(isPoint => isPoint), 16, 48);
    }

    [Fact]
    [Trait("Row", "DID-06")]
    public void Parse_rejects_a_key_in_base64url()
    {
        var encoded = Multikey.Encode(Multikey.Parse("z6Mkf5rGMoatrSj1f4CyvuHBeXJELe9RPdzo2PKGNCKVtZxP"));

        Assert.Throws<MalformedDataException>(() => Multikey.Parse(Multibase.EncodeBase64Url(encoded)));
        Assert.NotNull(Multikey.Parse(Multibase.EncodeBase58Btc(encoded)));
    }
}
