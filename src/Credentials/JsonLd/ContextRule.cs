using System.Text.Json;

namespace Credentials.JsonLd;

/// <summary>
/// Which contexts a reader accepts in a document (Data Integrity 1.0 §2.4.1, §4.6). A signature covers what a document means, not how
/// its members are called: whoever reads members by their names must know the contexts, or somebody else chooses the names.
/// </summary>
public sealed class ContextRule
{
    private readonly IReadOnlyList<JsonElement>? _lists;
    private readonly IReadOnlyCollection<string>? _urls;
    private readonly bool _anything;

    private ContextRule(IReadOnlyList<JsonElement>? lists = null, IReadOnlyCollection<string>? urls = null, bool anything = false) =>
        (_lists, _urls, _anything) = (lists, urls, anything);

    /// <summary>URLs of known contexts, in any order and number, and none written out in the document.</summary>
    public static ContextRule Known { get; } = new();

    /// <summary>Anything that the toolkit can process, contexts written out in the document included. Not for reading claims by name.</summary>
    public static ContextRule Anything { get; } = new(anything: true);

    /// <summary>Members whose objects are documents of their own and may have a <c>@context</c>; the rule holds for it too. None by default.</summary>
    public IReadOnlyCollection<string> DocumentsIn { get; private init; } = [];

    /// <summary>Exactly one of these values of <c>@context</c>, which may be written out.</summary>
    public static ContextRule OneOf(params IReadOnlyList<JsonElement> contexts) => new(lists: [.. contexts.Select(context => context.Clone())]);

    /// <summary>These URLs, in any order and number.</summary>
    public static ContextRule Only(params IReadOnlyCollection<string> urls) => new(urls: urls);

    /// <summary>The same rule for documents that hold others, as <c>verifiableCredential</c> of a presentation does.</summary>
    public ContextRule AlsoIn(params IReadOnlyCollection<string> members) => new(_lists, _urls, _anything) { DocumentsIn = members };

    /// <summary>Holds a document against the rule.</summary>
    /// <param name="document">A JSON object; not trusted.</param>
    /// <param name="contexts">The contexts that are known.</param>
    /// <returns>Null, or the code of what is wrong.</returns>
    public string? FindFault(JsonElement document, JsonLdContexts contexts)
    {
        ArgumentNullException.ThrowIfNull(contexts);
        return _anything ? null : FaultOf(document, contexts, isDocument: true, depth: 0);
    }

    private string? FaultOf(JsonElement value, JsonLdContexts contexts, bool isDocument, int depth)
    {
        if (depth > JsonLdLimits.Default.MaxDepth) return JsonLdCodes.TooLarge;
        if (value.ValueKind == JsonValueKind.Array)
            return value.EnumerateArray().Select(item => FaultOf(item, contexts, isDocument, depth + 1)).FirstOrDefault(fault => fault is not null);
        if (value.ValueKind != JsonValueKind.Object) return null;
        foreach (var member in value.EnumerateObject())
        {
            var isContext = member.NameEquals(JsonLdKeywords.Context);
            var fault = isContext
                ? isDocument ? FaultOfContext(member.Value, contexts) : JsonLdCodes.ContextNotAccepted
                : FaultOf(member.Value, contexts, isDocument && DocumentsIn.Contains(member.Name), depth + 1);
            if (fault is not null) return fault;
        }

        return null;
    }

    private string? FaultOfContext(JsonElement context, JsonLdContexts contexts)
    {
        if (_lists is not null) return _lists.Any(list => JsonElement.DeepEquals(list, context)) ? null : JsonLdCodes.ContextNotAccepted;
        foreach (var item in context.ValueKind == JsonValueKind.Array ? [.. context.EnumerateArray()] : (ReadOnlySpan<JsonElement>)[context])
        {
            if (item.ValueKind != JsonValueKind.String) return JsonLdCodes.ContextNotAccepted;
            var url = item.GetString()!;
            if (!contexts.Digests.ContainsKey(url)) return JsonLdCodes.ContextUnknown;
            if (_urls?.Contains(url) == false) return JsonLdCodes.ContextNotAccepted;
        }

        return null;
    }
}
