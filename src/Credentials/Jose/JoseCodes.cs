namespace Credentials.Jose;

/// <summary>Error codes of JWS, JWE and JWK.</summary>
public static class JoseCodes
{
    /// <summary>Not a compact JWS: segments, base64url, header or payload.</summary>
    public const string JwsMalformed = "jws.malformed";

    /// <summary>Over the length cap of its kind.</summary>
    public const string JwsTooLarge = "jws.too_large";

    /// <summary><c>alg</c> is missing, <c>none</c>, symmetric or otherwise not supported.</summary>
    public const string JwsAlgorithm = "jws.algorithm";

    /// <summary>The header has <c>crit</c> or <c>b64</c>, and no extension is understood (RFC 7515 §4.1.11, RFC 7797).</summary>
    public const string JwsCritical = "jws.critical";

    /// <summary><c>typ</c> is not the one of this kind of JWT (RFC 8725 §3.11).</summary>
    public const string JwsType = "jws.type";

    /// <summary>The signature does not verify with the key that the context names.</summary>
    public const string JwsSignature = "jws.signature";

    /// <summary>Not a usable JWK.</summary>
    public const string JwkMalformed = "jwk.malformed";

    /// <summary>A JWK with private members where a public key belongs.</summary>
    public const string JwkPrivate = "jwk.private";

    /// <summary>A key type or curve that is not supported (<c>oct</c>, RSA, secp256k1, …).</summary>
    public const string JwkNotSupported = "jwk.not_supported";

    /// <summary><c>use</c>, <c>key_ops</c> or <c>alg</c> forbid this use of the key.</summary>
    public const string JwkUse = "jwk.use";

    /// <summary>Not a compact JWE, or a header member has the wrong form.</summary>
    public const string JweMalformed = "jwe.malformed";

    /// <summary>Over the length cap.</summary>
    public const string JweTooLarge = "jwe.too_large";

    /// <summary><c>alg</c> is not ECDH-ES, or <c>enc</c> was not offered.</summary>
    public const string JweAlgorithm = "jwe.algorithm";

    /// <summary>The header has <c>zip</c> or <c>crit</c>.</summary>
    public const string JweCritical = "jwe.critical";

    /// <summary>Decryption failed: wrong key, bad ephemeral key, or changed bytes. One code, so that nothing is learned from it.</summary>
    public const string JweDecryption = "jwe.decryption";
}
