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
        return await ResolveAsync(offer, Server, cancellationToken).ConfigureAwait(false);

        string Server(CredentialIssuerMetadata metadata) => AuthorizationServer(offer, metadata);
    }

    /// <summary>An issuer that the holder turns to without an offer (§3.3); documents are then had by the authorization code flow.</summary>
    public Task<ResolvedOffer> ResolveIssuerAsync(string issuer, IReadOnlyList<string>? configurationIds, CancellationToken cancellationToken)
    {
        // §12.2.1. Which schemes and hosts may be connected to, the network part says.
        if (!Uri.TryCreate(issuer, UriKind.Absolute, out var url) || url is not { Scheme: "https" or "http", UserInfo: "", Query: "", Fragment: "" })
            throw new MalformedDataException(OpenId4VciCodes.IssuerMetadata, "An issuer is named by its URL.");
        var offer = new CredentialOffer { CredentialIssuer = issuer, ConfigurationIds = configurationIds ?? [] };
        return ResolveAsync(offer, metadata => AuthorizationServer(offer, metadata), cancellationToken, takesAll: configurationIds is null);
    }

    /// <summary>The issuer and server of something that was begun earlier.</summary>
    public Task<ResolvedOffer> ResolveAgainAsync(string issuer, string server, IReadOnlyList<string> configurationIds, CancellationToken cancellationToken) => ResolveAsync(
        new CredentialOffer { CredentialIssuer = issuer, ConfigurationIds = configurationIds },
        // A token of one server is for no other.
        metadata => server == metadata.CredentialIssuer || metadata.AuthorizationServers.Contains(server, StringComparer.Ordinal)
            ? server
            : throw new MalformedDataException(WalletCodes.OfferUnknownServer, "The issuer no longer names the authorization server."),
        cancellationToken, isBegun: true);

    private async Task<ResolvedOffer> ResolveAsync(
        CredentialOffer offer, Func<CredentialIssuerMetadata, string> chooseServer, CancellationToken cancellationToken, bool isBegun = false, bool takesAll = false)
    {
        var trust = await wallet.TrustAsync(cancellationToken).ConfigureAwait(false);
        var (metadata, isSignedByTrusted) = await new IssuerMetadataReader(wallet, trust).FetchAsync(offer.CredentialIssuer, cancellationToken)
            .ConfigureAwait(false);
        if (takesAll) offer = offer with { ConfigurationIds = [.. metadata.Configurations.Keys] };
        if (offer.ConfigurationIds.Any(id => !metadata.Configurations.ContainsKey(id)))
            throw new MalformedDataException(WalletCodes.OfferUnknownDocument, "The offer names a document that the issuer's metadata does not have.");
        var logo = LogoReader.ReadAsync(Http, metadata.CredentialIssuer, metadata.Display, cancellationToken);
        var server = await FetchServerAsync(chooseServer(metadata), cancellationToken).ConfigureAwait(false);
        // A server that lists its grants and not this one would only answer with an error after it has got the code.
        var takesPreAuthorized = offer.PreAuthorized is not null && (server.GrantTypes.Count == 0 || server.GrantTypes.Contains(OpenId4VciNames.PreAuthorizedCodeGrant));
        if (!takesPreAuthorized && !isBegun && !CanAuthorize(server))
            throw new NotSupportedCredentialException(WalletCodes.GrantNotSupported, "The offer, the authorization server and this wallet have no grant in common.");
        var isNamed = trust.Anchors.Any(anchor => anchor.Covers(TrustPurpose.CredentialIssuer, null) && anchor.Issuer == metadata.CredentialIssuer);
        return new ResolvedOffer(offer, metadata, server, isSignedByTrusted || isNamed, wallet.Options.Attestation is not null, usesCode: !takesPreAuthorized)
        {
            IssuerLogo = await logo.ConfigureAwait(false),
        };
    }

    // §4.1.1: an offer without grants leaves the choice to what the server's metadata says.
    private bool CanAuthorize(AuthorizationServerMetadata server) =>
        server.AuthorizationEndpoint is not null
        && (!server.RequiresPushedAuthorizationRequests || server.PushedAuthorizationRequestEndpoint is not null)
        && (server.GrantTypes.Count == 0 || server.GrantTypes.Contains(OpenId4VciNames.AuthorizationCodeGrant))
        && wallet.Options is { RedirectUri: not null } and ({ ClientId: not null } or { Attestation: not null });

    private async Task<CredentialOffer> ReadOfferAsync(string text, CancellationToken cancellationToken)
    {
        var link = CredentialOfferLink.Parse(text, Http.AllowsLoopbackHttp);
        if (link.Offer is not null) return link.Offer;
        var answer = await Http.GetAsync(link.Reference!, s_offer, cancellationToken: cancellationToken).ConfigureAwait(false);
        return CredentialOffer.Parse(answer.ReadJsonObject(OpenId4VciCodes.Offer), Http.AllowsLoopbackHttp);
    }

    // §4.1.1: the offer's hint must be one of the servers that the metadata names; without any, the issuer is its own server.
    private static string AuthorizationServer(CredentialOffer offer, CredentialIssuerMetadata metadata)
    {
        var hint = offer.PreAuthorized?.AuthorizationServer ?? offer.AuthorizationCode?.AuthorizationServer;
        if (hint is not null && !metadata.AuthorizationServers.Contains(hint, StringComparer.Ordinal))
            throw new MalformedDataException(WalletCodes.OfferUnknownServer, "The offer names an authorization server that the issuer's metadata does not have.");
        return hint ?? (metadata.AuthorizationServers.Count > 0 ? metadata.AuthorizationServers[0] : metadata.CredentialIssuer);
    }

    private async Task<AuthorizationServerMetadata> FetchServerAsync(string issuer, CancellationToken cancellationToken)
    {
        var location = new Uri(AuthorizationServerMetadata.LocationFor(issuer));
        var answer = await Http.GetAsync(location, FetchRule.Json, cancellationToken: cancellationToken).ConfigureAwait(false);
        return AuthorizationServerMetadata.Parse(answer.ReadJsonObject(OpenId4VciCodes.ServerMetadata), issuer, Http.AllowsLoopbackHttp);
    }
}
