using System.Security.Cryptography;
using Credentials.Codecs;
using Credentials.Keys;

namespace Credentials.Tests.Wycheproof;

public class SignatureTests
{
    // The same numbers r and s in another spelling: nothing is forged, and no replay is found by a certificate's signature bytes.
    private static readonly Difference[] _otherSpellings =
    [
        new("The platform reads an s whose leading zero is missing as the number that was meant.",
            test => test.Comment == "Legacy: ASN encoding of s misses leading 0", AcceptsMore: true),
    ];

    [Theory]
    [InlineData("ecdsa_secp256r1_sha256_p1363_test.json", "ES256")]
    [InlineData("ecdsa_secp384r1_sha384_p1363_test.json", "ES384")]
    [InlineData("ecdsa_secp521r1_sha512_p1363_test.json", "ES512")]
    public void Ecdsa_signatures_as_JOSE_and_COSE_carry_them(string file, string alg) => Corpus.Check(file, test =>
        ReadKey(test, SignatureAlgorithm.FromJose(alg)!) is { } key && key.Verify(test.Hex("msg"), test.Hex("sig")));

    // The toolkit's own formats have no DER signatures. Those of certificates are verified by the platform, which is called here as it calls itself.
    [Theory]
    [InlineData("ecdsa_secp256r1_sha256_test.json", "SHA256", true)]
    [InlineData("ecdsa_secp384r1_sha384_test.json", "SHA384", true)]
    [InlineData("ecdsa_secp521r1_sha512_test.json", "SHA512", false)]
    public void Ecdsa_signatures_as_certificates_carry_them(string file, string hash, bool readsOtherSpellings) => Corpus.Check(file, test =>
    {
        using var key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(Convert.FromHexString(test.Group.RequireString("publicKeyDer")), out _);
            return key.VerifyData(test.Hex("msg"), test.Hex("sig"), new HashAlgorithmName(hash), DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }, readsOtherSpellings ? _otherSpellings : []);

    [Fact]
    public void Ed25519_signatures() => Corpus.Check("ed25519_test.json", test =>
    {
        var key = PublicKey.FromCoordinates(SignatureAlgorithm.EdDsa, Convert.FromHexString(test.Group.GetProperty("publicKey").RequireString("pk")), []);
        return key.Verify(test.Hex("msg"), test.Hex("sig"));
    });

    private static PublicKey? ReadKey(WycheproofCase test, SignatureAlgorithm algorithm)
    {
        var point = Convert.FromHexString(test.Group.GetProperty("publicKey").RequireString("uncompressed"));
        var length = (point.Length - 1) / 2;
        try
        {
            return PublicKey.FromCoordinates(algorithm, point.AsSpan(1, length), point.AsSpan(1 + length));
        }
        catch (MalformedDataException)
        {
            return null;
        }
    }
}
