using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.Dcql;

/// <summary>What a verifier asks for (OpenID4VP 1.0 §6): read by wallets, written and checked by verifiers.</summary>
public sealed record DcqlQuery
{
    /// <summary>The credentials asked for; not empty, each id once.</summary>
    public required IReadOnlyList<CredentialQuery> Credentials { get; init; }

    /// <summary>Which combinations satisfy the verifier; null means every one of <see cref="Credentials"/>.</summary>
    public IReadOnlyList<CredentialSetQuery>? CredentialSets { get; init; }

    /// <summary>Reads a query. Members that OpenID4VP does not define are ignored.</summary>
    /// <exception cref="MalformedDataException">The query breaks a rule of §6 (<see cref="DcqlCodes.Malformed"/>) or is larger than
    /// this implementation evaluates (<see cref="DcqlCodes.TooLarge"/>).</exception>
    public static DcqlQuery Parse(JsonElement json)
    {
        json.RequireObject(DcqlCodes.Malformed);
        var credentials = DcqlReader.List(json, DcqlNames.Credentials, DcqlLimits.Credentials, CredentialQuery.Parse)
            ?? throw DcqlReader.Malformed("credentials is missing");
        var ids = DcqlReader.Distinct(credentials.Select(credential => credential.Id));
        return new DcqlQuery
        {
            Credentials = credentials,
            CredentialSets = DcqlReader.List(json, DcqlNames.CredentialSets, DcqlLimits.Sets, set => CredentialSetQuery.Parse(set, ids)),
        };
    }

    /// <summary>The credential query with this id, or null.</summary>
    public CredentialQuery? Find(string id) => Credentials.FirstOrDefault(credential => credential.Id == id);

    /// <summary>
    /// The sets in force: <see cref="CredentialSets"/>, or one required set with all credentials when there are none (§6.4.2).
    /// </summary>
    public IReadOnlyList<CredentialSetQuery> EffectiveSets() =>
        CredentialSets ?? [new CredentialSetQuery([[.. Credentials.Select(credential => credential.Id)]], Required: true)];

    /// <summary>The query's wire form.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            [DcqlNames.Credentials] = new JsonArray([.. Credentials.Select(credential => credential.ToJson())]),
        };
        if (CredentialSets is not null)
            json[DcqlNames.CredentialSets] = new JsonArray([.. CredentialSets.Select(set => set.ToJson())]);
        return json;
    }
}
