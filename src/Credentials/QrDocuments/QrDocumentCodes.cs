namespace Credentials.QrDocuments;

/// <summary>Error codes of printed documents. Never renamed.</summary>
public static class QrDocumentCodes
{
    /// <summary>The text does not begin as a printed document does, or with a version that is not supported.</summary>
    public const string Prefix = "qr_document.prefix";

    /// <summary>The text is not Base45, or longer than 4 096 characters.</summary>
    public const string Encoding = "qr_document.encoding";

    /// <summary>The decoded text is not one ZLIB stream, or unpacks to more than 16 KiB.</summary>
    public const string Compression = "qr_document.compression";

    /// <summary>Not a signed CBOR Web Token with the claims of its format.</summary>
    public const string Malformed = "qr_document.malformed";

    /// <summary>What the document says has not the form that its type asks for.</summary>
    public const string Content = "qr_document.content";

    /// <summary>The document names its signer in no way that its format has.</summary>
    public const string SignerMissing = "qr_document.signer_missing";

    /// <summary>The issuer's signature is wrong.</summary>
    public const string SignatureInvalid = "qr_document.signature_invalid";

    /// <summary>The document does not say when it was issued or until when it is valid.</summary>
    public const string ValidityMissing = "qr_document.validity_missing";

    /// <summary>The document is valid only later, or was issued in the future.</summary>
    public const string NotYetValid = "qr_document.not_yet_valid";

    /// <summary>The document has expired.</summary>
    public const string Expired = "qr_document.expired";

    /// <summary>The type is not among those asked for.</summary>
    public const string TypeNotExpected = "qr_document.type_not_expected";

    /// <summary>Whoever shows a printed document need not be its holder, because it is bound to no key.</summary>
    public const string NoHolderBinding = "qr_document.no_holder_binding";

    /// <summary>The document to be issued is too large for a QR code that a telephone reads from paper.</summary>
    public const string TooLarge = "qr_document.too_large";
}
