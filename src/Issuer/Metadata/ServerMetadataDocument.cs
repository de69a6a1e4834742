using Credentials.Issuer.Authorization;
using Credentials.Issuer.Catalog;
using Credentials.OpenId4Vci;

namespace Credentials.Issuer.Metadata;

/// <summary>What the authorization server says about itself (RFC 8414, OpenID4VCI §12.3).</summary>
internal static class ServerMetadataDocument
{
    internal static AuthorizationServerMetadata Describe(IssuerOptions options, CredentialCatalog catalog, AttestationTrust trust, SignInKind signIn)
    {
        var metadata = new AuthorizationServerMetadata
        {
            Issuer = options.PublicUrl,
            TokenEndpoint = $"{options.PublicUrl}{ExchangeCode.Path}",
            JwksUri = $"{options.PublicUrl}/jwks",
            GrantTypes = [OpenId4VciNames.PreAuthorizedCodeGrant, OpenId4VciNames.RefreshTokenGrant],
            TokenEndpointAuthMethods = Methods(options, trust),
            AnonymousPreAuthorizedAccess = options.AllowedClients.Count == 0 && !options.RequireWalletAttestation,
            DpopAlgorithms = DpopGate.Algorithms,
            AuthorizationDetailsTypes = [OpenId4VciNames.AuthorizationDetailsType],
            Scopes = [.. catalog.Types.Select(type => type.Id)],
            ChallengeEndpoint = trust.ServesWallets ? $"{options.PublicUrl}/challenge" : null,
            ClientAttestationAlgorithms = trust.ServesWallets ? AttestationTrust.Algorithms : [],
            ClientAttestationPopAlgorithms = trust.ServesWallets ? AttestationTrust.Algorithms : [],
        };
        return HolderSignIn.IsServed(options, signIn)
            ? metadata with
            {
                GrantTypes = [OpenId4VciNames.AuthorizationCodeGrant, .. metadata.GrantTypes],
                ResponseTypes = ["code"],
                AuthorizationEndpoint = $"{options.PublicUrl}/authorize",
                PushedAuthorizationRequestEndpoint = $"{options.PublicUrl}{PushRequest.Path}",
                RequiresPushedAuthorizationRequests = true,
                NamesItselfInResponses = true,
                CodeChallengeMethods = [Pkce.Method],
            }
            : metadata;
    }

    private static IReadOnlyList<string> Methods(IssuerOptions options, AttestationTrust trust) => (trust.ServesWallets, options.RequireWalletAttestation) switch
    {
        (true, true) => [OpenId4VciNames.AttestationClientAuthentication],
        (true, false) => ["none", OpenId4VciNames.AttestationClientAuthentication],
        _ => ["none"],
    };
}
