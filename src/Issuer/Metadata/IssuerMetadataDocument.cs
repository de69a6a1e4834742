using Credentials.Issuer.Catalog;
using Credentials.Issuer.Formats;
using Credentials.Keys;
using Credentials.OpenId4Vci;

namespace Credentials.Issuer.Metadata;

/// <summary>What this issuer says about itself.</summary>
internal static class IssuerMetadataDocument
{
    /// <summary>Algorithms of key proofs that are accepted.</summary>
    internal static IReadOnlyList<string> ProofAlgorithms { get; } =
        [SignatureAlgorithm.Es256.JoseName, SignatureAlgorithm.Es384.JoseName, SignatureAlgorithm.Es512.JoseName, SignatureAlgorithm.EdDsa.JoseName];

    internal static CredentialIssuerMetadata Describe(CredentialCatalog catalog, CredentialFormats formats, IssuerOptions options) => new()
    {
        CredentialIssuer = options.PublicUrl,
        CredentialEndpoint = $"{options.PublicUrl}/credential",
        NonceEndpoint = $"{options.PublicUrl}/nonce",
        BatchSize = options.BatchSize,
        Display = [.. options.Names.Select(name => new DisplayText(name.Value, name.Key))],
        Configurations = catalog.Types.ToDictionary(type => type.Id, type => Describe(type, formats), StringComparer.Ordinal),
    };

    private static CredentialConfiguration Describe(CredentialType type, CredentialFormats formats) => formats.For(type).Describe(type) with
    {
        Scope = type.Id,
        ProofTypes = new Dictionary<string, ProofTypeMetadata> { [OpenId4VciNames.JwtProof] = new(ProofAlgorithms, KeyAttestationRequired: false) },
        Display = type.Display,
        Claims = [.. type.AllClaims().Select(c => new ClaimDescription(c.Path, c.Claim.AlwaysThere, c.Claim.Display))],
    };
}
