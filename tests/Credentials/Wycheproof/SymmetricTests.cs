using System.Security.Cryptography;

namespace Credentials.Tests.Wycheproof;

/// <summary>The platform's primitives, called with the sizes that JWE, sessions and device MACs use them with.</summary>
public class SymmetricTests
{
    [Fact]
    public void Aes_gcm() => Corpus.Check("aes_gcm_test.json",
        test =>
        {
            try
            {
                using var aes = new AesGcm(test.Hex("key"), 16);
                var plaintext = new byte[test.Hex("ct").Length];
                aes.Decrypt(test.Hex("iv"), test.Hex("ct"), test.Hex("tag"), plaintext, test.Hex("aad"));
                return plaintext.AsSpan().SequenceEqual(test.Hex("msg"));
            }
            catch (Exception e) when (e is CryptographicException or ArgumentException)
            {
                return false;
            }
        },
        [new("A nonce has 96 bits, as JWE (RFC 7518 §5.3) and ISO/IEC 18013-5 §9.1.1.5 say.", test => test.Group.GetProperty("ivSize").GetInt32() != 96)]);

    [Theory]
    [InlineData("hkdf_sha256_test.json", "SHA256")]
    [InlineData("hkdf_sha384_test.json", "SHA384")]
    [InlineData("hkdf_sha512_test.json", "SHA512")]
    public void Hkdf(string file, string hash) => Corpus.Check(file, test =>
    {
        try
        {
            var derived = HKDF.DeriveKey(new HashAlgorithmName(hash), test.Hex("ikm"), test.Json.GetProperty("size").GetInt32(), test.Hex("salt"), test.Hex("info"));
            return derived.AsSpan().SequenceEqual(test.Hex("okm"));
        }
        catch (ArgumentOutOfRangeException)
        {
            return false;
        }
    });

    [Fact]
    public void Hmac() => Corpus.Check("hmac_sha256_test.json", test =>
    {
        var tag = HMACSHA256.HashData(test.Hex("key"), test.Hex("msg")).AsSpan(0, test.Group.GetProperty("tagSize").GetInt32() / 8);
        return CryptographicOperations.FixedTimeEquals(tag, test.Hex("tag"));
    });
}
