using System.Text.Json;

namespace Credentials.JsonLd;

/// <summary>What expansion makes of a value (JSON-LD 1.1 §9): a node, a value or a list.</summary>
internal abstract record ExpandedItem;

/// <summary>A node object.</summary>
/// <param name="Position">Where its JSON object begins in the document, which names it if it has no identifier.</param>
internal sealed record ExpandedNode(int Position) : ExpandedItem
{
    public string? Id { get; set; }

    public List<string> Types { get; } = [];

    public List<(string Property, ExpandedItem Value)> Values { get; } = [];

    /// <summary>The content of the graph that the node names; null if it names none.</summary>
    public List<ExpandedItem>? Graph { get; set; }

    /// <summary>True if the node is there only to name a graph, as in a graph container.</summary>
    public bool IsContainer { get; init; }

    public bool IsGraphOnly => Graph is not null && Id is null && Types.Count == 0 && Values.Count == 0;

    public bool IsReference => Graph is null && Types.Count == 0 && Values.Count == 0;
}

/// <summary>A value object.</summary>
/// <param name="Value">The JSON value: a scalar, or anything with the type <c>@json</c>.</param>
internal sealed record ExpandedValue(JsonElement Value, string? Type = null, string? Language = null, string? Direction = null) : ExpandedItem;

/// <summary>A list object.</summary>
/// <param name="Position">Where its JSON begins in the document.</param>
internal sealed record ExpandedList(int Position, List<ExpandedItem> Items) : ExpandedItem;
