namespace Credentials.Dids;

/// <summary>Error codes of DIDs, controlled identifier documents and verification methods. Never renamed.</summary>
public static class DidCodes
{
    /// <summary>Not a DID or controlled identifier as DID Core §3 and the identifier's method write it; or a verification method without a fragment.</summary>
    public const string Malformed = "did.malformed";

    /// <summary>A DID method that is not supported, or one that is switched off.</summary>
    public const string MethodNotSupported = "did.method_not_supported";

    /// <summary>The document is not there: never published, or taken away to deactivate the identifier.</summary>
    public const string NotFound = "did.not_found";

    /// <summary>The host could not be asked, and a copy of the document that the policy still takes was used.</summary>
    public const string CopyUsed = "did.copy_used";

    /// <summary>The document is no controlled identifier document (Controlled Identifiers §2), or over a cap.</summary>
    public const string DocumentMalformed = "did.document_malformed";

    /// <summary>The document is that of another identifier.</summary>
    public const string DocumentMismatch = "did.document_mismatch";

    /// <summary>The document has no verification method of that id.</summary>
    public const string MethodMissing = "did.verification_method_missing";

    /// <summary>The verification method has no usable key material, several, or that of a secret key.</summary>
    public const string MethodMalformed = "did.verification_method_malformed";

    /// <summary>The verification method is of a type that is not supported.</summary>
    public const string MethodTypeNotSupported = "did.verification_method_not_supported";

    /// <summary>The verification method names another controller than the document that lists it.</summary>
    public const string ControllerMismatch = "did.controller_mismatch";

    /// <summary>The document does not list the verification method for this use (assertion, authentication).</summary>
    public const string Relationship = "did.relationship";

    /// <summary>The verification method has been revoked.</summary>
    public const string Revoked = "did.verification_method_revoked";

    /// <summary>The verification method has expired.</summary>
    public const string Expired = "did.verification_method_expired";
}
