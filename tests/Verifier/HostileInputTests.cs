using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.OpenId4Vp;
using Credentials.Verifier.Tests.Setup;

namespace Credentials.Verifier.Tests;

/// <summary>Hostile bodies at every route that reads one: a 4xx with a stable error, never a 5xx, and nothing stored.</summary>
public sealed class HostileInputTests(TestVerifier verifier) : IClassFixture<TestVerifier>
{
    private readonly TestWallet _wallet = new(verifier);

    private static readonly Dictionary<string, byte[]> Json = new()
    {
        ["empty"] = [],
        ["two equal names"] = """{"policy":"over-19","policy":"over-19"}"""u8.ToArray(),
        ["two equal names, one escaped"] = """{"policy":"over-19","\u0070olicy":"over-19"}"""u8.ToArray(),
        ["invalid UTF-8"] = [.. "{\"policy\":\""u8, 0xff, 0xfe, .. "\"}"u8],
        ["lone surrogate in a value"] = """{"policy":"\ud800"}"""u8.ToArray(),
        ["lone surrogate in a name"] = """{"\ud800":"over-19"}"""u8.ToArray(),
        ["65 levels"] = Encoding.ASCII.GetBytes("{\"dcql_query\":" + new string('[', 65) + new string(']', 65) + "}"),
        ["100000 levels"] = Encoding.ASCII.GetBytes(new string('[', 100_000)),
        ["trailing data"] = """{"policy":"over-19"} {"policy":"over-19"}"""u8.ToArray(),
        ["name in another case"] = """{"Policy":"over-19"}"""u8.ToArray(),
        ["100000 members"] = Encoding.ASCII.GetBytes("{" + string.Join(',', Enumerable.Range(0, 15_000).Select(i => $"\"a{i}\":1")) + "}"),
        ["a name of 2000 characters"] = Encoding.ASCII.GetBytes($"{{\"{new string('a', 2000)}\":1}}"),
        ["2 MiB"] = Encoding.ASCII.GetBytes($"{{\"policy\":\"{new string('a', 2 << 20)}\"}}"),
        ["an array"] = "[]"u8.ToArray(),
        ["null member"] = """{"policy":null}"""u8.ToArray(),
        ["number member"] = """{"policy":1}"""u8.ToArray(),
        ["age 1e400"] = """{"dcql_query":{"credentials":[]},"purpose":"x","status_max_age_seconds":1e400}"""u8.ToArray(),
        ["age as a fraction"] = """{"dcql_query":{"credentials":[]},"purpose":"x","status_max_age_seconds":3.0}"""u8.ToArray(),
        ["query without credentials"] = """{"dcql_query":{"credentials":[]},"purpose":"x"}"""u8.ToArray(),
        ["U+0000 in the purpose"] = """{"dcql_query":{"credentials":[{"id":"a","format":"dc+sd-jwt","meta":{"vct_values":["x"]}}]},"purpose":"x\u0000y"}"""u8.ToArray(),
        ["policy and query"] = """{"policy":"over-19","dcql_query":{}}"""u8.ToArray(),
        ["unknown policy"] = """{"policy":"../../etc/passwd"}"""u8.ToArray(),
    };

    public static TheoryData<string> JsonNames => [.. Json.Keys];

    [Theory]
    [MemberData(nameof(JsonNames))]
    [Trait("Row", "JSN-03")]
    [Trait("Row", "JSN-04")]
    [Trait("Row", "JSN-05")]
    [Trait("Row", "JSN-07")]
    [Trait("Row", "JSN-08")]
    [Trait("Row", "JSN-09")]
    [Trait("Row", "JSN-10")]
    [Trait("Row", "JSN-12")]
    [Trait("Row", "JSN-13")]
    public async Task The_relying_partys_routes_refuse_json_that_is_not_sound(string name)
    {
        foreach (var path in new[] { "/verifications", "/documents/verify" })
        {
            using var response = await verifier.SendAsync(HttpMethod.Post, path, null, Body(Json[name], "application/json"));
            Assert.InRange((int)response.StatusCode, 400, 499);
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
            Assert.Matches("^[a-z0-9_]+[.][a-z0-9_.]+$", TestVerifier.Text(await TestVerifier.ReadAsync(response), "code"));
        }
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded", "vp_token=%", 400)]
    [InlineData("application/x-www-form-urlencoded", "vp_token=%zz&state=a", 400)]
    [InlineData("application/x-www-form-urlencoded", "vp_token=%ff%fe&state=a", 400)]
    [InlineData("application/x-www-form-urlencoded", "state=a&state=a&vp_token={}", 400)]
    [InlineData("application/x-www-form-urlencoded", "", 400)]
    [InlineData("application/x-www-form-urlencoded", "response=", 400)]
    [InlineData("application/x-www-form-urlencoded", "response=a&vp_token={}&state=a", 400)]
    [InlineData("application/x-www-form-urlencoded", "response=....", 400)]
    [InlineData("application/json", "{}", 415)]
    [InlineData("text/plain", "vp_token={}", 415)]
    [InlineData("multipart/form-data; boundary=x", "--x--", 415)]
    public async Task The_response_address_refuses_bodies_that_are_no_sound_form(string type, string body, int status)
    {
        var created = await verifier.CreateAsync("over-19");
        var request = await _wallet.ResolveAsync(created.RequestUri);
        using var content = new ByteArrayContent(Encoding.Latin1.GetBytes(body));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);

        using var response = await verifier.Http.PostAsync(request.Request.ResponseUri, content, TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)response.StatusCode);
        await verifier.AssertLeftNothingAsync(created, response);
    }

    [Theory]
    [MemberData(nameof(JsonNames))]
    [Trait("Row", "JSN-03")]
    [Trait("Row", "JSN-04")]
    [Trait("Row", "JSN-07")]
    [Trait("Row", "JSN-13")]
    public async Task What_was_encrypted_is_held_to_the_same_rules(string name)
    {
        var created = await verifier.CreateAsync("over-19");
        var request = await _wallet.ResolveAsync(created.RequestUri);
        if (Json[name].Length > 200_000)
            return;
        var jwe = await Jwe.EncryptAsync(Json[name], request.Encryption!.Key, "A256GCM", request.Encryption.KeyId);

        using var response = await _wallet.SendAsync(request.Request, new Dictionary<string, string> { ["response"] = jwe });

        await verifier.AssertLeftNothingAsync(created, response);
    }

    private static readonly Dictionary<string, Func<string, string>> Jwes = new()
    {
        ["tag shortened"] = t => t[..^8],
        ["tag flipped"] = t => Flip(t, t.Length - 3),
        ["ciphertext flipped"] = t => Flip(t, t.Length - 40),
        ["header changed"] = t => With(t, h => h["cty"] = "JWT"),
        ["zip"] = t => With(t, h => h["zip"] = "DEF"),
        ["alg RSA1_5"] = t => With(t, h => h["alg"] = "RSA1_5"),
        ["alg dir"] = t => With(t, h => h["alg"] = "dir"),
        ["alg PBES2 with a huge count"] = t => With(t, h =>
        {
            h["alg"] = "PBES2-HS256+A128KW";
            h["p2c"] = int.MaxValue;
        }),
        ["enc not offered"] = t => With(t, h => h["enc"] = "A128CBC-HS256"),
        ["enc missing"] = t => With(t, h => h.Remove("enc")),
        ["epk missing"] = t => With(t, h => h.Remove("epk")),
        ["epk off its curve"] = t => With(t, h => h["epk"]!["y"] = h["epk"]!["x"]!.DeepClone()),
        ["epk with its private part"] = t => With(t, h => h["epk"]!["d"] = "AA"),
        ["kid of another request"] = t => With(t, h => h["kid"] = "another"),
        ["kid missing"] = t => With(t, h => h.Remove("kid")),
        ["apv added"] = t => With(t, h => h["apv"] = "AAAA"),
        ["four parts"] = t => t[..t.LastIndexOf('.')],
        ["iv of 8 bytes"] = t =>
        {
            var parts = t.Split('.');
            parts[2] = parts[2][..11];
            return string.Join('.', parts);
        },
    };

    public static TheoryData<string> JweNames => [.. Jwes.Keys];

    [Theory]
    [MemberData(nameof(JweNames))]
    [Trait("Row", "JWE-02")]
    [Trait("Row", "JWE-03")]
    [Trait("Row", "JWE-04")]
    [Trait("Row", "JWE-05")]
    [Trait("Row", "JWE-06")]
    [Trait("Row", "JWE-09")]
    [Trait("Row", "VPV-05")]
    public async Task A_spoilt_encryption_leaves_nothing_and_the_right_one_is_still_accepted(string name)
    {
        var created = await verifier.CreateAsync("over-19");
        var request = await _wallet.ResolveAsync(created.RequestUri);
        var form = await TestWallet.FormAsync(request, AuthorizationResponse.Success(
            TestWallet.Token(request.Request, await _wallet.PresentAsync(await verifier.Issuer.IssueLicenceAsync(), request.Request)), request.Request.State));

        using var refused = await _wallet.SendAsync(request.Request, new Dictionary<string, string> { ["response"] = Jwes[name](form["response"]) });

        await verifier.AssertLeftNothingAsync(created, refused);
        using var accepted = await _wallet.SendAsync(request.Request, form);
        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
    }

    [Theory]
    [InlineData("another key under our kid")]
    [InlineData("a JWE in a JWE")]
    [InlineData("a JWS in a JWE")]
    [Trait("Row", "JWE-07")]
    [Trait("Row", "JWE-08")]
    [Trait("Row", "VPV-05")]
    public async Task An_answer_encrypted_to_another_key_or_holding_another_token_leaves_nothing(string kind)
    {
        var created = await verifier.CreateAsync("over-19");
        var request = await _wallet.ResolveAsync(created.RequestUri);
        var good = AuthorizationResponse.Success(
            TestWallet.Token(request.Request, await _wallet.PresentAsync(await verifier.Issuer.IssueLicenceAsync(), request.Request)), request.Request.State);
        var encryption = request.Encryption!;
        using var other = SoftwareKeyAgreementKey.Generate();
        var jwe = kind switch
        {
            "another key under our kid" => (await new ResponseEncryption(other.PublicKey, encryption.KeyId, "A256GCM").EncryptAsync(good))["response"],
            "a JWE in a JWE" => await Jwe.EncryptAsync(Encoding.ASCII.GetBytes((await encryption.EncryptAsync(good))["response"]), encryption.Key, "A256GCM", encryption.KeyId),
            _ => await Jwe.EncryptAsync(Encoding.ASCII.GetBytes(await Jws.SignAsync([], good.ToJson(), SoftwareSigningKey.Generate(SignatureAlgorithm.Es256), TestContext.Current.CancellationToken)), encryption.Key, "A256GCM", encryption.KeyId),
        };

        using var response = await _wallet.SendAsync(request.Request, new Dictionary<string, string> { ["response"] = jwe });

        await verifier.AssertLeftNothingAsync(created, response);
    }

    [Theory]
    [InlineData("JWT")]
    [InlineData("kb+jwt")]
    [InlineData("openid4vci-proof+jwt")]
    [InlineData("oauth-authz-req+jwt")]
    [InlineData("statuslist+jwt")]
    [InlineData("dpop+jwt")]
    [InlineData("vc+sd-jwt")]
    [InlineData("at+jwt")]
    [InlineData("key-attestation+jwt")]
    [InlineData("oauth-client-attestation+jwt")]
    [InlineData("oauth-client-attestation-pop+jwt")]
    [InlineData(null)]
    [Trait("Row", "JOS-11")]
    public async Task Every_other_kind_of_token_is_refused_as_credential_and_as_binding(string? type)
    {
        foreach (var binding in new[] { false, true })
        {
            if (binding && type == "kb+jwt")
                continue;
            var created = await verifier.CreateAsync("over-19");
            var request = await _wallet.ResolveAsync(created.RequestUri);

            using var response = await _wallet.AnswerAsync(request, await Forgery.MakeAsync(verifier, request.Request, f => (binding ? f.KbHeader : f.Header)["typ"] = type));

            await verifier.AssertNotAcceptedAsync(created, response);
        }
    }

    [Fact]
    [Trait("Row", "JOS-11")]
    public async Task The_services_own_tokens_are_refused_as_presentations()
    {
        var created = await verifier.CreateAsync("over-19");
        var request = await _wallet.ResolveAsync(created.RequestUri);
        using var fetched = await _wallet.FetchAsync(RequestUri.Parse(created.RequestUri));
        var requestObject = await fetched.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        using var response = await _wallet.AnswerAsync(request, requestObject + "~");

        await verifier.AssertNotAcceptedAsync(created, response);
    }

    private static ByteArrayContent Body(byte[] bytes, string type)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return content;
    }

    private static string Flip(string text, int at) => text[..at] + (text[at] == 'A' ? 'B' : 'A') + text[(at + 1)..];

    private static string With(string jwe, Action<JsonObject> change)
    {
        var dot = jwe.IndexOf('.');
        var header = (JsonObject)StrictJson.ToNode(StrictJson.ParseObject(StrictBase64Url.Decode(jwe.AsSpan(0, dot), "test")))!;
        change(header);
        return StrictBase64Url.Encode(StrictJson.ToUtf8(header)) + jwe[dot..];
    }
}
