namespace Credentials.Mdoc;

/// <summary>Error codes of ISO mdocs.</summary>
public static class MdocCodes
{
    /// <summary>Not the CBOR structure that ISO/IEC 18013-5 §8.3 and §9.1 define.</summary>
    public const string Malformed = "mdoc.malformed";

    /// <summary>A structure of a version that is not supported.</summary>
    public const string Version = "mdoc.version";

    /// <summary>The response reports an error, or has not exactly the one document that is looked for.</summary>
    public const string Documents = "mdoc.documents";

    /// <summary>A data element that its data model gives another type.</summary>
    public const string ElementType = "mdoc.element_type";

    /// <summary>A data element of a name that the standard does not have in its namespace.</summary>
    public const string ElementUnknown = "mdoc.element_unknown";

    /// <summary>Statements about the holder's age that cannot all be true.</summary>
    public const string AgesContradict = "mdoc.ages_contradict";

    /// <summary>The issuer's signature carries no certificate chain.</summary>
    public const string ChainMissing = "mdoc.chain_missing";

    /// <summary>The issuing country or jurisdiction in the data is not that of the document signer's certificate.</summary>
    public const string IssuingCountry = "mdoc.issuing_country";

    /// <summary>The issuer did not make this signature.</summary>
    public const string SignatureInvalid = "mdoc.signature_invalid";

    /// <summary>The document type outside is not the one that the issuer signed.</summary>
    public const string DocTypeMismatch = "mdoc.doctype_mismatch";

    /// <summary>Another document type was asked for.</summary>
    public const string DocTypeNotExpected = "mdoc.doctype_not_expected";

    /// <summary>The digest algorithm is not SHA-256, SHA-384 or SHA-512.</summary>
    public const string DigestAlgorithm = "mdoc.digest_algorithm";

    /// <summary>The issuer signed no digest for a data element.</summary>
    public const string DigestMissing = "mdoc.digest_missing";

    /// <summary>A data element is not the one that the issuer signed the digest of.</summary>
    public const string DigestMismatch = "mdoc.digest_mismatch";

    /// <summary>Two items of a namespace have the same digest id or element identifier.</summary>
    public const string ElementRepeated = "mdoc.element_repeated";

    /// <summary>The times contradict each other.</summary>
    public const string ValidityMalformed = "mdoc.validity_malformed";

    /// <summary>Not valid any more.</summary>
    public const string Expired = "mdoc.expired";

    /// <summary>Not valid yet.</summary>
    public const string NotYetValid = "mdoc.not_yet_valid";

    /// <summary>It was signed outside the validity of the document signer's certificate.</summary>
    public const string SignedOutsideCertificate = "mdoc.signed_outside_certificate";

    /// <summary>The holder did not prove possession of the device key.</summary>
    public const string DeviceAuthMissing = "mdoc.device_auth_missing";

    /// <summary>The device signature or MAC is not the device key's over this session.</summary>
    public const string DeviceAuthInvalid = "mdoc.device_auth_invalid";

    /// <summary>A device MAC cannot be checked: no reader key belongs to the session, or the device key is none for key agreement.</summary>
    public const string DeviceMacUnusable = "mdoc.device_mac_unusable";

    /// <summary>The device signed a data element that the issuer did not authorize its key for.</summary>
    public const string NotAuthorized = "mdoc.not_authorized";

    /// <summary>The request does not say who asks.</summary>
    public const string ReaderAuthMissing = "mdoc.reader_auth_missing";

    /// <summary>The reader's signature over its request does not verify.</summary>
    public const string ReaderAuthInvalid = "mdoc.reader_auth_invalid";

    /// <summary>The holder showed data elements that were not asked for; they are not passed on.</summary>
    public const string MoreThanAsked = "mdoc.more_than_asked";

    /// <summary>Claims that cannot be encoded as their data model says.</summary>
    public const string ClaimsMalformed = "mdoc.claims_malformed";

    /// <summary>A data model that is not well formed.</summary>
    public const string DataModel = "mdoc.data_model";
}
