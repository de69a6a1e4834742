using Credentials.Codecs;
using Credentials.Dids;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Software;

namespace Credentials.Tests.Dids;

/// <summary>did:key and did:jwk: identifiers that carry their key.</summary>
public class DidKeyTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly DidResolver s_resolver = new(DidMethods.Key | DidMethods.Jwk);

    [Theory]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    [InlineData("EdDSA")]
    public async Task A_key_comes_back_from_its_did(string algorithm)
    {
        using var key = SoftwareSigningKey.Generate(SignatureAlgorithm.FromJose(algorithm)!);
        var (didKey, didJwk) = (DidKey.Create(key.PublicKey), DidJwk.Create(key.PublicKey));

        foreach (var (did, id) in new[] { (didKey, DidKey.VerificationMethodOf(didKey)), (didJwk, DidJwk.VerificationMethodOf(didJwk)) })
        {
            foreach (var use in new[] { VerificationRelationship.AssertionMethod, VerificationRelationship.Authentication })
            {
                var method = await s_resolver.RetrieveAsync(id, use, s_now, TestContext.Current.CancellationToken);
                Assert.Equal(key.PublicKey, method.Key);
                Assert.Equal(did, method.Controller);
                Assert.Equal([method], (await s_resolver.ResolveAsync(did, s_now, TestContext.Current.CancellationToken)).FindAll(use, s_now));
            }
        }
    }

    [Theory]
    [Trait("Row", "DID-06")]
    [InlineData("did:key:6Mkf5rGMoatrSj1f4CyvuHBeXJELe9RPdzo2PKGNCKVtZxP", CodecCodes.MultibaseMalformed)] // no multibase letter
    [InlineData("did:key:u7QEJX5oaWV3edWhoZK0D36Wk-9aIMlZjZOK2XhPMnkQ", CodecCodes.MultibaseMalformed)] // base64url
    [InlineData("did:key:z6Mkf5rGMoatrSj1f4CyvuHBeXJELe9RPdzo2PKGNCKVtZx0", CodecCodes.MultibaseMalformed)] // 0 is no letter of base58
    [InlineData("did:key:z6LSeu9HkTHSfLLeUs2nnzUSNedgDUevfNQgQjQC23ZCit6F", KeyCodes.NotSupported)] // X25519
    [InlineData("did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme", KeyCodes.NotSupported)] // secp256k1
    [InlineData("did:key:1:z6Mkf5rGMoatrSj1f4CyvuHBeXJELe9RPdzo2PKGNCKVtZxP", DidCodes.Malformed)]
    [InlineData("did:key:", DidCodes.Malformed)]
    public async Task A_did_key_with_other_contents_is_refused(string did, string code)
    {
        Assert.Equal(code, await RefusalAsync(did));
        await s_resolver.ResolveAsync("did:key:z6Mkf5rGMoatrSj1f4CyvuHBeXJELe9RPdzo2PKGNCKVtZxP", s_now, TestContext.Current.CancellationToken);
    }

    [Theory]
    [Trait("Row", "DID-06")]
    [InlineData(31, KeyCodes.Invalid)]
    [InlineData(32, null)]
    [InlineData(33, KeyCodes.Invalid)]
    public async Task A_did_key_has_a_key_of_the_length_of_its_kind(int length, string? code)
    {
        using var key = SoftwareSigningKey.Generate(SignatureAlgorithm.EdDsa);
        byte[] padded = [.. Multikey.Encode(key.PublicKey), 0];
        var did = $"did:key:{Multibase.EncodeBase58Btc(padded.AsSpan(0, 2 + length))}";
        if (code is not null) Assert.Equal(code, await RefusalAsync(did));
        else Assert.Equal(did, (await s_resolver.ResolveAsync(did, s_now, TestContext.Current.CancellationToken)).Id);
    }

    [Theory]
    [Trait("Row", "DID-06")]
    [InlineData("""{"kty":"OKP","crv":"Ed25519","x":"CV-aGlld3nVdgnhoZK0D36Wk-9aIMlZjZOK2XhPMnkQ","d":"AAAA"}""", JoseCodes.JwkPrivate)]
    [InlineData("""{"kty":"OKP","crv":"Ed25519","x":"CV-aGlld3nVdgnhoZK0D36Wk-9aIMlZjZOK2XhPMnkQ","x":"AA"}""", DidCodes.Malformed)]
    [InlineData("""{"kty":"OKP","crv":"Ed25519","x":"CV-aGlld3nVdgnhoZK0D36Wk-9aIMlZjZOK2XhPMng"}""", KeyCodes.Invalid)]
    [InlineData("""{"kty":"OKP","crv":"X25519","use":"sig","x":"3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08"}""", JoseCodes.JwkNotSupported)]
    [InlineData("""{"kty":"oct","k":"AAAA"}""", JoseCodes.JwkPrivate)]
    [InlineData("""[]""", DidCodes.Malformed)]
    public async Task A_did_jwk_with_other_contents_is_refused(string jwk, string code)
    {
        Assert.Equal(code, await RefusalAsync($"did:jwk:{StrictBase64Url.Encode(System.Text.Encoding.UTF8.GetBytes(jwk))}"));
        Assert.Equal(DidCodes.Malformed, await RefusalAsync("did:jwk:e30="));
    }

    [Fact]
    public async Task The_use_of_a_did_jwk_decides_what_its_key_is_for()
    {
        using var agreement = SoftwareKeyAgreementKey.Generate();
        using var signing = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        var encryptionOnly = $"did:jwk:{StrictBase64Url.Encode(StrictJson.ToUtf8(Jwk.Write(agreement.PublicKey)))}";
        var jwk = Jwk.Write(signing.PublicKey);
        jwk["use"] = "sig";
        var signatureOnly = $"did:jwk:{StrictBase64Url.Encode(StrictJson.ToUtf8(jwk))}";

        Assert.Equal(DidCodes.Relationship, await RefusalAsync($"{encryptionOnly}#0", VerificationRelationship.AssertionMethod));
        Assert.Equal(DidCodes.Relationship, await RefusalAsync($"{signatureOnly}#0", VerificationRelationship.KeyAgreement));
        var method = await s_resolver.RetrieveAsync($"{signatureOnly}#0", VerificationRelationship.AssertionMethod, s_now, TestContext.Current.CancellationToken);
        Assert.Equal(signing.PublicKey, method.Key);
    }

    [Theory]
    [InlineData("#1", DidCodes.MethodMissing)]
    [InlineData("#", DidCodes.Malformed)]
    [InlineData("", DidCodes.Malformed)]
    [InlineData("?versionId=1#0", DidCodes.Malformed)]
    [InlineData("/path#0", DidCodes.Malformed)]
    public async Task Only_the_one_key_of_a_did_is_found(string suffix, string code)
    {
        using var key = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        Assert.Equal(code, await RefusalAsync(DidJwk.Create(key.PublicKey) + suffix, VerificationRelationship.AssertionMethod));
    }

    [Theory]
    [Trait("Row", "DID-07")]
    [Trait("Row", "DID-10")]
    [InlineData("did:webvh:QmZ3nSbc9:agency.example")] // its log could say that it is deactivated, and nobody here reads that log
    [InlineData("did:tdw:QmZ3nSbc9:agency.example")]
    [InlineData("did:web:agency.example")] // switched off here
    [InlineData("https://agency.example/issuer")]
    [InlineData("did:example:123")]
    public async Task A_method_that_is_not_switched_on_is_refused(string identifier) =>
        Assert.Equal(DidCodes.MethodNotSupported, await RefusalAsync(identifier));

    [Theory]
    [InlineData("did:Key:z6Mkf5rGMoatrSj1f4CyvuHBeXJELe9RPdzo2PKGNCKVtZxP")]
    [InlineData("DID:key:z6Mkf5rGMoatrSj1f4CyvuHBeXJELe9RPdzo2PKGNCKVtZxP")]
    [InlineData("did:key:z6Mkf5rGMoatrSj1f4CyvuHBeXJELe9RPdzo2PKGNCKVtZxP ")]
    [InlineData("did:key")]
    [InlineData("did:")]
    [InlineData("urn:uuid:0c07c1ce-57cb-41af-bef2-1b932b986873")]
    [InlineData("http://agency.example/issuer")]
    [InlineData("")]
    public async Task What_is_no_identifier_is_refused(string identifier) => Assert.Equal(DidCodes.Malformed, await RefusalAsync(identifier));

    [Fact]
    public void A_resolver_that_fetches_needs_a_way_out()
    {
        Assert.Throws<ArgumentException>(() => new DidResolver(DidMethods.Web));
        Assert.Throws<ArgumentException>(() => new DidResolver(DidMethods.Key | DidMethods.Https));
    }

    private static async Task<string> RefusalAsync(string identifier) => (await Assert.ThrowsAnyAsync<CredentialException>(() =>
        s_resolver.ResolveAsync(identifier, s_now, TestContext.Current.CancellationToken))).Code;

    private static async Task<string> RefusalAsync(string method, VerificationRelationship use) => (await Assert.ThrowsAnyAsync<CredentialException>(() =>
        s_resolver.RetrieveAsync(method, use, s_now, TestContext.Current.CancellationToken))).Code;
}
