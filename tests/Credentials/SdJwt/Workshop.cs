using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.Trust;
using Credentials.X509;

namespace Credentials.Tests.SdJwt;

/// <summary>Makes SD-JWTs good and bad, piece by piece, with keys that every test shares.</summary>
internal static class Workshop
{
    public const string Vct = "urn:example:licence:1";
    public const string Audience = "x509_hash:Uvo3HtuIxuhC92rShpgqcT3YXwrqRxWEviRiA0OZszk";
    public const string Nonce = "n-0S6_WzA2Mj";

    public static readonly DateTimeOffset Now = new(2026, 11, 2, 9, 0, 0, TimeSpan.Zero);
    public static readonly SoftwareSigningKey IssuerKey = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
    public static readonly SoftwareSigningKey HolderKey = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
    public static readonly SoftwareSigningKey OtherKey = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
    public static readonly CertificateAuthority Authority = CertificateAuthority.Create("Test root", "KR", Now);
    public static readonly X509Certificate2 IssuerCertificate = Authority.IssueDocumentSigner("Test issuer", IssuerKey, Now);

    /// <summary>Trusts <see cref="IssuerKey"/> by itself.</summary>
    public static readonly TrustStore PinnedTrust =
        TrustStore.Create([TrustAnchor.ForKey(IssuerKey.PublicKey, TrustPurpose.CredentialIssuer)]);

    /// <summary>Trusts chains below <see cref="Authority"/>.</summary>
    public static readonly TrustStore RootTrust =
        TrustStore.Create([TrustAnchor.ForCertificate(Authority.Certificate, TrustPurpose.CredentialIssuer)]);

    public static SdJwtExpectations Expected { get; } = new()
    {
        Trust = PinnedTrust,
        Now = Now,
        KeyBinding = KeyBindingExpectation.NotRequested,
        Status = new StatusPolicy(StatusMode.Offline),
    };

    public static SdJwtExpectations Bound { get; } = Expected with { KeyBinding = KeyBindingExpectation.Required(Audience, Nonce) };

    /// <summary>An SD-JWT VC payload without anything disclosable, bound to <see cref="HolderKey"/>.</summary>
    public static JsonObject Payload(params ReadOnlySpan<(string Name, JsonNode? Value)> more)
    {
        var payload = new JsonObject
        {
            ["vct"] = Vct,
            ["iat"] = Now.AddDays(-1).ToUnixTimeSeconds(),
            ["exp"] = Now.AddDays(30).ToUnixTimeSeconds(),
            ["cnf"] = new JsonObject { ["jwk"] = Jwk.Write(HolderKey.PublicKey) },
        };
        foreach (var (name, value) in more) payload[name] = value;
        return payload;
    }

    public static JsonElement Json(string text) => StrictJson.Parse(Encoding.UTF8.GetBytes(text));

    public static JsonNode? Node(string text) => StrictJson.ToNode(Json(text));

    public static string B64(string text) => StrictBase64Url.Encode(Encoding.UTF8.GetBytes(text));

    public static string Digest(string disclosure) => DisclosureHash.Sha256.Digest(disclosure);

    /// <summary><c>{"...": digest}</c>.</summary>
    public static JsonObject Element(string disclosure) => new() { ["..."] = Digest(disclosure) };

    /// <summary>An <c>_sd</c> array for these disclosures.</summary>
    public static JsonArray Sd(params ReadOnlySpan<string> disclosures)
    {
        var digests = new JsonArray();
        foreach (var disclosure in disclosures) digests.Add(Digest(disclosure));
        return digests;
    }

    public static async Task<string> SignAsync(JsonObject payload, JsonObject? header = null, ISigningKey? key = null) =>
        await Jws.SignAsync(header ?? new JsonObject { ["typ"] = "dc+sd-jwt" }, payload, key ?? IssuerKey);

    /// <summary>The compact form of a payload and disclosures, signed by <see cref="IssuerKey"/>.</summary>
    public static async Task<string> SdJwtAsync(JsonObject payload, params string[] disclosures) =>
        Join(await SignAsync(payload), disclosures);

    public static string Join(string jwt, params ReadOnlySpan<string> disclosures)
    {
        var text = new StringBuilder(jwt).Append('~');
        foreach (var disclosure in disclosures) text.Append(disclosure).Append('~');
        return text.ToString();
    }

    public static JsonObject KeyBindingClaims(string sdJwt) => new()
    {
        ["iat"] = Now.ToUnixTimeSeconds(),
        ["aud"] = Audience,
        ["nonce"] = Nonce,
        ["sd_hash"] = Digest(sdJwt),
    };

    /// <summary>The SD-JWT with a key binding JWT, good unless something is given that is not.</summary>
    public static async Task<string> BindAsync(string sdJwt, Action<JsonObject>? change = null, string? typ = "kb+jwt", ISigningKey? key = null)
    {
        var claims = KeyBindingClaims(sdJwt);
        change?.Invoke(claims);
        var header = typ is null ? [] : new JsonObject { ["typ"] = typ };
        return sdJwt + await Jws.SignAsync(header, claims, key ?? HolderKey);
    }

    /// <summary>A credential of the shape that most tests need: flat, nested, recursive and array claims.</summary>
    public static Task<string> IssueAsync(Func<SdJwtContent, SdJwtContent>? change = null, ISigningKey? key = null)
    {
        var content = new SdJwtContent
        {
            Type = Vct,
            HolderKey = HolderKey.PublicKey,
            IssuedAt = Now.AddDays(-1),
            ExpiresAt = Now.AddDays(30),
            Claims = SampleClaims(),
            Disclosable =
            [
                ClaimPath.ParseText("given_name"), ClaimPath.ParseText("family_name"),
                ClaimPath.ParseText("address.city"), ClaimPath.ParseText("address.street"),
                ClaimPath.ParseText("licence"), ClaimPath.ParseText("licence.number"), ClaimPath.ParseText("licence.classes.*"),
                ClaimPath.ParseText("members.*"), ClaimPath.ParseText("members.*.name"),
            ],
        };
        return SdJwtIssuer.IssueAsync(change?.Invoke(content) ?? content, key ?? IssuerKey).AsTask();
    }

    public static JsonObject SampleClaims() => Node("""
        {
          "given_name": "민준", "family_name": "Kim", "country": "KR",
          "address": { "city": "Seoul", "street": "Sejong-daero 1", "region": "11" },
          "licence": { "number": "11-26-000001-01", "issued": "2026-01-02", "classes": ["B", "C"] },
          "members": [ { "name": "Seo-yeon", "age": 7 }, { "name": "Ji-ho", "age": 4 } ]
        }
        """)!.AsObject();

    public static Task<VerificationReport> VerifyAsync(string text, SdJwtExpectations? expected = null) =>
        SdJwtVerifier.VerifyAsync(text, expected ?? Expected, TestContext.Current.CancellationToken);

    public static async Task<JsonElement> AcceptAsync(string text, SdJwtExpectations? expected = null)
    {
        var report = await VerifyAsync(text, expected);
        Assert.True(report.TryGetVerified(out var verified), Describe(report));
        return verified.Claims;
    }

    /// <summary>Refused, with this check failed with this code, and no claims given away.</summary>
    public static async Task<VerificationReport> RefuseAsync(string text, string check, string code, SdJwtExpectations? expected = null)
    {
        var report = await VerifyAsync(text, expected);
        Assert.False(report.IsAccepted);
        Assert.False(report.TryGetVerified(out _));
        var found = report.Checks.Single(c => c.Id == check);
        Assert.True(found is { Outcome: CheckOutcome.Failed } && found.Code == code, Describe(report));
        return report;
    }

    /// <summary>Refused, and every other check passed, did not apply, or waits for this one.</summary>
    public static async Task RefuseOnlyAsync(string text, string check, string code, SdJwtExpectations? expected = null)
    {
        var report = await RefuseAsync(text, check, code, expected);
        Assert.All(report.Checks.Where(c => c.Id != check), c =>
            Assert.True(c.Outcome is CheckOutcome.Passed or CheckOutcome.NotApplicable || c.BlockedBy is not null, Describe(report)));
    }

    public static void AssertJson(JsonElement expected, JsonElement actual) =>
        Assert.True(JsonElement.DeepEquals(expected, actual), $"expected {expected.GetRawText()}\n but got {actual.GetRawText()}");

    public static void AssertJson(string expected, JsonElement actual) => AssertJson(Json(expected), actual);

    public static string Describe(VerificationReport report) =>
        string.Join('\n', report.Checks.Select(c => $"{c.Id}: {c.Outcome} {c.Code} {c.BlockedBy}"));

    /// <summary>An HS256 JWT, which nothing of ours makes.</summary>
    public static string Hs256(JsonObject header, JsonObject payload, byte[] secret)
    {
        header["alg"] = "HS256";
        var input = $"{StrictBase64Url.Encode(StrictJson.ToUtf8(header))}.{StrictBase64Url.Encode(StrictJson.ToUtf8(payload))}";
        return $"{input}.{StrictBase64Url.Encode(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(input)))}";
    }
}
