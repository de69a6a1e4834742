using System.Text.Json.Nodes;
using Credentials.Cose;
using Credentials.DataIntegrity;
using Credentials.Dcql;
using Credentials.Keys;

namespace Credentials.OpenId4Vp;

/// <summary>The formats and algorithms that are verified here, as <c>vp_formats_supported</c> (OpenID4VP 1.0 §11.1, B.2.2, B.3.4).</summary>
public static class VpFormats
{
    private static readonly SignatureAlgorithm[] s_algorithms =
        [SignatureAlgorithm.Es256, SignatureAlgorithm.Es384, SignatureAlgorithm.Es512, SignatureAlgorithm.EdDsa];

    /// <summary>The member's value for a request that asks for these formats; what it does not ask for is left out.</summary>
    public static JsonObject ToJson(IEnumerable<string> formats) =>
        new(formats.Distinct(StringComparer.Ordinal).Select(format => KeyValuePair.Create(format, (JsonNode?)Algorithms(format))));

    /// <summary>
    /// Whether a wallet that takes part with these formats only, as its <c>vp_formats_supported</c> says (§10), can answer a query.
    /// </summary>
    public static bool CanAnswer(DcqlQuery query, IReadOnlySet<string> walletFormats) => DcqlAnswerCheck.IsSatisfied(
        query, query.Credentials.Where(credential => walletFormats.Contains(credential.Format)).Select(credential => credential.Id).ToHashSet(StringComparer.Ordinal));

    private static JsonObject Algorithms(string format) => format switch
    {
        CredentialFormat.SdJwtVc => new() { ["sd-jwt_alg_values"] = JoseNames(), ["kb-jwt_alg_values"] = JoseNames() },
        // A device MAC needs an ephemeral key of the reader, which a request by OpenID4VP does not have.
        CredentialFormat.Mdoc => new() { ["issuerauth_alg_values"] = CoseNumbers(), ["deviceauth_alg_values"] = CoseNumbers() },
        // B.1.3.1.3
        CredentialFormat.JwtVcJson or CredentialFormat.VcJwt => new() { ["alg_values"] = JoseNames() },
        // B.1.3.2.3
        CredentialFormat.LdpVc or CredentialFormat.VcDataIntegrity => new()
        {
            ["proof_type_values"] = new JsonArray("DataIntegrityProof"),
            ["cryptosuite_values"] = new JsonArray([.. DataIntegrityNames.Cryptosuites.Select(suite => (JsonNode)suite)]),
        },
        _ => throw new ArgumentException("The format is not one that is verified here.", nameof(format)),
    };

    private static JsonArray JoseNames() => new([.. s_algorithms.Select(algorithm => (JsonNode)algorithm.JoseName)]);

    private static JsonArray CoseNumbers() => new([.. s_algorithms.SelectMany(CoseAlgorithms.NumbersOf).Select(number => (JsonNode)number)]);
}
