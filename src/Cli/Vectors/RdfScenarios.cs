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

    /// <summary>The dataset of a JSON-LD document, the same as the expected one but for the labels of blank nodes.</summary>
    internal static Task FromJsonLdAsync(Scenario scenario, CancellationToken cancelled) => Compare.Outcome(scenario, () =>
    {
        var quads = JsonLdProcessor.ToRdf(scenario.Input.GetProperty("document"), JsonLdContexts.BuiltIn);
        var expected = NQuads.Parse(Encoding.UTF8.GetBytes(scenario.Expect.OptionalString("nquads") ?? ""));
        Compare.Same("nquads", Canonical(expected, scenario), Canonical(quads, scenario));
    });

    private static string Canonical(IEnumerable<RdfQuad> quads, Scenario scenario) =>
        Encoding.UTF8.GetString(RdfCanonicalization.Canonicalize(quads, HashOf(scenario)).ToNQuads());

    private static HashAlgorithmName HashOf(Scenario scenario) =>
        scenario.Input.OptionalString("hash") == "SHA-384" ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256;
}
