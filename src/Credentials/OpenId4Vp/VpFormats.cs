using System.Text.Json.Nodes;
using Credentials.Cose;
using Credentials.Keys;

namespace Credentials.OpenId4Vp;

/// <summary>The formats and algorithms that are verified here, as <c>vp_formats_supported</c> (OpenID4VP 1.0 §11.1, B.2.2, B.3.4).</summary>
public static class VpFormats
{
    private static readonly SignatureAlgorithm[] s_algorithms =
        [SignatureAlgorithm.Es256, SignatureAlgorithm.Es384, SignatureAlgorithm.Es512, SignatureAlgorithm.EdDsa];

    /// <summary>The member's value.</summary>
    public static JsonObject ToJson() => new()
    {
        [CredentialFormat.SdJwtVc] = new JsonObject
        {
            ["sd-jwt_alg_values"] = JoseNames(),
            ["kb-jwt_alg_values"] = JoseNames(),
        },
        // A device MAC needs an ephemeral key of the reader, which a request by OpenID4VP does not have.
        [CredentialFormat.Mdoc] = new JsonObject
        {
            ["issuerauth_alg_values"] = CoseNumbers(),
            ["deviceauth_alg_values"] = CoseNumbers(),
        },
    };

    private static JsonArray JoseNames() => new([.. s_algorithms.Select(algorithm => (JsonNode)algorithm.JoseName)]);

    private static JsonArray CoseNumbers() => new([.. s_algorithms.SelectMany(CoseAlgorithms.NumbersOf).Select(number => (JsonNode)number)]);
}
