using Credentials.Issuer.Catalog;
using Credentials.Issuer.Formats;
using Credentials.Issuer.Issuance;
using Credentials.Issuer.Keys;
using Credentials.Keys;
using Credentials.OpenId4Vci;

namespace Credentials.Issuer.Metadata;

/// <summary>What this issuer says about itself.</summary>
internal static class IssuerMetadataDocument
{
    /// <summary>Algorithms of key proofs that are accepted.</summary>
    internal static IReadOnlyList<string> ProofAlgorithms { get; } =
        [SignatureAlgorithm.Es256.JoseName, SignatureAlgorithm.Es384.JoseName, SignatureAlgorithm.Es512.JoseName, SignatureAlgorithm.EdDsa.JoseName];

    internal static CredentialIssuerMetadata Describe(CredentialCatalog catalog, CredentialFormats formats, EncryptionKey encryption, LogoFile? logo, IssuerOptions options) => new()
    {
        CredentialIssuer = options.PublicUrl,
        CredentialEndpoint = $"{options.PublicUrl}/credential",
        NonceEndpoint = $"{options.PublicUrl}/nonce",
        DeferredCredentialEndpoint = $"{options.PublicUrl}{IssueDeferred.Path}",
        NotificationEndpoint = $"{options.PublicUrl}{ReceiveNotification.Path}",
        RequestEncryption = RequestEncryptionMetadata.For(encryption.Key.PublicKey, encryption.Id, options.RequireEncryption),
        ResponseEncryption = ResponseEncryptionMetadata.For(options.RequireEncryption),
        BatchSize = options.BatchSize,
        Display =
        [
            .. options.Names.Select(name => new DisplayText(name.Value, name.Key)
            {
                LogoUri = Address(logo, options),
                LogoAltText = options.LogoTexts.GetValueOrDefault(name.Key),
            }),
        ],
        Configurations = catalog.Types.ToDictionary(type => type.Id, type => Describe(type, formats, options), StringComparer.Ordinal),
    };

    private static CredentialConfiguration Describe(CredentialType type, CredentialFormats formats, IssuerOptions options) => formats.For(type).Describe(type) with
    {
        Scope = type.Id,
        ProofTypes = DescribeProofs(type, options),
        Display = [.. type.Display.Select(text => type.Pictures.TryGetValue(text.Locale!, out var files) ? text with { LogoUri = Address(files.Logo, options), BackgroundImageUri = Address(files.Background, options) } : text)],
        Claims = [.. type.AllClaims().Select(c => new ClaimDescription(c.Path, c.Claim.AlwaysThere, c.Claim.Display))],
    };

    private static string? Address(LogoFile? file, IssuerOptions options) => file is null ? null : options.PublicUrl + file.Path;

    private static Dictionary<string, ProofTypeMetadata> DescribeProofs(CredentialType type, IssuerOptions options)
    {
        if (!options.KeyAttestations.TryGetValue(type.Id, out var levels))
            return new() { [OpenId4VciNames.JwtProof] = new(ProofAlgorithms, KeyAttestationRequired: false) };
        var attested = new ProofTypeMetadata(ProofAlgorithms, KeyAttestationRequired: true) { KeyStorage = levels.KeyStorage, UserAuthentication = levels.UserAuthentication };
        return new() { [OpenId4VciNames.JwtProof] = attested, [OpenId4VciNames.AttestationProof] = attested };
    }
}
