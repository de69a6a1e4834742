namespace Credentials.JsonLd;

/// <summary>Caps on one JSON-LD document.</summary>
/// <param name="MaxDepth">Nested objects and arrays.</param>
/// <param name="MaxSteps">Members, values and terms that expansion looks at; inline contexts cost as many steps as the terms around them.</param>
/// <param name="Rdf">Caps on the dataset that the document stands for.</param>
public sealed record JsonLdLimits(int MaxDepth = 32, int MaxSteps = 200_000, RdfLimits? Rdf = null)
{
    /// <summary>Depth 32, 200 000 steps, <see cref="RdfLimits.Default"/>.</summary>
    public static JsonLdLimits Default { get; } = new();
}
