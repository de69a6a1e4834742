namespace Credentials.StatusLists;

/// <summary>Codes of the <c>status</c> check and of unreadable status lists. Never renamed.</summary>
public static class StatusListCodes
{
    /// <summary>The credential is revoked.</summary>
    public const string Revoked = "status.revoked";

    /// <summary>The credential is suspended.</summary>
    public const string Suspended = "status.suspended";

    /// <summary>The list gives the credential a value that has no accepted meaning.</summary>
    public const string UnknownValue = "status.unknown_value";

    /// <summary>The list is about something else than the credential's entry says.</summary>
    public const string PurposeMismatch = "status.purpose_mismatch";

    /// <summary>The credential is valid, and a newer one is to be had.</summary>
    public const string RefreshDue = "status.refresh_due";

    /// <summary>The credential is valid, and its issuer has a message about it.</summary>
    public const string Message = "status.message";

    /// <summary>The credential's index lies outside the list.</summary>
    public const string IndexOutOfRange = "status.index_out_of_range";

    /// <summary>The credential's <c>status</c> claim is not a complete reference.</summary>
    public const string MalformedReference = "status.malformed_reference";

    /// <summary>The credential's <c>status</c> claim names only mechanisms that are not supported.</summary>
    public const string UnsupportedMechanism = "status.unsupported_mechanism";

    /// <summary>The list could not be fetched.</summary>
    public const string Unreachable = "status.unreachable";

    /// <summary>The policy allows no fetch and no usable copy is at hand.</summary>
    public const string Offline = "status.offline";

    /// <summary>No list could be had, and a copy that the policy still takes was used.</summary>
    public const string CopyUsed = "status.copy_used";

    /// <summary>No list could be had, and the copy at hand is older than the policy takes without the network.</summary>
    public const string CopyTooOld = "status.copy_too_old";

    /// <summary>The caller asked to skip the status.</summary>
    public const string NotRequested = "status.not_requested";

    /// <summary>The credential has no <c>status</c> claim.</summary>
    public const string Absent = "status.absent";

    /// <summary>The status list token has a missing or malformed claim.</summary>
    public const string TokenMalformed = "status.token_malformed";

    /// <summary>The status list itself is malformed: bits, encoding or compression.</summary>
    public const string ListMalformed = "status.list_malformed";

    /// <summary>The token is about another list than the credential names.</summary>
    public const string SubjectMismatch = "status.subject_mismatch";

    /// <summary>The token is expired, or too old where it names no expiry.</summary>
    public const string TokenExpired = "status.token_expired";

    /// <summary>The token was issued in the future.</summary>
    public const string TokenNotYetValid = "status.token_not_yet_valid";

    /// <summary>The token's signer does not share the authority of the credential's issuer.</summary>
    public const string SignerNotTrusted = "status.signer_not_trusted";

    /// <summary>The token's signature is wrong.</summary>
    public const string SignatureInvalid = "status.signature_invalid";

    /// <summary>An aggregation document is malformed or names too many lists.</summary>
    public const string AggregationMalformed = "status.aggregation_malformed";

    /// <summary>A list of an aggregation was not fetched, because the lists before it fill the memory for lists.</summary>
    public const string CacheFull = "status.cache_full";
}
