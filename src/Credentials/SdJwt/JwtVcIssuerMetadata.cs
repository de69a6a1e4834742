using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;

namespace Credentials.SdJwt;

/// <summary>JWT VC Issuer Metadata (SD-JWT VC §4): which keys an issuer signs with.</summary>
/// <param name="Issuer">The <c>iss</c> of its credentials.</param>
public sealed record JwtVcIssuerMetadata(string Issuer)
{
    private const string Code = SdJwtCodes.IssuerMetadataMalformed;
    private const string WellKnown = "/.well-known/jwt-vc-issuer";

    /// <summary>The JWK Set by value; null where <see cref="JwksUri"/> says where it is.</summary>
    public JsonElement? Jwks { get; init; }

    /// <summary>The address of the JWK Set; null where <see cref="Jwks"/> has it.</summary>
    public string? JwksUri { get; init; }

    /// <summary>Where the metadata of an issuer stands (SD-JWT VC §4.1).</summary>
    public static Uri LocationOf(string issuer)
    {
        ArgumentNullException.ThrowIfNull(issuer);
        return new Uri(ServiceUrl.WellKnown(issuer.TrimEnd('/'), WellKnown));
    }

    /// <summary>Reads the metadata of one issuer from untrusted JSON.</summary>
    /// <param name="json">The document.</param>
    /// <param name="issuer">Whose it must be, to the letter.</param>
    /// <param name="allowLoopbackHttp">Whether <c>jwks_uri</c> may be plain http to this machine.</param>
    /// <exception cref="MalformedDataException">
    /// <see cref="SdJwtCodes.IssuerMetadataMismatch"/> or <see cref="SdJwtCodes.IssuerMetadataMalformed"/>.
    /// </exception>
    public static JwtVcIssuerMetadata Parse(JsonElement json, string issuer, bool allowLoopbackHttp = false)
    {
        if (json.RequireString("issuer", Code) != issuer)
        {
            throw new MalformedDataException(SdJwtCodes.IssuerMetadataMismatch, "The issuer metadata is that of another issuer.");
        }

        var (jwks, jwksUri) = (json.OptionalObject("jwks", Code), json.OptionalString("jwks_uri", Code));
        if (jwks is null == jwksUri is null) throw new MalformedDataException(Code, "The issuer metadata must have either jwks or jwks_uri.");
        if (jwks is { } set) _ = Jwk.ParseSet(set);
        if (jwksUri is not null) ServiceUrl.Require(jwksUri, allowLoopbackHttp, Code);
        return new JwtVcIssuerMetadata(issuer) { Jwks = jwks, JwksUri = jwksUri };
    }

    /// <summary>The JSON form.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["issuer"] = Issuer };
        if (Jwks is { } jwks) json["jwks"] = StrictJson.ToNode(jwks);
        if (JwksUri is not null) json["jwks_uri"] = JwksUri;
        return json;
    }
}
