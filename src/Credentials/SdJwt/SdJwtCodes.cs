namespace Credentials.SdJwt;

/// <summary>Stable codes of SD-JWT errors and checks; <c>spec/error-codes.md</c> says what each one means.</summary>
public static class SdJwtCodes
{
    /// <summary>Neither the compact form of RFC 9901 §4 nor a JSON form of §8.</summary>
    public const string Malformed = "sd_jwt.malformed";

    /// <summary>Longer than the limit.</summary>
    public const string TooLarge = "sd_jwt.too_large";

    /// <summary>More disclosures than the limit.</summary>
    public const string TooManyDisclosures = "sd_jwt.too_many_disclosures";

    /// <summary>More signatures than the limit.</summary>
    public const string TooManySignatures = "sd_jwt.too_many_signatures";

    /// <summary>A JSON form where only the compact one is accepted.</summary>
    public const string SerializationNotAccepted = "sd_jwt.serialization_not_accepted";

    /// <summary>A disclosure is not the base64url of a JSON array of salt, name and value, or of salt and value.</summary>
    public const string DisclosureMalformed = "sd_jwt.disclosure_malformed";

    /// <summary>A credential that comes from its issuer carries a key binding JWT (RFC 9901 §7.2).</summary>
    public const string KeyBindingUnexpected = "sd_jwt.key_binding_unexpected";

    /// <summary>Neither a certificate chain in the header nor a pinned key belongs to the credential.</summary>
    public const string IssuerKeyMissing = "sd_jwt.issuer_key_missing";

    /// <summary><c>iss</c> names somebody other than the owner of the key.</summary>
    public const string IssuerMismatch = "sd_jwt.issuer_mismatch";

    /// <summary>The issuer is trusted by its URL, and nothing was given to fetch its metadata with.</summary>
    public const string IssuerMetadataNotFetched = "issuer_metadata.not_fetched";

    /// <summary>The issuer could not be asked for its keys, and a copy of them that the policy still takes was used.</summary>
    public const string IssuerMetadataCopyUsed = "sd_jwt.issuer_metadata_copy_used";

    /// <summary>The JWT VC issuer metadata has not exactly one of <c>jwks</c> and <c>jwks_uri</c>, or cannot be read.</summary>
    public const string IssuerMetadataMalformed = "issuer_metadata.malformed";

    /// <summary>The JWT VC issuer metadata is that of another issuer.</summary>
    public const string IssuerMetadataMismatch = "issuer_metadata.issuer_mismatch";

    /// <summary>The issuer's signature does not verify.</summary>
    public const string SignatureInvalid = "sd_jwt.signature_invalid";

    /// <summary><c>_sd_alg</c> names no supported hash algorithm.</summary>
    public const string HashUnsupported = "sd_jwt.hash_unsupported";

    /// <summary><c>_sd</c> is not an array of strings, or <c>...</c> is not the only member of an array element.</summary>
    public const string DigestMalformed = "sd_jwt.digest_malformed";

    /// <summary>One digest appears more than once.</summary>
    public const string DigestRepeated = "sd_jwt.digest_repeated";

    /// <summary><c>_sd_alg</c> appears below the top level.</summary>
    public const string HashClaimMisplaced = "sd_jwt.hash_claim_misplaced";

    /// <summary>One disclosure was sent more than once.</summary>
    public const string DisclosureRepeated = "sd_jwt.disclosure_repeated";

    /// <summary>A disclosure belongs to no digest.</summary>
    public const string DisclosureUnreferenced = "sd_jwt.disclosure_unreferenced";

    /// <summary>A disclosure of an object member stands for an array element, or the other way round.</summary>
    public const string DisclosureMisplaced = "sd_jwt.disclosure_misplaced";

    /// <summary>A claim has a name that is reserved for digests.</summary>
    public const string ClaimNameReserved = "sd_jwt.claim_name_reserved";

    /// <summary>A disclosed claim exists already at its level.</summary>
    public const string ClaimNameTaken = "sd_jwt.claim_name_taken";

    /// <summary>Disclosures, or the processed payload, are nested deeper than the limit.</summary>
    public const string TooDeep = "sd_jwt.too_deep";

    /// <summary>A claim that decides on validity is selectively disclosable (SD-JWT VC §2.2.2.3).</summary>
    public const string ProtectedClaimDisclosed = "sd_jwt.protected_claim_disclosed";

    /// <summary>After <c>exp</c>.</summary>
    public const string Expired = "sd_jwt.expired";

    /// <summary>Before <c>nbf</c>.</summary>
    public const string NotYetValid = "sd_jwt.not_yet_valid";

    /// <summary><c>iat</c> lies in the future.</summary>
    public const string IssuedInFuture = "sd_jwt.issued_in_future";

    /// <summary>A time claim is not a usable NumericDate.</summary>
    public const string TimeMalformed = "sd_jwt.time_malformed";

    /// <summary>The credential is meant for another audience.</summary>
    public const string AudienceMismatch = "sd_jwt.audience_mismatch";

    /// <summary>The header's <c>typ</c> is not one that the profile accepts.</summary>
    public const string HeaderType = "sd_jwt.header_type";

    /// <summary>The credential has no <c>vct</c>.</summary>
    public const string TypeMissing = "sd_jwt.type_missing";

    /// <summary><c>vct</c> or <c>aka_vcts</c> has the wrong form.</summary>
    public const string TypeMalformed = "sd_jwt.type_malformed";

    /// <summary>The credential is of no type that was asked for.</summary>
    public const string TypeNotExpected = "sd_jwt.type_not_expected";

    /// <summary>Key binding was not asked for.</summary>
    public const string BindingNotRequested = "binding.not_requested";

    /// <summary>Key binding was asked for and there is no key binding JWT.</summary>
    public const string BindingMissing = "binding.missing";

    /// <summary>The key binding JWT cannot be read.</summary>
    public const string BindingMalformed = "binding.malformed";

    /// <summary>The credential has no <c>cnf</c>.</summary>
    public const string HolderKeyMissing = "binding.holder_key_missing";

    /// <summary><c>cnf</c> is not exactly one usable <c>jwk</c>.</summary>
    public const string HolderKeyUnsupported = "binding.holder_key_unsupported";

    /// <summary>The <c>typ</c> of the key binding JWT is not <c>kb+jwt</c>.</summary>
    public const string BindingType = "binding.type";

    /// <summary>The key binding JWT was not signed by the holder's key.</summary>
    public const string BindingSignatureInvalid = "binding.signature_invalid";

    /// <summary><c>aud</c> is not this verifier.</summary>
    public const string BindingAudience = "binding.audience";

    /// <summary><c>nonce</c> is not the one of this request.</summary>
    public const string BindingNonce = "binding.nonce";

    /// <summary><c>iat</c> is missing or outside the window.</summary>
    public const string BindingTime = "binding.time";

    /// <summary><c>sd_hash</c> does not match what was presented.</summary>
    public const string BindingSdHash = "binding.sd_hash";

    /// <summary>The transaction data hashes are not exactly those of the request.</summary>
    public const string TransactionDataMismatch = "binding.transaction_data";

    /// <summary>There was no transaction data in the request.</summary>
    public const string TransactionDataNotRequested = "binding.transaction_data_not_requested";

    /// <summary>There was no query to satisfy.</summary>
    public const string QueryNotRequested = "query.not_requested";

    /// <summary>The text is no usable type metadata document.</summary>
    public const string TypeMetadataMalformed = "type_metadata.malformed";

    /// <summary>Type metadata is not the document that its integrity hash names.</summary>
    public const string TypeMetadataIntegrity = "type_metadata.integrity";

    /// <summary>Type metadata is that of another type.</summary>
    public const string TypeMetadataMismatch = "type_metadata.type_mismatch";

    /// <summary>A type extends itself, directly or through others.</summary>
    public const string TypeMetadataCycle = "type_metadata.cycle";

    /// <summary>A type extends more types than the limit.</summary>
    public const string TypeMetadataTooLong = "type_metadata.too_many_extends";

    /// <summary>Type metadata contradicts what it extends, or itself.</summary>
    public const string TypeMetadataConflict = "type_metadata.conflict";

    /// <summary>No source has metadata of the type.</summary>
    public const string TypeMetadataUnavailable = "type_metadata.unavailable";

    /// <summary>A claim that the type makes mandatory was not issued (SD-JWT VC §5.6.3).</summary>
    public const string TypeMetadataMandatory = "type_metadata.mandatory";

    /// <summary>A claim is selectively disclosable where its type forbids it, or is not where its type wants it (SD-JWT VC §5.6.4).</summary>
    public const string TypeMetadataDisclosable = "type_metadata.disclosable";

    /// <summary>A claim is of another kind than its type says: a path of the type leads into it and cannot (SD-JWT VC §5.6.1).</summary>
    public const string TypeMetadataPath = "type_metadata.path";

    /// <summary>An SVG template is no well-formed SVG document, or larger than the cap.</summary>
    public const string SvgMalformed = "svg.malformed";

    /// <summary>An SVG template has a placeholder outside of its text, or one that the type does not define (SD-JWT VC §5.5.1.2).</summary>
    public const string SvgPlaceholder = "svg.placeholder";
}
