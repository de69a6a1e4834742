namespace Credentials.Http;

/// <summary>Keeps what was made of fetched documents while it is fresh. Bounded: the one that ends first makes room. Thread-safe.</summary>
internal sealed class DocumentCache<T>(int capacity)
    where T : class
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (T Value, DateTimeOffset Until)> _entries = new(StringComparer.Ordinal);

    /// <summary>What is kept under the key and still fresh, else null.</summary>
    public T? Get(string key, DateTimeOffset now)
    {
        lock (_lock)
        {
            return _entries.TryGetValue(key, out var entry) && now < entry.Until ? entry.Value : null;
        }
    }

    public void Put(string key, T value, DateTimeOffset until)
    {
        lock (_lock)
        {
            _entries[key] = (value, until);
            if (_entries.Count > capacity) _entries.Remove(_entries.MinBy(entry => entry.Value.Until).Key);
        }
    }
}
