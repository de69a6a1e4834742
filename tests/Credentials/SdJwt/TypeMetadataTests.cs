using System.Security.Cryptography;
using System.Text;
using Credentials.Http;
using Credentials.SdJwt;
using Credentials.SdJwt.TypeMetadata;
using Credentials.Tests.Http;

namespace Credentials.Tests.SdJwt;

/// <summary>SD-JWT VC §5 and §6: where type metadata comes from and what it adds up to.</summary>
public class TypeMetadataTests
{
    private static string Hash(string algorithm, string document)
    {
        var octets = Encoding.UTF8.GetBytes(document);
        var digest = algorithm switch { "sha256" => SHA256.HashData(octets), "sha384" => SHA384.HashData(octets), _ => SHA512.HashData(octets) };
        return $"{algorithm}-{Convert.ToBase64String(digest)}";
    }

    private static TypeMetadataClient Client(params string[] documents) =>
        new(documents.Select(document => new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes(document))), null);

    private static Task<ResolvedTypeMetadata> FetchAsync(TypeMetadataClient client, string type, string? integrity = null) =>
        client.FetchAsync(type, integrity, TestContext.Current.CancellationToken);

    private static async Task RefuseAsync(string code, TypeMetadataClient client, string type, string? integrity = null) =>
        Assert.Equal(code, (await Assert.ThrowsAnyAsync<CredentialException>(() => FetchAsync(client, type, integrity))).Code);

    [Fact]
    public async Task A_type_inherits_what_it_does_not_say_itself()
    {
        var client = Client(
            """{"vct":"urn:base","display":[{"locale":"en","name":"Base"}],"claims":[{"path":["name"],"mandatory":true,"sd":"always","display":[{"locale":"en","label":"Full Name"}]},{"path":["address","city"],"display":[{"locale":"en","label":"City"},{"locale":"ko","label":"도시"}]}]}""",
            """{"vct":"urn:child","extends":"urn:base","claims":[{"path":["address","city"],"sd":"never","display":[{"locale":"en","label":"Town"}]},{"path":["name"],"svg_id":"name"},{"path":["nationalities"]}]}""");

        var found = await FetchAsync(client, "urn:child");

        Assert.Equal(["urn:child", "urn:base"], found.Types);
        Assert.Equal("Base", found.Display.Single().Name);
        Assert.Equal(["name", "city", "nationalities"], found.Claims.Select(claim => claim.Path.Segments[^1].Name));
        Assert.True(found.Claims[0].IsMandatory);
        Assert.Equal(SelectiveDisclosure.Always, found.Claims[0].SelectiveDisclosure);
        Assert.Equal(("name", "Full Name"), (found.Claims[0].SvgId, found.Claims[0].Display.Single().Label));
        Assert.Equal("Town", found.Claims[1].Display.Single().Label);
        Assert.Equal(SelectiveDisclosure.Never, found.Claims[1].SelectiveDisclosure);
    }

    [Theory]
    [InlineData("\"sd\":\"always\"", "\"sd\":\"never\"")]
    [InlineData("\"sd\":\"always\"", "\"sd\":\"allowed\"")]
    [InlineData("\"sd\":\"never\"", "\"sd\":\"always\"")]
    [InlineData("\"mandatory\":true", "\"mandatory\":false")]
    public async Task A_type_may_not_loosen_what_it_extends(string parent, string child)
    {
        TypeMetadataClient Extending(string own) => Client(
            $$"""{"vct":"urn:base","claims":[{"path":["a"],{{parent}}}]}""", $$"""{"vct":"urn:child","extends":"urn:base","claims":[{"path":["a"],{{own}}}]}""");
        await FetchAsync(Extending(parent), "urn:child");

        await RefuseAsync(SdJwtCodes.TypeMetadataConflict, Extending(child), "urn:child");
    }

    [Fact]
    public async Task A_circle_and_a_chain_that_is_too_endlessend()
    {
        string[] chain = [.. Enumerable.Range(0, 10).Select(i => $$"""{"vct":"urn:{{i}}","extends":"urn:{{i + 1}}"}"""), """{"vct":"urn:10"}"""];
        Assert.Equal(9, (await FetchAsync(Client(chain), "urn:2")).Types.Count);

        await RefuseAsync(SdJwtCodes.TypeMetadataTooLong, Client(chain), "urn:1");
        await RefuseAsync(SdJwtCodes.TypeMetadataCycle, Client("""{"vct":"urn:a","extends":"urn:b"}""", """{"vct":"urn:b","extends":"urn:a"}"""), "urn:a");
        await RefuseAsync(SdJwtCodes.TypeMetadataUnavailable, Client(), "urn:a");
    }

    [Fact]
    [Trait("Row", "SVC-06")]
    public async Task The_strongest_hash_that_is_known_must_match()
    {
        const string Document = """{"vct":"urn:a"}""";
        var client = Client(Document);
        string[] good =
        [
            Hash("sha256", Document), Hash("sha384", Document), Hash("sha512", Document), Hash("sha256", Document).TrimEnd('='), Hash("sha256", Document) + "?x",
            Hash("sha256", "other") + " " + Hash("sha512", Document), Hash("sha512", "other") + "\t" + Hash("sha512", Document), "sha3-AAAA " + Hash("sha256", Document),
        ];
        foreach (var integrity in good) await FetchAsync(client, "urn:a", integrity);

        string[] bad =
        [
            "", " ", Hash("sha256", "other"), Hash("sha256", Document) + " " + Hash("sha512", "other"), "sha3-AAAA", "md5-AAAA", "sha256-", "sha256-!!!!", "sha256",
            Hash("sha256", Document).Replace("sha256", "SHA256", StringComparison.Ordinal), Hash("sha256", Document) + " sha512-AAAA", new string('x', 3000),
        ];
        foreach (var integrity in bad) await RefuseAsync(SdJwtCodes.TypeMetadataIntegrity, client, "urn:a", integrity);

        var child = Client(Document, $$"""{"vct":"urn:b","extends":"urn:a","extends#integrity":"{{Hash("sha256", "other")}}"}""");
        await RefuseAsync(SdJwtCodes.TypeMetadataIntegrity, child, "urn:b");
    }

    [Fact]
    [Trait("Row", "SVC-04")]
    [Trait("Row", "SVC-07")]
    public async Task A_document_from_the_network_must_be_that_of_its_type_and_come_the_right_way()
    {
        using var http = FetchExtensions.ToLoopback();
        string body = "", contentType = "application/json";
        await using var server = await LocalServer.StartAsync(context => LocalServer.Body(body, contentType)(context));
        var (client, type) = (new TypeMetadataClient([], http), server.Url.AbsoluteUri + "type");
        body = $$"""{"vct":"{{type}}"}""";
        Assert.Equal([type], (await FetchAsync(client, type)).Types);

        contentType = "text/html";
        await RefuseAsync(HttpCodes.ContentTypeRefused, client, type);
        (body, contentType) = ("""{"vct":"urn:another"}""", "application/json");
        await RefuseAsync(SdJwtCodes.TypeMetadataMismatch, client, type);
        body = new string(' ', 1024 * 1024 + 1);
        await RefuseAsync(HttpCodes.TooLarge, client, type);
        await RefuseAsync(SdJwtCodes.TypeMetadataMalformed, client, "http://types.example/a");
        await RefuseAsync(HttpCodes.AddressRefused, client, "https://10.0.0.1/a");
        await RefuseAsync(SdJwtCodes.TypeMetadataUnavailable, client, "file:///etc/passwd");
    }

    [Fact]
    [Trait("Row", "SVC-08")]
    public void Names_are_short_and_neither_turn_nor_hide_text()
    {
        TypeMetadataDocument Named(string text) => TypeMetadataDocument.Parse(Workshop.Json(
            $$"""{"vct":"urn:a","display":[{"locale":"en","name":{{text}},"description":{{text}}}],"claims":[{"path":["a"],"display":[{"locale":"en","label":{{text}}}]}]}"""));
        Assert.Equal("운전면허 Licence", Named("\"운전면허 Licence\"").Display[0].Name);

        Assert.Equal("abc", Named("\"a\\u202eb\\u2066\\u0000\\u200b\\nc\"").Display[0].Name);
        Assert.Equal("abc", Named("\"a\\u202eb\\u2066\\u0000\\u200b\\nc\"").Claims[0].Display[0].Label);
        var endless = Named($"\"{new string('x', 900_000 / 3)}\"");
        Assert.Equal((200, 2000, 200), (endless.Display[0].Name.Length, endless.Display[0].Description!.Length, endless.Claims[0].Display[0].Label.Length));
        Assert.EndsWith("…", endless.Display[0].Name, StringComparison.Ordinal);
    }
}
