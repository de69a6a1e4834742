namespace Credentials.W3c;

/// <summary>Ids of the checks of a report on a W3C credential, in order (spec/verification-report.md).</summary>
public static class W3cChecks
{
    /// <summary>It is a secured credential in a form that is accepted, within the limits.</summary>
    public const string Format = "format";

    /// <summary>The document follows its data model.</summary>
    public const string DataModel = "data_model";

    /// <summary>The issuer's key is known, belongs to the issuer for this use, and is trusted for the type.</summary>
    public const string IssuerKey = "issuer_key";

    /// <summary>The issuer signed the credential, or proved it.</summary>
    public const string IssuerSignature = "issuer_signature";

    /// <summary>The embedded digests follow RFC 9901 §7.1; for an SD-JWT.</summary>
    public const string Digests = "digests";

    /// <summary>The disclosures follow RFC 9901 §7.1; for an SD-JWT.</summary>
    public const string Disclosures = "disclosures";

    /// <summary>The credential and its signature are valid now.</summary>
    public const string Validity = "validity";

    /// <summary>The credential has a type that was asked for, and contexts that are known.</summary>
    public const string Type = "type";

    /// <summary>The credential follows the schemas that it names.</summary>
    public const string Schema = "schema";

    /// <summary>The resources that the credential names, and that are used, are those of its digests.</summary>
    public const string RelatedResources = "related_resources";

    /// <summary>Its holder presents it, for this verifier and this request.</summary>
    public const string HolderBinding = "holder_binding";

    /// <summary>The credential is neither revoked nor suspended.</summary>
    public const string Status = "status";

    /// <summary>The credential satisfies the query.</summary>
    public const string Query = "query";

    /// <summary>All of them, in report order.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Format, DataModel, IssuerKey, IssuerSignature, Digests, Disclosures, Validity, Type, Schema, RelatedResources, HolderBinding, Status, Query,
    ];

    internal static IReadOnlyList<string> MayBeNotApplicable { get; } = [Digests, Disclosures, Schema, RelatedResources, HolderBinding, Status, Query];
}
