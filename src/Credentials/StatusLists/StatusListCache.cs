namespace Credentials.StatusLists;

/// <summary>Keeps lists up to a number of bytes; the least recently used go first.</summary>
internal sealed class StatusListCache(long maxBytes)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<StatusListKey, LinkedListNode<(StatusListKey Key, CachedStatusList Value)>> _nodes = [];
    private readonly LinkedList<(StatusListKey Key, CachedStatusList Value)> _byUse = [];
    private long _bytes;

    public CachedStatusList Get(StatusListKey key)
    {
        lock (_lock)
        {
            if (!_nodes.TryGetValue(key, out var node))
            {
                return CachedStatusList.Nothing;
            }

            _byUse.Remove(node);
            _byUse.AddFirst(node);
            return node.Value.Value;
        }
    }

    public void Put(StatusListKey key, CachedStatusList value)
    {
        lock (_lock)
        {
            if (_nodes.TryGetValue(key, out var old))
            {
                Remove(old);
            }

            _nodes[key] = _byUse.AddFirst((key, value));
            _bytes += value.Cost;
            while (_bytes > maxBytes && _byUse.Last is { } last)
            {
                Remove(last);
            }
        }
    }

    private void Remove(LinkedListNode<(StatusListKey Key, CachedStatusList Value)> node)
    {
        _byUse.Remove(node);
        _nodes.Remove(node.Value.Key);
        _bytes -= node.Value.Value.Cost;
    }
}
