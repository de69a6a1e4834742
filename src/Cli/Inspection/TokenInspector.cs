using System.Globalization;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.Cli.Inspection;

/// <summary>Compact tokens: JWT, status list token, JWE.</summary>
internal static class TokenInspector
{
    private const int MaxToken = 8 * 1024 * 1024;
    private static readonly string[] Times = ["iat", "nbf", "exp", "auth_time", "updated_at"];

    private static readonly Dictionary<string, string> KindsByType = new(StringComparer.Ordinal)
    {
        ["statuslist+jwt"] = "status list token",
        ["oauth-authz-req+jwt"] = "request object",
        ["kb+jwt"] = "key binding JWT",
        ["openid4vci-proof+jwt"] = "key proof",
        ["dpop+jwt"] = "DPoP proof",
    };

    internal static JsonObject DescribeJwt(string text)
    {
        var parts = DescribeParts(text);
        var type = (string?)parts["header"]!["typ"];
        var description = Inspector.Kind(type is not null && KindsByType.TryGetValue(type, out var kind) ? kind : "JWT");
        foreach (var (name, value) in parts.ToList())
        {
            parts.Remove(name);
            description[name] = value;
        }
        if (description["payload"]?["status_list"] is JsonObject list)
            description["status_list"] = StatusListInspector.Describe(StrictJson.ToElement(list));
        return description;
    }

    internal static JsonObject DescribeJwe(string text)
    {
        var description = Inspector.Kind("JWE");
        description["header"] = Decode(text[..text.IndexOf('.')]);
        description["encrypted"] = true;
        return description;
    }

    /// <summary>Header and payload, the times in them in words, and the certificates of the header.</summary>
    internal static JsonObject DescribeParts(string jwt)
    {
        if (jwt.Length > MaxToken || jwt.Split('.', 4) is not [var header, var payload, _])
            throw new MalformedDataException(CliCodes.TokenMalformed, "a compact JWT has three parts");
        var parts = new JsonObject { ["header"] = Decode(header), ["payload"] = Decode(payload) };
        if (ReadTimes(parts["payload"]!.AsObject()) is { Count: > 0 } times)
            parts["times"] = times;
        if (parts["header"]!["x5c"] is JsonArray chain)
            parts["certificates"] = CertificateInspector.DescribeChain(chain);
        return parts;
    }

    private static JsonObject Decode(string segment) => (JsonObject)StrictJson.ToNode(
        StrictJson.ParseObject(StrictBase64Url.Decode(segment, CliCodes.TokenMalformed), JsonLimits.Default with { MaxBytes = MaxToken }, CliCodes.TokenMalformed))!;

    /// <summary>The times among the claims, in words.</summary>
    internal static JsonObject ReadTimes(JsonObject payload)
    {
        var times = new JsonObject();
        foreach (var name in Times)
        {
            if (payload[name] is JsonValue value && value.TryGetValue<double>(out var seconds) && seconds is >= 0 and < 253_402_300_800)
                times[name] = DateTimeOffset.UnixEpoch.AddSeconds(seconds).ToString("u", CultureInfo.InvariantCulture);
        }
        return times;
    }
}
