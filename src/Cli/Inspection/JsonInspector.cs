using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Dcql;
using Credentials.Jose;
using Credentials.OpenId4Vci;

namespace Credentials.Cli.Inspection;

/// <summary>JSON documents of this field, told apart by the members that only they have.</summary>
internal static class JsonInspector
{
    private static readonly (string Member, string Kind)[] Kinds =
    [
        ("credential_configuration_ids", "credential offer"),
        ("credential_configurations_supported", "credential issuer metadata"),
        ("token_endpoint", "authorization server metadata"),
        ("dcql_query", "authorization request"),
        ("lst", "status list"),
        ("kty", "JWK"),
        ("keys", "JWK set"),
        ("credentials", "DCQL query"),
        ("vp_token", "authorization response"),
        ("checks", "verification report"),
        ("vct", "type metadata or claims"),
        ("event", "service event"),
    ];

    internal static JsonObject Describe(JsonElement document)
    {
        if (document.ValueKind != JsonValueKind.Object)
            return With(Inspector.Kind("JSON"), document);
        var kind = Kinds.FirstOrDefault(candidate => document.TryGetProperty(candidate.Member, out _)).Kind ?? "JSON";
        var description = Inspector.Kind(kind);
        switch (kind)
        {
            case "JWK":
                return DescribeKey(description, document);
            case "JWK set":
                description["keys"] = new JsonArray([.. Jwk.ParseSet(document).Select(key => DescribeKey([], key.RequireObject(JoseCodes.JwkMalformed)))]);
                return description;
            case "status list":
                description["status_list"] = StatusListInspector.Describe(document);
                return description;
            case "DCQL query":
                description["problem"] = ProblemOf(() => DcqlQuery.Parse(document));
                return With(description, document);
            case "credential offer":
                description["problem"] = ProblemOf(() => CredentialOffer.Parse(document, allowLoopbackHttp: true));
                return With(description, document);
            default:
                return With(description, document);
        }
    }

    /// <summary>Null where the document follows its standard, else the code of what is wrong.</summary>
    internal static string? ProblemOf(Func<object> parse)
    {
        try
        {
            parse();
            return null;
        }
        catch (CredentialException failure)
        {
            return failure.Code;
        }
    }

    private static JsonObject With(JsonObject description, JsonElement document)
    {
        description["document"] = StrictJson.ToNode(document);
        return description;
    }

    private static JsonObject DescribeKey(JsonObject description, JsonElement key)
    {
        var isPrivate = key.TryGetProperty("d", out _) || key.TryGetProperty("k", out _);
        description["private"] = isPrivate;
        var shown = new JsonObject();
        foreach (var member in key.EnumerateObject())
        {
            if (member.Name is "kty" or "crv" or "x" or "y" or "n" or "e" or "kid" or "alg" or "use" or "key_ops")
                shown[member.Name] = StrictJson.ToNode(member.Value);
        }
        description["public_part"] = shown;
        description["thumbprint"] = ThumbprintOf(shown);
        return description;
    }

    private static string? ThumbprintOf(JsonObject publicPart)
    {
        try
        {
            return Jwk.Thumbprint(Jwk.ParsePublic(StrictJson.ToElement(publicPart)));
        }
        catch (CredentialException)
        {
            return null;
        }
    }
}
