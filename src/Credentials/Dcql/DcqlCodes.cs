namespace Credentials.Dcql;

/// <summary>Error and check codes of DCQL; listed in <c>spec/error-codes.md</c>.</summary>
public static class DcqlCodes
{
    /// <summary>The query is not one that OpenID4VP 1.0 §6 allows.</summary>
    public const string Malformed = "dcql.malformed";

    /// <summary>The query has more credentials, claims, sets or values than this implementation evaluates.</summary>
    public const string TooLarge = "dcql.too_large";

    /// <summary>The response has an entry for an id that the query does not have.</summary>
    public const string UnknownId = "dcql.unknown_id";

    /// <summary>More than one credential for a query without <c>multiple</c>.</summary>
    public const string MultipleNotAllowed = "dcql.multiple_not_allowed";

    /// <summary>A credential, or every option of a required credential set, is missing.</summary>
    public const string NotSatisfied = "dcql.not_satisfied";

    /// <summary>The credential has another format than the query asks for.</summary>
    public const string FormatMismatch = "dcql.format_mismatch";

    /// <summary>The credential's type is none of those that the query asks for.</summary>
    public const string TypeMismatch = "dcql.type_mismatch";

    /// <summary>The credential is certified by none of the query's <c>trusted_authorities</c>.</summary>
    public const string AuthorityMismatch = "dcql.authority_mismatch";

    /// <summary>The query asks for holder binding and the credential has none.</summary>
    public const string HolderBindingMissing = "dcql.holder_binding_missing";

    /// <summary>No combination of claims that the query asks for is present.</summary>
    public const string ClaimMissing = "dcql.claim_missing";

    /// <summary>The claims asked for are present, but a value is none of those asked for.</summary>
    public const string ValueMismatch = "dcql.value_mismatch";

    /// <summary>Note of a report: the holder showed more than the query asked for; it is not passed on.</summary>
    public const string MoreThanAsked = "dcql.more_than_asked";
}
