using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Dcql;

namespace Credentials.Cli.Vectors;

/// <summary>DCQL queries and claims path pointers.</summary>
internal static class DcqlScenarios
{
    internal static Task ParseAsync(Scenario scenario, CancellationToken cancelled) => Compare.Outcome(scenario, () =>
    {
        var (json, expect) = (scenario.Input.RequireObjectMember("dcql_query"), scenario.Expect);
        var query = DcqlQuery.Parse(json);

        Compare.SameList("credential_ids", expect.OptionalStringArray("credential_ids"), query.Credentials.Select(credential => credential.Id));
        Compare.SameList("formats", expect.OptionalStringArray("formats"), query.Credentials.Select(credential => credential.Format));
        foreach (var claims in expect.RequireObjectMember("claims").EnumerateObject())
            Compare.SameJson($"claims of {claims.Name}", claims.Value, new JsonArray([.. (Find(query, claims.Name).Claims ?? []).Select(claim => claim.Path.ToJson())]));
        foreach (var sets in expect.OptionalObject("claim_sets")?.EnumerateObject() ?? default)
            Compare.SameJson($"claim_sets of {sets.Name}", sets.Value, new JsonArray([.. (Find(query, sets.Name).ClaimSets ?? []).Select(AsArray)]));
        Compare.Same("credential_sets", json.OptionalArray("credential_sets")?.GetArrayLength(), query.CredentialSets?.Count);
    });

    internal static Task SelectAsync(Scenario scenario, CancellationToken cancelled) => Compare.Outcome(scenario, () =>
    {
        var selected = ClaimPath.Parse(scenario.Input.RequireArray("path")).Select(scenario.Input.RequireObjectMember("claims"));
        Compare.SameJson("selected", scenario.Expect.RequireArray("selected"), new JsonArray([.. selected.Select(StrictJson.ToNode)]));
    });

    private static CredentialQuery Find(DcqlQuery query, string id) => query.Find(id) ?? throw new MismatchException($"there is no query {id}");

    private static JsonNode AsArray(IEnumerable<string> ids) => new JsonArray([.. ids.Select(id => (JsonNode)id)]);
}
