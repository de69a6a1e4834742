using System.Text.Json;
using Credentials.Codecs;
using Credentials.OpenId4Vp;

namespace Credentials.Verifier.Policies;

/// <summary>
/// A named question: what is asked, why, how fresh the credential's status must be, and how old a copy of it may be when the network is away.
/// </summary>
internal sealed record Policy(string Name, string PurposeKo, string PurposeEn, JsonElement DcqlQuery, int StatusMaxAgeSeconds, bool AllowUnsignedRequest, int OfflineMaxAgeSeconds = 0)
{
    /// <summary>A week: as long as a status list without an end of its own is used at all.</summary>
    public const int MaxOfflineAgeSeconds = 604_800;

    private static readonly string[] Members = ["name", "purpose", "status_max_age_seconds", "offline_max_age_seconds", "allow_unsigned_request", "dcql_query"];

    /// <exception cref="MalformedDataException">A member is missing, unknown or of the wrong form, or the query is no DCQL.</exception>
    public static Policy Parse(ReadOnlySpan<byte> utf8)
    {
        const string code = VerifierCodes.PolicyMalformed;
        var json = StrictJson.ParseObject(utf8, JsonLimits.Default, code);
        foreach (var member in json.EnumerateObject().Where(m => !Members.Contains(m.Name)))
            throw new MalformedDataException(code, $"The policy has an unknown member: {member.Name}.");
        var purpose = json.RequireObjectMember("purpose", code);
        var age = json.OptionalIndex("status_max_age_seconds", code);
        if (age is null or > 86_400)
            throw new MalformedDataException(code, "status_max_age_seconds must be 0 to 86400.");
        var offline = json.OptionalIndex("offline_max_age_seconds", code) ?? 0;
        if (offline > MaxOfflineAgeSeconds)
            throw new MalformedDataException(code, "offline_max_age_seconds must be 0 to 604800.");
        var query = json.RequireObjectMember("dcql_query", code);
        if (Dcql.DcqlQuery.Parse(query).Credentials.Any(c => !VpTokenVerifier.DocumentFormats.Contains(c.Format)))
            throw new MalformedDataException(code, "The query asks for a format that is not supported.");
        return new Policy(json.RequireString("name", code), purpose.RequireString("ko", code), purpose.RequireString("en", code),
            query.Clone(), (int)age.Value, json.OptionalBoolean("allow_unsigned_request", code) ?? false, (int)offline);
    }
}
