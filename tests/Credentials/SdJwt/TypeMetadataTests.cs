using System.Security.Cryptography;
using System.Text;
using Credentials.Codecs;
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
        client.FetchAsync(type, integrity, Workshop.Now, TestContext.Current.CancellationToken);

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

    [Fact]
    public async Task What_a_type_says_itself_counts_before_what_it_inherits()
    {
        var client = Client(
            """{"vct":"urn:base","claims":[{"path":["a"],"sd":"allowed","svg_id":"a"},{"path":["b"],"svg_id":"b"}]}""",
            """{"vct":"urn:child","extends":"urn:base","claims":[{"path":["a"],"sd":"always","svg_id":"own"},{"path":["b"]}]}""");

        var found = await FetchAsync(client, "urn:child");

        Assert.Equal([(SelectiveDisclosure.Always, "own"), ((SelectiveDisclosure?)null, "b")], found.Claims.Select(claim => (claim.SelectiveDisclosure, claim.SvgId)));
        Assert.Empty(found.Display);
    }

    [Theory]
    [InlineData("""[{"path":["a"]}]""", """[{"path":["b"]},{"path":["b"]}]""")]
    [InlineData("""[{"path":["a"],"svg_id":"x"}]""", """[{"path":["b"],"svg_id":"x"}]""")]
    public async Task A_claim_is_described_once_and_has_a_name_of_its_own(string parent, string child) => await RefuseAsync(
        SdJwtCodes.TypeMetadataConflict,
        Client($$"""{"vct":"urn:base","claims":{{parent}}}""", $$"""{"vct":"urn:child","extends":"urn:base","claims":{{child}}}"""), "urn:child");

    [Theory]
    [InlineData("""{"vct":"urn:a"}""")]
    [InlineData("""
        {
          "vct": "urn:a", "name": "Licence", "description": "For driving", "extends": "urn:base", "extends#integrity": "sha256-AA",
          "display": [{ "locale": "en", "name": "Licence", "description": "To drive", "rendering": { "simple": { "logo": { "uri": "https://x.example" } } } }, { "locale": "ko", "name": "면허" }],
          "claims": [
            { "path": ["list", null, 0, "a"], "display": [{ "locale": "en", "label": "A", "description": "First" }, { "locale": "ko", "label": "가" }], "mandatory": true, "sd": "always", "svg_id": "_a1" },
            { "path": ["b"], "mandatory": false, "sd": "allowed" }, { "path": ["c"], "sd": "never" }
          ]
        }
        """)]
    public void Type_metadata_is_written_as_it_is_read(string document) =>
        Workshop.AssertJson(document, StrictJson.ToElement(TypeMetadataDocument.Parse(Workshop.Json(document)).ToJson()));

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"vct":"urn:a","claims":[{"path":["a"],"svg_id":"1a"}]}""")]
    [InlineData("""{"vct":"urn:a","claims":[{"path":["a"],"svg_id":"a-b"}]}""")]
    [InlineData("""{"vct":"urn:a","claims":[{"path":["a"],"svg_id":"a"},{"path":["b"],"svg_id":"a"}]}""")]
    [InlineData("""{"vct":"urn:a","claims":[{"path":["a"],"sd":"sometimes"}]}""")]
    public void What_is_no_type_metadata_is_refused(string document) => Assert.Equal(
        SdJwtCodes.TypeMetadataMalformed, Assert.Throws<MalformedDataException>(() => TypeMetadataDocument.Parse(Workshop.Json(document))).Code);

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
            "x-AAAA " + Hash("sha256", Document), Hash("sha512", Document) + " " + Hash("sha256", "other"), Hash("sha256", Document).PadRight(2048),
        ];
        foreach (var integrity in good) await FetchAsync(client, "urn:a", integrity);

        string[] bad =
        [
            "", " ", Hash("sha256", "other"), Hash("sha256", Document) + " " + Hash("sha512", "other"), "sha3-AAAA", "md5-AAAA", "sha256-", "sha256-!!!!", "sha256",
            Hash("sha256", Document).Replace("sha256", "SHA256", StringComparison.Ordinal), Hash("sha256", Document) + " sha512-AAAA", Hash("sha256", Document).PadRight(2049),
            Hash("sha512", "other") + " " + Hash("sha256", Document),
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
        var type = server.Url.AbsoluteUri + "type";
        TypeMetadataClient New() => new([], http);
        body = $$"""{"vct":"{{type}}"}""";
        Assert.Equal([type], (await FetchAsync(New(), type)).Types);

        contentType = "text/html";
        await RefuseAsync(HttpCodes.ContentTypeRefused, New(), type);
        (body, contentType) = ("""{"vct":"urn:another"}""", "application/json");
        await RefuseAsync(SdJwtCodes.TypeMetadataMismatch, New(), type);
        body = new string(' ', 1024 * 1024 + 1);
        await RefuseAsync(HttpCodes.TooLarge, New(), type);
        var client = New();
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

    [Fact]
    public async Task A_document_is_kept_as_long_as_its_answer_says_and_for_good_where_a_hash_names_it()
    {
        using var http = FetchExtensions.ToLoopback();
        string body = "", cacheControl = "max-age=600";
        await using var server = await LocalServer.StartAsync(context =>
        {
            context.Response.Headers.CacheControl = cacheControl;
            return LocalServer.Body(body)(context);
        });
        var (client, type) = (new TypeMetadataClient([], http), server.Url.AbsoluteUri + "type");
        body = $$"""{"vct":"{{type}}"}""";
        async Task<int> FetchesAsync(int seconds, string? integrity = null)
        {
            var before = server.Requests.Count;
            await client.FetchAsync(type, integrity, Workshop.Now.AddSeconds(seconds), TestContext.Current.CancellationToken);
            return server.Requests.Count - before;
        }

        Assert.Equal(1, await FetchesAsync(0));
        Assert.Equal(0, await FetchesAsync(0));
        Assert.Equal(0, await FetchesAsync(599));
        Assert.Equal(1, await FetchesAsync(600));

        // A hash identifies the document, so that no directive ends its life, and another hash is another document.
        cacheControl = "no-store";
        var integrity = Hash("sha256", body);
        Assert.Equal(1, await FetchesAsync(0, integrity));
        Assert.Equal(0, await FetchesAsync(100 * 86400, integrity));
        await RefuseAsync(SdJwtCodes.TypeMetadataIntegrity, client, type, Hash("sha256", "other"));
        Assert.Equal(1, await FetchesAsync(1200));
        Assert.Equal(1, await FetchesAsync(1200));
    }

    [Fact]
    [Trait("Row", "SVC-04")]
    public async Task A_failure_is_remembered_for_thirty_seconds_and_the_memory_is_bounded()
    {
        using var http = FetchExtensions.ToLoopback();
        var status = 503;
        await using var server = await LocalServer.StartAsync(context =>
            LocalServer.Body($$"""{"vct":"http://{{context.Request.Host}}{{context.Request.Path}}","description":"{{new string('x', 1000)}}"}""", status: status)(context));
        var client = new TypeMetadataClient([], http, maxCacheBytes: 5000);
        Task<ResolvedTypeMetadata> At(string path, int seconds) =>
            client.FetchAsync(server.Url.AbsoluteUri + path, null, Workshop.Now.AddSeconds(seconds), TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<FetchException>(() => At("1", 0));
        status = 200;
        await Assert.ThrowsAsync<FetchException>(() => At("1", 29));
        Assert.Single(server.Requests);
        await At("1", 30);
        Assert.Equal(2, server.Requests.Count);

        // Three fit; the first was used least.
        foreach (var path in new[] { "2", "3", "4" }) await At(path, 30);
        Assert.Equal(5, server.Requests.Count);
        await At("4", 31);
        await At("1", 31);
        Assert.Equal(6, server.Requests.Count);
    }

    [Fact]
    [Trait("Row", "SVC-06")]
    public async Task A_document_that_its_hash_does_not_name_is_asked_for_again_after_thirty_seconds()
    {
        using var http = FetchExtensions.ToLoopback();
        await using var server = await LocalServer.StartAsync(LocalServer.Body("{}"));
        var client = new TypeMetadataClient([], http);
        foreach (var (seconds, fetches) in new[] { (0, 1), (29, 1), (30, 2) })
        {
            await Assert.ThrowsAsync<MalformedDataException>(
                () => client.FetchAsync(server.Url.AbsoluteUri, Hash("sha256", "other"), Workshop.Now.AddSeconds(seconds), TestContext.Current.CancellationToken));
            Assert.Equal(fetches, server.Requests.Count);
        }
    }

    [Fact]
    [Trait("Row", "SVC-04")]
    public void A_thousand_claims_are_read_and_one_more_refused()
    {
        static TypeMetadataDocument Parse(int count) => TypeMetadataDocument.Parse(Workshop.Json(
            $$"""{"vct":"urn:a","claims":[{{string.Join(',', Enumerable.Range(0, count).Select(i => $$"""{"path":["{{i}}"]}"""))}}]}"""));
        Assert.Equal(1000, Parse(1000).Claims.Count);
        Assert.Equal(SdJwtCodes.TypeMetadataMalformed, Assert.Throws<MalformedDataException>(() => Parse(1001)).Code);
    }

    // SD-JWT VC §5.5.1.1.
    [Fact]
    public void A_type_names_a_logo_and_a_background_for_cards_that_no_template_draws()
    {
        static TypeDisplay Display(string rendering) => TypeDisplay.Parse(Workshop.Json($$"""{"locale":"en","name":"x","rendering":{{rendering}}}"""));
        var full = Display("""{"simple":{"logo":{"uri":"https://x.example/l.png","uri#integrity":"sha256-AA","alt_text":"seal"},"background_image":{"uri":"https://x.example/b.png"}}}""");
        Assert.Equal(new PictureReference("https://x.example/l.png", "sha256-AA", "seal"), PictureReference.ReadLogo(full));
        Assert.Equal(new PictureReference("https://x.example/b.png", null, null), PictureReference.ReadBackground(full));
        foreach (var none in new[] { "{}", """{"simple":{}}""", """{"svg_templates":[]}""" })
            Assert.Null(PictureReference.ReadLogo(Display(none)));
        foreach (var wrong in new[] { """{"simple":1}""", """{"simple":{"logo":"https://x.example/l.png"}}""", """{"simple":{"logo":{}}}""", """{"simple":{"logo":{"uri":1}}}""", """{"simple":{"logo":{"uri":"a","alt_text":1}}}""" })
            Assert.Equal(SdJwtCodes.TypeMetadataMalformed, Assert.Throws<MalformedDataException>(() => PictureReference.ReadLogo(Display(wrong))).Code);
    }
}
