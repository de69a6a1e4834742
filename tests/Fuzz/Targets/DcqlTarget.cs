using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Dcql;
using Credentials.Fuzz.Tests.Mutation;

namespace Credentials.Fuzz.Tests.Targets;

/// <summary>A DCQL query, matched against a few documents: reading and matching end, and what is shown of a document is in it.</summary>
internal sealed class DcqlTarget : FuzzTarget
{
    private static readonly DcqlCandidate[] s_held =
    [
        new(CredentialFormat.SdJwtVc, ["https://credentials.example.com/identity_credential"], StrictJson.Parse("""
            { "given_name": "Ana", "family_name": "Kim", "address": { "street_address": "1", "locality": "2" }, "nationalities": ["KR", "DE"],
              "degrees": [ { "type": "a" }, { "type": "b" } ], "last_name": "Kim", "first_name": "Ana" }
            """)),
        new(CredentialFormat.Mdoc, ["org.iso.7367.1.mVRC"], StrictJson.Parse("""{ "org.iso.7367.1": { "vehicle_holder": "a" }, "org.iso.18013.5.1": { "first_name": "a", "portrait": "b" } }""")),
    ];

    public override string Name => "dcql";

    public override InputShape Shape => InputShape.Json;

    public override IEnumerable<byte[]> Seeds(Vectors vectors) => [.. vectors.Json("dcql_query", "dcql.parse"), .. vectors.Json("path", "claims-path.select")];

    protected override object Read(byte[] input)
    {
        var json = StrictJson.Parse(input);
        if (json.ValueKind == System.Text.Json.JsonValueKind.Array) return ClaimPath.Parse(json);
        var query = DcqlQuery.Parse(json);
        return (query, DcqlMatcher.Match(query, s_held));
    }

    protected override void Check(byte[] input, object value)
    {
        if (value is ClaimPath path)
        {
            Require(ClaimPath.Parse(StrictJson.ToElement(path.ToJson())).Equals(path), "A path is not what it was after it was written.");
            foreach (var candidate in s_held) _ = path.Select(candidate.Claims);
            return;
        }

        var (query, match) = ((DcqlQuery, DcqlMatch))value;
        var written = query.ToJson();
        var again = DcqlQuery.Parse(StrictJson.ToElement(written));
        Require(JsonNode.DeepEquals(again.ToJson(), written), "A query is not what it was after it was written.");
        var shown = match.Sets.SelectMany(set => set.Options).SelectMany(option => option.Members).SelectMany(member => member.Matches);
        Require(shown.All(found => found.Disclose.All(claim => claim.Select(found.Candidate.Claims).Any())), "A claim is to be shown that the document does not have.");
        Require(DcqlMatcher.Match(again, s_held).IsSatisfiable == match.IsSatisfiable, "The query as written asks for something else.");
    }
}
