namespace Credentials.OpenId4Vci;

/// <summary>
/// Wire names of OpenID for Verifiable Credential Issuance 1.0
/// (https://openid.net/specs/openid-4-verifiable-credential-issuance-1_0.html) and of the OAuth documents it builds on.
/// </summary>
public static class OpenId4VciNames
{
    /// <summary>Custom scheme of credential offers (§4.1).</summary>
    public const string OfferScheme = "openid-credential-offer";

    /// <summary>Path inserted between host and path of a credential issuer identifier (§12.2.2).</summary>
    public const string IssuerWellKnown = "/.well-known/openid-credential-issuer";

    /// <summary>Path inserted between host and path of an authorization server identifier (RFC 8414 §3).</summary>
    public const string AuthorizationServerWellKnown = "/.well-known/oauth-authorization-server";

    /// <summary>Grant type of the pre-authorized code flow (§3.5).</summary>
    public const string PreAuthorizedCodeGrant = "urn:ietf:params:oauth:grant-type:pre-authorized_code";

    /// <summary>Grant type of the authorization code flow (RFC 6749 §4.1).</summary>
    public const string AuthorizationCodeGrant = "authorization_code";

    /// <summary><c>typ</c> of a key proof (Appendix F.1).</summary>
    public const string KeyProofType = "openid4vci-proof+jwt";

    /// <summary>Proof type "jwt" (Appendix F.1).</summary>
    public const string JwtProof = "jwt";

    /// <summary>Type of an authorization details object (§5.1.1).</summary>
    public const string AuthorizationDetailsType = "openid_credential";

    /// <summary>Holder keys as JWK (§12.2.4, <c>cryptographic_binding_methods_supported</c>).</summary>
    public const string JwkBinding = "jwk";

    /// <summary>Binding method of an mdoc: the key as COSE_Key (Appendix A.2, §12.2.4).</summary>
    public const string CoseKeyBinding = "cose_key";

    // Error codes: RFC 6749 §5.2
    /// <summary>RFC 6749 §5.2.</summary>
    public const string InvalidRequest = "invalid_request";

    /// <summary>RFC 6749 §5.2.</summary>
    public const string InvalidClient = "invalid_client";

    /// <summary>RFC 6749 §5.2.</summary>
    public const string InvalidGrant = "invalid_grant";

    /// <summary>RFC 6749 §5.2.</summary>
    public const string UnsupportedGrantType = "unsupported_grant_type";

    /// <summary>RFC 6749 §5.2.</summary>
    public const string InvalidScope = "invalid_scope";

    // Error codes: RFC 6750 §3.1
    /// <summary>RFC 6750 §3.1.</summary>
    public const string InvalidToken = "invalid_token";

    /// <summary>RFC 6750 §3.1.</summary>
    public const string InsufficientScope = "insufficient_scope";

    // Error codes: RFC 9396 §5
    /// <summary>RFC 9396 §5.</summary>
    public const string InvalidAuthorizationDetails = "invalid_authorization_details";

    // Error codes: OpenID4VCI §8.3.1.2
    /// <summary>OpenID4VCI §8.3.1.2.</summary>
    public const string InvalidCredentialRequest = "invalid_credential_request";

    /// <summary>OpenID4VCI §8.3.1.2.</summary>
    public const string UnknownCredentialConfiguration = "unknown_credential_configuration";

    /// <summary>OpenID4VCI §8.3.1.2.</summary>
    public const string UnknownCredentialIdentifier = "unknown_credential_identifier";

    /// <summary>OpenID4VCI §8.3.1.2.</summary>
    public const string InvalidProof = "invalid_proof";

    /// <summary>OpenID4VCI §8.3.1.2.</summary>
    public const string InvalidNonce = "invalid_nonce";

    /// <summary>OpenID4VCI §8.3.1.2.</summary>
    public const string InvalidEncryptionParameters = "invalid_encryption_parameters";

    /// <summary>OpenID4VCI §8.3.1.2.</summary>
    public const string CredentialRequestDenied = "credential_request_denied";
}
