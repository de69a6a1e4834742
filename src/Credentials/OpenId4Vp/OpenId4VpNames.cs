namespace Credentials.OpenId4Vp;

/// <summary>Wire names and fixed values of OpenID4VP 1.0.</summary>
/// <remarks>https://openid.net/specs/openid-4-verifiable-presentations-1_0.html</remarks>
public static class OpenId4VpNames
{
    /// <summary>The custom scheme that invokes any wallet (§13.1.2).</summary>
    public const string Scheme = "openid4vp";

    /// <summary>The custom scheme that invokes a wallet of the High Assurance Interoperability Profile (HAIP §5.1).</summary>
    public const string HaipScheme = "haip-vp";

    /// <summary><c>typ</c> of a request object, and with <c>application/</c> its media type (RFC 9101).</summary>
    public const string RequestObjectType = "oauth-authz-req+jwt";

    /// <summary><c>aud</c> of a request object where the wallet is not known beforehand (§5.8).</summary>
    public const string StaticAudience = "https://self-issued.me/v2";

    /// <summary>The only response type in use.</summary>
    public const string VpToken = "vp_token";

    /// <summary>Response mode: the answer is posted to <c>response_uri</c> as a form (§8.2).</summary>
    public const string DirectPost = "direct_post";

    /// <summary>Response mode: the answer is encrypted, then posted (§8.3.1).</summary>
    public const string DirectPostJwt = "direct_post.jwt";

    /// <summary>Response mode: the answer goes back through the Digital Credentials API (Appendix A.2).</summary>
    public const string DcApi = "dc_api";

    /// <summary>Response mode: the answer is encrypted, then goes back through the Digital Credentials API.</summary>
    public const string DcApiJwt = "dc_api.jwt";

    /// <summary>Exchange protocol of the Digital Credentials API: unsigned requests (A.1).</summary>
    public const string UnsignedProtocol = "openid4vp-v1-unsigned";

    /// <summary>Exchange protocol: one signature, as a compact JWS.</summary>
    public const string SignedProtocol = "openid4vp-v1-signed";

    /// <summary>Exchange protocol: several signatures, as a JWS in JSON.</summary>
    public const string MultiSignedProtocol = "openid4vp-v1-multisigned";

    /// <summary><c>typ</c> of a verifier attestation (§12).</summary>
    public const string VerifierAttestationType = "verifier-attestation+jwt";

    /// <summary>Value of <c>request_uri_method</c>.</summary>
    public const string Get = "get";

    /// <summary>Value of <c>request_uri_method</c>: the wallet may post its metadata and a nonce (§5.10).</summary>
    public const string Post = "post";

    internal const string Aud = "aud";
    internal const string ClientId = "client_id";
    internal const string ClientMetadata = "client_metadata";
    internal const string ClientName = "client_name";
    internal const string Cnf = "cnf";
    internal const string CredentialIds = "credential_ids";
    internal const string Data = "data";
    internal const string DcqlQuery = "dcql_query";
    internal const string EncryptedResponseEncValues = "encrypted_response_enc_values_supported";
    internal const string Error = "error";
    internal const string ErrorDescription = "error_description";
    internal const string Exp = "exp";
    internal const string ExpectedOrigins = "expected_origins";
    internal const string Format = "format";
    internal const string Iat = "iat";
    internal const string Iss = "iss";
    internal const string Jwk = "jwk";
    internal const string Jwks = "jwks";
    internal const string Jwt = "jwt";
    internal const string Keys = "keys";
    internal const string Nbf = "nbf";
    internal const string Nonce = "nonce";
    internal const string Payload = "payload";
    internal const string Protected = "protected";
    internal const string RedirectUri = "redirect_uri";
    internal const string RedirectUris = "redirect_uris";
    internal const string Request = "request";
    internal const string RequestUri = "request_uri";
    internal const string RequestUriMethod = "request_uri_method";
    internal const string Response = "response";
    internal const string ResponseMode = "response_mode";
    internal const string ResponseType = "response_type";
    internal const string ResponseUri = "response_uri";
    internal const string Scope = "scope";
    internal const string Signature = "signature";
    internal const string Signatures = "signatures";
    internal const string State = "state";
    internal const string Sub = "sub";
    internal const string TransactionData = "transaction_data";
    internal const string TransactionDataHashesAlg = "transaction_data_hashes_alg";
    internal const string Type = "type";
    internal const string VerifierInfo = "verifier_info";
    internal const string VpFormatsSupported = "vp_formats_supported";
    internal const string WalletMetadata = "wallet_metadata";
    internal const string WalletNonce = "wallet_nonce";
}
