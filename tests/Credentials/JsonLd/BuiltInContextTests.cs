using System.Text;
using Credentials.Codecs;
using Credentials.JsonLd;
using Credentials.Tests.Shared;

namespace Credentials.Tests.JsonLd;

public class BuiltInContextTests
{
    private static string Folder => Environment.GetEnvironmentVariable("CREDENTIALS_CONTEXTS") is { Length: > 0 } named
        ? named
        : Path.GetFullPath(RepositoryRoot.Combine("..", "shared", "vectors", "contexts"));

    /// <summary>Registering a context that is known compares what both mean.</summary>
    [Fact]
    [Trait("Row", "LDP-04")]
    public void Each_table_means_what_its_published_document_means()
    {
        Assert.SkipUnless(Directory.Exists(Folder), "The published contexts are not here (CREDENTIALS_CONTEXTS names their folder).");
        var listed = StrictJson.Parse(File.ReadAllBytes(Path.Combine(Folder, "index.json"))).RequireArray("cases").EnumerateArray().ToArray();
        Assert.Equal(
            JsonLdContexts.BuiltIn.Digests.Keys.Where(url => !url.StartsWith("urn:credentials:", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
            listed.Select(context => context.RequireString("url")).Order(StringComparer.Ordinal));
        foreach (var context in listed)
        {
            var document = File.ReadAllBytes(Path.Combine(Folder, context.RequireString("file")));
            JsonLdContexts.BuiltIn.With(context.RequireString("url"), document, context.RequireString("sha256"));
        }
    }

    [Fact]
    public void Our_own_context_means_what_its_document_in_the_repository_means()
    {
        var folder = RepositoryRoot.Combine("spec", "contexts");
        var own = StrictJson.Parse(File.ReadAllBytes(Path.Combine(folder, "index.json"))).RequireArray("cases").EnumerateArray().Single();
        var url = own.RequireString("url");
        Assert.Equal(own.RequireString("sha256"), JsonLdContexts.BuiltIn.Digests[url]);
        // Refused as a conflict if the table meant something else.
        JsonLdContexts.BuiltIn.With(url, File.ReadAllBytes(Path.Combine(folder, own.RequireString("file"))), own.RequireString("sha256"));
    }

    [Fact]
    public void Tables_name_the_digests_that_the_standards_print()
    {
        // VC Data Model 2.0 §B.1, Data Integrity 1.0 §2.4.
        Assert.Equal("59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734", JsonLdContexts.BuiltIn.Digests["https://www.w3.org/ns/credentials/v2"]);
        Assert.Equal("67f21e6e33a6c14e5ccfd2fc7865f7474fb71a04af7e94136cb399dfac8ae8f4", JsonLdContexts.BuiltIn.Digests["https://w3id.org/security/data-integrity/v2"]);
    }

    [Fact]
    [Trait("Row", "LDP-04")]
    public void A_known_context_cannot_be_replaced()
    {
        var other = Encoding.UTF8.GetBytes("""{"@context":{"id":"@id","type":"@type","issuer":"https://attacker.example/issuer"}}""");
        var digest = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(other));

        var refusal = Assert.Throws<MalformedDataException>(() => JsonLdContexts.BuiltIn.With("https://www.w3.org/ns/credentials/v2", other, digest));
        Assert.Equal(JsonLdCodes.ContextConflict, refusal.Code);
        Assert.True(JsonLdContexts.BuiltIn.With("https://issuer.example/v1", other, digest).Digests.ContainsKey("https://issuer.example/v1"));
    }
}
