namespace Credentials.Cose;

/// <summary>Numbers of COSE on the wire (RFC 9052, RFC 9360, RFC 9596; IANA COSE registry).</summary>
public static class CoseNames
{
    /// <summary>Header: algorithm.</summary>
    public const long Algorithm = 1;

    /// <summary>Header: critical headers.</summary>
    public const long Critical = 2;

    /// <summary>Header: content type of the payload.</summary>
    public const long ContentType = 3;

    /// <summary>Header: key identifier.</summary>
    public const long KeyId = 4;

    /// <summary>Header: claims of a CBOR Web Token (RFC 9597).</summary>
    public const long CwtClaims = 15;

    /// <summary>Header: type of the whole message (RFC 9596).</summary>
    public const long Type = 16;

    /// <summary>Header: certificate chain, leaf first (RFC 9360).</summary>
    public const long X5Chain = 33;

    /// <summary>Algorithm: RSASSA-PSS with SHA-256 (RFC 8230 §2).</summary>
    public const long Ps256 = -37;

    /// <summary>CBOR tag of COSE_Sign1.</summary>
    public const ulong Sign1Tag = 18;

    /// <summary>CBOR tag of COSE_Mac0.</summary>
    public const ulong Mac0Tag = 17;

    /// <summary>HMAC 256/256.</summary>
    public const long Hmac256 = 5;
}
