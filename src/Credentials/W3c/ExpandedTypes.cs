using System.Text.Json;
using Credentials.Codecs;
using Credentials.JsonLd;

namespace Credentials.W3c;

/// <summary>The types of a document after its contexts were applied, as OpenID4VP 1.0 B.1.1 compares them.</summary>
public static class ExpandedTypes
{
    /// <summary>
    /// The types as IRIs. A type that no context defines stays as it is; where a context is not known or not well-formed, all do, as for
    /// formats that are not processed as JSON-LD.
    /// </summary>
    /// <param name="document">A credential; not trusted.</param>
    /// <param name="contexts">The contexts that are known.</param>
    public static IReadOnlyList<string> Of(JsonElement document, JsonLdContexts contexts)
    {
        JsonElement[] values = document.Member(W3cNames.Type) switch
        {
            { ValueKind: JsonValueKind.Array } several => [.. several.EnumerateArray()],
            { } one => [one],
            null => [],
        };
        string[] types = [.. values.Where(value => value.ValueKind == JsonValueKind.String).Select(value => value.GetString()!)];
        if (document.Member(W3cNames.Context) is not { } context) return types;
        try
        {
            var active = new ContextProcessing(contexts, new ExpansionBudget(JsonLdLimits.Default.MaxSteps)).ApplyToEmpty(ContextReader.Read(context));
            return [.. types.Select(type => active.ExpandIri(type, vocab: true) ?? type)];
        }
        catch (CredentialException)
        {
            return types;
        }
    }
}
