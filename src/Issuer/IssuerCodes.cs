namespace Credentials.Issuer;

/// <summary>Stable error codes of the issuer service; never renamed or reused.</summary>
public static class IssuerCodes
{
    /// <summary>A catalog file is not a credential type.</summary>
    public const string Catalog = "issuer.catalog";

    /// <summary>The claims of an offer do not fit their credential type.</summary>
    public const string Claims = "issuer.claims";

    /// <summary>The request body is not what the route takes.</summary>
    public const string Request = "issuer.request";

    /// <summary>The request body is larger than the route takes.</summary>
    public const string TooLarge = "issuer.too_large";

    /// <summary>No API key, or one that is unknown or revoked.</summary>
    public const string ApiKey = "issuer.api_key";

    /// <summary>The API key's role does not allow this.</summary>
    public const string Role = "issuer.role";

    /// <summary>There is nothing at this address, or nothing any more.</summary>
    public const string NotFound = "issuer.not_found";

    /// <summary>The address does not take this method.</summary>
    public const string Method = "issuer.method";

    /// <summary>None of the accepted media types can be served.</summary>
    public const string NotAcceptable = "issuer.not_acceptable";

    /// <summary>The credential was revoked, and revoked is final.</summary>
    public const string RevokedIsFinal = "issuer.revoked_is_final";

    /// <summary>The offer is not in a state that allows this.</summary>
    public const string OfferState = "issuer.offer_state";

    /// <summary>Too many requests from one address.</summary>
    public const string RateLimited = "issuer.rate_limited";

    /// <summary>The pre-authorized code is unknown, used, expired or withdrawn.</summary>
    public const string CodeUnusable = "issuer.code_unusable";

    /// <summary>The transaction code is wrong, or there or not there against what was offered.</summary>
    public const string TxCode = "issuer.tx_code";

    /// <summary>The client is not one that this issuer serves.</summary>
    public const string Client = "issuer.client";

    /// <summary>The access token is missing, unknown or expired.</summary>
    public const string AccessToken = "issuer.access_token";

    /// <summary>The access token does not cover the credential asked for.</summary>
    public const string NotCovered = "issuer.not_covered";

    /// <summary>The credential configuration or identifier is unknown.</summary>
    public const string UnknownConfiguration = "issuer.unknown_configuration";

    /// <summary>The nonce of a key proof is not one of ours, expired or used.</summary>
    public const string Nonce = "issuer.nonce";

    /// <summary>More key proofs than a batch may have.</summary>
    public const string BatchTooLarge = "issuer.batch_too_large";

    /// <summary>Two key proofs of one request have the same key.</summary>
    public const string KeyTwice = "issuer.key_twice";

    /// <summary>What was offered has been issued already.</summary>
    public const string AlreadyIssued = "issuer.already_issued";

    /// <summary>The credential did not pass the issuer's own verification and was not given out.</summary>
    public const string SelfCheck = "issuer.self_check";

    /// <summary>A table is not CSV, or has columns that its credential type does not have.</summary>
    public const string Table = "issuer.table";

    /// <summary>The claims source of a type does not know the person.</summary>
    public const string ClaimsMissing = "issuer.claims_missing";

    /// <summary>The claims source of a type cannot be asked, or does not answer as it should.</summary>
    public const string ClaimsSource = "issuer.claims_source";

    /// <summary>The batch is not in a state that allows this, or another table was sent under its id.</summary>
    public const string BatchState = "issuer.batch_state";

    /// <summary>A request by the VC API has a wrong member, or asks for what this issuer does not do.</summary>
    public const string VcApi = "issuer.vc_api";

    /// <summary>The redirect URI is not one of the client's.</summary>
    public const string RedirectUri = "issuer.redirect_uri";

    /// <summary>The issuer state is unknown, used or expired.</summary>
    public const string IssuerState = "issuer.issuer_state";

    /// <summary>A DPoP proof comes for the second time.</summary>
    public const string ProofReplayed = "issuer.proof_replayed";

    /// <summary>A DPoP proof is needed, or the token is not used as its type says.</summary>
    public const string DpopNeeded = "issuer.dpop_needed";

    /// <summary>The attestation is revoked, or its status cannot be looked up.</summary>
    public const string AttestationStatus = "issuer.attestation_status";

    /// <summary>The PKCE verifier or the redirect URI is not that of the authorization request.</summary>
    public const string CodeBinding = "issuer.code_binding";

    /// <summary>The refresh token is unknown, expired or bound to another wallet or key.</summary>
    public const string RefreshToken = "issuer.refresh_token";

    /// <summary>The transaction id of a deferred issuance is unknown or used.</summary>
    public const string TransactionId = "issuer.transaction_id";

    /// <summary>Staff decided against the credential, or it was decided already.</summary>
    public const string DeferredState = "issuer.deferred_state";

    /// <summary>The notification id does not belong to this access token.</summary>
    public const string NotificationId = "issuer.notification_id";

    /// <summary>The request or its answer must be encrypted.</summary>
    public const string EncryptionNeeded = "issuer.encryption_needed";

    /// <summary>A certificate is for no key that was requested.</summary>
    public const string KeyAnswer = "issuer.key_answer";

    /// <summary>The issuer's own authority cannot certify: its private key is kept elsewhere.</summary>
    public const string KeyAuthority = "issuer.key_authority";

    /// <summary>The issuer's identifier is made of its key, which cannot change.</summary>
    public const string KeyIsIdentifier = "issuer.key_is_identifier";

    /// <summary>A document signer would have no status signer under its authority.</summary>
    public const string KeyStatusSigner = "issuer.key_status_signer";

    /// <summary>A key cannot take effect so soon, or at the same time as another.</summary>
    public const string KeyTime = "issuer.key_time";

    /// <summary>There is no such signing key.</summary>
    public const string KeyUnknown = "issuer.key_unknown";

    /// <summary>A back-up is none, or a file of it is missing, changed or damaged.</summary>
    public const string Backup = "issuer.backup";

    /// <summary>A journal is no audit log, or not whole, or goes on from another log than the one it is replayed on.</summary>
    public const string Journal = "issuer.journal";

    /// <summary>The service cannot do this right now; try again.</summary>
    public const string Unavailable = "issuer.unavailable";

    /// <summary>The clock of this replica and that of its database differ by more than a minute; ask another, or later.</summary>
    public const string ClockOff = "issuer.clock_off";

    /// <summary>Something went wrong inside; the trace id finds it in the log.</summary>
    public const string Internal = "issuer.internal";
}
