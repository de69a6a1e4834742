using System.Collections.Concurrent;

namespace Credentials.JsonLd;

/// <summary>
/// What terms mean at one place of a document (JSON-LD 1.1 API §4.1). Changed while it is made, never afterwards. There is no base IRI:
/// a document says the same wherever it lies (Data Integrity 1.0 §2.4.3).
/// </summary>
internal sealed class ActiveContext
{
    // A document decides which scopes follow on each other; what is kept of them is bounded for all that came from one start.
    private const int MaxKept = 512;

    private readonly Dictionary<string, TermDefinition> _terms;
    private readonly Counter _kept;
    private ConcurrentDictionary<(LocalContext, bool), ActiveContext>? _scoped;

    private ActiveContext(Dictionary<string, TermDefinition> terms, Counter kept) => (_terms, _kept) = (terms, kept);

    private sealed class Counter
    {
        public int Value;
    }

    public string? Vocab { get; set; }

    public string? Language { get; set; }

    public string? Direction { get; set; }

    /// <summary>What holds again in the next node object, where this context is of a type (§4.1.2).</summary>
    public ActiveContext? Previous { get; set; }

    public bool HasProtected => _terms.Values.Any(term => term.IsProtected);

    public int TermCount => _terms.Count;

    public static ActiveContext Empty() => new(new(StringComparer.Ordinal), new());

    /// <summary>One to change.</summary>
    public ActiveContext Clone() =>
        new(new(_terms, StringComparer.Ordinal), _kept) { Vocab = Vocab, Language = Language, Direction = Direction, Previous = Previous };

    public TermDefinition? Find(string term) => _terms.GetValueOrDefault(term);

    public void Set(string term, TermDefinition definition) => _terms[term] = definition;

    public void Remove(string term) => _terms.Remove(term);

    /// <summary>What a scoped context made of this one, if it was kept.</summary>
    public ActiveContext? FindScoped(LocalContext scope, bool ofType) => Volatile.Read(ref _scoped)?.GetValueOrDefault((scope, ofType));

    public void KeepScoped(LocalContext scope, bool ofType, ActiveContext result)
    {
        if (Interlocked.Increment(ref _kept.Value) <= MaxKept)
            LazyInitializer.EnsureInitialized(ref _scoped, static () => new(ScopeComparer.Instance))[(scope, ofType)] = result;
    }

    /// <summary>IRI expansion (§5.2): an IRI, a blank node identifier, a keyword, the text itself if it is none of them; null if it means nothing.</summary>
    /// <param name="vocab">Whether terms and the vocabulary apply, as for properties and types.</param>
    /// <param name="dependencies">Makes sure that a term of the context in the making is defined before it is used.</param>
    public string? ExpandIri(string value, bool vocab, Action<string>? dependencies = null)
    {
        if (JsonLdKeywords.Contains(value)) return value;
        if (JsonLdKeywords.HasForm(value)) return null;
        dependencies?.Invoke(value);
        if (_terms.TryGetValue(value, out var term))
        {
            if (vocab) return term.Iri;
            if (term.Iri is not null && JsonLdKeywords.Contains(term.Iri)) return term.Iri;
        }

        var colon = value.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0)
        {
            var prefix = value[..colon];
            if (prefix == "_" || value.AsSpan(colon + 1).StartsWith("//")) return value;
            dependencies?.Invoke(prefix);
            if (_terms.TryGetValue(prefix, out var definition) && definition is { Iri: not null, IsPrefix: true }) return definition.Iri + value[(colon + 1)..];
            if (Iris.IsAbsolute(value)) return value;
        }

        return vocab && Vocab is not null ? Vocab + value : value;
    }

    /// <summary>Scopes by reference: the same term of the same context is the same object.</summary>
    private sealed class ScopeComparer : IEqualityComparer<(LocalContext Scope, bool OfType)>
    {
        public static ScopeComparer Instance { get; } = new();

        public bool Equals((LocalContext Scope, bool OfType) a, (LocalContext Scope, bool OfType) b) => ReferenceEquals(a.Scope, b.Scope) && a.OfType == b.OfType;

        public int GetHashCode((LocalContext Scope, bool OfType) key) => HashCode.Combine(System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(key.Scope), key.OfType);
    }
}
