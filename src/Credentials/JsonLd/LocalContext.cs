namespace Credentials.JsonLd;

/// <summary>The value of a <c>@context</c>: what is applied one after the other. Equal by content.</summary>
internal sealed class LocalContext(IReadOnlyList<LocalContext.Item> items) : IEquatable<LocalContext>
{
    /// <summary>A reference, a definition, or neither: null, which takes everything away.</summary>
    internal readonly record struct Item(string? Url, ContextDefinition? Definition);

    public IReadOnlyList<Item> Items { get; } = items;

    public bool Equals(LocalContext? other) => other is not null && Items.SequenceEqual(other.Items);

    public override bool Equals(object? obj) => Equals(obj as LocalContext);

    public override int GetHashCode() => Items.Count;
}
