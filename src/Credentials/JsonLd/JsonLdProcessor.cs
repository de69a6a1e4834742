using System.Text.Json;
using System.Text.Json.Nodes;

namespace Credentials.JsonLd;

/// <summary>
/// JSON-LD 1.1, the part that credentials need: expansion and conversion to RDF, without loss. What would be dropped, reach for the
/// network or depend on where the document lies is refused; spec/profile/json-ld.md says what that is.
/// </summary>
public static class JsonLdProcessor
{
    /// <summary>The expanded form (JSON-LD 1.1 API §5.1): every name an IRI, no contexts.</summary>
    /// <param name="document">The document, as <see cref="Codecs.StrictJson"/> reads it; not trusted.</param>
    /// <param name="contexts">The contexts that it may name.</param>
    /// <param name="limits">Caps; null: <see cref="JsonLdLimits.Default"/>.</param>
    /// <exception cref="MalformedDataException">A <c>jsonld.…</c> code: a broken document or context, something that would be lost, or a cap.</exception>
    /// <exception cref="NotSupportedCredentialException"><c>jsonld.context_unknown</c>, <c>jsonld.not_supported</c>.</exception>
    public static JsonArray Expand(JsonElement document, JsonLdContexts contexts, JsonLdLimits? limits = null) =>
        ExpandedWriter.Write(new JsonLdExpansion(document, contexts, limits ?? JsonLdLimits.Default).Run(document));

    /// <summary>The RDF dataset that a document stands for (JSON-LD 1.1 API §8.1), language and direction by the i18n datatypes.</summary>
    /// <inheritdoc cref="Expand"/>
    public static IReadOnlyList<RdfQuad> ToRdf(JsonElement document, JsonLdContexts contexts, JsonLdLimits? limits = null)
    {
        limits ??= JsonLdLimits.Default;
        return RdfConversion.Convert(new JsonLdExpansion(document, contexts, limits).Run(document), limits);
    }
}
