namespace Credentials.Verifier;

/// <summary>The codes of this service, in problem details, logs and reports.</summary>
internal static class VerifierCodes
{
    /// <summary>The API key is missing, unknown or revoked.</summary>
    public const string RequestUnauthorized = "verifier.request_unauthorized";

    /// <summary>The API key has not the scope that this needs.</summary>
    public const string RequestScope = "verifier.request_scope";

    /// <summary>The request cannot be read, or a member is missing or of the wrong form.</summary>
    public const string RequestMalformed = "verifier.request_malformed";

    /// <summary>The body is of another media type than the route takes.</summary>
    public const string RequestContentType = "verifier.request_content_type";

    /// <summary>The form breaks a rule: a parameter twice, a broken escape, or bytes that are not UTF-8.</summary>
    public const string RequestForm = "verifier.request_form";

    /// <summary>The request is larger than the route takes.</summary>
    public const string RequestTooLarge = "verifier.request_too_large";

    /// <summary>Too many large requests arrive at once.</summary>
    public const string RequestBusy = "verifier.request_busy";

    /// <summary>Too many requests, or too many wrong secrets, from one address.</summary>
    public const string RequestTooMany = "verifier.request_too_many";

    /// <summary>The request has a member that is not known here.</summary>
    public const string RequestUnknownMember = "verifier.request_unknown_member";

    /// <summary>A member has a value that is not known here.</summary>
    public const string RequestValue = "verifier.request_value";

    /// <summary>Not exactly one of a policy and a query of one's own.</summary>
    public const string RequestQuestion = "verifier.request_question";

    /// <summary>The query asks for a credential format that is not supported.</summary>
    public const string RequestFormat = "verifier.request_format";

    /// <summary>A query of one's own comes without the purpose that holders are told.</summary>
    public const string RequestPurpose = "verifier.request_purpose";

    /// <summary>The age allowed for a status list is too high, or given together with a policy.</summary>
    public const string RequestStatusAge = "verifier.request_status_age";

    /// <summary>This question may not be asked unsigned.</summary>
    public const string RequestUnsigned = "verifier.request_unsigned";

    /// <summary>The service has no DNS name to identify itself by.</summary>
    public const string RequestNoDnsName = "verifier.request_no_dns_name";

    /// <summary>No verifier attestation was given to this service.</summary>
    public const string RequestNoAttestation = "verifier.request_no_attestation";

    /// <summary>The query names trusted authorities of a kind that is not supported: only <c>aki</c> is.</summary>
    public const string RequestTrustedAuthorities = "verifier.request_trusted_authorities";

    /// <summary>The Digital Credentials API has not this parameter, or cannot protect this query.</summary>
    public const string RequestDigitalCredentials = "verifier.request_digital_credentials";

    /// <summary>An origin is none, or not one that was named with the request.</summary>
    public const string RequestOrigin = "verifier.request_origin";

    /// <summary>The transaction data is empty, too long, or names a credential that cannot authorize it.</summary>
    public const string RequestTransactionData = "verifier.request_transaction_data";

    /// <summary>The address to return to is not an absolute https address.</summary>
    public const string RequestRedirectUri = "verifier.request_redirect_uri";

    /// <summary>An unsigned request of this size does not fit a QR code.</summary>
    public const string RequestTooLongForQr = "verifier.request_too_long_for_qr";

    /// <summary>There is nothing at this address.</summary>
    public const string RequestNoSuchRoute = "verifier.request_no_such_route";

    /// <summary>The method is not allowed at this address.</summary>
    public const string RequestMethod = "verifier.request_method";

    /// <summary>The request is refused before it was looked at.</summary>
    public const string RequestRefused = "verifier.request_refused";

    /// <summary>The relying party may ask by its policies only.</summary>
    public const string RequestOwnQuery = "verifier.request_own_query";

    /// <summary>The operator's file of relying parties is not usable.</summary>
    public const string PartyMalformed = "verifier.party_malformed";

    /// <summary>There is no policy of this name.</summary>
    public const string PolicyUnknown = "verifier.policy_unknown";

    /// <summary>A policy file is not usable.</summary>
    public const string PolicyMalformed = "verifier.policy_malformed";

    /// <summary>There is no such verification, or it is another's.</summary>
    public const string VerificationUnknown = "verifier.verification_unknown";

    /// <summary>The verification has ended.</summary>
    public const string VerificationEnded = "verifier.verification_ended";

    /// <summary>The verification has no evidence: it was not accepted, or none was to be kept.</summary>
    public const string EvidenceNone = "verifier.evidence_none";

    /// <summary>Too many listen to events at once.</summary>
    public const string EventsTooMany = "verifier.events_too_many";

    /// <summary>The wallet's response is not accepted.</summary>
    public const string ResponseRefused = "verifier.response_refused";

    /// <summary>The answer is given only for the response code that the browser brought back.</summary>
    public const string ResponseCodeMissing = "verifier.response_code_missing";

    /// <summary>The response code is wrong, used or expired.</summary>
    public const string ResponseCodeUnknown = "verifier.response_code_unknown";

    /// <summary>The wallet says that it cannot read what this service would send.</summary>
    public const string WalletMetadata = "verifier.wallet_metadata";

    /// <summary>The browser came back in another session than the one that started (HAIP §5.1).</summary>
    public const string SessionMismatch = "verifier.session_mismatch";

    /// <summary>The relying party has no webhook.</summary>
    public const string WebhookNone = "verifier.webhook_none";

    /// <summary>The operator does not let webhooks be sent to this host.</summary>
    public const string WebhookHost = "verifier.webhook_host";

    /// <summary>The address for a webhook is not an absolute https address.</summary>
    public const string WebhookUrl = "verifier.webhook_url";

    /// <summary>A clerk's form was not sent from a page of the session.</summary>
    public const string SessionForm = "verifier.session_form";

    /// <summary>A stored report cannot be read.</summary>
    public const string ReportMalformed = "verifier.report_malformed";

    /// <summary>The database cannot be reached.</summary>
    public const string StorageUnavailable = "verifier.storage_unavailable";

    /// <summary>The clock of this replica and that of its database differ by more than a minute; ask another, or later.</summary>
    public const string ClockOff = "verifier.clock_off";

    /// <summary>A stored value cannot be opened with the service's key.</summary>
    public const string KeyUnavailable = "verifier.key_unavailable";

    /// <summary>The service failed; the trace id finds the log entry.</summary>
    public const string Fault = "verifier.fault";
}
