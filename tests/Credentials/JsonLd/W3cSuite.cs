using System.Text.Json;
using Credentials.Codecs;
using Credentials.Tests.Shared;

namespace Credentials.Tests.JsonLd;

/// <summary>
/// A test suite of W3C, which is not part of the repository: a checkout beside this one (<c>../shared/corpora</c>) or named by an
/// environment variable. A few cases of each stand in test-vectors/published.
/// </summary>
internal sealed class W3cSuite
{
    private readonly string _folder;

    private W3cSuite(string folder) => _folder = folder;

    /// <summary>github.com/w3c/rdf-canon.</summary>
    public static W3cSuite RdfCanon() => Open("CREDENTIALS_RDF_CANON", "rdf-canon");

    /// <summary>github.com/w3c/json-ld-api.</summary>
    public static W3cSuite JsonLdApi() => Open("CREDENTIALS_JSON_LD_API", "json-ld-api");

    public byte[] Bytes(string file) => File.ReadAllBytes(Path.Combine(_folder, "tests", file));

    public JsonElement Json(string file) => StrictJson.Parse(Bytes(file));

    /// <summary>The bytes of the file that a member of a test names; null if it names none.</summary>
    public byte[]? BytesOf(JsonElement test, string member) => test.OptionalString(member) is { } file ? Bytes(file) : null;

    private static W3cSuite Open(string variable, string name)
    {
        var folder = Environment.GetEnvironmentVariable(variable) is { Length: > 0 } named
            ? named
            : Path.GetFullPath(RepositoryRoot.Combine("..", "shared", "corpora", name));
        Assert.SkipUnless(Directory.Exists(Path.Combine(folder, "tests")), $"github.com/w3c/{name} is not here ({variable} names its checkout).");
        return new W3cSuite(folder);
    }
}
