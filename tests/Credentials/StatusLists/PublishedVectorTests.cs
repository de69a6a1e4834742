using System.Text;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.StatusLists;
using Credentials.Tests.Shared;
using Credentials.Trust;

namespace Credentials.Tests.StatusLists;

/// <summary>The examples and test vectors that Token Status List prints.</summary>
public class PublishedVectorTests
{
    public static TheoryData<string> Names { get; } =
        [.. Directory.GetFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    private static string Folder => RepositoryRoot.Combine("test-vectors", "published", "token-status-list");

    [Theory]
    [Trait("Row", "TSL-18")]
    [MemberData(nameof(Names))]
    public void A_published_vector_gives_what_is_printed(string name)
    {
        var vector = StrictJson.ParseObject(File.ReadAllBytes(Path.Combine(Folder, $"{name}.json")));
        var (input, expected) = (vector.RequireObjectMember("input"), vector.RequireObjectMember("expect"));
        switch (vector.RequireString("operation"))
        {
            case "status_list_read":
                AssertStatuses(expected, StatusList.Parse(input.RequireObjectMember("status_list")));
                break;
            case "status_list_token_verify":
                AssertToken(vector, input, expected);
                break;
            case "status_reference_read":
                Assert.Equal(
                    new StatusReference(expected.RequireString("uri"), expected.RequireIndex("index")),
                    StatusReference.FromClaims(input.RequireObjectMember("claims")));
                break;
            case "status_list_aggregation_read":
                var document = Encoding.UTF8.GetBytes(input.RequireObjectMember("document").GetRawText());
                Assert.Equal(expected.OptionalStringArray("uris"), StatusListAggregation.Parse(document).Uris);
                break;
            default:
                Assert.Fail($"{name} has an operation that is not known here.");
                break;
        }
    }

    [Fact]
    public void Every_published_vector_is_here() => Assert.Equal(9, Names.Count);

    private static void AssertToken(JsonElement vector, JsonElement input, JsonElement expected)
    {
        var token = StatusListToken.Parse(input.RequireString("token"));
        var key = Jwk.ParsePublic(input.RequireObjectMember("key"));
        var anchor = TrustAnchor.ForKey(key, TrustPurpose.CredentialIssuer | TrustPurpose.StatusSigner);
        var authority = new StatusAuthority(TrustStore.Create([anchor]), anchor, key);

        Assert.Null(token.FindProblem(input.RequireString("uri"), authority, vector.OptionalNumericDate("now")!.Value));
        Assert.Equal(expected.OptionalNumericDate("issued_at"), token.IssuedAt);
        Assert.Equal(expected.OptionalNumericDate("expires_at"), token.ExpiresAt);
        Assert.Equal(expected.RequireIndex("ttl"), token.TimeToLive!.Value.TotalSeconds);
        AssertStatuses(expected, token.UnverifiedList);
    }

    // Every status, listed or not; and our own writer gives a list that reads the same.
    private static void AssertStatuses(JsonElement expected, StatusList list)
    {
        var statuses = expected.RequireArray("statuses").EnumerateArray().ToDictionary(pair => pair[0].GetInt32(), pair => pair[1].GetByte());
        Assert.Equal(expected.RequireIndex("size"), list.Size);
        var written = StatusList.Create(list.Bits, list.Size);
        foreach (var (index, value) in statuses)
            written[index] = value;
        Assert.True(written.Bytes.SequenceEqual(list.Bytes));
        Assert.All(statuses, status => Assert.Equal(status.Value, list[status.Key]));
        Assert.True(list.Bytes.SequenceEqual(StatusList.Parse(StrictJson.ToElement(list.ToJson())).Bytes));
    }
}
