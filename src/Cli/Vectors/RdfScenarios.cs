using System.Security.Cryptography;
using System.Text;
using Credentials.Codecs;
using Credentials.JsonLd;

namespace Credentials.Cli.Vectors;

/// <summary>JSON-LD and RDF Dataset Canonicalization.</summary>
internal static class RdfScenarios
{
    internal static Task CanonicalizeAsync(Scenario scenario, CancellationToken cancelled) => Compare.Outcome(scenario, () =>
    {
        var canonical = RdfCanonicalization.Canonicalize(NQuads.Parse(Encoding.UTF8.GetBytes(scenario.Input.RequireString("nquads"))), HashOf(scenario));
        Compare.Same("nquads", scenario.Expect.RequireString("nquads"), Encoding.UTF8.GetString(canonical.ToNQuads()));
        foreach (var label in scenario.Expect.OptionalObject("labels")?.EnumerateObject() ?? default)
            Compare.Same(label.Name, label.Value.GetString(), canonical.Labels[label.Name]);
    });

    /// <summary>A JSON-LD document as canonical N-Quads.</summary>
    internal static Task FromJsonLdAsync(Scenario scenario, CancellationToken cancelled) => Compare.Outcome(scenario, () =>
    {
        var quads = JsonLdProcessor.ToRdf(scenario.Input.GetProperty("document"), JsonLdContexts.BuiltIn);
        var canonical = RdfCanonicalization.Canonicalize(quads, HashOf(scenario));
        Compare.Same("nquads", scenario.Expect.RequireString("nquads"), Encoding.UTF8.GetString(canonical.ToNQuads()));
    });

    private static HashAlgorithmName HashOf(Scenario scenario) =>
        scenario.Input.OptionalString("hash") == "SHA-384" ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256;
}
