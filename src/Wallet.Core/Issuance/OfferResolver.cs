using Credentials.Http;
using Credentials.OpenId4Vci;
using Credentials.Trust;

namespace Credentials.Wallet.Core.Issuance;

/// <summary>From a link to what the holder can decide on: the offer, the issuer's metadata and the authorization server's (OpenID4VCI 1.0 §4, §12).</summary>
internal sealed class OfferResolver(WalletContext wallet)
{
    private static readonly FetchRule s_offer = FetchRule.Json with { MaxBytes = 64 * 1024 };

    private OutboundHttp Http => wallet.Options.Http;

    public async Task<ResolvedOffer> ResolveAsync(string link, CancellationToken cancellationToken)
    {
        var offer = await ReadOfferAsync(link, cancellationToken).ConfigureAwait(false);
        if (offer.PreAuthorized is null)
            throw new NotSupportedCredentialException(WalletCodes.GrantNotSupported, "The offer has no pre-authorized code.");
        var trust = await wallet.TrustAsync(cancellationToken).ConfigureAwait(false);
        var (metadata, isSignedByTrusted) = await new IssuerMetadataReader(wallet, trust).FetchAsync(offer.CredentialIssuer, cancellationToken)
            .ConfigureAwait(false);
        RequireUsable(offer, metadata);
        var server = await FetchServerAsync(AuthorizationServer(offer, metadata), cancellationToken).ConfigureAwait(false);
        var isNamed = trust.Anchors.Any(anchor => anchor.Covers(TrustPurpose.CredentialIssuer, null) && anchor.Issuer == metadata.CredentialIssuer);
        return new ResolvedOffer(offer, metadata, server, isSignedByTrusted || isNamed);
    }

    private async Task<CredentialOffer> ReadOfferAsync(string text, CancellationToken cancellationToken)
    {
        var link = CredentialOfferLink.Parse(text, Http.AllowsLoopbackHttp);
        if (link.Offer is not null) return link.Offer;
        var answer = await Http.GetAsync(link.Reference!, s_offer, cancellationToken: cancellationToken).ConfigureAwait(false);
        return CredentialOffer.Parse(answer.ReadJsonObject(OpenId4VciCodes.Offer), Http.AllowsLoopbackHttp);
    }

    private static void RequireUsable(CredentialOffer offer, CredentialIssuerMetadata metadata)
    {
        if (offer.ConfigurationIds.Any(id => !metadata.Configurations.ContainsKey(id)))
            throw new MalformedDataException(WalletCodes.OfferUnknownDocument, "The offer names a document that the issuer's metadata does not have.");
        if (metadata.RequestEncryptionRequired || metadata.ResponseEncryptionRequired)
            throw new NotSupportedCredentialException(WalletCodes.IssuerEncryptionNotSupported, "The issuer requires encrypted credential messages.");
    }

    // §4.1.1: the offer's hint must be one of the servers that the metadata names; without any, the issuer is its own server.
    private static string AuthorizationServer(CredentialOffer offer, CredentialIssuerMetadata metadata)
    {
        var hint = offer.PreAuthorized!.AuthorizationServer;
        if (hint is not null && !metadata.AuthorizationServers.Contains(hint, StringComparer.Ordinal))
            throw new MalformedDataException(WalletCodes.OfferUnknownServer, "The offer names an authorization server that the issuer's metadata does not have.");
        return hint ?? (metadata.AuthorizationServers.Count > 0 ? metadata.AuthorizationServers[0] : metadata.CredentialIssuer);
    }

    private async Task<AuthorizationServerMetadata> FetchServerAsync(string issuer, CancellationToken cancellationToken)
    {
        var location = new Uri(AuthorizationServerMetadata.LocationFor(issuer));
        var answer = await Http.GetAsync(location, FetchRule.Json, cancellationToken: cancellationToken).ConfigureAwait(false);
        var server = AuthorizationServerMetadata.Parse(answer.ReadJsonObject(OpenId4VciCodes.ServerMetadata), issuer, Http.AllowsLoopbackHttp);
        // A server that lists its grants and not this one would only answer with an error after it has got the code.
        if (server.GrantTypes.Count > 0 && !server.GrantTypes.Contains(OpenId4VciNames.PreAuthorizedCodeGrant))
            throw new NotSupportedCredentialException(WalletCodes.GrantNotSupported, "The authorization server does not take pre-authorized codes.");
        return server;
    }
}
