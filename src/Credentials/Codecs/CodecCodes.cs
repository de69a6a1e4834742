namespace Credentials.Codecs;

/// <summary>Error codes of the strict-input layer.</summary>
public static class CodecCodes
{
    /// <summary>Not JSON as RFC 8259 and this toolkit's rules have it (UTF-8, unique names, no lone surrogate, nothing after the value).</summary>
    public const string JsonMalformed = "json.malformed";

    /// <summary>JSON over a cap: bytes, depth, members of one object, length of a name.</summary>
    public const string JsonTooLarge = "json.too_large";

    /// <summary>A member is missing or of another type than its standard says.</summary>
    public const string JsonMember = "json.member";

    /// <summary>Text that is not base64url without padding (RFC 4648 §5, RFC 7515 §2), or not base64 where that is asked for.</summary>
    public const string Base64Malformed = "base64.malformed";

    /// <summary>Text that is not multibase with base58btc or base64url (W3C Controlled Identifiers 1.0 §2.4), or too long.</summary>
    public const string MultibaseMalformed = "multibase.malformed";

    /// <summary>Text that is not Base45 (RFC 9285 §4): another character, a group of one, or a group whose value does not fit its bytes.</summary>
    public const string Base45Malformed = "base45.malformed";

    /// <summary>Not one well-formed and valid CBOR data item (RFC 8949 §5.3): cut off, reserved heads, a key twice, invalid text, bytes after it; or of another type than its standard says.</summary>
    public const string CborMalformed = "cbor.malformed";

    /// <summary>CBOR over a cap: bytes, depth, members of one map or array, items.</summary>
    public const string CborTooLarge = "cbor.too_large";

    /// <summary>A number that is no usable time (RFC 7519 §2).</summary>
    public const string TimeMalformed = "time.malformed";

    /// <summary>A claims path pointer that breaks OpenID4VP 1.0 §7.</summary>
    public const string PathMalformed = "path.malformed";
}
