namespace Credentials.Trust;

/// <summary>Error codes of trust decisions.</summary>
public static class TrustCodes
{
    /// <summary>No anchor is configured for this purpose.</summary>
    public const string NoAnchors = "trust.no_anchors";

    /// <summary>The issuer is not among the configured ones.</summary>
    public const string UnknownIssuer = "trust.unknown_issuer";

    /// <summary>The issuer is trusted, but not for this type or purpose.</summary>
    public const string NotForType = "trust.not_for_type";
}
