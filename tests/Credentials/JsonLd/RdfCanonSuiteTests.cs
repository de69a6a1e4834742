using System.Security.Cryptography;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.JsonLd;

namespace Credentials.Tests.JsonLd;

/// <summary>The whole test suite of RDF Dataset Canonicalization 1.0.</summary>
public class RdfCanonSuiteTests
{
    [Fact]
    [Trait("Row", "LDP-05")]
    public void Every_case_comes_out_as_the_suite_says()
    {
        var suite = W3cSuite.RdfCanon();
        var wrong = new List<string>();
        var count = 0;
        foreach (var test in suite.Json("manifest.jsonld").RequireArray("entries").EnumerateArray())
        {
            count++;
            if (!Passes(suite, test))
                wrong.Add(test.RequireString("id"));
        }

        Assert.Empty(wrong);
        Assert.True(count >= 86, $"{count} cases");
    }

    private static bool Passes(W3cSuite suite, JsonElement test)
    {
        var hash = test.OptionalString("hashAlgorithm") == "SHA384" ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256;
        var quads = NQuads.Parse(suite.BytesOf(test, "action"));
        if (test.RequireString("type") == "rdfc:RDFC10NegativeEvalTest")
            return Assert.Throws<MalformedDataException>(() => RdfCanonicalization.Canonicalize(quads, hash)).Code == JsonLdCodes.DatasetTooComplex;
        var canonical = RdfCanonicalization.Canonicalize(quads, hash);
        var expected = suite.BytesOf(test, "result")!;
        return test.RequireString("type") == "rdfc:RDFC10MapTest"
            ? StrictJson.Parse(expected).EnumerateObject().All(label => canonical.Labels[label.Name] == label.Value.GetString())
            : canonical.ToNQuads().AsSpan().SequenceEqual(expected);
    }
}
