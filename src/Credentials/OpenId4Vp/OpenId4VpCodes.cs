namespace Credentials.OpenId4Vp;

/// <summary>Error and check codes of OpenID4VP; listed in <c>spec/error-codes.md</c>.</summary>
public static class OpenId4VpCodes
{
    /// <summary>The link that invokes the wallet is not a request.</summary>
    public const string LinkMalformed = "openid4vp.link_malformed";

    /// <summary>The authorization request breaks a rule of its form.</summary>
    public const string RequestMalformed = "openid4vp.request_malformed";

    /// <summary>A parameter, response type or response mode that this implementation does not support.</summary>
    public const string RequestNotSupported = "openid4vp.request_not_supported";

    /// <summary>The client identifier has no prefix, or one that is not supported.</summary>
    public const string ClientIdPrefix = "openid4vp.client_id_prefix";

    /// <summary>The client identifier is not the one announced, or does not belong to the request's certificate or response address.</summary>
    public const string ClientIdMismatch = "openid4vp.client_id_mismatch";

    /// <summary>The request is not signed although it must be.</summary>
    public const string SignatureRequired = "openid4vp.signature_required";

    /// <summary>The request object's signature is not that of its certificate.</summary>
    public const string RequestSignature = "openid4vp.request_signature";

    /// <summary>No configured authority vouches for the verifier's certificate.</summary>
    public const string VerifierUntrusted = "openid4vp.verifier_untrusted";

    /// <summary>The attestation about the verifier is missing, malformed, expired, of somebody else, or not for this response address.</summary>
    public const string VerifierAttestation = "openid4vp.verifier_attestation";

    /// <summary>The request is not for the origin that sent it, or names no origin.</summary>
    public const string Origin = "openid4vp.origin";

    /// <summary>The request object is meant for another recipient.</summary>
    public const string RequestAudience = "openid4vp.request_audience";

    /// <summary>The request object is expired or not yet valid.</summary>
    public const string RequestTime = "openid4vp.request_time";

    /// <summary>The request object does not repeat the wallet's nonce.</summary>
    public const string WalletNonce = "openid4vp.wallet_nonce";

    /// <summary>Encryption is asked for, but no key or algorithm on offer is usable; or the profile needs it and it is not asked for.</summary>
    public const string Encryption = "openid4vp.encryption";

    /// <summary>A transaction data entry is malformed, of an unknown type, or names credentials that cannot authorize it.</summary>
    public const string TransactionData = "openid4vp.transaction_data";

    /// <summary>The response breaks a rule of its form.</summary>
    public const string ResponseMalformed = "openid4vp.response_malformed";

    /// <summary>The response's <c>state</c> is not the request's.</summary>
    public const string StateMismatch = "openid4vp.state_mismatch";

    /// <summary>The response came by another response mode than asked for.</summary>
    public const string ResponseMode = "openid4vp.response_mode";

    /// <summary>The response cannot be decrypted with this request's key and algorithms.</summary>
    public const string Decryption = "openid4vp.decryption";

    /// <summary>The query asks for a credential format that this verifier does not support.</summary>
    public const string FormatNotSupported = "openid4vp.format_not_supported";

    /// <summary>No session: there was no request that this check could be about.</summary>
    public const string NoSession = "openid4vp.no_session";

    /// <summary>The request was sent without this parameter or protection, so there is nothing to check.</summary>
    public const string NotRequested = "openid4vp.not_requested";
}
