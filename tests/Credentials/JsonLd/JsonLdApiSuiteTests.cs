using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.JsonLd;
using Credentials.Tests.Shared;

namespace Credentials.Tests.JsonLd;

/// <summary>
/// The expansion and RDF cases of the JSON-LD 1.1 suite. A case that does not come out as the suite says stands in json-ld-api.json
/// with the reason; one that we refuse stands there with our code, so that a wrong result never hides behind a reason.
/// </summary>
public class JsonLdApiSuiteTests
{
    private const string Passed = "passed";
    private const string Accepted = "accepted, where the suite expects an error";
    private const string Other = "another result";

    private static readonly JsonElement s_listed = StrictJson.Parse(File.ReadAllBytes(RepositoryRoot.Combine("tests/Credentials/JsonLd/json-ld-api.json")));

    [Theory]
    [InlineData("expand", 385)]
    [InlineData("toRdf", 467)]
    public void Every_case_comes_out_as_the_suite_says_or_for_a_listed_reason(string kind, int atLeast)
    {
        var suite = W3cSuite.JsonLdApi();
        var listed = Listed(kind);
        var unexplained = new List<string>();
        var count = 0;
        foreach (var test in suite.Json($"{kind}-manifest.jsonld").RequireArray("sequence").EnumerateArray())
        {
            count++;
            var id = kind + test.RequireString("@id");
            var outcome = Run(suite, kind, test);
            if (outcome != listed.GetValueOrDefault(id, Passed))
                unexplained.Add($"{id}: {outcome}");
            listed.Remove(id);
        }

        Assert.Empty(unexplained);
        Assert.Empty(listed.Keys);
        Assert.True(count >= atLeast, $"{count} cases");
    }

    [Fact]
    public void Every_reason_is_said_once_and_every_case_has_one()
    {
        var groups = s_listed.EnumerateObject().SelectMany(kind => kind.Value.EnumerateArray()).ToArray();
        Assert.Equal(groups.Length, groups.Select(group => group.RequireString("reason")).Distinct().Count());
        var cases = groups.SelectMany(group => group.OptionalStringArray("cases")!).ToArray();
        Assert.Equal(cases.Length, cases.Distinct().Count());
    }

    private static Dictionary<string, string> Listed(string kind) => s_listed.EnumerateObject()
        .SelectMany(outcome => outcome.Value.EnumerateArray().SelectMany(group => group.OptionalStringArray("cases")!.Select(id => (id, Outcome: outcome.Name switch
        {
            "refused" => group.RequireString("code"),
            "accepted" => Accepted,
            _ => Other,
        }))))
        .Where(entry => entry.id.StartsWith(kind + "#", StringComparison.Ordinal))
        .ToDictionary(entry => entry.id, entry => entry.Outcome);

    private static string Run(W3cSuite suite, string kind, JsonElement test)
    {
        var isNegative = test.Member("expectErrorCode") is not null;
        try
        {
            var isSame = kind == "expand" ? Expands(suite, test) : Converts(suite, test);
            return isNegative ? Accepted : isSame ? Passed : Other;
        }
        catch (CredentialException e)
        {
            return isNegative ? Passed : e.Code;
        }
    }

    private static bool Expands(W3cSuite suite, JsonElement test)
    {
        var expanded = JsonLdProcessor.Expand(suite.Json(test.RequireString("input")), JsonLdContexts.None);
        return suite.BytesOf(test, "expect") is not { } expected || Unordered(StrictJson.ToNode(StrictJson.Parse(expected))) == Unordered(expanded);
    }

    private static bool Converts(W3cSuite suite, JsonElement test)
    {
        var quads = JsonLdProcessor.ToRdf(suite.Json(test.RequireString("input")), JsonLdContexts.None);
        return suite.BytesOf(test, "expect") is not { } expected || Canonical(NQuads.Parse(expected)).AsSpan().SequenceEqual(Canonical(quads));
    }

    private static byte[] Canonical(IEnumerable<RdfQuad> quads) => RdfCanonicalization.Canonicalize(quads, HashAlgorithmName.SHA256).ToNQuads();

    /// <summary>The values of a property have no order; those of a list have.</summary>
    private static string Unordered(JsonNode? node, bool inList = false) => node switch
    {
        JsonArray array when inList => $"[{string.Join(',', array.Select(item => Unordered(item)))}]",
        JsonArray array => $"[{string.Join(',', array.Select(item => Unordered(item)).Order(StringComparer.Ordinal))}]",
        JsonObject json => $"{{{string.Join(',', json.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => $"{member.Key}:{Unordered(member.Value, member.Key == "@list")}"))}}}",
        null => "null",
        _ => node.ToJsonString(),
    };
}
