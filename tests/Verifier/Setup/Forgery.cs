using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.OpenId4Vp;
using Credentials.X509;

namespace Credentials.Verifier.Tests.Setup;

/// <summary>A presentation put together by hand, signed with the agency's real key: good as it stands, and any part of it can be spoilt first.</summary>
internal sealed class Forgery
{
    private readonly TestVerifier _verifier;

    private Forgery(TestVerifier verifier, AuthorizationRequest request)
    {
        _verifier = verifier;
        var now = verifier.Clock.Now.ToUnixTimeSeconds();
        Header = new JsonObject { ["typ"] = "dc+sd-jwt", ["x5c"] = X5c.ToJson([verifier.Issuer.Signer]) };
        Disclosures = [Disclosure("salt-of-enough-length", "age_over_19", true)];
        Payload = new JsonObject
        {
            ["vct"] = "urn:credentials:kr:mdl:1",
            ["iat"] = now - 60,
            ["exp"] = now + 3600,
            ["cnf"] = new JsonObject { ["jwk"] = Jwk.Write(HolderKey.PublicKey) },
            ["_sd"] = new JsonArray(Digest(Disclosures[0])),
        };
        KbHeader = new JsonObject { ["typ"] = "kb+jwt" };
        KbPayload = new JsonObject { ["iat"] = now, ["aud"] = request.ClientId.Full, ["nonce"] = request.Nonce };
    }

    public SoftwareSigningKey HolderKey { get; } = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
    public JsonObject Header { get; }
    public JsonObject Payload { get; set; }
    public List<string> Disclosures { get; }
    public JsonObject KbHeader { get; }
    public JsonObject KbPayload { get; }

    /// <summary>Replaces the payload by bytes that are no object of ours.</summary>
    public byte[]? RawPayload { get; set; }

    public ISigningKey IssuerKey { get; set; } = null!;
    public ISigningKey? KbKey { get; set; }
    public bool WithKeyBinding { get; set; } = true;

    /// <summary>Changes the text before the holder signs over it.</summary>
    public Func<string, string> BeforeBinding { get; set; } = t => t;

    /// <summary>Changes the finished text.</summary>
    public Func<string, string> AfterBinding { get; set; } = t => t;

    /// <summary>Replaces the computed sd_hash.</summary>
    public Func<string, string?> SdHash { get; set; } = Digest;

    public static async Task<string> MakeAsync(TestVerifier verifier, AuthorizationRequest request, Action<Forgery>? spoil = null)
    {
        var forgery = new Forgery(verifier, request) { IssuerKey = verifier.Issuer.SigningKey };
        spoil?.Invoke(forgery);
        return await forgery.BuildAsync();
    }

    public static string Disclosure(string salt, string name, JsonNode? value) => Encode(new JsonArray(salt, name, value));

    public static string Element(string salt, JsonNode? value) => Encode(new JsonArray(salt, value));

    public static string Encode(JsonNode json) => StrictBase64Url.Encode(Encoding.UTF8.GetBytes(json.ToJsonString()));

    public static string Digest(string text) => StrictBase64Url.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(text)));

    /// <summary>One more disclosure, with its digest in the payload's top level.</summary>
    public void Disclose(string disclosure)
    {
        Disclosures.Add(disclosure);
        ((JsonArray)Payload["_sd"]!).Add(Digest(disclosure));
    }

    private async Task<string> BuildAsync()
    {
        var jwt = RawPayload is null ? await Jws.SignAsync(Header, Payload, IssuerKey) : await Jws.SignAsync(Header, RawPayload, IssuerKey);
        var text = BeforeBinding(string.Join('~', [jwt, .. Disclosures, ""]));
        if (!WithKeyBinding)
            return AfterBinding(text);
        if (SdHash(text) is { } hash)
            KbPayload["sd_hash"] = hash;
        return AfterBinding(text + await Jws.SignAsync(KbHeader, KbPayload, KbKey ?? HolderKey));
    }
}
