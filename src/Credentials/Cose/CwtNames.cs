namespace Credentials.Cose;

/// <summary>Numbers of a CBOR Web Token on the wire (RFC 8392 §3.1 and §6; IANA CWT registry).</summary>
public static class CwtNames
{
    /// <summary>CBOR tag of a CWT; it stands around the tag of the COSE message and may be left out.</summary>
    public const ulong Tag = 61;

    /// <summary>Claim: issuer.</summary>
    public const long Issuer = 1;

    /// <summary>Claim: subject.</summary>
    public const long Subject = 2;

    /// <summary>Claim: expiration time.</summary>
    public const long ExpiresAt = 4;

    /// <summary>Claim: not before.</summary>
    public const long NotBefore = 5;

    /// <summary>Claim: issued at.</summary>
    public const long IssuedAt = 6;
}
