namespace Credentials.JsonLd;

/// <summary>Error codes of JSON-LD and of the RDF that comes from it.</summary>
public static class JsonLdCodes
{
    /// <summary>A context that is neither built in nor registered. None is ever fetched.</summary>
    public const string ContextUnknown = "jsonld.context_unknown";

    /// <summary>A context document whose bytes have another digest than the one it is registered with.</summary>
    public const string ContextDigest = "jsonld.context_digest";

    /// <summary>A context that is registered already, with another meaning.</summary>
    public const string ContextConflict = "jsonld.context_conflict";

    /// <summary>A context that breaks JSON-LD 1.1 §9.15, or whose terms depend on each other in a circle.</summary>
    public const string ContextMalformed = "jsonld.context_malformed";

    /// <summary>A context that takes away or changes a protected term (JSON-LD 1.1 §4.1.11).</summary>
    public const string ContextProtected = "jsonld.context_protected";

    /// <summary>A context that the caller does not accept here: an inline one, one in a nested object, or another list than agreed (Data Integrity 1.0 §4.6).</summary>
    public const string ContextNotAccepted = "jsonld.context_not_accepted";

    /// <summary>A part of JSON-LD 1.1 that this toolkit leaves out on purpose (spec/profile/json-ld.md).</summary>
    public const string NotSupported = "jsonld.not_supported";

    /// <summary>A member or a type that no context defines; it would be lost, and so not signed.</summary>
    public const string TermUndefined = "jsonld.term_undefined";

    /// <summary>A relative or malformed IRI where RDF needs a whole one; it would be lost, and so not signed.</summary>
    public const string IriInvalid = "jsonld.iri_invalid";

    /// <summary>A value that has no place in RDF: null, an empty array, a free-floating value, a number beyond what its RDF form holds.</summary>
    public const string ValueLost = "jsonld.value_lost";

    /// <summary>A document that breaks the grammar of JSON-LD 1.1 §9.</summary>
    public const string Malformed = "jsonld.malformed";

    /// <summary>A document or context over a cap: nesting, steps of expansion, statements.</summary>
    public const string TooLarge = "jsonld.too_large";

    /// <summary>A dataset over a cap of canonicalization, or one that would take too much work (RDF Dataset Canonicalization §7.1).</summary>
    public const string DatasetTooComplex = "rdf.too_complex";

    /// <summary>Text that is not N-Quads.</summary>
    public const string NQuadsMalformed = "rdf.nquads_malformed";
}
