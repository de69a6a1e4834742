using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.SdJwt;
using Credentials.X509;

namespace Credentials.Cli.Vectors.Making;

/// <summary>The pieces that SD-JWTs good and bad are put together from, with keys made for one run.</summary>
internal sealed class SdJwtParts : IDisposable
{
    internal const string Audience = "x509_hash:Uvo3HtuIxuhC92rShpgqcT3YXwrqRxWEviRiA0OZszk";
    internal const string Nonce = "n-0S6_WzA2Mj";
    internal const string TransactionData = "eyJ0eXBlIjoicGF5bWVudCJ9";

    internal static readonly DateTimeOffset Now = new(2026, 11, 2, 9, 0, 0, TimeSpan.Zero);

    private readonly SoftwareSigningKey _issuerKey = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
    private readonly SoftwareSigningKey _holderKey = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
    private readonly X509Certificate2 _issuerCertificate;

    internal SdJwtParts()
    {
        Authority = CertificateAuthority.Create("Test root", "KR", Now);
        _issuerCertificate = Authority.IssueDocumentSigner("Test issuer", _issuerKey, Now);
    }

    internal CertificateAuthority Authority { get; }

    internal SoftwareSigningKey OtherKey { get; } = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);

    internal string Name { get; } = StrictBase64Url.Encode("""["c2FsdC1vZi0xMjgtYml0cw","given_name","Ana"]"""u8);

    internal JsonObject Header => new() { ["typ"] = "dc+sd-jwt", ["x5c"] = X5c.ToJson([_issuerCertificate]) };

    /// <summary>The issuer's key, certified by an authority that nobody trusts.</summary>
    internal JsonObject StrangeHeader()
    {
        using var stranger = CertificateAuthority.Create("Stranger", "KR", Now);
        using var certificate = stranger.IssueDocumentSigner("Strange issuer", _issuerKey, Now);
        return new() { ["typ"] = "dc+sd-jwt", ["x5c"] = X5c.ToJson([certificate]) };
    }

    /// <summary>A payload with one disclosable name, and one member more or other than usual.</summary>
    internal JsonObject Payload(string? member = null, JsonNode? value = null)
    {
        var payload = new JsonObject
        {
            ["vct"] = "urn:example:licence:1",
            ["iat"] = Now.AddDays(-1).ToUnixTimeSeconds(),
            ["exp"] = Now.AddDays(30).ToUnixTimeSeconds(),
            ["cnf"] = new JsonObject { ["jwk"] = Jwk.Write(_holderKey.PublicKey) },
            ["_sd"] = new JsonArray(Digest(Name)),
            ["_sd_alg"] = "sha-256",
        };
        if (member is not null)
            payload[member] = value;
        return payload;
    }

    /// <summary>The SD-JWT with its disclosure, up to the last tilde.</summary>
    internal async Task<string> SignAsync(JsonObject payload, JsonObject? header = null, ISigningKey? key = null) =>
        $"{await Jws.SignAsync(header ?? Header, payload, key ?? _issuerKey)}~{Name}~";

    /// <summary>The SD-JWT with a key binding JWT, good unless something is given that is not.</summary>
    internal async Task<string> BindAsync(string sdJwt, string? member = null, JsonNode? value = null, ISigningKey? key = null)
    {
        var claims = new JsonObject
        {
            ["iat"] = Now.ToUnixTimeSeconds(),
            ["aud"] = Audience,
            ["nonce"] = Nonce,
            ["sd_hash"] = Digest(sdJwt),
            ["transaction_data_hashes"] = new JsonArray(Digest(TransactionData)),
        };
        if (member is not null)
            claims[member] = value;
        return sdJwt + await Jws.SignAsync(new JsonObject { ["typ"] = "kb+jwt" }, claims, key ?? _holderKey);
    }

    /// <summary>A whole presentation over a payload.</summary>
    internal async Task<string> PresentAsync(JsonObject payload, JsonObject? header = null, ISigningKey? key = null) =>
        await BindAsync(await SignAsync(payload, header, key));

    /// <summary>Without any disclosure.</summary>
    internal static string Withhold(string sdJwt) => sdJwt[..(sdJwt.IndexOf('~', StringComparison.Ordinal) + 1)];

    internal static string Digest(string text) => DisclosureHash.Sha256.Digest(text);

    public void Dispose()
    {
        _issuerKey.Dispose();
        _holderKey.Dispose();
        OtherKey.Dispose();
        _issuerCertificate.Dispose();
        Authority.Dispose();
    }
}
