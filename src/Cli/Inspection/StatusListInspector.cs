using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Cose;
using Credentials.StatusLists;

namespace Credentials.Cli.Inspection;

/// <summary>Status lists, how often each value stands in them; and identifier lists.</summary>
internal static class StatusListInspector
{
    private const int ShownIdentifiers = 100;
    private const long StatusListClaim = 65533;
    private const long IdentifierListClaim = 65530;

    private static readonly Dictionary<long, string> ClaimNames = new()
    {
        [CwtNames.Issuer] = "iss",
        [CwtNames.Subject] = "sub",
        [CwtNames.ExpiresAt] = "exp",
        [CwtNames.NotBefore] = "nbf",
        [CwtNames.IssuedAt] = "iat",
        [65534] = "ttl",
    };

    /// <summary>A status list token or an identifier list as a CWT; null for a message of another type.</summary>
    internal static JsonObject? DescribeCwt(CoseSign1 message, CborLimits limits)
    {
        var kind = message.Headers.Type switch
        {
            StatusListNames.CwtMediaType => "status list token",
            StatusListNames.IdentifierListMediaType => "identifier list",
            _ => null,
        };
        if (kind is null || message.Payload is not { } payload)
            return null;
        var description = Inspector.Kind(kind);
        description["headers"] = CborInspector.DescribeHeaders(message.Headers);
        var claims = CwtClaims.Parse(payload, CliCodes.TokenMalformed, limits).Map;
        var shown = new JsonObject();
        foreach (var (key, value) in claims.EnumerateMap())
        {
            var claim = key.GetInt64();
            if (claim is not (StatusListClaim or IdentifierListClaim))
                CborInspector.With(shown, ClaimNames.GetValueOrDefault(claim) ?? claim.ToString(CultureInfo.InvariantCulture), value);
        }
        description["payload"] = shown;
        if (TokenInspector.ReadTimes(shown) is { Count: > 0 } times)
            description["times"] = times;
        if (claims.Find(StatusListClaim) is { } list)
            description["status_list"] = Readable(() => Describe(StatusList.Parse(list)));
        if (claims.Find(IdentifierListClaim) is { } identifiers)
            description["identifier_list"] = Readable(() => Describe(IdentifierList.Parse(identifiers)));
        return description;
    }

    internal static JsonObject Describe(JsonElement list) => Readable(() => Describe(StatusList.Parse(list)));

    internal static JsonObject Describe(StatusList list)
    {
        var counts = new long[1 << list.Bits];
        for (var index = 0; index < list.Size; index++)
            counts[list[index]]++;
        var values = new JsonObject();
        for (var value = 0; value < counts.Length; value++)
        {
            if (counts[value] > 0)
                values[value.ToString(CultureInfo.InvariantCulture)] = counts[value];
        }
        return new JsonObject { ["bits"] = list.Bits, ["size"] = list.Size, ["entries_by_value"] = values };
    }

    private static JsonObject Describe(IdentifierList list) => new()
    {
        ["revoked"] = list.Count,
        ["identifiers_hex"] = new JsonArray([.. list.Identifiers.Take(ShownIdentifiers).Select(id => JsonValue.Create(Convert.ToHexStringLower(id.Span)))]),
    };

    private static JsonObject Readable(Func<JsonObject> describe)
    {
        try
        {
            return describe();
        }
        catch (CredentialException failure)
        {
            return new JsonObject { ["unreadable"] = failure.Code };
        }
    }
}
