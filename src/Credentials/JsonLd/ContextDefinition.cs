namespace Credentials.JsonLd;

/// <summary>One context definition as it is written (JSON-LD 1.1 §9.15), read but not yet applied to anything. Equal by content.</summary>
internal sealed class ContextDefinition : IEquatable<ContextDefinition>
{
    public ContextEntry Vocab { get; init; }

    public ContextEntry Language { get; init; }

    public ContextEntry Direction { get; init; }

    public bool? IsPropagated { get; init; }

    public bool IsProtected { get; init; }

    public required IReadOnlyDictionary<string, TermEntry> Terms { get; init; }

    public bool Equals(ContextDefinition? other) =>
        other is not null && Vocab == other.Vocab && Language == other.Language && Direction == other.Direction
        && IsPropagated == other.IsPropagated && IsProtected == other.IsProtected && Terms.Count == other.Terms.Count
        && Terms.All(term => other.Terms.TryGetValue(term.Key, out var entry) && term.Value.Equals(entry));

    public override bool Equals(object? obj) => Equals(obj as ContextDefinition);

    public override int GetHashCode() => HashCode.Combine(Vocab, Terms.Count);
}
