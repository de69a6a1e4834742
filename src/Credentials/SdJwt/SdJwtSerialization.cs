namespace Credentials.SdJwt;

/// <summary>How an SD-JWT is written down.</summary>
public enum SdJwtSerialization
{
    /// <summary>JWT, disclosures and key binding JWT between tildes (RFC 9901 §4): what <c>application/dc+sd-jwt</c> carries.</summary>
    Compact = 0,

    /// <summary>A JSON object with one signature (RFC 9901 §8.2).</summary>
    FlattenedJson,

    /// <summary>A JSON object with one signature or several (RFC 9901 §8.3).</summary>
    GeneralJson,
}
