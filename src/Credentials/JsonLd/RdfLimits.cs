namespace Credentials.JsonLd;

/// <summary>Caps on one dataset. The defaults are far above any credential and end a hostile dataset within a fraction of a second.</summary>
/// <param name="MaxQuads">Statements.</param>
/// <param name="MaxBlankNodes">Blank nodes.</param>
/// <param name="MaxWork">Hashes and steps of permutations that telling equal-looking blank nodes apart may take.</param>
public sealed record RdfLimits(int MaxQuads = 20_000, int MaxBlankNodes = 5_000, int MaxWork = 25_000)
{
    /// <summary>How deep the search goes from one blank node to the next: each level is one call.</summary>
    internal const int MaxDepth = 400;

    /// <summary>Characters of all terms of a dataset that comes from JSON-LD, where one text in a document can stand in many statements.</summary>
    internal const int MaxCharacters = 16 * 1024 * 1024;

    /// <summary>20 000 statements, 5 000 blank nodes, 25 000 steps.</summary>
    public static RdfLimits Default { get; } = new();
}
