namespace Credentials.JsonLd;

/// <summary>A term of RDF 1.1. Two are equal as RDF has it: literals by their text, datatype and language.</summary>
public sealed record RdfTerm
{
    private RdfTerm(RdfTermKind kind, string value, string? datatype = null, string? language = null) =>
        (Kind, Value, Datatype, Language) = (kind, value, datatype, language);

    /// <summary>What it is.</summary>
    public RdfTermKind Kind { get; }

    /// <summary>The IRI, the label of the blank node without <c>_:</c>, or the text of the literal.</summary>
    public string Value { get; }

    /// <summary>The IRI of a literal's datatype; null for anything else.</summary>
    public string? Datatype { get; }

    /// <summary>The language tag of a literal of rdf:langString; null for anything else.</summary>
    public string? Language { get; }

    /// <summary>True for a blank node.</summary>
    public bool IsBlank => Kind == RdfTermKind.BlankNode;

    /// <summary>An IRI.</summary>
    /// <exception cref="ArgumentException">Not an IRI with a scheme (RFC 3987 §2.2).</exception>
    public static RdfTerm Iri(string iri) =>
        Iris.IsAbsolute(iri) ? new(RdfTermKind.Iri, iri) : throw new ArgumentException("Not an absolute IRI.", nameof(iri));

    /// <summary>A blank node.</summary>
    /// <exception cref="ArgumentException">Not a label: letters, digits, <c>_</c>, <c>-</c> and <c>.</c> inside.</exception>
    public static RdfTerm Blank(string label) =>
        NQuads.IsLabel(label) ? new(RdfTermKind.BlankNode, label) : throw new ArgumentException("Not a blank node label.", nameof(label));

    /// <summary>A literal.</summary>
    /// <exception cref="ArgumentException">The datatype is no absolute IRI, or rdf:langString, which needs a language.</exception>
    public static RdfTerm Literal(string text, string datatype = RdfNames.XsdString) =>
        Iris.IsAbsolute(datatype) && datatype != RdfNames.LangString
            ? new(RdfTermKind.Literal, text, datatype)
            : throw new ArgumentException("Not a datatype of a literal without a language.", nameof(datatype));

    /// <summary>A literal in a language.</summary>
    /// <exception cref="ArgumentException">Not a well-formed language tag (BCP 47 §2.2.9).</exception>
    public static RdfTerm LanguageLiteral(string text, string language) =>
        Iris.IsLanguageTag(language)
            ? new(RdfTermKind.Literal, text, RdfNames.LangString, language)
            : throw new ArgumentException("Not a language tag.", nameof(language));
}
