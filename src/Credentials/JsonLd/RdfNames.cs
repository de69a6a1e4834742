namespace Credentials.JsonLd;

/// <summary>IRIs of RDF (https://www.w3.org/TR/rdf11-concepts/) and of its datatypes.</summary>
internal static class RdfNames
{
    public const string Type = Rdf + "type";
    public const string First = Rdf + "first";
    public const string Rest = Rdf + "rest";
    public const string Nil = Rdf + "nil";
    public const string LangString = Rdf + "langString";
    public const string Json = Rdf + "JSON";
    public const string XsdString = Xsd + "string";
    public const string XsdBoolean = Xsd + "boolean";
    public const string XsdInteger = Xsd + "integer";
    public const string XsdDouble = Xsd + "double";

    /// <summary>JSON-LD 1.1 API §8.2.2: datatypes that name language and direction.</summary>
    public const string I18N = "https://www.w3.org/ns/i18n#";

    private const string Rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
    private const string Xsd = "http://www.w3.org/2001/XMLSchema#";
}
