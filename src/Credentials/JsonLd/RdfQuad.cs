namespace Credentials.JsonLd;

/// <summary>One statement of an RDF dataset.</summary>
/// <param name="Subject">An IRI or a blank node.</param>
/// <param name="Predicate">An IRI.</param>
/// <param name="Object">Any term.</param>
/// <param name="Graph">The graph's name, an IRI or a blank node; null for the default graph.</param>
public readonly record struct RdfQuad(RdfTerm Subject, RdfTerm Predicate, RdfTerm Object, RdfTerm? Graph = null);
