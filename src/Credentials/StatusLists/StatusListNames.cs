namespace Credentials.StatusLists;

/// <summary>Wire names of Token Status List (draft-ietf-oauth-status-list, §4.2, §5, §6, §8.1, §9.3) and of identifier lists (ISO/IEC 18013-5 §12.3.6).</summary>
public static class StatusListNames
{
    /// <summary>Type header of a status list token in JWT form.</summary>
    public const string JwtType = "statuslist+jwt";

    /// <summary>Media type of a status list token in JWT form.</summary>
    public const string JwtMediaType = "application/statuslist+jwt";

    /// <summary>Media type of a status list token in CWT form, which its header names as well.</summary>
    public const string CwtMediaType = "application/statuslist+cwt";

    /// <summary>Media type of an identifier list, which its header names as well.</summary>
    public const string IdentifierListMediaType = "application/identifierlist+cwt";

    internal const string Status = "status";
    internal const string StatusList = "status_list";
    internal const string Uri = "uri";
    internal const string Index = "idx";
    internal const string Bits = "bits";
    internal const string List = "lst";
    internal const string AggregationUri = "aggregation_uri";
    internal const string StatusLists = "status_lists";
    internal const string Subject = "sub";
    internal const string IssuedAt = "iat";
    internal const string ExpiresAt = "exp";
    internal const string NotBefore = "nbf";
    internal const string TimeToLive = "ttl";
    internal const string IdentifierList = "identifier_list";
    internal const string Id = "id";
    internal const string Certificate = "certificate";
    internal const string Identifiers = "identifiers";
    internal const long TimeToLiveClaim = 65534;
    internal const long StatusListClaim = 65533;
    internal const long IdentifierListClaim = 65530;
}
