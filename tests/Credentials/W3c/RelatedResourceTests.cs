using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.W3c;
using static Credentials.Tests.W3c.University;

namespace Credentials.Tests.W3c;

/// <summary>Data Model 2.0 §5.3: resources and their digests.</summary>
public class RelatedResourceTests
{
    private const string Url = "https://agency.example/schema.json";

    private static readonly byte[] s_resource = Encoding.UTF8.GetBytes("""{"type":"object"}""");
    private static readonly byte[] s_changed = Encoding.UTF8.GetBytes("""{"type":"string"}""");

    private static string Sri(HashAlgorithmName algorithm, byte[] resource) =>
        $"{algorithm.Name!.ToLowerInvariant()}-{Convert.ToBase64String(CryptographicOperations.HashData(algorithm, resource))}";

    private static string Multihash(byte code, HashAlgorithmName algorithm, byte[] resource)
    {
        var digest = CryptographicOperations.HashData(algorithm, resource);
        return Multibase.EncodeBase64Url([code, (byte)digest.Length, .. digest]);
    }

    private static JsonObject Resource(string member, JsonNode value) => new() { ["id"] = Url, [member] = value };

    private static JsonObject With(params JsonNode[] resources) => Diploma(d => d["relatedResource"] = new JsonArray([.. resources.Select(one => one.DeepClone())]));

    private static bool Matches(JsonObject resource, byte[] bytes) => Assert.Single(W3cCredential.Parse(Element(With(resource))).RelatedResources).Matches(bytes);

    public static TheoryData<string, string> Digests => new()
    {
        { "digestSRI", Sri(HashAlgorithmName.SHA256, s_resource) },
        { "digestSRI", Sri(HashAlgorithmName.SHA384, s_resource) },
        { "digestSRI", Sri(HashAlgorithmName.SHA512, s_resource) },
        { "digestSRI", Sri(HashAlgorithmName.SHA384, s_resource).Replace('+', '-').Replace('/', '_') },
        { "digestSRI", Sri(HashAlgorithmName.SHA384, s_resource) + "?ct=application/json" },
        { "digestSRI", Sri(HashAlgorithmName.SHA384, s_changed) + " " + Sri(HashAlgorithmName.SHA384, s_resource) },
        { "digestSRI", "md5-AAAA " + Sri(HashAlgorithmName.SHA256, s_resource) },
        { "digestMultibase", Multihash(0x12, HashAlgorithmName.SHA256, s_resource) },
        { "digestMultibase", Multihash(0x20, HashAlgorithmName.SHA384, s_resource) },
        { "digestMultibase", Multihash(0x13, HashAlgorithmName.SHA512, s_resource) },
        { "digestMultibase", Multibase.EncodeBase58Btc([0x12, 0x20, .. SHA256.HashData(s_resource)]) },
    };

    [Theory]
    [MemberData(nameof(Digests))]
    public void A_resource_is_the_one_of_its_digest(string member, string digest)
    {
        Assert.True(Matches(Resource(member, digest), s_resource));
        Assert.False(Matches(Resource(member, digest), s_changed.Append((byte)' ').ToArray()));
        Assert.True(Matches(Resource(member, new JsonArray(digest)), s_resource));
    }

    [Fact]
    public void Of_several_algorithms_the_strongest_counts()
    {
        var both = Resource("digestSRI", $"{Sri(HashAlgorithmName.SHA256, s_changed)} {Sri(HashAlgorithmName.SHA512, s_resource)}");
        Assert.True(Matches(both, s_resource));
        Assert.False(Matches(both, s_changed));
    }

    [Fact]
    public void A_digest_of_an_unknown_algorithm_alone_matches_nothing()
    {
        Assert.False(Matches(Resource("digestSRI", "md5-AAAA"), s_resource));
        Assert.False(Matches(Resource("digestMultibase", Multibase.EncodeBase64Url([0x1e, 0x20, .. SHA256.HashData(s_resource)])), s_resource));
    }

    public static TheoryData<string> Malformed => new()
    {
        "null", "[]", "{}", "\"https://agency.example/schema.json\"", """["https://agency.example/schema.json"]""",
        """{"id":"https://agency.example/schema.json"}""",
        """{"digestSRI":"sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="}""",
        """{"id":"x","digestSRI":"sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="}""",
        """{"id":"https://a.example/","digestSRI":"sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"}""",
        """{"id":"https://a.example/","digestSRI":"sha384-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="}""",
        """{"id":"https://a.example/","digestSRI":"47DEQpj8HBSa"}""",
        """{"id":"https://a.example/","digestSRI":""}""",
        """{"id":"https://a.example/","digestSRI":1}""",
        """{"id":"https://a.example/","digestSRI":["sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",1]}""",
        """{"id":"https://a.example/","digestMultibase":"47DEQpj8HBSa"}""",
        """{"id":"https://a.example/","digestMultibase":"uEiA"}""",
        """{"id":"https://a.example/","mediaType":"no media type","digestSRI":"sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="}""",
        """[{"id":"https://a.example/","digestSRI":"sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="},{"id":"https://a.example/","digestSRI":"sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="}]""",
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Resources_without_id_or_digest_are_refused(string json)
    {
        Assert.Equal(W3cCodes.RelatedResource, Code(() => W3cCredential.Parse(Element(Diploma(d => d["relatedResource"] = StrictJson.ToNode(StrictJson.Parse(json)))))));
        W3cCredential.Parse(Element(With(StrictJson.ToNode(StrictJson.Parse(
            """{"id":"https://a.example/","mediaType":"application/json","digestSRI":"sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="}"""))!)));
    }

    [Fact]
    public async Task A_verifier_uses_a_resource_only_if_it_is_the_one_of_the_credential()
    {
        var credential = await IssueAsync(With(Resource("digestSRI", Sri(HashAlgorithmName.SHA384, s_resource))));
        W3cExpectations Using(byte[] resource) => Expected with { Resources = new Dictionary<string, ReadOnlyMemory<byte>> { [Url] = resource } };

        AssertHas(await AcceptAsync(credential), W3cChecks.RelatedResources, CheckOutcome.NotApplicable, W3cCodes.ResourcesNotUsed);
        AssertHas(await AcceptAsync(credential, Using(s_resource)), W3cChecks.RelatedResources, CheckOutcome.Passed);
        await RefuseOnlyAsync(credential, W3cChecks.RelatedResources, W3cCodes.ResourceDigest, Using(s_changed));
    }
}
