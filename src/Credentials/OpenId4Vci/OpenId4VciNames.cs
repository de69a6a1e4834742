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

    /// <summary>Grant type that trades a refresh token for an access token (RFC 6749 §6).</summary>
    public const string RefreshTokenGrant = "refresh_token";

    /// <summary>Token type of tokens that anybody who has them can use (RFC 6750).</summary>
    public const string BearerTokenType = "Bearer";

    /// <summary>Token type, authentication scheme and request header of tokens bound to a key (RFC 9449 §5, §7.1).</summary>
    public const string DpopTokenType = "DPoP";

    /// <summary>Header with the nonce for the next DPoP proof (RFC 9449 §8).</summary>
    public const string DpopNonceHeader = "DPoP-Nonce";

    /// <summary><c>typ</c> of a DPoP proof (RFC 9449 §4.2).</summary>
    public const string DpopProofType = "dpop+jwt";

    /// <summary>Client authentication by wallet attestation (attestation-based client authentication -07 §10.1).</summary>
    public const string AttestationClientAuthentication = "attest_jwt_client_auth";

    /// <summary>Header with the wallet attestation (-07 §6.1).</summary>
    public const string ClientAttestationHeader = "OAuth-Client-Attestation";

    /// <summary>Header with its proof of possession (-07 §6.1).</summary>
    public const string ClientAttestationPopHeader = "OAuth-Client-Attestation-PoP";

    /// <summary>Header with a challenge for the next proof of possession (-07 §8.1).</summary>
    public const string ClientAttestationChallengeHeader = "OAuth-Client-Attestation-Challenge";

    /// <summary><c>typ</c> of a wallet attestation (-07 §5.1).</summary>
    public const string ClientAttestationType = "oauth-client-attestation+jwt";

    /// <summary><c>typ</c> of its proof of possession (-07 §5.2).</summary>
    public const string ClientAttestationPopType = "oauth-client-attestation-pop+jwt";

    /// <summary><c>typ</c> of a key attestation (Appendix D.1).</summary>
    public const string KeyAttestationType = "key-attestation+jwt";

    /// <summary><c>typ</c> of signed issuer metadata (§12.2.3).</summary>
    public const string SignedMetadataType = "openidvci-issuer-metadata+jwt";

    /// <summary>Media type of encrypted messages (§10) and of signed metadata (§12.2.2).</summary>
    public const string JwtMediaType = "application/jwt";

    /// <summary><c>typ</c> of a key proof (Appendix F.1).</summary>
    public const string KeyProofType = "openid4vci-proof+jwt";

    /// <summary>Proof type "jwt" (Appendix F.1).</summary>
    public const string JwtProof = "jwt";

    /// <summary>Proof type "attestation" (Appendix F.3).</summary>
    public const string AttestationProof = "attestation";

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

    // Error codes: OpenID4VCI §9.3, §11.3
    /// <summary>OpenID4VCI §9.3.</summary>
    public const string InvalidTransactionId = "invalid_transaction_id";

    /// <summary>OpenID4VCI §11.3.</summary>
    public const string InvalidNotificationId = "invalid_notification_id";

    /// <summary>OpenID4VCI §11.3.</summary>
    public const string InvalidNotificationRequest = "invalid_notification_request";

    // Error codes: RFC 6749 §4.1.2.1
    /// <summary>RFC 6749 §4.1.2.1: the person said no.</summary>
    public const string AccessDenied = "access_denied";

    // Error codes: RFC 9449 §5, §8
    /// <summary>RFC 9449 §5.</summary>
    public const string InvalidDpopProof = "invalid_dpop_proof";

    /// <summary>RFC 9449 §8.</summary>
    public const string UseDpopNonce = "use_dpop_nonce";

    // Error codes: attestation-based client authentication -07 §6.2
    /// <summary>-07 §6.2: the proof of possession lacks a challenge of the server.</summary>
    public const string UseAttestationChallenge = "use_attestation_challenge";
}
