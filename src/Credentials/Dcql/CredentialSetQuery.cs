using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.Dcql;

/// <summary>Alternatives of which one serves the verifier's purpose (OpenID4VP 1.0 §6.2).</summary>
/// <param name="Options">Each option names the credential queries that together satisfy the set, in the verifier's order.</param>
/// <param name="Required">False: the holder may leave the whole set out.</param>
public sealed record CredentialSetQuery(IReadOnlyList<IReadOnlyList<string>> Options, bool Required = true)
{
    internal static CredentialSetQuery Parse(JsonElement json, HashSet<string> ids)
    {
        json.RequireObject(DcqlCodes.Malformed);
        var options = DcqlReader.List(json, DcqlNames.Options, DcqlLimits.Sets,
            option => DcqlReader.Elements(option, DcqlNames.Options, DcqlLimits.Credentials, DcqlReader.Reference(ids)))
            ?? throw DcqlReader.Malformed("options is missing");
        return new CredentialSetQuery(options, json.OptionalBoolean(DcqlNames.Required, DcqlCodes.Malformed) ?? true);
    }

    internal JsonObject ToJson()
    {
        var json = new JsonObject { [DcqlNames.Options] = new JsonArray([.. Options.Select(DcqlReader.Strings)]) };
        if (!Required)
            json[DcqlNames.Required] = false;
        return json;
    }
}
