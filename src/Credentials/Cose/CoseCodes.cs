namespace Credentials.Cose;

/// <summary>Error codes of COSE.</summary>
public static class CoseCodes
{
    /// <summary>Not a COSE message of the expected kind: tag, parts, headers.</summary>
    public const string Malformed = "cose.malformed";

    /// <summary><c>alg</c> is missing, not in the protected header, not supported, or not the one of this kind of message.</summary>
    public const string Algorithm = "cose.algorithm";

    /// <summary>The headers have <c>crit</c>, and no extension is understood (RFC 9052 §3.1).</summary>
    public const string Critical = "cose.critical";

    /// <summary><c>typ</c> of the protected header (RFC 9596) is missing, or not the one of this kind of message.</summary>
    public const string Type = "cose.type";

    /// <summary>A certificate chain in the header that breaks RFC 9360 §2.</summary>
    public const string X5Chain = "cose.x5chain";

    /// <summary>Not a usable COSE_Key.</summary>
    public const string KeyMalformed = "cose.key_malformed";

    /// <summary>A COSE_Key with private or symmetric parameters where a public key belongs.</summary>
    public const string KeyPrivate = "cose.key_private";

    /// <summary>A key type, curve or point form that is not supported.</summary>
    public const string KeyNotSupported = "cose.key_not_supported";

    /// <summary><c>alg</c> or <c>key_ops</c> forbid this use of the key.</summary>
    public const string KeyUse = "cose.key_use";
}
