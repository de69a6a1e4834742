namespace Credentials.JsonLd;

/// <summary>Issues labels for blank nodes and remembers in which order (RDF Dataset Canonicalization 1.0 §4.5).</summary>
internal sealed class BlankNodeIssuer
{
    private readonly string _prefix;
    private readonly Dictionary<int, string> _labels;

    public BlankNodeIssuer(string prefix) => (_prefix, _labels, Order) = (prefix, [], []);

    private BlankNodeIssuer(BlankNodeIssuer other) => (_prefix, _labels, Order) = (other._prefix, new(other._labels), [.. other.Order]);

    /// <summary>The nodes, in the order in which they got their labels.</summary>
    public List<int> Order { get; }

    public BlankNodeIssuer Clone() => new(this);

    public string? Find(int node) => _labels.GetValueOrDefault(node);

    public string Issue(int node)
    {
        if (_labels.TryGetValue(node, out var label)) return label;
        label = $"{_prefix}{Order.Count}";
        _labels.Add(node, label);
        Order.Add(node);
        return label;
    }
}
