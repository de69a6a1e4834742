using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.OpenId4Vci;

/// <summary>Authorization server metadata (RFC 8414 §2 with OpenID4VCI §12.3).</summary>
public sealed record AuthorizationServerMetadata
{
    private const string Code = OpenId4VciCodes.ServerMetadata;

    /// <summary>The server's identifier.</summary>
    public required string Issuer { get; init; }

    /// <summary>Where tokens are issued.</summary>
    public required string TokenEndpoint { get; init; }

    /// <summary>Where users are sent, if the authorization code flow is served.</summary>
    public string? AuthorizationEndpoint { get; init; }

    /// <summary>Public keys of the server, if published.</summary>
    public string? JwksUri { get; init; }

    /// <summary>Grant types served. RFC 8414 says what an absent list means: authorization_code and implicit.</summary>
    public IReadOnlyList<string> GrantTypes { get; init; } = [];

    /// <summary>Client authentication methods of the token endpoint.</summary>
    public IReadOnlyList<string> TokenEndpointAuthMethods { get; init; } = [];

    /// <summary>Response types; absent when only the pre-authorized code flow is served (OpenID4VCI §12.2.4).</summary>
    public IReadOnlyList<string> ResponseTypes { get; init; } = [];

    /// <summary>Scopes served.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>True when a pre-authorized code is taken without a <c>client_id</c> (OpenID4VCI §12.3).</summary>
    public bool AnonymousPreAuthorizedAccess { get; init; }

    /// <summary>Where authorization requests are pushed (RFC 9126 §5), if served.</summary>
    public string? PushedAuthorizationRequestEndpoint { get; init; }

    /// <summary>True when only pushed authorization requests are taken (RFC 9126 §5).</summary>
    public bool RequiresPushedAuthorizationRequests { get; init; }

    /// <summary>True when authorization responses name the server in <c>iss</c> (RFC 9207 §3).</summary>
    public bool NamesItselfInResponses { get; init; }

    /// <summary>PKCE methods served (RFC 7636).</summary>
    public IReadOnlyList<string> CodeChallengeMethods { get; init; } = [];

    /// <summary>Algorithms of DPoP proofs (RFC 9449 §5.1); empty when DPoP is not served.</summary>
    public IReadOnlyList<string> DpopAlgorithms { get; init; } = [];

    /// <summary>Types of authorization details served (RFC 9396 §10).</summary>
    public IReadOnlyList<string> AuthorizationDetailsTypes { get; init; } = [];

    /// <summary>Where challenges for wallet attestations come from (attestation-based client authentication -07 §8), if served.</summary>
    public string? ChallengeEndpoint { get; init; }

    /// <summary>Algorithms of wallet attestations (-07 §10.1).</summary>
    public IReadOnlyList<string> ClientAttestationAlgorithms { get; init; } = [];

    /// <summary>Algorithms of their proofs of possession (-07 §10.1).</summary>
    public IReadOnlyList<string> ClientAttestationPopAlgorithms { get; init; } = [];

    /// <summary>Where the metadata of a server is published (RFC 8414 §3).</summary>
    public static string LocationFor(string issuer) => ServiceUrl.WellKnown(issuer, OpenId4VciNames.AuthorizationServerWellKnown);

    /// <summary>Reads metadata fetched for <paramref name="issuer"/>; unknown parameters are ignored.</summary>
    /// <exception cref="MalformedDataException">The document is not well formed or is another server's (<see cref="OpenId4VciCodes.IssuerMismatch"/>).</exception>
    public static AuthorizationServerMetadata Parse(JsonElement json, string issuer, bool allowLoopbackHttp)
    {
        json.RequireObject(Code);
        var named = ServiceUrl.RequireIdentifier(json.RequireText("issuer", Code), allowLoopbackHttp, Code);
        // RFC 8414 §3.3: identical, or the data MUST NOT be used.
        if (!string.Equals(named, issuer, StringComparison.Ordinal))
            throw new MalformedDataException(OpenId4VciCodes.IssuerMismatch, "The metadata belongs to another authorization server.");
        string? Endpoint(string name) => json.OptionalString(name, Code) is { } url ? ServiceUrl.Require(url, allowLoopbackHttp, Code).OriginalString : null;
        return new AuthorizationServerMetadata
        {
            Issuer = named,
            TokenEndpoint = Endpoint("token_endpoint") ?? throw new MalformedDataException(Code, "'token_endpoint' is missing."),
            AuthorizationEndpoint = Endpoint("authorization_endpoint"),
            JwksUri = Endpoint("jwks_uri"),
            GrantTypes = json.Texts("grant_types_supported", Code),
            TokenEndpointAuthMethods = json.Texts("token_endpoint_auth_methods_supported", Code),
            ResponseTypes = json.OptionalStringArray("response_types_supported", Code) ?? [],
            Scopes = json.OptionalStringArray("scopes_supported", Code) ?? [],
            AnonymousPreAuthorizedAccess = json.OptionalBoolean("pre-authorized_grant_anonymous_access_supported", Code) ?? false,
            PushedAuthorizationRequestEndpoint = Endpoint("pushed_authorization_request_endpoint"),
            RequiresPushedAuthorizationRequests = json.OptionalBoolean("require_pushed_authorization_requests", Code) ?? false,
            NamesItselfInResponses = json.OptionalBoolean("authorization_response_iss_parameter_supported", Code) ?? false,
            CodeChallengeMethods = json.OptionalStringArray("code_challenge_methods_supported", Code) ?? [],
            DpopAlgorithms = json.OptionalStringArray("dpop_signing_alg_values_supported", Code) ?? [],
            AuthorizationDetailsTypes = json.OptionalStringArray("authorization_details_types_supported", Code) ?? [],
            ChallengeEndpoint = Endpoint("challenge_endpoint"),
            ClientAttestationAlgorithms = json.OptionalStringArray("client_attestation_signing_alg_values_supported", Code) ?? [],
            ClientAttestationPopAlgorithms = json.OptionalStringArray("client_attestation_pop_signing_alg_values_supported", Code) ?? [],
        };
    }

    /// <summary>Writes the document.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["issuer"] = Issuer, ["token_endpoint"] = TokenEndpoint };
        json.AddText("authorization_endpoint", AuthorizationEndpoint);
        json.AddText("pushed_authorization_request_endpoint", PushedAuthorizationRequestEndpoint);
        if (RequiresPushedAuthorizationRequests)
            json["require_pushed_authorization_requests"] = true;
        if (NamesItselfInResponses)
            json["authorization_response_iss_parameter_supported"] = true;
        json.AddText("challenge_endpoint", ChallengeEndpoint);
        json.AddText("jwks_uri", JwksUri);
        json.AddTexts("grant_types_supported", GrantTypes);
        json.AddTexts("token_endpoint_auth_methods_supported", TokenEndpointAuthMethods);
        json.AddTexts("response_types_supported", ResponseTypes);
        json.AddTexts("scopes_supported", Scopes);
        json.AddTexts("code_challenge_methods_supported", CodeChallengeMethods);
        json.AddTexts("dpop_signing_alg_values_supported", DpopAlgorithms);
        json.AddTexts("authorization_details_types_supported", AuthorizationDetailsTypes);
        json.AddTexts("client_attestation_signing_alg_values_supported", ClientAttestationAlgorithms);
        json.AddTexts("client_attestation_pop_signing_alg_values_supported", ClientAttestationPopAlgorithms);
        if (AnonymousPreAuthorizedAccess)
            json["pre-authorized_grant_anonymous_access_supported"] = true;
        return json;
    }
}
