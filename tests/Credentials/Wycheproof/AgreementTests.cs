using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Software;

namespace Credentials.Tests.Wycheproof;

/// <summary>Key agreement on P-256, from points and from JWK; nothing of ours reads a key for it from SubjectPublicKeyInfo.</summary>
public class AgreementTests
{
    [Fact]
    public async Task Ecdh_with_points() => await CheckAsync("ecdh_secp256r1_ecpoint_test.json", test =>
    {
        var point = test.Hex("public");
        if (point is not [4, ..])
            throw new NotSupportedCredentialException(KeyCodes.NotSupported, "Compressed points are not read.");
        var length = (point.Length - 1) / 2;
        return (KeyAgreementPublicKey.FromCoordinates(point.AsSpan(1, length), point.AsSpan(1 + length)), Private(test.Hex("private")));
    });

    [Fact]
    public async Task Ecdh_with_JWK() => await CheckAsync("ecdh_secp256r1_webcrypto_test.json", test =>
        (Jwk.ParseKeyAgreement(test.Json.GetProperty("public")), test.Json.GetProperty("private")));

    private static async Task CheckAsync(string file, Func<WycheproofCase, (KeyAgreementPublicKey Public, JsonElement Private)> read)
    {
        var agreed = new Dictionary<int, bool>();
        foreach (var test in Corpus.Read(file))
            agreed[test.Id] = await AgreesAsync(test, read);
        Corpus.Check(file, test => agreed[test.Id]);
    }

    private static async Task<bool> AgreesAsync(WycheproofCase test, Func<WycheproofCase, (KeyAgreementPublicKey Public, JsonElement Private)> read)
    {
        try
        {
            var (peer, jwk) = read(test);
            using var key = SoftwareKeyAgreementKey.FromPrivateJwk(jwk);
            return (await key.DeriveSecretAsync(peer, TestContext.Current.CancellationToken)).AsSpan().SequenceEqual(test.Hex("shared"));
        }
        catch (CredentialException)
        {
            return false;
        }
    }

    // Private keys come as integers of any length; the public half is worked out.
    private static JsonElement Private(byte[] integer)
    {
        var d = integer.AsSpan().TrimStart((byte)0).ToArray();
        d = [.. new byte[32 - d.Length], .. d];
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = d });
        var q = key.ExportParameters(false).Q;
        return StrictJson.ToElement(new JsonObject
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["x"] = StrictBase64Url.Encode(q.X),
            ["y"] = StrictBase64Url.Encode(q.Y),
            ["d"] = StrictBase64Url.Encode(d),
        });
    }
}
