using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Keys;
using Credentials.Keys.Software;

namespace Credentials.Tests.Keys;

/// <summary>Private keys for ECDH that come as JWKs.</summary>
public class KeyAgreementKeyTests
{
    [Fact]
    public async Task A_key_comes_back_from_its_jwk_and_its_public_half_can_be_had_alone()
    {
        using var key = SoftwareKeyAgreementKey.Generate();
        var jwk = StrictJson.ToElement(key.ExportPrivateJwk());
        using var again = SoftwareKeyAgreementKey.FromPrivateJwk(jwk);
        using var peer = SoftwareKeyAgreementKey.Generate();

        Assert.Equal(await key.DeriveSecretAsync(peer.PublicKey, TestContext.Current.CancellationToken), await again.DeriveSecretAsync(peer.PublicKey, TestContext.Current.CancellationToken));
        Assert.Equal(await peer.DeriveSecretAsync(key.PublicKey, TestContext.Current.CancellationToken), await peer.DeriveSecretAsync(SoftwareKeyAgreementKey.PublicKeyOf(jwk), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_secret_is_what_the_platform_derives_of_keys_that_it_made_and_of_ours()
    {
        for (var i = 0; i < 50; i++)
        {
            using var ours = SoftwareKeyAgreementKey.Generate();
            using var platform = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
            var point = platform.ExportParameters(false).Q;
            using var peer = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = ours.PublicKey.X.ToArray(), Y = ours.PublicKey.Y.ToArray() } });

            Assert.Equal(
                platform.DeriveRawSecretAgreement(peer.PublicKey),
                await ours.DeriveSecretAsync(KeyAgreementPublicKey.FromCoordinates(point.X, point.Y), TestContext.Current.CancellationToken));
        }
    }

    [Theory]
    [InlineData("x", "another key's")]
    [InlineData("y", "another key's")]
    [InlineData("d", "another key's")]
    [InlineData("d", "longer")]
    [InlineData("d", "shorter")]
    [InlineData("d", "zero")]
    [InlineData("d", "the order")]
    public void Halves_that_do_not_belong_together_and_numbers_that_are_no_key_are_refused(string member, string with)
    {
        using var key = SoftwareKeyAgreementKey.Generate();
        using var other = SoftwareKeyAgreementKey.Generate();
        var jwk = key.ExportPrivateJwk();
        var bytes = StrictBase64Url.Decode((string)jwk[member]!, "test");
        jwk[member] = with switch
        {
            "another key's" => (JsonNode?)(string)other.ExportPrivateJwk()[member]!,
            "longer" => StrictBase64Url.Encode([0, .. bytes]),
            "shorter" => StrictBase64Url.Encode(bytes.AsSpan(1)),
            "zero" => StrictBase64Url.Encode(new byte[32]),
            // SEC 2 §2.4.2, n of secp256r1
            _ => StrictBase64Url.Encode(Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551")),
        };

        Assert.Equal(KeyCodes.Invalid, Assert.Throws<MalformedDataException>(() => SoftwareKeyAgreementKey.FromPrivateJwk(StrictJson.ToElement(jwk))).Code);
    }
}
