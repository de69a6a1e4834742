namespace Credentials.W3c;

/// <summary>Stable codes of W3C credentials and presentations. Never renamed.</summary>
public static class W3cCodes
{
    /// <summary>Neither a JWT, an SD-JWT, a COSE message nor a JSON object of the kind that is asked for.</summary>
    public const string Malformed = "w3c.malformed";

    /// <summary>Longer than the limit, or more credentials in a presentation than the limit.</summary>
    public const string TooLarge = "w3c.too_large";

    /// <summary>The data model is of no version that is accepted: the first context is another one (Data Model 2.0 §4.3).</summary>
    public const string Version = "w3c.version";

    /// <summary><c>@context</c> is no ordered set of URLs and objects, or a JSON-LD keyword stands where none belongs (Data Model 2.0 §4.3, §6.1).</summary>
    public const string Context = "w3c.context";

    /// <summary><c>type</c> is missing, no term or URL, or not the one that the object must have (Data Model 2.0 §4.5).</summary>
    public const string Type = "w3c.type";

    /// <summary>An <c>id</c> is not one URL (Data Model 2.0 §4.4).</summary>
    public const string Id = "w3c.id";

    /// <summary><c>name</c> or <c>description</c> is neither a string nor language value objects (Data Model 2.0 §4.6, §11.1).</summary>
    public const string Language = "w3c.language";

    /// <summary><c>issuer</c> is neither a URL nor an object with one (Data Model 2.0 §4.7).</summary>
    public const string Issuer = "w3c.issuer";

    /// <summary><c>credentialSubject</c> is missing, or without claims (Data Model 2.0 §4.8).</summary>
    public const string Subject = "w3c.subject";

    /// <summary>A time is missing or not a <c>dateTimeStamp</c>, or the validity ends before it begins (Data Model 2.0 §4.9).</summary>
    public const string Validity = "w3c.validity";

    /// <summary>A presentation that is to show one credential has several (OpenID4VP 1.0 §8.1).</summary>
    public const string SeveralCredentials = "w3c.several_credentials";

    /// <summary><c>credentialStatus</c> breaks Data Model 2.0 §4.10.</summary>
    public const string Status = "w3c.status";

    /// <summary><c>credentialSchema</c> breaks Data Model 2.0 §4.11.</summary>
    public const string Schema = "w3c.schema";

    /// <summary><c>proof</c> is there without being a proof (Data Model 2.0 §4.12).</summary>
    public const string Proof = "w3c.proof";

    /// <summary><c>holder</c> is neither a URL nor an object with one (Data Model 2.0 §4.13).</summary>
    public const string Holder = "w3c.holder";

    /// <summary><c>verifiableCredential</c> holds something other than credentials and enveloped credentials (Data Model 2.0 §4.13).</summary>
    public const string Credential = "w3c.credential";

    /// <summary>An enveloped credential or presentation is not a <c>data:</c> URL of a known media type (Data Model 2.0 §4.13.1, §4.13.2).</summary>
    public const string Enveloped = "w3c.enveloped";

    /// <summary><c>relatedResource</c> breaks Data Model 2.0 §5.3.</summary>
    public const string RelatedResource = "w3c.related_resource";

    /// <summary>A property that must have a type, such as <c>evidence</c> or <c>termsOfUse</c>, has none (Data Model 2.0 §5.4–5.6, §5.10).</summary>
    public const string Property = "w3c.property";

    /// <summary>Nothing secures the credential or presentation (Data Model 2.0 §4.12).</summary>
    public const string NotSecured = "w3c.not_secured";

    /// <summary><c>typ</c> or <c>cty</c> is not that of a secured credential or presentation (VC-JOSE-COSE §3).</summary>
    public const string MediaType = "w3c.media_type";

    /// <summary>The claims <c>vc</c> or <c>vp</c>, which a JWT of data model 2.0 must not have (VC-JOSE-COSE §1.1.2.1), or without which one of 1.1 cannot be.</summary>
    public const string JwtClaim = "w3c.jwt_claim";

    /// <summary>A claim of the signature, a certificate or the key id names somebody other than the issuer (VC-JOSE-COSE §4.1).</summary>
    public const string IssuerMismatch = "w3c.issuer_mismatch";

    /// <summary>No key of the issuer has the key id, or it names none where it must (VC-JOSE-COSE §4.1.1).</summary>
    public const string IssuerKeyMissing = "w3c.issuer_key_missing";

    /// <summary>The issuer is trusted by its identifier, and nothing was given to find its keys with.</summary>
    public const string IssuerKeyNotFetched = "w3c.issuer_key_not_fetched";

    /// <summary>The issuer's signature or proof does not verify.</summary>
    public const string SignatureInvalid = "w3c.signature_invalid";

    /// <summary>Before <c>validFrom</c>, or before the signature holds.</summary>
    public const string NotYetValid = "w3c.not_yet_valid";

    /// <summary>After <c>validUntil</c>.</summary>
    public const string Expired = "w3c.expired";

    /// <summary>The signature is over: after its <c>exp</c>.</summary>
    public const string SignatureExpired = "w3c.signature_expired";

    /// <summary>The signature was made in the future, by its <c>iat</c>.</summary>
    public const string SignedInFuture = "w3c.signed_in_future";

    /// <summary>A time of the signature is not a usable NumericDate.</summary>
    public const string TimeMalformed = "w3c.time_malformed";

    /// <summary>The credential is of no type that was asked for.</summary>
    public const string TypeNotExpected = "w3c.type_not_expected";

    /// <summary>The credential uses a context that the verifier does not know.</summary>
    public const string ContextNotExpected = "w3c.context_not_expected";

    /// <summary>The credential names no schema.</summary>
    public const string SchemaAbsent = "w3c.schema_absent";

    /// <summary>Nothing was given to check the credential's schema with.</summary>
    public const string SchemaNotChecked = "w3c.schema_not_checked";

    /// <summary>The credential names no resources.</summary>
    public const string ResourcesAbsent = "w3c.resources_absent";

    /// <summary>None of the resources that the credential names is used.</summary>
    public const string ResourcesNotUsed = "w3c.resources_not_used";

    /// <summary>A resource is not the one of the credential's digest (Data Model 2.0 §5.3).</summary>
    public const string ResourceDigest = "w3c.resource_digest";

    /// <summary>The presentation names another holder than the owner of the key that signed it.</summary>
    public const string HolderMismatch = "w3c.holder_mismatch";

    /// <summary>The credential was issued to somebody other than who presents it.</summary>
    public const string SubjectMismatch = "w3c.subject_mismatch";

    /// <summary>The presentation does not say when it was signed.</summary>
    public const string SigningTimeAbsent = "w3c.signing_time_absent";

    /// <summary>The presentation has no credential.</summary>
    public const string NoCredential = "w3c.no_credential";
}
