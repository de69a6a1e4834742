namespace Credentials.OpenId4Vci;

/// <summary>Stable error codes of the OpenID4VCI messages; never renamed or reused.</summary>
public static class OpenId4VciCodes
{
    /// <summary>The link is not a credential offer link.</summary>
    public const string OfferLink = "vci.offer_link";

    /// <summary>The credential offer object is not well formed.</summary>
    public const string Offer = "vci.offer";

    /// <summary>A URL is not absolute https, or carries what it must not.</summary>
    public const string Url = "vci.url";

    /// <summary>The credential issuer metadata is not well formed.</summary>
    public const string IssuerMetadata = "vci.issuer_metadata";

    /// <summary>The metadata names another credential issuer than the one it was fetched for.</summary>
    public const string IssuerMismatch = "vci.issuer_mismatch";

    /// <summary>A logo is no picture that can be shown, or too large.</summary>
    public const string Logo = "vci.logo";

    /// <summary>The authorization server metadata is not well formed or names another issuer.</summary>
    public const string ServerMetadata = "vci.server_metadata";

    /// <summary>The token request is not well formed.</summary>
    public const string TokenRequest = "vci.token_request";

    /// <summary>The token request asks for a grant type that is not served.</summary>
    public const string GrantType = "vci.grant_type";

    /// <summary>The token response is not well formed.</summary>
    public const string TokenResponse = "vci.token_response";

    /// <summary>The nonce response is not well formed.</summary>
    public const string NonceResponse = "vci.nonce_response";

    /// <summary>The credential request is not well formed.</summary>
    public const string CredentialRequest = "vci.credential_request";

    /// <summary>The credential request asks for an encrypted response in a way that is not allowed.</summary>
    public const string ResponseEncryption = "vci.response_encryption";

    /// <summary>The credential response is not well formed.</summary>
    public const string CredentialResponse = "vci.credential_response";

    /// <summary>No key proof where one is required, or one of a type that is not served.</summary>
    public const string ProofMissing = "vci.proof_missing";

    /// <summary>The key proof is not well formed.</summary>
    public const string ProofMalformed = "vci.proof_malformed";

    /// <summary>The key in the header of the key proof is absent, ambiguous or not usable.</summary>
    public const string ProofKey = "vci.proof_key";

    /// <summary>The algorithm of the key proof is not one the issuer accepts.</summary>
    public const string ProofAlgorithm = "vci.proof_algorithm";

    /// <summary>The signature of the key proof does not verify with the key in its header.</summary>
    public const string ProofSignature = "vci.proof_signature";

    /// <summary>The key proof is for another credential issuer.</summary>
    public const string ProofAudience = "vci.proof_audience";

    /// <summary>The key proof names a client although the token is anonymous, or another client.</summary>
    public const string ProofIssuer = "vci.proof_issuer";

    /// <summary>The time of the key proof is missing or outside the window.</summary>
    public const string ProofTime = "vci.proof_time";

    /// <summary>The key proof carries no nonce where one is required.</summary>
    public const string ProofNonceMissing = "vci.proof_nonce_missing";

    /// <summary>An error answer is not well formed.</summary>
    public const string ErrorResponse = "vci.error_response";

    /// <summary>The authorization request is not well formed or asks for what is not served.</summary>
    public const string AuthorizationRequest = "vci.authorization_request";

    /// <summary>The authorization response is not well formed, or not the answer to this request.</summary>
    public const string AuthorizationResponse = "vci.authorization_response";

    /// <summary>The answer to a pushed authorization request is not well formed.</summary>
    public const string PushedAuthorizationResponse = "vci.pushed_authorization_response";

    /// <summary>The DPoP proof is not well formed, or its algorithm is not accepted.</summary>
    public const string DpopMalformed = "vci.dpop_malformed";

    /// <summary>The signature of the DPoP proof does not verify with the key in its header.</summary>
    public const string DpopSignature = "vci.dpop_signature";

    /// <summary>The DPoP proof is for another request.</summary>
    public const string DpopRequest = "vci.dpop_request";

    /// <summary>The time of the DPoP proof is missing or outside the window.</summary>
    public const string DpopTime = "vci.dpop_time";

    /// <summary>The DPoP proof does not belong to the access token: another token's hash, or another key.</summary>
    public const string DpopToken = "vci.dpop_token";

    /// <summary>The DPoP proof lacks a current nonce of the server.</summary>
    public const string DpopNonce = "vci.dpop_nonce";

    /// <summary>The deferred credential request is not well formed.</summary>
    public const string DeferredRequest = "vci.deferred_request";

    /// <summary>The notification is not well formed.</summary>
    public const string NotificationRequest = "vci.notification_request";

    /// <summary>The request cannot be decrypted or is not encrypted as the metadata says.</summary>
    public const string RequestEncryption = "vci.request_encryption";

    /// <summary>The wallet attestation is not well formed, expired, or its signature does not verify.</summary>
    public const string WalletAttestation = "vci.wallet_attestation";

    /// <summary>The signer of the wallet attestation is not trusted for that.</summary>
    public const string WalletAttestationSigner = "vci.wallet_attestation_signer";

    /// <summary>The proof of possession of the wallet attestation is refused.</summary>
    public const string WalletAttestationPop = "vci.wallet_attestation_pop";

    /// <summary>The challenge for a wallet attestation is missing or not usable.</summary>
    public const string WalletAttestationChallenge = "vci.wallet_attestation_challenge";

    /// <summary>The key attestation is not well formed, expired, or its signature does not verify.</summary>
    public const string KeyAttestation = "vci.key_attestation";

    /// <summary>The signer of the key attestation is not trusted for that.</summary>
    public const string KeyAttestationSigner = "vci.key_attestation_signer";

    /// <summary>The key attestation asserts less than the credential asks for.</summary>
    public const string KeyAttestationLevel = "vci.key_attestation_level";

    /// <summary>A key attestation is needed and missing, or the proof is not made with a key that it attests.</summary>
    public const string KeyAttestationProof = "vci.key_attestation_proof";

    /// <summary>The signed issuer metadata is not well formed, not of this issuer, expired, or not signed by whom one trusts.</summary>
    public const string SignedMetadata = "vci.signed_metadata";
}
