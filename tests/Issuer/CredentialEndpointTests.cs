using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Issuer.Tests.Setup;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.OpenId4Vci;
using Credentials.SdJwt;
using Credentials.Tests.Shared;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Tests;

public class CredentialEndpointTests(PostgresServer postgres)
{
    public static TheoryData<string> BadProofs => new(
    [
        "signature by another key", "alg none", "HS256", "unsupported alg", "aud other", "aud array", "aud with slash", "aud missing", "iat missing", "iat text", "nonce missing",
        "typ JWT", "typ missing", "kid beside jwk", "x5c instead of jwk", "no key", "private jwk", "oct jwk", "point off the curve", "use enc", "key_ops sign", "alg of jwk other",
        "iss of an anonymous wallet", "crit", "garbage", "two segments",
    ]);

    [Theory]
    [MemberData(nameof(BadProofs))]
    [Trait("Row", "VCC-02")]
    [Trait("Row", "VCC-04")]
    [Trait("Row", "VCC-06")]
    [Trait("Row", "JOS-01")]
    [Trait("Row", "JOS-08")]
    [Trait("Row", "JOS-11")]
    [Trait("Row", "JOS-14")]
    [Trait("Row", "JOS-15")]
    [Trait("Row", "JOS-16")]
    [Trait("Row", "JOS-18")]
    [Trait("Row", "JOS-21")]
    [Trait("Row", "B64-05")]
    public async Task A_bad_proof_is_invalid_proof_and_uses_nothing_up(string kind)
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        var token = await issuer.AccessTokenAsync(await issuer.OfferAsync());
        var nonce = await issuer.NonceAsync();
        using (var refused = await issuer.CredentialAsync(token, [await BadProofAsync(kind, issuer.Url, nonce)]))
            await RunningIssuer.AssertErrorAsync(refused, HttpStatusCode.BadRequest, "invalid_proof");
        Assert.Equal(0, await issuer.ReadAsync(db => db.Credentials.CountAsync()));

        // The same nonce and token still serve a good proof.
        using var good = await issuer.CredentialAsync(token, await Proofs.MakeAsync(issuer.Url, nonce));
        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    [InlineData("EdDSA")]
    [Trait("Row", "VCC-02")]
    public async Task Every_announced_algorithm_is_taken(string algorithm)
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        var token = await issuer.AccessTokenAsync(await issuer.OfferAsync());
        var key = Proofs.NewKey(SignatureAlgorithm.FromJose(algorithm));
        // A phone whose clock is wrong by years: the nonce carries our time (OpenID4VCI §13.8).
        using var response = await issuer.CredentialAsync(token, [await Proofs.MakeAsync(key, issuer.Url, await issuer.NonceAsync(), DateTimeOffset.UtcNow.AddYears(-3))]);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var credential = SdJwtCredential.Parse(CredentialResponse.Parse(await RunningIssuer.JsonAsync(response)).Credentials[0]);
        Assert.Equal(key.PublicKey, Jwk.ParsePublic(credential.UnverifiedClaims().GetProperty("cnf").GetProperty("jwk")));
    }

    [Theory]
    [InlineData("", "invalid_proof")]
    [InlineData(""","proofs":{}""", "invalid_proof")]
    [InlineData(""","proofs":{"jwt":[]}""", "invalid_proof")]
    [InlineData(""","proofs":{"jwt":"x"}""", "invalid_proof")]
    [InlineData(""","proofs":{"jwt":["x"],"di_vp":[]}""", "invalid_proof")]
    [InlineData(""","proof":{"proof_type":"jwt","jwt":"x"}""", "invalid_proof")]
    [Trait("Row", "VCC-01")]
    public async Task A_missing_proof_is_invalid_proof(string member, string error)
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        var token = await issuer.AccessTokenAsync(await issuer.OfferAsync());
        using var response = await issuer.CredentialAsync(token, $$"""{"credential_configuration_id":"mdl_sd_jwt"{{member}}}""");
        await RunningIssuer.AssertErrorAsync(response, HttpStatusCode.BadRequest, error);
    }

    [Fact]
    [Trait("Row", "VCC-07")]
    public async Task A_nonce_that_is_random_forged_expired_or_from_elsewhere_is_invalid_nonce()
    {
        using var folder = new TempFolder();
        using var otherFolder = new TempFolder();
        var clock = new TestClock();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, clock: clock);
        await using var other = await RunningIssuer.StartAsync(otherFolder.FullPath, clock: clock);
        var offer = await issuer.OfferAsync();
        var expired = await issuer.NonceAsync();
        clock.Advance(TimeSpan.FromMinutes(5));
        var token = await issuer.AccessTokenAsync(offer);
        var good = await issuer.NonceAsync();
        var forged = StrictBase64Url.Decode(good);
        forged[^1] ^= 1;
        foreach (var nonce in new[] { "random", expired, await other.NonceAsync(), StrictBase64Url.Encode(forged), good + "A" })
        {
            using var response = await issuer.CredentialAsync(token, await Proofs.MakeAsync(issuer.Url, nonce));
            await RunningIssuer.AssertErrorAsync(response, HttpStatusCode.BadRequest, "invalid_nonce");
        }

        using var right = await issuer.CredentialAsync(token, await Proofs.MakeAsync(issuer.Url, good));
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
    }

    [Theory]
    [InlineData(Databases.Sqlite)]
    [InlineData(Databases.Postgres)]
    [Trait("Row", "VCC-08")]
    [Trait("Row", "VCC-15")]
    public async Task The_same_request_gets_the_same_answer_and_its_nonce_serves_no_other(string database)
    {
        using var folder = new TempFolder();
        var connection = await Databases.ConnectionAsync(database, postgres);
        await using var one = await RunningIssuer.StartAsync(folder.FullPath, connection);
        await using var two = database == Databases.Postgres
            ? await RunningIssuer.StartAsync(folder.FullPath, connection, one.Url)
            : await RunningIssuer.StartAsync(folder.FullPath, publicUrl: one.Url);
        var token = await one.AccessTokenAsync(await one.OfferAsync());
        var nonce = await one.NonceAsync();
        var body = StrictJson.ToText(new CredentialRequest { ConfigurationId = "mdl_sd_jwt", JwtProofs = await Proofs.MakeAsync(one.Url, nonce, 2) }.ToJson());

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(async i =>
        {
            using var response = await (i % 2 == 0 ? one : two).CredentialAsync(token, body);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            return await response.Content.ReadAsStringAsync(RunningIssuer.Ct);
        }));
        Assert.Single(answers.Distinct());
        Assert.Equal(2, (await one.RegisterAsync()).Count);

        // The nonce in any other request; then a new nonce for what has been issued.
        using var reused = await two.CredentialAsync(token, await Proofs.MakeAsync(one.Url, nonce));
        await RunningIssuer.AssertErrorAsync(reused, HttpStatusCode.BadRequest, "invalid_nonce");
        var otherToken = await one.AccessTokenAsync(await one.OfferAsync());
        using var elsewhere = await two.CredentialAsync(otherToken, await Proofs.MakeAsync(one.Url, nonce));
        await RunningIssuer.AssertErrorAsync(elsewhere, HttpStatusCode.BadRequest, "invalid_nonce");
        using var again = await two.CredentialAsync(token, await Proofs.MakeAsync(one.Url, await one.NonceAsync()));
        await RunningIssuer.AssertErrorAsync(again, HttpStatusCode.BadRequest, "credential_request_denied");
        Assert.Equal(2, (await one.RegisterAsync()).Count);
    }

    [Fact]
    [Trait("Row", "VCC-15")]
    public async Task A_kept_answer_outlives_the_token_but_not_its_ten_minutes()
    {
        using var folder = new TempFolder();
        var clock = new TestClock();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, clock: clock);
        var token = await issuer.AccessTokenAsync(await issuer.OfferAsync());
        var body = StrictJson.ToText(new CredentialRequest { ConfigurationId = "mdl_sd_jwt", JwtProofs = await Proofs.MakeAsync(issuer.Url, await issuer.NonceAsync()) }.ToJson());
        using var first = await issuer.CredentialAsync(token, body);
        clock.Advance(TimeSpan.FromMinutes(9));
        using var second = await issuer.CredentialAsync(token, body);
        Assert.Equal(await first.Content.ReadAsStringAsync(RunningIssuer.Ct), await second.Content.ReadAsStringAsync(RunningIssuer.Ct));
        clock.Advance(TimeSpan.FromMinutes(1));
        using var third = await issuer.CredentialAsync(token, body);
        await RunningIssuer.AssertErrorAsync(third, HttpStatusCode.Unauthorized, "invalid_token");
    }

    [Fact]
    [Trait("Row", "VCC-15")]
    public async Task What_cannot_be_stored_is_not_delivered_and_a_retry_gets_it_once()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        var token = await issuer.AccessTokenAsync(await issuer.OfferAsync());
        var body = StrictJson.ToText(new CredentialRequest { ConfigurationId = "mdl_sd_jwt", JwtProofs = await Proofs.MakeAsync(issuer.Url, await issuer.NonceAsync(), 3) }.ToJson());

        // The last write of the transaction fails, when all is signed.
        await issuer.ReadAsync(db => db.Database.ExecuteSqlRawAsync("CREATE TRIGGER refuse BEFORE UPDATE OF State ON Offers WHEN NEW.State = 2 BEGIN SELECT RAISE(ABORT, 'full'); END"));
        using var refused = await issuer.CredentialAsync(token, body);
        Assert.False(refused.IsSuccessStatusCode);
        Assert.DoesNotContain("credentials", await refused.Content.ReadAsStringAsync(RunningIssuer.Ct), StringComparison.Ordinal);
        Assert.Empty(await issuer.RegisterAsync());

        await issuer.ReadAsync(db => db.Database.ExecuteSqlRawAsync("DROP TRIGGER refuse"));
        using var retry = await issuer.CredentialAsync(token, body);
        Assert.Equal(HttpStatusCode.OK, retry.StatusCode);
        Assert.Equal(3, (await issuer.RegisterAsync()).Count);
    }

    [Fact]
    [Trait("Row", "VCC-11")]
    public async Task A_batch_has_different_keys_and_a_cap()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        var token = await issuer.AccessTokenAsync(await issuer.OfferAsync());
        var nonce = await issuer.NonceAsync();
        var key = Proofs.NewKey();
        using var twice = await issuer.CredentialAsync(token, [await Proofs.MakeAsync(key, issuer.Url, nonce), await Proofs.MakeAsync(key, issuer.Url, await issuer.NonceAsync())]);
        await RunningIssuer.AssertErrorAsync(twice, HttpStatusCode.BadRequest, "invalid_proof");
        using var many = await issuer.CredentialAsync(token, await Proofs.MakeAsync(issuer.Url, nonce, 21));
        await RunningIssuer.AssertErrorAsync(many, HttpStatusCode.BadRequest, "invalid_credential_request");
        // Different valid nonces in one request are fine, and 20 is the cap.
        List<string> proofs = [.. await Proofs.MakeAsync(issuer.Url, nonce, 19), .. await Proofs.MakeAsync(issuer.Url, await issuer.NonceAsync())];
        using var right = await issuer.CredentialAsync(token, proofs);
        Assert.Equal(20, CredentialResponse.Parse(await RunningIssuer.JsonAsync(right)).Credentials.Count);
    }

    [Fact]
    [Trait("Row", "VCC-12")]
    public async Task A_token_that_is_missing_unknown_expired_or_in_the_query_is_refused()
    {
        using var folder = new TempFolder();
        var clock = new TestClock();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, clock: clock);
        var token = await issuer.AccessTokenAsync(await issuer.OfferAsync());
        var proofs = await Proofs.MakeAsync(issuer.Url, await issuer.NonceAsync());
        using var missing = await issuer.CredentialAsync(null, proofs);
        Assert.Equal("Bearer", missing.Headers.WwwAuthenticate.ToString());
        using var unknown = await issuer.CredentialAsync("unknown", proofs);
        await RunningIssuer.AssertErrorAsync(unknown, HttpStatusCode.Unauthorized, "invalid_token");
        using var apiKey = await issuer.CredentialAsync(issuer.ApiKey, proofs);
        await RunningIssuer.AssertErrorAsync(apiKey, HttpStatusCode.Unauthorized, "invalid_token");
        using var query = await issuer.Http.PostAsync($"/credential?access_token={token}", RunningIssuer.Json("{}"), RunningIssuer.Ct);
        Assert.Equal(HttpStatusCode.Unauthorized, query.StatusCode);
        clock.Advance(TimeSpan.FromMinutes(5));
        using var expired = await issuer.CredentialAsync(token, await Proofs.MakeAsync(issuer.Url, await issuer.NonceAsync()));
        await RunningIssuer.AssertErrorAsync(expired, HttpStatusCode.Unauthorized, "invalid_token");

        var fresh = await issuer.AccessTokenAsync(await issuer.OfferAsync());
        using var right = await issuer.CredentialAsync(fresh, await Proofs.MakeAsync(issuer.Url, await issuer.NonceAsync()));
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
    }

    [Theory]
    [InlineData(""" "credential_configuration_id":"resident_sd_jwt" """, HttpStatusCode.Forbidden, "insufficient_scope")]
    [InlineData(""" "credential_configuration_id":"nothing_like_it" """, HttpStatusCode.BadRequest, "unknown_credential_configuration")]
    [InlineData(""" "credential_identifier":"nothing_like_it" """, HttpStatusCode.BadRequest, "unknown_credential_identifier")]
    [InlineData(""" "credential_identifier":"mdl_sd_jwt","credential_configuration_id":"mdl_sd_jwt" """, HttpStatusCode.BadRequest, "invalid_credential_request")]
    [InlineData(""" "format":"dc+sd-jwt" """, HttpStatusCode.BadRequest, "invalid_credential_request")]
    [Trait("Row", "VCC-13")]
    public async Task What_is_asked_for_must_be_one_known_and_covered_credential(string members, HttpStatusCode status, string error)
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        var token = await issuer.AccessTokenAsync(await issuer.OfferAsync());
        var proof = (await Proofs.MakeAsync(issuer.Url, await issuer.NonceAsync()))[0];
        using var response = await issuer.CredentialAsync(token, $$$"""{{{{members}}},"proofs":{"jwt":["{{{proof}}}"]}}""");
        await RunningIssuer.AssertErrorAsync(response, status, error);
    }

    [Fact]
    [Trait("Row", "VCC-14")]
    [Trait("Row", "VCC-27")]
    public async Task An_encrypted_answer_to_a_plain_request_is_refused_and_nothing_is_sent_in_the_clear()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        var token = await issuer.AccessTokenAsync(await issuer.OfferAsync());
        var request = new CredentialRequest { ConfigurationId = "mdl_sd_jwt", JwtProofs = await Proofs.MakeAsync(issuer.Url, await issuer.NonceAsync()) }.ToJson();
        request["credential_response_encryption"] = new JsonObject { ["jwk"] = new JsonObject(), ["enc"] = "A256GCM" };
        using var response = await issuer.CredentialAsync(token, StrictJson.ToText(request));
        await RunningIssuer.AssertErrorAsync(response, HttpStatusCode.BadRequest, "invalid_encryption_parameters");
        Assert.Empty(await issuer.RegisterAsync());
    }

    [Fact]
    [Trait("Row", "VCC-19")]
    public async Task Claims_that_the_wallet_sends_change_nothing()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        var token = await issuer.AccessTokenAsync(await issuer.OfferAsync());
        var request = new CredentialRequest { ConfigurationId = "mdl_sd_jwt", JwtProofs = await Proofs.MakeAsync(issuer.Url, await issuer.NonceAsync()) }.ToJson();
        request["claims"] = new JsonObject { ["family_name"] = "Hacker" };
        request["family_name"] = "Hacker";
        using var response = await issuer.CredentialAsync(token, StrictJson.ToText(request));
        var claims = SdJwtCredential.Parse(CredentialResponse.Parse(await RunningIssuer.JsonAsync(response)).Credentials[0]).UnverifiedClaims();
        Assert.Equal(SampleClaims.FamilyName, claims.RequireString("family_name"));
    }

    [Fact]
    [Trait("Row", "VCC-26")]
    public async Task Tokens_nonces_credentials_and_errors_are_not_cached()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        var offer = await issuer.OfferAsync();
        using var nonce = await issuer.Http.PostAsync("/nonce", null, RunningIssuer.Ct);
        using var token = await issuer.TokenAsync(offer.Code);
        var access = TokenResponse.Parse(await RunningIssuer.JsonAsync(token)).AccessToken;
        using var bad = await issuer.CredentialAsync(access, "{}");
        using var credential = await issuer.CredentialAsync(access, await Proofs.MakeAsync(issuer.Url, NonceResponse.Parse(await RunningIssuer.JsonAsync(nonce)).CNonce));
        Assert.Equal(HttpStatusCode.OK, credential.StatusCode);
        foreach (var response in new[] { nonce, token, bad, credential })
            Assert.True(response.Headers.CacheControl!.NoStore);
    }

    private static async Task<string> BadProofAsync(string kind, string audience, string nonce)
    {
        var key = Proofs.NewKey();
        Task<string> Changed(Action<JsonObject, JsonObject> change) => Proofs.ChangedAsync(key, audience, nonce, change);
        async Task<string> WithHeader(string header)
        {
            var parts = (await Proofs.MakeAsync(key, audience, nonce)).Split('.');
            return $"{StrictBase64Url.Encode(Encoding.UTF8.GetBytes(header))}.{parts[1]}.{parts[2]}";
        }

        var jwk = StrictJson.ToText(Jwk.Write(key.PublicKey));
        return kind switch
        {
            "signature by another key" => await Changed((header, _) => header["jwk"] = Jwk.Write(Proofs.NewKey().PublicKey)),
            "alg none" => await WithHeader($$"""{"alg":"none","typ":"openid4vci-proof+jwt","jwk":{{jwk}}}"""),
            "HS256" => await WithHeader($$"""{"alg":"HS256","typ":"openid4vci-proof+jwt","jwk":{{jwk}}}"""),
            "unsupported alg" => await WithHeader($$"""{"alg":"ES256K","typ":"openid4vci-proof+jwt","jwk":{{jwk}}}"""),
            "aud other" => await Changed((_, payload) => payload["aud"] = "https://other.example"),
            "aud array" => await Changed((_, payload) => payload["aud"] = new JsonArray(audience)),
            "aud with slash" => await Changed((_, payload) => payload["aud"] = audience + "/"),
            "aud missing" => await Changed((_, payload) => payload.Remove("aud")),
            "iat missing" => await Changed((_, payload) => payload.Remove("iat")),
            "iat text" => await Changed((_, payload) => payload["iat"] = "1700000000"),
            "nonce missing" => await Changed((_, payload) => payload.Remove("nonce")),
            "typ JWT" => await Changed((header, _) => header["typ"] = "JWT"),
            "typ missing" => await Changed((header, _) => header.Remove("typ")),
            "kid beside jwk" => await Changed((header, _) => header["kid"] = "1"),
            "x5c instead of jwk" => await Changed((header, _) => { header.Remove("jwk"); header["x5c"] = new JsonArray("AAAA"); }),
            "no key" => await Changed((header, _) => header.Remove("jwk")),
            "private jwk" => await Changed((header, _) => header["jwk"] = key.ExportPrivateJwk()),
            "oct jwk" => await Changed((header, _) => header["jwk"] = new JsonObject { ["kty"] = "oct", ["k"] = "AAAA" }),
            "point off the curve" => await Changed((header, _) => header["jwk"]!["y"] = StrictBase64Url.Encode(new byte[32])),
            "use enc" => await Changed((header, _) => header["jwk"]!["use"] = "enc"),
            "key_ops sign" => await Changed((header, _) => header["jwk"]!["key_ops"] = new JsonArray("sign")),
            "alg of jwk other" => await Changed((header, _) => header["jwk"]!["alg"] = "ES384"),
            "iss of an anonymous wallet" => await Changed((_, payload) => payload["iss"] = "some-client"),
            "crit" => await Changed((header, _) => { header["crit"] = new JsonArray("x"); header["x"] = 1; }),
            "garbage" => "not a jwt",
            "two segments" => string.Join('.', (await Proofs.MakeAsync(key, audience, nonce)).Split('.')[..2]),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
    }
}
