namespace Credentials.JsonLd;

/// <summary>What an <see cref="RdfTerm"/> is.</summary>
public enum RdfTermKind
{
    /// <summary>An IRI.</summary>
    Iri,

    /// <summary>A blank node, named by a label that means something in its dataset only.</summary>
    BlankNode,

    /// <summary>A literal: text with a datatype, and with a language where the datatype is rdf:langString.</summary>
    Literal,
}
