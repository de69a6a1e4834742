using Credentials.OpenId4Vci;
using Credentials.Wallet.Core.Documents;

namespace Credentials.Wallet.Core.Issuance;

/// <summary>
/// A credential offer together with what its issuer says about itself: what the holder looks at before deciding. Nothing was asked for
/// yet. Comes from <see cref="CredentialWallet.ResolveOfferAsync"/>.
/// </summary>
public sealed class ResolvedOffer
{
    internal ResolvedOffer(
        CredentialOffer offer, CredentialIssuerMetadata metadata, AuthorizationServerMetadata server, bool isIssuerTrusted, bool canAttest, bool usesCode)
    {
        (Metadata, Server) = (metadata, server);
        Grant = usesCode ? null : offer.PreAuthorized;
        IssuerState = offer.AuthorizationCode?.IssuerState;
        TokenEndpoint = new Uri(server.TokenEndpoint);
        IsIssuerTrusted = isIssuerTrusted;
        Documents = [.. offer.ConfigurationIds.Select(id => OfferDescription.Describe(id, metadata.Configurations[id], canAttest))];
        IssuerNames = OfferDescription.Names(metadata.Display);
    }

    /// <summary>The Credential Issuer Identifier: the URL that every answer is checked against.</summary>
    public string CredentialIssuer => Metadata.CredentialIssuer;

    /// <summary>What the issuer calls itself. Only <see cref="IsIssuerTrusted"/> says whether anybody vouches for that.</summary>
    public DisplayNames IssuerNames { get; }

    /// <summary>
    /// The logo that the issuer shows itself by; null where there is none that can be had. As with its names, only
    /// <see cref="IsIssuerTrusted"/> says whether anybody vouches for it.
    /// </summary>
    public OfferedLogo? IssuerLogo { get; internal init; }

    /// <summary>
    /// True when a trust anchor vouches for this URL: the issuer's metadata is signed under an anchor for issuers, or an anchor names the
    /// URL. When false, a credential from here can still turn out to be signed by a trusted authority; a transaction code is not sent
    /// without <see cref="OfferAcceptance.ConfirmedRecipient"/>.
    /// </summary>
    public bool IsIssuerTrusted { get; }

    /// <summary>What is offered.</summary>
    public IReadOnlyList<OfferedDocument> Documents { get; }

    /// <summary>What is known of the transaction code that the holder must type; null when none is asked for.</summary>
    public TransactionCodeHint? TransactionCode => Grant?.TxCode;

    /// <summary>
    /// True when the holder has to go to the authorization server in a browser first: <see cref="CredentialWallet.StartAuthorizationAsync"/>
    /// takes the place of <see cref="CredentialWallet.AcceptOfferAsync"/>.
    /// </summary>
    public bool NeedsAuthorization => Grant is null;

    /// <summary>Where the transaction code would be sent: to be shown with its input field (OpenID4VCI 1.0 §13.6.2).</summary>
    public Uri TokenEndpoint { get; }

    internal CredentialIssuerMetadata Metadata { get; }

    internal AuthorizationServerMetadata Server { get; }

    internal PreAuthorizedGrant? Grant { get; }

    internal string? IssuerState { get; }
}
