using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.OpenId4Vp;

/// <summary>
/// An attestation about the verifier (OpenID4VP 1.0 §5.11), as received. No format of it is validated here, so nothing in it may
/// be shown as verified.
/// </summary>
/// <param name="Format">How <paramref name="UnverifiedData"/> is encoded.</param>
/// <param name="UnverifiedData">A JSON object or string.</param>
/// <param name="CredentialIds">The credential queries that it is about; null for all.</param>
public sealed record VerifierInfo(string Format, JsonElement UnverifiedData, IReadOnlyList<string>? CredentialIds = null)
{
    private const string Code = OpenId4VpCodes.RequestMalformed;

    /// <summary>Reads an entry.</summary>
    /// <exception cref="MalformedDataException"><see cref="OpenId4VpCodes.RequestMalformed"/>.</exception>
    public static VerifierInfo Parse(JsonElement json)
    {
        var data = json.RequireObject(Code).Member(OpenId4VpNames.Data);
        if (data is not { ValueKind: JsonValueKind.Object or JsonValueKind.String }) throw new MalformedDataException(Code, "verifier_info has no data.");
        var ids = json.OptionalStringArray(OpenId4VpNames.CredentialIds, Code);
        if (ids?.Count == 0) throw new MalformedDataException(Code, "verifier_info has an empty list of credentials.");
        return new VerifierInfo(json.RequireString(OpenId4VpNames.Format, Code), data.Value, ids);
    }

    internal JsonObject ToJson()
    {
        var json = new JsonObject { [OpenId4VpNames.Format] = Format, [OpenId4VpNames.Data] = StrictJson.ToNode(UnverifiedData) };
        if (CredentialIds is not null) json[OpenId4VpNames.CredentialIds] = new JsonArray([.. CredentialIds.Select(id => (JsonNode)id)]);
        return json;
    }
}
