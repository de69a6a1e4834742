namespace Credentials;

/// <summary>Keeps values up to a total cost; the least recently used go first. Thread-safe.</summary>
/// <param name="capacity">The total cost that is kept.</param>
/// <param name="costOf">The cost of one value; it never changes.</param>
internal sealed class BoundedCache<TKey, TValue>(long capacity, Func<TValue, long> costOf)
    where TKey : notnull
    where TValue : class
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TValue Value)>> _nodes = [];
    private readonly LinkedList<(TKey Key, TValue Value)> _byUse = [];
    private long _cost;

    /// <summary>How many values are kept now.</summary>
    public int Count
    {
        get { lock (_lock) return _nodes.Count; }
    }

    /// <summary>The value; null if it is not kept.</summary>
    public TValue? Get(TKey key)
    {
        lock (_lock) return _nodes.TryGetValue(key, out var node) ? Use(node) : null;
    }

    /// <summary>The value under what the key's comparer takes for the key, as a span for a string; null if it is not kept.</summary>
    public TValue? Get<TSame>(TSame key)
        where TSame : notnull, allows ref struct
    {
        lock (_lock) return _nodes.GetAlternateLookup<TSame>().TryGetValue(key, out var node) ? Use(node) : null;
    }

    /// <summary>Keeps a value in place of the one under the same key.</summary>
    public void Put(TKey key, TValue value)
    {
        lock (_lock)
        {
            if (_nodes.TryGetValue(key, out var old)) Remove(old);
            _nodes[key] = _byUse.AddFirst((key, value));
            _cost += costOf(value);
            while (_cost > capacity && _byUse.Last is { } last) Remove(last);
        }
    }

    private TValue Use(LinkedListNode<(TKey Key, TValue Value)> node)
    {
        _byUse.Remove(node);
        _byUse.AddFirst(node);
        return node.Value.Value;
    }

    private void Remove(LinkedListNode<(TKey Key, TValue Value)> node)
    {
        _byUse.Remove(node);
        _nodes.Remove(node.Value.Key);
        _cost -= costOf(node.Value.Value);
    }
}
