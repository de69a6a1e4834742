using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.OpenId4Vci;

/// <summary>An authorization details object of type <c>openid_credential</c> (OpenID4VCI §5.1.1, §6.2).</summary>
/// <param name="ConfigurationId">The credential configuration.</param>
/// <param name="Identifiers">Credential identifiers; only in token responses, where the wallet must then use them.</param>
public sealed record AuthorizationDetail(string ConfigurationId, IReadOnlyList<string> Identifiers)
{
    internal static IReadOnlyList<AuthorizationDetail> ParseList(JsonElement json, bool identifiersRequired, string code)
    {
        if (json.ValueKind != JsonValueKind.Array || json.GetArrayLength() > 100)
            throw new MalformedDataException(code, "'authorization_details' is not an array of reasonable size.");
        var result = new List<AuthorizationDetail>();
        foreach (var item in json.EnumerateArray())
        {
            item.RequireObject(code);
            if (item.RequireText("type", code) != OpenId4VciNames.AuthorizationDetailsType)
                continue;
            var identifiers = item.OptionalStringArray("credential_identifiers", code) ?? [];
            if (identifiersRequired && identifiers.Count == 0)
                throw new MalformedDataException(code, "'credential_identifiers' is missing or empty.");
            result.Add(new AuthorizationDetail(item.RequireText("credential_configuration_id", code), identifiers));
        }

        return result;
    }

    /// <summary>The configuration ids of the request parameter <c>authorization_details</c>, each once.</summary>
    /// <exception cref="ProtocolException"><c>invalid_authorization_details</c>: not well formed, or none of our type.</exception>
    internal static IReadOnlyList<string> ParseParameter(string text, string code)
    {
        const string error = OpenId4VciNames.InvalidAuthorizationDetails;
        try
        {
            var details = ParseList(StrictJson.Parse(text, JsonLimits.Default, code), identifiersRequired: false, code);
            return details.Count > 0 ? [.. details.Select(d => d.ConfigurationId).Distinct()] : throw new ProtocolException(code, error, "No usable authorization details.", 400);
        }
        catch (MalformedDataException e)
        {
            throw new ProtocolException(code, error, e.Message, 400);
        }
    }

    /// <summary>The request parameter for these configurations.</summary>
    internal static string WriteParameter(IEnumerable<string> configurationIds) =>
        StrictJson.ToText(ListToJson(configurationIds.Select(id => new AuthorizationDetail(id, []))));

    internal static JsonArray ListToJson(IEnumerable<AuthorizationDetail> details)
    {
        var array = new JsonArray();
        foreach (var detail in details)
        {
            var json = new JsonObject { ["type"] = OpenId4VciNames.AuthorizationDetailsType, ["credential_configuration_id"] = detail.ConfigurationId };
            json.AddTexts("credential_identifiers", detail.Identifiers);
            array.Add((JsonNode)json);
        }

        return array;
    }
}
