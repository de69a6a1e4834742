namespace Credentials.JsonLd;

/// <summary>A term of an active context (JSON-LD 1.1 API §4.1).</summary>
/// <param name="Iri">The IRI or keyword; null if the term is taken out of use.</param>
internal sealed record TermDefinition(string? Iri)
{
    public bool IsPrefix { get; init; }

    public bool IsProtected { get; init; }

    public string? Type { get; init; }

    public TermContainers Containers { get; init; }

    public ContextEntry Language { get; init; }

    public ContextEntry Direction { get; init; }

    public LocalContext? Scope { get; init; }
}
