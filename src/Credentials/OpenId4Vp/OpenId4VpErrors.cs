namespace Credentials.OpenId4Vp;

/// <summary>The error codes that go over the wire (OpenID4VP 1.0 §8.5, RFC 6749 §4.1.2.1).</summary>
public static class OpenId4VpErrors
{
    /// <summary>The request, or the response, breaks a rule.</summary>
    public const string InvalidRequest = "invalid_request";

    /// <summary>The verifier could not be identified.</summary>
    public const string InvalidClient = "invalid_client";

    /// <summary>The holder declined, or the wallet has nothing that matches: one code for both, so that they look the same.</summary>
    public const string AccessDenied = "access_denied";

    /// <summary>A response type other than <c>vp_token</c>.</summary>
    public const string UnsupportedResponseType = "unsupported_response_type";

    /// <summary>None of the requested formats is supported.</summary>
    public const string VpFormatsNotSupported = "vp_formats_not_supported";

    /// <summary><c>request_uri_method</c> is neither <c>get</c> nor <c>post</c>.</summary>
    public const string InvalidRequestUriMethod = "invalid_request_uri_method";

    /// <summary>A transaction data entry is of an unknown type or breaks its type's rules.</summary>
    public const string InvalidTransactionData = "invalid_transaction_data";

    /// <summary>No wallet could be invoked.</summary>
    public const string WalletUnavailable = "wallet_unavailable";
}
