namespace Credentials.Mdoc;

/// <summary>Ids of the checks of an mdoc report, in order (spec/verification-report.md).</summary>
public static class MdocChecks
{
    /// <summary>The bytes are the structures of ISO/IEC 18013-5.</summary>
    public const string Format = "format";

    /// <summary>The document signer's certificate is trusted for the document type.</summary>
    public const string IssuerChain = "issuer_chain";

    /// <summary>The document signer signed the mobile security object.</summary>
    public const string IssuerSignature = "issuer_signature";

    /// <summary>The document type is the signed one and the one asked for.</summary>
    public const string DocType = "doctype";

    /// <summary>Every data element has the digest that was signed.</summary>
    public const string ValueDigests = "value_digests";

    /// <summary>The mdoc is valid now.</summary>
    public const string Validity = "validity";

    /// <summary>The device proved possession of its key for this session.</summary>
    public const string DeviceAuth = "device_auth";

    /// <summary>What the device signed is within its authorizations.</summary>
    public const string KeyAuthorizations = "key_authorizations";

    /// <summary>The mdoc is neither revoked nor suspended.</summary>
    public const string Status = "status";

    /// <summary>The mdoc satisfies the query.</summary>
    public const string Query = "query";

    /// <summary>All of them, in report order.</summary>
    public static IReadOnlyList<string> All { get; } =
        [Format, IssuerChain, IssuerSignature, DocType, ValueDigests, Validity, DeviceAuth, KeyAuthorizations, Status, Query];
}
