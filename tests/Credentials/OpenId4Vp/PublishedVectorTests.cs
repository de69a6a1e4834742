using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Dcql;
using Credentials.Jose;
using Credentials.Keys.Software;
using Credentials.OpenId4Vp;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.Tests.Shared;
using Credentials.Trust;

namespace Credentials.Tests.OpenId4Vp;

/// <summary>The examples that OpenID4VP 1.0 prints, and cases worked out from its rules.</summary>
public class PublishedVectorTests
{
    public static TheoryData<string> Names { get; } =
        [.. Directory.GetFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    private static string Folder => RepositoryRoot.Combine("test-vectors", "published", "openid4vp-1.0");

    [Fact]
    public void Every_published_vector_is_here() => Assert.Equal(33, Names.Count);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_published_vector_gives_what_is_printed(string name)
    {
        var vector = StrictJson.ParseObject(File.ReadAllBytes(Path.Combine(Folder, $"{name}.json")));
        var (input, expected) = (vector.RequireObjectMember("input"), vector.RequireObjectMember("expect"));
        switch (vector.RequireString("operation"))
        {
            case "dcql.parse":
                AssertQuery(input.RequireObjectMember("dcql_query"), expected);
                break;
            case "claims-path.select":
                AssertSelected(input, expected);
                break;
            case "openid4vp.read-response":
                await AssertResponseAsync(input, expected);
                break;
            case "openid4vp.choose-encryption":
                var chosen = ResponseEncryption.Choose(ClientMetadata.Parse(input.RequireObjectMember("client_metadata")));
                Assert.Equal((expected.RequireString("kid"), expected.RequireString("enc")), (chosen.KeyId, chosen.Algorithm));
                break;
            case "openid4vp.client-metadata":
                var metadata = ClientMetadata.Parse(input.RequireObjectMember("client_metadata"));
                Assert.Equal(expected.OptionalStringArray("formats"), metadata.VpFormatsSupported!.Value.EnumerateObject().Select(format => format.Name));
                AssertSame(input.RequireObjectMember("client_metadata"), metadata.ToJson());
                break;
            case "openid4vp.verify-document":
                await AssertDocumentAsync(vector, input, expected);
                break;
            default:
                Assert.Fail($"{name} has an operation that is not known here.");
                break;
        }
    }

    private static void AssertSame(JsonElement expected, JsonNode actual) =>
        Assert.True(JsonElement.DeepEquals(expected, StrictJson.ToElement(actual)), actual.ToJsonString());

    private static void AssertQuery(JsonElement json, JsonElement expected)
    {
        var query = DcqlQuery.Parse(json);

        Assert.Equal(expected.OptionalStringArray("credential_ids"), query.Credentials.Select(credential => credential.Id));
        Assert.Equal(expected.OptionalStringArray("formats"), query.Credentials.Select(credential => credential.Format));
        foreach (var claims in expected.RequireObjectMember("claims").EnumerateObject())
            AssertSame(claims.Value, new JsonArray([.. query.Find(claims.Name)!.Claims!.Select(claim => claim.Path.ToJson())]));
        foreach (var sets in (expected.OptionalObject("claim_sets") ?? StrictJson.Parse("{}")).EnumerateObject())
            AssertSame(sets.Value, new JsonArray([.. query.Find(sets.Name)!.ClaimSets!.Select(set => new JsonArray([.. set.Select(id => (JsonNode)id)]))]));
        Assert.Equal(json.TryGetProperty("credential_sets", out var credentialSets) ? credentialSets.GetArrayLength() : null, query.CredentialSets?.Count);
    }

    private static void AssertSelected(JsonElement input, JsonElement expected)
    {
        IReadOnlyList<JsonElement> Select() => ClaimPath.Parse(input.RequireArray("path")).Select(input.RequireObjectMember("claims"));
        if (expected.OptionalString("code") is { } code)
            Assert.Equal(code, Assert.Throws<MalformedDataException>(() => Select()).Code);
        else
            AssertSame(
                expected.OptionalArray("selected") ?? StrictJson.Parse("[]"), new JsonArray([.. Select().Select(StrictJson.ToNode)]));
    }

    private static async Task AssertResponseAsync(JsonElement input, JsonElement expected)
    {
        var jwk = input.RequireObjectMember("private_jwk");
        using var key = SoftwareKeyAgreementKey.FromPrivateJwk(jwk);
        var form = input.RequireObjectMember("form").EnumerateObject().ToDictionary(field => field.Name, field => field.Value.GetString()!);

        var received = await ResponseReader.ReadAsync(
            form,
            new ResponseExpectations(input.RequireString("response_mode"), null) { DecryptionKey = key, DecryptionKeyId = jwk.RequireString("kid") },
            TestContext.Current.CancellationToken);

        AssertSame(expected.RequireObjectMember("response"), received.Response!.ToJson());
    }

    private static async Task AssertDocumentAsync(JsonElement vector, JsonElement input, JsonElement expected)
    {
        var key = vector.RequireObjectMember("trust").RequireArray("keys")[0].RequireObjectMember("jwk");
        var query = new JsonObject { ["credentials"] = new JsonArray(StrictJson.ToNode(input.RequireObjectMember("credential_query"))) };

        var report = await VpTokenVerifier.VerifyDocumentAsync(
            input.RequireString("text"),
            new DocumentExpectations
            {
                Trust = TrustStore.Create([TrustAnchor.ForKey(Jwk.ParsePublic(key), TrustPurpose.CredentialIssuer)]),
                Status = new StatusPolicy(StatusMode.Online),
                StatusClient = null,
                Now = DateTimeOffset.Parse(vector.RequireString("now"), System.Globalization.CultureInfo.InvariantCulture),
                KeyBinding = KeyBindingExpectation.Required(input.RequireString("audience"), input.RequireString("nonce")),
                Query = DcqlQuery.Parse(StrictJson.ToElement(query)).Credentials[0],
            },
            TestContext.Current.CancellationToken);

        Assert.True(report.Parts[0].TryGetVerified(out var verified), report.ToJson().ToJsonString());
        Assert.True(JsonElement.DeepEquals(expected.RequireObjectMember("claims"), verified.Claims), verified.Claims.GetRawText());
    }
}
