using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.Cli.Inspection;

/// <summary>Links that a QR code carries: credential offers and authorization requests. What they point to is not fetched.</summary>
internal static class LinkInspector
{
    internal static JsonObject Describe(string text)
    {
        var colon = text.IndexOf("://", StringComparison.Ordinal);
        var scheme = text[..colon];
        var parameters = ReadQuery(text);
        var description = Inspector.Kind(KindOf(scheme, parameters));
        description["scheme"] = scheme;
        var shown = new JsonObject();
        foreach (var (name, value) in parameters)
            shown[name] = Expand(name, value);
        description["parameters"] = shown;
        return description;
    }

    private static string KindOf(string scheme, Dictionary<string, string> parameters) => scheme switch
    {
        _ when parameters.ContainsKey("credential_offer") || parameters.ContainsKey("credential_offer_uri") => "credential offer link",
        _ when parameters.ContainsKey("request_uri") || parameters.ContainsKey("request") || parameters.ContainsKey("dcql_query") => "authorization request link",
        _ => "link",
    };

    private static Dictionary<string, string> ReadQuery(string text)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        var query = text.IndexOf('?') is >= 0 and var at ? text[(at + 1)..] : "";
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=');
            var name = Unescape(equals < 0 ? pair : pair[..equals]);
            if (!parameters.TryAdd(name, equals < 0 ? "" : Unescape(pair[(equals + 1)..])))
                throw new MalformedDataException(CliCodes.LinkMalformed, "the link has a parameter twice");
        }
        return parameters;
    }

    private static string Unescape(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    // JSON and tokens inside a link are opened up as far as they can be read.
    private static JsonNode Expand(string name, string value)
    {
        try
        {
            if (value.StartsWith('{'))
                return StrictJson.ToNode(StrictJson.Parse(value))!;
            if (name == "request")
                return TokenInspector.DescribeJwt(value);
        }
        catch (CredentialException failure)
        {
            return new JsonObject { ["unreadable"] = failure.Code };
        }
        return JsonValue.Create(value);
    }
}
