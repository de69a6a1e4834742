namespace Credentials.JsonLd;

/// <summary>The container mapping of a term (JSON-LD 1.1 §9.15.1): those that carry all of their content into RDF.</summary>
[Flags]
internal enum TermContainers
{
    None = 0,
    Set = 1,
    List = 2,
    Language = 4,
    Graph = 8,
}
