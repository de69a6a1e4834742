using Credentials.Wallet.Core.Documents;

namespace Credentials.Wallet.Core.Issuance;

/// <summary>One document of an offer, as the issuer describes it.</summary>
/// <param name="ConfigurationId">Its key in the issuer's metadata.</param>
/// <param name="Format">The format's wire name, see <see cref="CredentialFormat"/>.</param>
/// <param name="Type">The type: the <c>vct</c> of an SD-JWT VC, the document type of an mdoc; null for a format that this wallet does not keep.</param>
/// <param name="Names">What the issuer calls it.</param>
/// <param name="Labels">The claims it may have, in the issuer's order.</param>
/// <param name="Code">Why this wallet cannot receive it (a code of <see cref="WalletCodes"/>); null when it can.</param>
public sealed record OfferedDocument(
    string ConfigurationId, string Format, string? Type, DisplayNames Names, IReadOnlyList<ClaimLabel> Labels, string? Code)
{
    /// <summary>The colours that the issuer wants it in.</summary>
    public CardColors Colors { get; init; } = CardColors.None;
}
