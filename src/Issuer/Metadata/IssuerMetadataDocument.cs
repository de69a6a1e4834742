using Credentials.Issuer.Catalog;
using Credentials.Keys;
using Credentials.OpenId4Vci;

namespace Credentials.Issuer.Metadata;

/// <summary>What this issuer says about itself.</summary>
internal static class IssuerMetadataDocument
{
    /// <summary>Algorithms of key proofs that are accepted.</summary>
    internal static IReadOnlyList<string> ProofAlgorithms { get; } =
        [SignatureAlgorithm.Es256.JoseName, SignatureAlgorithm.Es384.JoseName, SignatureAlgorithm.Es512.JoseName, SignatureAlgorithm.EdDsa.JoseName];

    internal static CredentialIssuerMetadata Describe(CredentialCatalog catalog, IssuerOptions options, string signingAlgorithm) => new()
    {
        CredentialIssuer = options.PublicUrl,
        CredentialEndpoint = $"{options.PublicUrl}/credential",
        NonceEndpoint = $"{options.PublicUrl}/nonce",
        BatchSize = options.BatchSize,
        Display = [.. options.Names.Select(name => new DisplayText(name.Value, name.Key))],
        Configurations = catalog.Types.ToDictionary(type => type.Id, type => Describe(type, options, signingAlgorithm), StringComparer.Ordinal),
    };

    private static CredentialConfiguration Describe(CredentialType type, IssuerOptions options, string signingAlgorithm) => new()
    {
        Format = type.Format,
        Scope = type.Id,
        Vct = type.Vct,
        SigningAlgorithms = [signingAlgorithm],
        BindingMethods = [OpenId4VciNames.JwkBinding],
        ProofTypes = new Dictionary<string, ProofTypeMetadata> { [OpenId4VciNames.JwtProof] = new(ProofAlgorithms, KeyAttestationRequired: false) },
        Display = type.Display,
        Claims = [.. type.AllClaims().Select(c => new ClaimDescription(c.Path, c.Claim.Mandatory || c.Claim.Kind == ClaimKind.AgeOver, c.Claim.Display))],
        TypeMetadataUri = TypeMetadata.LocationOf(type, options),
    };
}
