namespace Credentials.JsonLd;

/// <summary>The Context Processing algorithm (JSON-LD 1.1 API §4.1) for one document, with what it may spend.</summary>
internal sealed class ContextProcessing(JsonLdContexts contexts, ExpansionBudget budget)
{
    private const int MaxReferences = 16;

    /// <summary>The context of a document's top, kept for the next document if it is a list of URLs.</summary>
    public ActiveContext ApplyToEmpty(LocalContext local)
    {
        if (local.Items.Count > MaxReferences || local.Items.Any(item => item.Url is null)) return Apply(ActiveContext.Empty(), local);
        var key = string.Join('\n', local.Items.Select(item => item.Url));
        if (contexts.Active.Get(key) is { } kept) return kept;
        var made = Apply(ActiveContext.Empty(), local);
        contexts.Active.Put(key, made);
        return made;
    }

    /// <summary>A context that stands in a node object.</summary>
    public ActiveContext Apply(ActiveContext active, LocalContext local) => Apply(active, local, overrideProtected: false, propagate: true, references: 0);

    /// <summary>The scoped context of a property: it may change protected terms, and holds for all below (JSON-LD 1.1 §4.1.8).</summary>
    public ActiveContext ApplyOfProperty(ActiveContext active, LocalContext scope) => ApplyScoped(active, scope, ofType: false);

    /// <summary>The scoped context of a type: it holds for this node object only (JSON-LD 1.1 §4.1.8).</summary>
    public ActiveContext ApplyOfType(ActiveContext active, LocalContext scope) => ApplyScoped(active, scope, ofType: true);

    private ActiveContext ApplyScoped(ActiveContext active, LocalContext scope, bool ofType)
    {
        if (active.FindScoped(scope, ofType) is { } kept) return kept;
        var made = Apply(active, scope, overrideProtected: !ofType, propagate: !ofType, references: 0);
        active.KeepScoped(scope, ofType, made);
        return made;
    }

    private ActiveContext Apply(ActiveContext active, LocalContext local, bool overrideProtected, bool propagate, int references)
    {
        if (local.Items is [{ Definition.IsPropagated: { } isPropagated }]) propagate = isPropagated;
        budget.Spend(1 + active.TermCount);
        var result = active.Clone();
        if (!propagate) result.Previous ??= active;
        foreach (var (url, definition) in local.Items)
        {
            if (url is not null)
            {
                if (references == MaxReferences) throw new MalformedDataException(JsonLdCodes.TooLarge, "JSON-LD contexts refer to each other too deeply.");
                result = Apply(result, contexts.Find(url), overrideProtected, propagate: true, references + 1);
            }
            else if (definition is not null)
            {
                Define(result, definition, overrideProtected);
            }
            else
            {
                if (!overrideProtected && active.HasProtected) throw Protected();
                var emptied = ActiveContext.Empty();
                if (!propagate) emptied.Previous = result;
                result = emptied;
            }
        }

        return result;
    }

    private void Define(ActiveContext result, ContextDefinition definition, bool overrideProtected)
    {
        budget.Spend(1 + definition.Terms.Count);
        if (definition.Vocab.IsSet) result.Vocab = VocabOf(result, definition.Vocab.Value);
        if (definition.Language.IsSet) result.Language = definition.Language.Value;
        if (definition.Direction.IsSet) result.Direction = definition.Direction.Value;
        new TermCreation(result, definition, overrideProtected, budget).All();
    }

    private static string? VocabOf(ActiveContext active, string? vocab)
    {
        if (vocab is null) return null;
        return active.ExpandIri(vocab, vocab: true) is { } iri && (Iris.IsAbsolute(iri) || iri.StartsWith("_:", StringComparison.Ordinal))
            ? iri
            : throw new MalformedDataException(JsonLdCodes.ContextMalformed, "@vocab is not an absolute IRI.");
    }

    internal static MalformedDataException Protected() => new(JsonLdCodes.ContextProtected, "A JSON-LD context takes away or changes protected terms.");
}
