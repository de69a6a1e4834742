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
        lock (_lock)
        {
            if (!_nodes.TryGetValue(key, out var node)) return null;
            _byUse.Remove(node);
            _byUse.AddFirst(node);
            return node.Value.Value;
        }
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

    private void Remove(LinkedListNode<(TKey Key, TValue Value)> node)
    {
        _byUse.Remove(node);
        _nodes.Remove(node.Value.Key);
        _cost -= costOf(node.Value.Value);
    }
}
