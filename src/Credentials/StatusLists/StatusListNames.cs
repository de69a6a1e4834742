namespace Credentials.StatusLists;

/// <summary>Wire names of Token Status List (draft-ietf-oauth-status-list, §4.2, §5.1, §6.2, §8.1, §9.3).</summary>
public static class StatusListNames
{
    /// <summary>Type header of a status list token in JWT form.</summary>
    public const string JwtType = "statuslist+jwt";

    /// <summary>Media type of a status list token in JWT form.</summary>
    public const string JwtMediaType = "application/statuslist+jwt";

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
    internal const string TimeToLive = "ttl";
}
