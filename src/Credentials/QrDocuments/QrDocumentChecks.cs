namespace Credentials.QrDocuments;

/// <summary>Ids of the checks of a printed document, in report order (spec/verification-report.md).</summary>
public static class QrDocumentChecks
{
    /// <summary>The text is a printed document of a known format, and its content has the form of its type.</summary>
    public const string Format = "format";

    /// <summary>The issuer's key is known and trusted for the type.</summary>
    public const string IssuerKey = "issuer_key";

    /// <summary>That key signed the document.</summary>
    public const string IssuerSignature = "issuer_signature";

    /// <summary>The document is valid now.</summary>
    public const string Validity = "validity";

    /// <summary>The type is the one asked for.</summary>
    public const string Type = "type";

    /// <summary>Nobody asked for proof that the holder shows it, which a printed document cannot give.</summary>
    public const string HolderBinding = "holder_binding";

    /// <summary>The document is neither revoked nor suspended.</summary>
    public const string Status = "status";

    /// <summary>The document satisfies the query.</summary>
    public const string Query = "query";

    /// <summary>All of them, in report order.</summary>
    public static IReadOnlyList<string> All { get; } = [Format, IssuerKey, IssuerSignature, Validity, Type, HolderBinding, Status, Query];
}
