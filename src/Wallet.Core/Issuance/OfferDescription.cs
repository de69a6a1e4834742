using Credentials.OpenId4Vci;
using Credentials.Wallet.Core.Documents;

namespace Credentials.Wallet.Core.Issuance;

/// <summary>Turns an issuer's metadata into what the holder is shown, and into what this wallet can do with it.</summary>
internal static class OfferDescription
{
    public static OfferedDocument Describe(string id, CredentialConfiguration configuration, bool canAttest) => new(
        id, configuration.Format, HeldFormat.Find(configuration.Format)?.TypeOf(configuration), Names(configuration.Display), Labels(configuration),
        Obstacle(configuration, canAttest))
    {
        Colors = CardColors.From(configuration.Display),
    };

    public static DisplayNames Names(IReadOnlyList<DisplayText> display) =>
        DisplayNames.From(display.Select(entry => (entry.Locale, entry.Name)));

    public static IReadOnlyList<ClaimLabel> Labels(CredentialConfiguration configuration) =>
        [.. configuration.Claims.Select(claim => new ClaimLabel(claim.Path, Names(claim.Display)))];

    // Only documents bound to a key of the holder are kept: any other could be presented by whoever has seen it.
    private static string? Obstacle(CredentialConfiguration configuration, bool canAttest) =>
        HeldFormat.Find(configuration.Format) is not { } format ? WalletCodes.FormatNotSupported
        : Proof(configuration, canAttest) is null || !configuration.BindingMethods.Contains(format.BindingMethod) ? WalletCodes.BindingNotSupported
        : null;

    /// <summary>The proof type to use: proofs of possession before a bare attestation; null where the wallet can make none.</summary>
    public static (string Type, ProofTypeMetadata Metadata)? Proof(CredentialConfiguration configuration, bool canAttest) =>
        configuration.ProofTypes.TryGetValue(OpenId4VciNames.JwtProof, out var jwt) && (canAttest || !jwt.KeyAttestationRequired) ? (OpenId4VciNames.JwtProof, jwt)
        : canAttest && configuration.ProofTypes.TryGetValue(OpenId4VciNames.AttestationProof, out var attestation) ? (OpenId4VciNames.AttestationProof, attestation)
        : null;
}
