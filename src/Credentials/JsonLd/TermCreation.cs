namespace Credentials.JsonLd;

/// <summary>The Create Term Definition algorithm (JSON-LD 1.1 API §4.2) for all terms of one context definition.</summary>
internal sealed class TermCreation(ActiveContext active, ContextDefinition context, bool overrideProtected, ExpansionBudget budget)
{
    // A chain of terms that each need the next one is followed by recursion.
    private const int MaxDepth = 64;

    private static readonly TermEntry s_nothing = new();

    private readonly Dictionary<string, bool> _defined = new(StringComparer.Ordinal);
    private int _depth;

    public void All()
    {
        foreach (var term in context.Terms.Keys) Create(term);
    }

    /// <summary>Defines a term that the context has, unless it is defined; a term in the making means a circle.</summary>
    private void Require(string term)
    {
        if (context.Terms.ContainsKey(term)) Create(term);
    }

    private void Create(string term)
    {
        if (_defined.TryGetValue(term, out var isDone))
        {
            if (isDone) return;
            throw Malformed("terms depend on each other in a circle");
        }

        if (++_depth > MaxDepth) throw Malformed("terms depend on each other too deeply");
        var entry = context.Terms[term];
        if (JsonLdKeywords.Contains(term) && !(term == JsonLdKeywords.Type && IsForType(entry))) throw Malformed("a keyword is redefined");
        _defined[term] = false;
        // What looks like a keyword is left for a future version; a document that uses it is refused as undefined.
        if (!JsonLdKeywords.HasForm(term) || term == JsonLdKeywords.Type) Define(term, entry);
        _defined[term] = true;
        _depth--;
    }

    /// <summary>§4.2.2 step 5: of <c>@type</c> a context may say that it holds a set, and that it is protected.</summary>
    private static bool IsForType(TermEntry entry) =>
        entry with { IsProtected = null, Containers = TermContainers.None } == s_nothing
        && (entry.Containers == TermContainers.Set || (entry.Containers == TermContainers.None && entry.IsProtected is not null));

    private void Define(string term, TermEntry entry)
    {
        var previous = active.Find(term);
        active.Remove(term);
        var type = TypeOf(entry);
        if (entry.Id is { IsSet: true, Value: { } id } && id != term && JsonLdKeywords.HasForm(id) && !JsonLdKeywords.Contains(id)) return;
        var iri = IriOf(term, entry);
        if (iri is not null) budget.SpendOn(iri);
        var hasNoSeparator = !term.Contains(':', StringComparison.Ordinal) && !term.Contains('/', StringComparison.Ordinal);
        if (entry.IsPrefix is not null && !hasNoSeparator) throw Malformed("a term with a colon or a slash is no prefix");
        var isPrefix = entry.IsPrefix ?? (hasNoSeparator && entry.IsSimple && iri is not null && (iri.StartsWith("_:", StringComparison.Ordinal) || iri[^1] is ':' or '/' or '?' or '#' or '[' or ']' or '@'));
        if (isPrefix && iri is not null && JsonLdKeywords.Contains(iri)) throw Malformed("a keyword is no prefix");
        TermDefinition definition = new(iri)
        {
            IsPrefix = isPrefix,
            IsProtected = entry.IsProtected ?? context.IsProtected,
            Type = type,
            Containers = entry.Containers,
            Language = entry.Type is null ? entry.Language : default,
            Direction = entry.Type is null ? entry.Direction : default,
            Scope = entry.Scope,
        };
        if (!overrideProtected && previous is { IsProtected: true })
        {
            // §4.2.2 step 27: said again in the same words it is no redefinition.
            if (definition with { IsProtected = true } != previous) throw ContextProcessing.Protected();
            definition = previous;
        }

        active.Set(term, definition);
    }

    private string? TypeOf(TermEntry entry)
    {
        if (entry.Type is null) return null;
        var type = active.ExpandIri(entry.Type, vocab: true, Require);
        return type is JsonLdKeywords.Id or JsonLdKeywords.Json or JsonLdKeywords.None or JsonLdKeywords.Vocab || (type is not null && Iris.IsAbsolute(type))
            ? type
            : throw Malformed("a type mapping is not an IRI");
    }

    /// <summary>§4.2.2 steps 14 to 18.</summary>
    private string? IriOf(string term, TermEntry entry)
    {
        if (entry.Id.IsSet && entry.Id.Value != term) return entry.Id.Value is { } id ? IriOfId(term, id) : null;
        var colon = term.IndexOf(':', 1);
        if (colon > 0)
        {
            Require(term[..colon]);
            var iri = active.Find(term[..colon])?.Iri is { } prefix ? prefix + term[(colon + 1)..] : term;
            return IsNamed(iri) ? iri : throw Malformed("a term is not an IRI");
        }

        if (term == JsonLdKeywords.Type) return term;
        if (term.Contains('/', StringComparison.Ordinal) || active.Vocab is null) throw Malformed("a term has no IRI");
        return active.Vocab + term;
    }

    private string IriOfId(string term, string id)
    {
        if (active.ExpandIri(id, vocab: true, Require) is not { } iri || iri == JsonLdKeywords.Context || !(JsonLdKeywords.Contains(iri) || IsNamed(iri)))
            throw Malformed("an IRI mapping is not an IRI or a keyword");
        if (term.AsSpan(1, Math.Max(0, term.Length - 2)).Contains(':') || term.Contains('/', StringComparison.Ordinal))
        {
            _defined[term] = true;
            if (active.ExpandIri(term, vocab: true, Require) != iri) throw Malformed("a term that is an IRI stands for another one");
        }

        return iri;
    }

    private static bool IsNamed(string iri) => iri.StartsWith("_:", StringComparison.Ordinal) || Iris.IsAbsolute(iri);

    private static MalformedDataException Malformed(string why) => new(JsonLdCodes.ContextMalformed, $"A JSON-LD context is malformed: {why}.");
}
