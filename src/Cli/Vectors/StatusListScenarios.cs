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
        CompareStatuses(scenario.Expect, scenario.Input.OptionalHex("status_list_hex") is { } cbor
            ? StatusList.Parse(CborValue.Decode(cbor))
            : StatusList.Parse(scenario.Input.RequireObjectMember("status_list"))));

    internal static Task TokenAsync(Scenario scenario, CancellationToken cancelled) => Compare.Outcome(scenario, () =>
    {
        var token = scenario.Input.OptionalHex("token_hex") is { } cwt ? StatusListToken.Parse(cwt) : StatusListToken.Parse(scenario.Input.RequireString("token"));
        CompareToken(scenario, token);
        CompareStatuses(scenario.Expect, token.UnverifiedList);
    });

    internal static Task IdentifierListAsync(Scenario scenario, CancellationToken cancelled) => Compare.Outcome(scenario, () =>
    {
        var token = IdentifierListToken.Parse(scenario.Input.RequireHex("token_hex"));
        CompareToken(scenario, token);
        Compare.SameList(
            "identifiers_hex",
            scenario.Expect.OptionalStringArray("identifiers_hex")?.Order(StringComparer.Ordinal),
            token.UnverifiedList.Identifiers.Select(id => Convert.ToHexStringLower(id.Span)).Order(StringComparer.Ordinal));
    });

    internal static Task ReferenceAsync(Scenario scenario, CancellationToken cancelled) => Compare.Outcome(scenario, () =>
    {
        var expected = scenario.Expect;
        if (scenario.Input.OptionalObject("claims") is { } claims)
        {
            Compare.Same("reference", new StatusReference(expected.RequireString("uri"), expected.RequireIndex("index")), StatusReference.FromClaims(claims));
            return;
        }
        CredentialStatus reference = expected.OptionalHex("id_hex") is { } id
            ? new IdentifierReference(expected.RequireString("uri"), id)
            : new StatusReference(expected.RequireString("uri"), expected.RequireIndex("index"));
        if (expected.OptionalHex("certificate_hex") is { } certificate)
            reference = reference with { Certificate = certificate };
        var status = CborValue.Decode(scenario.Input.RequireHex("status_hex"));
        Compare.SameList("reference", [$"{reference}"], CredentialStatus.FromCbor(status).Select(read => $"{read}"));
        Compare.True(CredentialStatus.FromCbor(status) is [var only] && only == reference, "the reference says something else");
    });

    internal static Task AggregationAsync(Scenario scenario, CancellationToken cancelled) => Compare.Outcome(scenario, () =>
    {
        var document = Encoding.UTF8.GetBytes(scenario.Input.RequireObjectMember("document").GetRawText());
        Compare.SameList("uris", scenario.Expect.OptionalStringArray("uris"), StatusListAggregation.Parse(document).Uris);
    });

    /// <summary>The token must be usable; what keeps it from that is the code of the refusal.</summary>
    private static void CompareToken(Scenario scenario, StatusToken token)
    {
        if (token.FindProblem(scenario.Input.RequireString("uri"), AuthorityOf(scenario), scenario.Now) is { } problem)
            throw new MalformedDataException(problem, "The token cannot be used.");
        Compare.Same("issued_at", scenario.Expect.OptionalNumericDate("issued_at"), token.IssuedAt);
        Compare.Same("expires_at", scenario.Expect.OptionalNumericDate("expires_at"), token.ExpiresAt);
        Compare.Same("ttl", scenario.Expect.OptionalIndex("ttl"), (long?)token.TimeToLive?.TotalSeconds);
    }

    /// <summary>The one authority of the scenario: its certificate, or the key that is in the input.</summary>
    private static StatusAuthority AuthorityOf(Scenario scenario)
    {
        const TrustPurpose Purposes = TrustPurpose.CredentialIssuer | TrustPurpose.StatusSigner;
        if (scenario.Json.OptionalObject("trust")?.OptionalStringArray("certificates") is [var pem])
        {
            var trust = TrustStore.FromPem(pem, Purposes);
            return new StatusAuthority(trust, trust.Anchors[0]);
        }
        var key = Jwk.ParsePublic(scenario.Input.RequireObjectMember("key"));
        var anchor = TrustAnchor.ForKey(key, Purposes);
        return new StatusAuthority(TrustStore.Create([anchor]), anchor, key);
    }

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
        var cbor = CborValue.Decode(CborWriting.Encode(writer => list.WriteTo(writer)), limits: new CborLimits(MaxBytes: StatusToken.MaxBytes));
        Compare.True(list.Bytes.SequenceEqual(StatusList.Parse(cbor).Bytes), "what we write as CBOR reads otherwise");
    }
}
