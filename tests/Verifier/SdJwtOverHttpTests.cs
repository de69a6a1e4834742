using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.Verifier.Tests.Setup;
using Credentials.X509;

namespace Credentials.Verifier.Tests;

/// <summary>RFC 9901 §7.1 over HTTP: credentials that the agency's real key signed and that are spoilt in one place.</summary>
public sealed class SdJwtOverHttpTests(TestVerifier verifier) : IClassFixture<TestVerifier>
{
    private readonly TestWallet _wallet = new(verifier);

    private static readonly Dictionary<string, Action<Forgery>> Cases = new()
    {
        ["a disclosure of no digest"] = f => f.Disclosures.Add(Forgery.Disclosure("stray-salt-of-length", "given_name", "길동")),
        ["a digest twice in one _sd"] = f => ((JsonArray)f.Payload["_sd"]!).Add(Forgery.Digest(f.Disclosures[0])),
        ["a digest twice in two objects"] = f => f.Payload["address"] = new JsonObject { ["_sd"] = new JsonArray(Forgery.Digest(f.Disclosures[0])) },
        ["a disclosure twice"] = f => f.Disclosures.Add(f.Disclosures[0]),
        ["two disclosures of one name"] = f => f.Disclose(Forgery.Disclosure("second-salt-of-length", "age_over_19", false)),
        ["a disclosure of a name that is there"] = f => f.Payload["age_over_19"] = false,
        ["a claim named _sd"] = f => f.Disclose(Forgery.Disclosure("salt-salt-salt-salt-sa", "_sd", "x")),
        ["a claim named ..."] = f => f.Disclose(Forgery.Disclosure("salt-salt-salt-salt-sa", "...", "x")),
        ["_sd_alg in a disclosure"] = f => f.Disclose(Forgery.Disclosure("salt-salt-salt-salt-sa", "_sd_alg", "sha-256")),
        ["_sd_alg in a nested object"] = f => f.Payload["address"] = new JsonObject { ["_sd_alg"] = "sha-256" },
        ["an array element where a member belongs"] = f => f.Disclose(Forgery.Element("salt-salt-salt-salt-sa", "x")),
        ["a member where an array element belongs"] = f =>
        {
            var member = Forgery.Disclosure("salt-salt-salt-salt-sa", "x", "x");
            f.Disclosures.Add(member);
            f.Payload["list"] = new JsonArray(new JsonObject { ["..."] = Forgery.Digest(member) });
        },
        ["a disclosure of one element"] = f => f.Disclose(Forgery.Encode(new JsonArray("salt"))),
        ["a disclosure of four elements"] = f => f.Disclose(Forgery.Encode(new JsonArray("salt", "x", "y", "z"))),
        ["a disclosure that is an object"] = f => f.Disclose(Forgery.Encode(new JsonObject { ["x"] = 1 })),
        ["a salt that is a number"] = f => f.Disclose(Forgery.Encode(new JsonArray(1, "x", "y"))),
        ["a name that is a number"] = f => f.Disclose(Forgery.Encode(new JsonArray("salt", 1, "y"))),
        ["_sd is a string"] = f => f.Payload["_sd"] = Forgery.Digest(f.Disclosures[0]),
        ["_sd has a number"] = f => ((JsonArray)f.Payload["_sd"]!).Add(1),
        ["_sd has an array"] = f => ((JsonArray)f.Payload["_sd"]!).Add(new JsonArray()),
        ["an array digest with a second member"] = f => f.Payload["list"] = new JsonArray(new JsonObject { ["..."] = Forgery.Digest("x"), ["x"] = 1 }),
        ["an array digest that is a number"] = f => f.Payload["list"] = new JsonArray(new JsonObject { ["..."] = 1 }),
        ["501 disclosures"] = f =>
        {
            for (var i = 0; i < 501; i++)
                f.Disclose(Forgery.Disclosure($"salt-salt-salt-salt-{i}", $"c{i}", i));
        },
        ["a child without its parent"] = f =>
        {
            var child = Forgery.Disclosure("salt-salt-salt-salt-ch", "city", "종로구");
            var parent = Forgery.Disclosure("salt-salt-salt-salt-pa", "address", new JsonObject { ["_sd"] = new JsonArray(Forgery.Digest(child)) });
            ((JsonArray)f.Payload["_sd"]!).Add(Forgery.Digest(parent));
            f.Disclosures.Add(child);
        },
        ["_sd_alg md5"] = f => f.Payload["_sd_alg"] = "md5",
        ["_sd_alg SHA-256"] = f => f.Payload["_sd_alg"] = "SHA-256",
        ["_sd_alg empty"] = f => f.Payload["_sd_alg"] = "",
        ["_sd_alg a number"] = f => f.Payload["_sd_alg"] = 1,
        ["exp made disclosable"] = f => Move(f, "exp"),
        ["vct made disclosable"] = f => Move(f, "vct"),
        ["cnf made disclosable"] = f => Move(f, "cnf"),
        ["status made disclosable"] = f => f.Disclose(Forgery.Disclosure("salt-salt-salt-salt-st", "status", new JsonObject())),
        ["no vct"] = f => f.Payload.Remove("vct"),
        ["no final tilde"] = f => (f.WithKeyBinding, f.AfterBinding) = (false, t => t.TrimEnd('~')),
        ["an empty disclosure"] = f => f.BeforeBinding = t => t + "~",
        ["only a tilde"] = f => (f.WithKeyBinding, f.AfterBinding) = (false, _ => "~"),
        ["a leading tilde"] = f => f.AfterBinding = t => "~" + t,
        ["payload is an array"] = f => f.RawPayload = "[]"u8.ToArray(),
        ["payload is a string"] = f => f.RawPayload = "\"x\""u8.ToArray(),
        ["payload has two cnf"] = f => f.RawPayload = Encoding.UTF8.GetBytes(f.Payload.ToJsonString().Replace("{\"vct\"", "{\"cnf\":{},\"vct\"", StringComparison.Ordinal)),
        ["payload is not UTF-8"] = f => f.RawPayload = [.. "{\"vct\":\""u8, 0xff, .. "\"}"u8],
        ["another issuer's key"] = f => f.IssuerKey = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256),
        ["one bit of the signature"] = f => f.BeforeBinding = t => FlipBeforeTilde(t, 5),
        ["one bit of the payload"] = f => f.BeforeBinding = t => FlipBeforeTilde(t, 120),
        ["expired"] = f => f.Payload["exp"] = f.Payload["iat"]!.GetValue<long>() - 3600,
        ["not yet valid"] = f => f.Payload["nbf"] = f.Payload["exp"]!.GetValue<long>(),
        ["exp is a string"] = f => f.Payload["exp"] = "1900000000",
        ["exp is beyond all time"] = f => f.Payload["exp"] = 1e18,
        ["status index is a fraction"] = f => f.Payload["status"] = JsonNode.Parse("""{"status_list":{"idx":3.9,"uri":"http://localhost/status/1"}}"""),
        ["no x5c"] = f => f.Header.Remove("x5c"),
        ["its own key in the header"] = f =>
        {
            f.Header.Remove("x5c");
            f.Header["jwk"] = Credentials.Jose.Jwk.Write(f.IssuerKey.PublicKey);
        },
    };

    public static TheoryData<string> CaseNames => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(CaseNames))]
    [Trait("Row", "SDJ-01")]
    [Trait("Row", "SDJ-02")]
    [Trait("Row", "SDJ-04")]
    [Trait("Row", "SDJ-06")]
    [Trait("Row", "SDJ-07")]
    [Trait("Row", "SDJ-08")]
    [Trait("Row", "SDJ-09")]
    [Trait("Row", "SDJ-10")]
    [Trait("Row", "SDJ-11")]
    [Trait("Row", "SDJ-12")]
    [Trait("Row", "SDJ-14")]
    [Trait("Row", "SDJ-15")]
    [Trait("Row", "SDJ-19")]
    [Trait("Row", "SDJ-21")]
    [Trait("Row", "SDJ-24")]
    [Trait("Row", "SDJ-25")]
    [Trait("Row", "SDJ-28")]
    [Trait("Row", "SDJ-29")]
    [Trait("Row", "JSN-03")]
    [Trait("Row", "JSN-04")]
    [Trait("Row", "JSN-08")]
    [Trait("Row", "JSN-09")]
    [Trait("Row", "JOS-05")]
    public async Task A_spoilt_credential_is_not_accepted(string name)
    {
        var created = await verifier.CreateAsync("over-19");
        var request = await _wallet.ResolveAsync(created.RequestUri);

        using var response = await _wallet.AnswerAsync(request, await Forgery.MakeAsync(verifier, request.Request, Cases[name]));

        await verifier.AssertNotAcceptedAsync(created, response);
    }

    private static readonly Dictionary<string, Action<Forgery>> Twins = new()
    {
        ["as it stands"] = _ => { },
        ["with decoys"] = f => ((JsonArray)f.Payload["_sd"]!).Add(Forgery.Digest("a decoy")),
        ["with _sd_alg"] = f => f.Payload["_sd_alg"] = "sha-256",
        ["parent shown, child withheld"] = f => f.Disclose(Forgery.Disclosure("salt-salt-salt-salt-pa", "address", new JsonObject { ["_sd"] = new JsonArray(Forgery.Digest("withheld")) })),
        ["a nested claim called status"] = f => f.Payload["address"] = new JsonObject { ["status"] = "x" },
        ["exp as a fraction"] = f => f.Payload["exp"] = f.Payload["exp"]!.GetValue<long>() + 0.5,
    };

    public static TheoryData<string> TwinNames => [.. Twins.Keys];

    [Theory]
    [MemberData(nameof(TwinNames))]
    [Trait("Row", "SDJ-13")]
    [Trait("Row", "SDJ-17")]
    public async Task Its_sound_twin_is_accepted_and_its_bookkeeping_stays_inside(string name)
    {
        var created = await verifier.CreateAsync("over-19");
        var request = await _wallet.ResolveAsync(created.RequestUri);

        using var response = await _wallet.AnswerAsync(request, await Forgery.MakeAsync(verifier, request.Request, Twins[name]));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var claims = (await verifier.StateAsync(created.Id)).GetProperty("report").GetProperty("parts")[0].GetProperty("claims");
        Assert.Equal("""{"age_over_19":true}""", claims.GetRawText());
    }

    [Fact]
    [Trait("Row", "X5-18")]
    public async Task A_refused_certificate_leaves_its_code_and_nothing_else()
    {
        const string Name = "canary-7391";
        using var root = CertificateAuthority.Create($"{Name} Root", "KR", verifier.Clock.Now);
        using var key = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        using var signer = root.IssueDocumentSigner($"{Name} Signer", key, verifier.Clock.Now);
        var created = await verifier.CreateAsync("over-19");
        var request = await _wallet.ResolveAsync(created.RequestUri);

        using var response = await _wallet.AnswerAsync(request, await Forgery.MakeAsync(verifier, request.Request, f =>
        {
            f.IssuerKey = key;
            f.Header["x5c"] = X5c.ToJson([signer]);
            f.Disclose(Forgery.Disclosure("salt-of-enough-length", "family_name", Name));
        }));

        var report = await verifier.AssertNotAcceptedAsync(created, response, "issuer_key", X509Codes.Untrusted);
        using var page = await verifier.BrowseAsync($"/v/{created.Id}", await verifier.OpenPageAsync(created));
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.DoesNotContain(Name, report.GetRawText(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Name, await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.OrdinalIgnoreCase);
        verifier.Log.AssertLoggedNoneOf(Name, Convert.ToBase64String(signer.RawData), signer.Thumbprint);
    }

    private static void Move(Forgery forgery, string name)
    {
        var value = forgery.Payload[name]!.DeepClone();
        forgery.Payload.Remove(name);
        forgery.Disclose(Forgery.Disclosure("salt-salt-salt-salt-mv", name, value));
    }

    private static string FlipBeforeTilde(string text, int back)
    {
        var at = text.IndexOf('~') - back;
        return text[..at] + (text[at] == 'A' ? 'B' : 'A') + text[(at + 1)..];
    }
}
