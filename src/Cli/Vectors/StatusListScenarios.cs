using System.Text;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.StatusLists;
using Credentials.Trust;

namespace Credentials.Cli.Vectors;

/// <summary>Token Status List: lists, tokens, references and aggregation.</summary>
internal static class StatusListScenarios
{
    internal static Task ReadAsync(Scenario scenario, CancellationToken cancelled) => Compare.Outcome(scenario, () =>
        CompareStatuses(scenario.Expect, StatusList.Parse(scenario.Input.RequireObjectMember("status_list"))));

    internal static Task TokenAsync(Scenario scenario, CancellationToken cancelled) => Compare.Outcome(scenario, () =>
    {
        var token = StatusListToken.Parse(scenario.Input.RequireString("token"));
        var key = Jwk.ParsePublic(scenario.Input.RequireObjectMember("key"));
        var anchor = TrustAnchor.ForKey(key, TrustPurpose.CredentialIssuer | TrustPurpose.StatusSigner);
        var authority = new StatusAuthority(TrustStore.Create([anchor]), anchor, key);

        Compare.Same("problem", null, token.FindProblem(scenario.Input.RequireString("uri"), authority, scenario.Now));
        Compare.Same("issued_at", scenario.Expect.OptionalNumericDate("issued_at"), token.IssuedAt);
        Compare.Same("expires_at", scenario.Expect.OptionalNumericDate("expires_at"), token.ExpiresAt);
        Compare.Same("ttl", scenario.Expect.OptionalIndex("ttl"), (long?)token.TimeToLive?.TotalSeconds);
        CompareStatuses(scenario.Expect, token.UnverifiedList);
    });

    internal static Task ReferenceAsync(Scenario scenario, CancellationToken cancelled) => Compare.Outcome(scenario, () =>
        Compare.Same(
            "reference",
            new StatusReference(scenario.Expect.RequireString("uri"), scenario.Expect.RequireIndex("index")),
            StatusReference.FromClaims(scenario.Input.RequireObjectMember("claims"))));

    internal static Task AggregationAsync(Scenario scenario, CancellationToken cancelled) => Compare.Outcome(scenario, () =>
    {
        var document = Encoding.UTF8.GetBytes(scenario.Input.RequireObjectMember("document").GetRawText());
        Compare.SameList("uris", scenario.Expect.OptionalStringArray("uris"), StatusListAggregation.Parse(document).Uris);
    });

    // Every status, listed or not; and our own writer gives a list that reads the same.
    private static void CompareStatuses(JsonElement expected, StatusList list)
    {
        Compare.Same("size", expected.RequireIndex("size"), list.Size);
        var written = StatusList.Create(list.Bits, list.Size);
        foreach (var pair in expected.RequireArray("statuses").EnumerateArray())
        {
            var (index, value) = (pair[0].GetInt32(), pair[1].GetByte());
            Compare.Same($"status {index}", value, list[index]);
            written[index] = value;
        }
        Compare.True(written.Bytes.SequenceEqual(list.Bytes), "a status that is not listed is set");
        Compare.True(list.Bytes.SequenceEqual(StatusList.Parse(StrictJson.ToElement(list.ToJson())).Bytes), "what we write reads otherwise");
    }
}
