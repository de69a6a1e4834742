using System.Text.Json;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys.Software;

namespace Credentials.Tests.Wycheproof;

/// <summary>JWS, JWE and JWK through our own parsers. What we leave out on purpose is refused; that is the only way in which we differ.</summary>
public class JoseTests
{
    private const string SymmetricJws = "JWS on HMAC is not supported, on purpose: no format of this field has a shared secret.";
    private const string RsaJws = "JWS on RSA is not supported, on purpose.";
    private const string OtherJwe = "JWE is direct key agreement on P-256 with A128GCM or A256GCM, and nothing else.";
    private const string MisspeltAlgorithm = "The key says ES521, which is no algorithm; it should say ES512.";

    [Fact]
    public void Signatures() => Corpus.Check("json_web_signature_test.json", IsSigned,
    [
        new(SymmetricJws, test => KeyType(test) == "oct"),
        new(RsaJws, test => KeyType(test) == "RSA"),
        new(MisspeltAlgorithm, test => Key(test).OptionalString("alg") == "ES521"),
    ]);

    [Fact]
    public void Key_sets() => Corpus.Check("json_web_key_test.json", IsSigned,
    [
        new(SymmetricJws, test => KeyType(test) == "oct"),
        new(RsaJws, test => KeyType(test) == "RSA"),
    ]);

    [Fact]
    public async Task Encryption() => await CheckEncryptionAsync("json_web_encryption_test.json", [new(OtherJwe, IsOtherJwe)]);

    [Fact]
    public async Task Everything_together() => await CheckEncryptionAsync("json_web_crypto_test.json",
    [
        new(SymmetricJws, test => test.Json.Member("jws") is not null && KeyType(test) == "oct"),
        new(RsaJws, test => test.Json.Member("jws") is not null && KeyType(test) == "RSA"),
        new(OtherJwe, test => test.Json.Member("jwe") is not null && IsOtherJwe(test)),
    ]);

    private static async Task CheckEncryptionAsync(string file, IReadOnlyList<Difference> differences)
    {
        var accepted = new Dictionary<int, bool>();
        foreach (var test in Corpus.Read(file))
            accepted[test.Id] = test.Json.Member("jwe") is null ? IsSigned(test) : await IsDecryptedAsync(test);
        Corpus.Check(file, test => accepted[test.Id], differences);
    }

    private static bool IsSigned(WycheproofCase test)
    {
        try
        {
            var jws = CompactJws.Parse(Text(test.Json.GetProperty("jws")));
            // The key that the context names: by its id in a set, or the only one there is.
            var keys = KeysOf(test).Where(key => key.OptionalString("kid") is not { } kid || jws.KeyId is null || kid == jws.KeyId).ToArray();
            return keys is [var key] && jws.VerifySignature(Jwk.ParsePublic(key));
        }
        catch (CredentialException)
        {
            return false;
        }
    }

    private static async Task<bool> IsDecryptedAsync(WycheproofCase test)
    {
        try
        {
            var jwe = CompactJwe.Parse(Text(test.Json.GetProperty("jwe")));
            using var key = SoftwareKeyAgreementKey.FromPrivateJwk(Key(test));
            var plaintext = await Jwe.DecryptAsync(jwe, key, JweEncryption.All, TestContext.Current.CancellationToken);
            return test.Json.Member("pt") is null || plaintext.AsSpan().SequenceEqual(test.Hex("pt"));
        }
        catch (CredentialException)
        {
            return false;
        }
    }

    private static bool IsOtherJwe(WycheproofCase test) =>
        KeyType(test) != "EC" || Key(test).OptionalString("alg") != "ECDH-ES" || test.Json.OptionalString("enc") is not ("A128GCM" or "A256GCM");

    private static string Text(JsonElement token) => token.ValueKind == JsonValueKind.String ? token.GetString()! : token.GetRawText();

    private static string KeyType(WycheproofCase test) => Key(test).RequireString("kty");

    private static JsonElement Key(WycheproofCase test) => KeysOf(test)[0];

    private static IReadOnlyList<JsonElement> KeysOf(WycheproofCase test)
    {
        var key = test.Group.Member("public") ?? test.Group.GetProperty("private");
        return key.Member("keys") is null ? [key] : Jwk.ParseSet(key);
    }
}
